import { randomUUID } from 'node:crypto';
import { hashed, invalidFields, newSecret, StatusError, type Principal } from '../call/index.js';
import type { Audit } from '../events/index.js';
import type { Storage } from '../storage/index.js';
import { invalid, type AccessTokens } from './access-token.js';
import { API_KEY_MS, EXCHANGED_TOKEN_MS, NONCE_MS, REQUEST_WINDOW_MS, type ApiKey } from './api-key.js';
import * as store from './api-key-store.js';
import { isSignedBy, parameterFaults, type SignedParameter } from './signature.js';
import type { User } from './types.js';

/** A request as its client signed it. */
export interface SignedRequest {
  token: string;
  /** Hex. */
  signature: string;
  parameters: readonly SignedParameter[];
  /** Names of all parameters that the operation has. */
  parameterNames: readonly string[];
  /** UTC milliseconds, by the client's clock. */
  timestamp: number;
  nonce: string;
}

export interface ApiKeys {
  /** Makes a key that acts as a member of staff. Nobody can be told its token and secret again. */
  create(
    user: User,
    displayName: string,
    by: Principal,
  ): Promise<{ key: ApiKey; token: string; secret: string }>;
  /** Ends a key, its secret and its access tokens. @throws StatusError API_KEY_NOT_FOUND */
  revoke(id: string, by: Principal): Promise<ApiKey>;
  /**
   * An access token for a signed request.
   * @throws StatusError INVALID_FIELDS, TOKEN_INVALID, TOKEN_EXPIRED, REQUEST_STALE, SIGNATURE_INVALID, REQUEST_REPLAYED
   */
  exchange(request: SignedRequest): Promise<{ accessToken: string; expiresAt: number }>;
}

export function createApiKeys(deps: {
  storage: Storage;
  audit: Audit;
  tokens: AccessTokens;
  clock: { now(): number };
}): ApiKeys {
  const { storage, audit, tokens, clock } = deps;
  const { db, containers } = storage;

  return {
    async create(user, displayName, by) {
      const { id: userId, organisationId } = user;
      const [token, secret, id] = [newSecret(), newSecret(), randomUUID()];
      const createdAt = clock.now();
      const key: ApiKey = {
        ...{ id, organisationId, userId, displayName, createdAt },
        ...{ expiresAt: createdAt + API_KEY_MS, revokedAt: null },
      };
      await storage.transaction(async (tx) => {
        const containerId = await containers.create(tx, { organisationId, kind: 'api-key', ownerId: userId });
        const sealedSecret = await containers.seal(tx, containerId, purpose(id), Buffer.from(secret));
        await store.insertApiKey(tx, { ...key, containerId, sealedSecret }, hashed(token));
        await audit.record(tx, {
          ...{ organisationId, actor: by.userId, subject: userId, action: 'api_key.created' },
          ...{ target: `api_key/${id}`, details: { expiresAt: key.expiresAt } },
        });
      });
      return { key, token, secret };
    },

    async revoke(id, by) {
      const { organisationId } = by;
      return storage.transaction(async (tx) => {
        const key = await store.apiKeyById(tx, organisationId, id);
        if (!key) {
          throw new StatusError('API_KEY_NOT_FOUND', 'There is no such API key.', {
            resource: { type: 'api_key', name: `apiKeys/${id}` },
          });
        }
        const revokedAt = clock.now();
        if (!(await store.revokeApiKey(tx, id, revokedAt))) return key;
        await containers.destroy(tx, key.containerId);
        await audit.record(tx, {
          ...{ organisationId, actor: by.userId, subject: key.userId, action: 'api_key.revoked' },
          ...{ target: `api_key/${id}`, details: {} },
        });
        return { ...key, revokedAt };
      });
    },

    async exchange(request) {
      const { parameters, parameterNames, timestamp, nonce, signature } = request;
      const faults = parameterFaults(parameters, parameterNames);
      if (faults.length > 0) throw invalidFields(faults);
      const now = clock.now();
      const key = await store.apiKeyByToken(db, hashed(request.token));
      if (!key || key.revokedAt !== null) throw invalid();
      if (key.expiresAt <= now) throw new StatusError('TOKEN_EXPIRED', 'The API key has expired.');
      const secret = await containers.open(db, key.containerId, purpose(key.id), key.sealedSecret);
      const signed = isSignedBy(secret.toString(), parameters, signature);
      secret.fill(0);
      if (!signed) throw new StatusError('SIGNATURE_INVALID', 'The signature is not that of the request.');
      if (Math.abs(now - timestamp) > REQUEST_WINDOW_MS) {
        throw new StatusError('REQUEST_STALE', 'The timestamp is too far from the time of the server.');
      }
      // Last, so that only who holds the secret can use nonces up.
      if (!(await store.useNonce(db, key.id, nonce, now, now + NONCE_MS))) {
        throw new StatusError('REQUEST_REPLAYED', 'The nonce was used before.');
      }
      const expiresAt = Math.min(now + EXCHANGED_TOKEN_MS, key.expiresAt);
      const { userId, organisationId, role } = key;
      const accessToken = await tokens.issue({ userId, organisationId, role, loginId: key.id }, expiresAt);
      return { accessToken, expiresAt };
    },
  };
}

function purpose(id: string): string {
  return `api-key:${id}`;
}
