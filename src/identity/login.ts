import type { LoginMethod } from '../call/index.js';

/** Life of an access token (RFC 8725 and ASVS 9: short, since it is checked offline by others). */
export const ACCESS_TOKEN_MS = 15 * 60_000;
/** A login ends this long after it began (NIST SP 800-63B AAL2: re-authenticate every 12 h). */
export const LOGIN_MS = 12 * 3_600_000;
/** A rotating login ends when it was idle this long (AAL2: 30 min). */
export const IDLE_MS = 30 * 60_000;

/** ROTATING: each use replaces the refresh token. FIXED: it stays, for an API that cannot hand out a new one. */
export type RefreshPolicy = 'ROTATING' | 'FIXED';

/** A login: what begins with a proof of who somebody is and ends with a log-out, a revocation or its time. UTC milliseconds. */
export interface Login {
  id: string;
  organisationId: string;
  userId: string;
  method: LoginMethod;
  refreshPolicy: RefreshPolicy;
  beganAt: number;
  endsAt: number;
  revokedAt: number | null;
}

/** When a refresh token given out at `now` ends. */
export function refreshExpiry(login: Pick<Login, 'refreshPolicy' | 'endsAt'>, now: number): number {
  return login.refreshPolicy === 'FIXED' ? login.endsAt : Math.min(now + IDLE_MS, login.endsAt);
}

/** When an access token given out at `now` ends: never after its login. */
export function accessExpiry(login: Pick<Login, 'endsAt'>, now: number): number {
  return Math.min(now + ACCESS_TOKEN_MS, login.endsAt);
}

/** What is known of a refresh token that somebody presents. */
export interface PresentedToken {
  /** When it was exchanged for its successor; null while it is the last one. */
  usedAt: number | null;
  expiresAt: number;
  login: Login;
}

/** Whether the token may be used at `now`. A replaced token is told apart from all else: two people hold it. */
export function judgeRefresh(token: PresentedToken, now: number): 'GOOD' | 'REUSED' | 'REVOKED' | 'EXPIRED' {
  if (token.usedAt !== null) return 'REUSED';
  if (token.login.revokedAt !== null) return 'REVOKED';
  return token.expiresAt <= now || token.login.endsAt <= now ? 'EXPIRED' : 'GOOD';
}
