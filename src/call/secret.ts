import { createHash, randomBytes } from 'node:crypto';

/** A new token, code or secret: 256 random bits, in 43 characters that a header, an address and a shell leave alone. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * SHA-256, in hex: how what `newSecret` made is stored and found again, without salt, as it has too many bits to be
 * guessed; and how a name of any length becomes a key of 64 characters.
 */
export function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
