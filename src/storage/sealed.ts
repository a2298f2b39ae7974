/**
 * The sealed form of everything that is encrypted at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit
 * nonce. One key seals fewer than 2^32 messages (section 8.3): a data key belongs to one container.
 *
 *   0..3   magic "PSL1": format and version in one
 *   4..15  nonce
 *   16..   ciphertext, as long as the plaintext
 *   last16 tag over header, context and ciphertext
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;
const MAGIC = Buffer.from('PSL1', 'latin1');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = MAGIC.length + NONCE_BYTES;
/** What sealing adds to a plaintext. */
export const OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;
const CIPHER = 'aes-256-gcm';

export type SealProblem =
  /** Not something this code sealed, or by a later version of it. */
  | 'format'
  /** Changed since, or sealed under another key, container or purpose: one cannot be told from another. */
  | 'authentication'
  /** Its container's data key was destroyed: the content is gone for good. */
  | 'destroyed'
  /** There is no such container. */
  | 'no_container';

/** Sealed bytes could not be opened. Holds no part of them. */
export class SealError extends Error {
  override name = 'SealError';
  constructor(
    readonly problem: SealProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Seals `plaintext` under a 32-byte key, bound to `context`: it opens only with both. */
export function seal(key: Buffer, context: string, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([MAGIC, Buffer.from(context, 'utf8')]));
  return Buffer.concat([MAGIC, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The plaintext of `sealed`.
 * @throws SealError `format` or `authentication`
 */
export function openSealed(key: Buffer, context: string, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < OVERHEAD_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new SealError('format', 'These bytes were not sealed by this version of Probity.');
  }
  const nonce = bytes.subarray(MAGIC.length, HEADER_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([MAGIC, Buffer.from(context, 'utf8')]));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(HEADER_BYTES, bytes.length - TAG_BYTES)),
      decipher.final(),
    ]);
  } catch (error) {
    throw new SealError('authentication', 'Sealed bytes are damaged, or the key or context is not theirs.', {
      cause: error,
    });
  }
}
