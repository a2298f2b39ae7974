import type { Logger } from 'pino';
import { StatusError, type Site } from '../call/index.js';
import type { Db } from '../storage/index.js';
import { looksLike, readSigned, TokenRefused, type KeyOf } from './signed-token.js';
import { useToken } from './token-store.js';

/**
 * The site that signed a token for this one call; null for a token that does not say it is a site's.
 * @throws StatusError TOKEN_INVALID, whatever is wrong with it
 */
export type AuthenticateSite = (token: string) => Promise<Site | null>;

export function createSiteAuthentication({
  db,
  keyOf,
  clock,
  log,
}: {
  db: Db;
  keyOf: KeyOf;
  clock: { now(): number };
  log: Logger;
}): AuthenticateSite {
  return async (token) => {
    if (!looksLike('site', token)) return null;
    try {
      const { connection, jti, expiresAt } = await readSigned('site', token, { keyOf, now: clock.now() });
      const { id: connectionId, organisationId } = connection;
      // Last, so that only who holds the secret can use numbers up.
      if (!(await useToken(db, { connectionId, jti, expiresAt }))) throw new TokenRefused('used before');
      return { connectionId, organisationId };
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      log.info({ why: error.why }, 'a call of a site was refused');
      throw new StatusError('TOKEN_INVALID', 'The token is not valid.');
    }
  };
}
