/** A key ends by itself: a secret that nobody remembers must not open anything for ever. */
export const API_KEY_MS = 365 * 86_400_000;

/** How far a request's own time may be from the server's, either way. */
export const REQUEST_WINDOW_MS = 5 * 60_000;

/** How long a nonce is remembered. Longer than the window: a request is refused as stale before it could be repeated. */
export const NONCE_MS = 24 * 3_600_000;

/** Life of the access token that a signed request is exchanged for: longer than any one request takes. */
export const EXCHANGED_TOKEN_MS = 60_000;

export interface ApiKey {
  /** UUID. */
  id: string;
  organisationId: string;
  /** The member of staff it acts as. */
  userId: string;
  displayName: string;
  /** UTC milliseconds. */
  createdAt: number;
  expiresAt: number;
  revokedAt: number | null;
}
