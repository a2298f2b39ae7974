import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashed } from '../../call/index.js';
import type { SessionSubject } from './assertion.js';

/** How long an identity provider has to answer. */
export const REQUEST_MS = 10 * 60_000;
/** How long a desktop client has to fetch its tokens. */
export const CODE_MS = 60_000;
/** How long the id of a used message is remembered: longer than any is accepted. */
export const SPENT_MS = 60 * 60_000;

/** What is to become of a request once it is answered. */
export type Destination =
  /** A browser goes on to a path of ours. */
  | { kind: 'PAGE'; path: string }
  /** A desktop client gets a code. */
  | { kind: 'LOOPBACK'; redirectUri: string; codeChallenge: string; state: string }
  /** Somebody has signed out. */
  | { kind: 'SIGNED_OUT' };

/** A request that we sent to a provider by way of a browser. */
export interface SignInRequest {
  /** Of the SAML message. */
  id: string;
  providerId: string;
  /** Of what the browser holds. */
  browserHash: string;
  destination: Destination;
  /** UTC milliseconds. */
  expiresAt: number;
}

/** A code that a desktop client exchanges for its tokens (RFC 6749 section 4.1.2, RFC 7636). */
export interface SignInCode {
  hash: string;
  providerId: string;
  userId: string;
  subject: SessionSubject;
  redirectUri: string;
  /** SHA-256 of the code verifier, base64url. */
  codeChallenge: string;
  /** UTC milliseconds. */
  expiresAt: number;
}

/** An ID for a message: a letter or underscore first, as XML wants it. */
export function messageId(): string {
  return `_${randomBytes(20).toString('hex')}`;
}

/** Whether a browser holds what a request was begun with. */
export function isSameBrowser({ browserHash }: SignInRequest, held: string): boolean {
  return timingSafeEqual(Buffer.from(hashed(held)), Buffer.from(browserHash));
}

/** Whether a code is worth anything to who presents it. */
export function isCodeGood(
  code: SignInCode,
  { codeVerifier, redirectUri }: { codeVerifier: string; redirectUri: string },
  now: number,
): boolean {
  const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
  return code.expiresAt > now && code.redirectUri === redirectUri && code.codeChallenge === challenge;
}

/** The loopback address with the code in its query, beside what was there. */
export function withCode(redirectUri: string, code: string, state: string): string {
  const url = new URL(redirectUri);
  url.searchParams.set('code', code);
  url.searchParams.set('state', state);
  return url.href;
}
