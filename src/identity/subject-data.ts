import type { Throttle } from '../checks/index.js';
import type { Db, Storage } from '../storage/index.js';
import { apiKeysOfUser, deleteApiKey, deleteEndedNonces, endedApiKeys } from './api-key-store.js';
import { loginKey } from './authentication.js';
import { deleteEndedLogins, loginsOfUser } from './login-store.js';
import { accountsOfUser } from './saml/account-store.js';
import { deleteEndedSignIns } from './saml/sign-in-store.js';
import type { SigningKeys } from './signing-keys.js';
import { anyUserById, deleteUser } from './store.js';

/** Export, erasure and retention of what this room keeps of a person. The audit trail keeps pseudonyms. */
export interface IdentityData {
  name: string;
  /** The account, its logins and the API keys that act as it, without any secret; null when there is no such user. */
  export(db: Db, userId: string): Promise<unknown>;
  /** Deletes the account, its logins and API keys; rows by table. To be the last room asked: it takes the user away. */
  erase(tx: Db, userId: string): Promise<Record<string, number>>;
  /** Deletes ended logins, API keys and nonces, forgotten throttles and dead signing keys; how many rows. */
  expire(now: number, limit: number): Promise<number>;
}

export function createIdentityData(deps: {
  storage: Storage;
  throttle: Throttle;
  keys: SigningKeys;
}): IdentityData {
  const { storage, throttle, keys } = deps;
  return {
    name: 'identity',

    async export(db, userId) {
      const user = await anyUserById(db, userId);
      if (!user) return null;
      const logins = (await loginsOfUser(db, userId)).map(({ method, beganAt, endsAt, revokedAt }) => ({
        method,
        beganAt: iso(beganAt),
        endsAt: iso(endsAt),
        revokedAt: revokedAt === null ? null : iso(revokedAt),
      }));
      const apiKeys = (await apiKeysOfUser(db, userId)).map((key) => ({
        displayName: key.displayName,
        createdAt: iso(key.createdAt),
        expiresAt: iso(key.expiresAt),
        revokedAt: key.revokedAt === null ? null : iso(key.revokedAt),
      }));
      const ssoAccounts = (await accountsOfUser(db, userId)).map((account) => ({
        provider: account.providerId,
        externalId: account.externalId,
        createdAt: iso(account.createdAt),
      }));
      return { user: { ...user, createdAt: iso(user.createdAt) }, logins, apiKeys, ssoAccounts };
    },

    async erase(tx, userId) {
      const user = await anyUserById(tx, userId);
      if (!user) return { users: 0, logins: 0, api_keys: 0, sso_accounts: 0, throttles: 0 };
      const logins = (await loginsOfUser(tx, userId)).length;
      const ssoAccounts = (await accountsOfUser(tx, userId)).length;
      const apiKeys = await eraseKeys(tx, await apiKeysOfUser(tx, userId));
      const throttles = await throttle.remove(tx, loginKey(user.organisationId, user.email));
      return {
        ...{ users: await deleteUser(tx, userId), logins, api_keys: apiKeys },
        ...{ sso_accounts: ssoAccounts, throttles },
      };
    },

    async expire(now, limit) {
      const logins = await deleteEndedLogins(storage.db, now, limit);
      const signIns = await deleteEndedSignIns(storage.db, now, limit);
      const nonces = await deleteEndedNonces(storage.db, now, limit);
      const apiKeys = await storage.transaction(async (tx) =>
        eraseKeys(tx, await endedApiKeys(tx, now, limit)),
      );
      return logins + signIns + nonces + apiKeys + (await throttle.forget(limit)) + (await keys.expire());
    },
  };

  async function eraseKeys(tx: Db, ended: readonly { id: string; containerId: string }[]): Promise<number> {
    for (const { id, containerId } of ended) {
      await storage.containers.destroy(tx, containerId);
      await deleteApiKey(tx, id);
    }
    return ended.length;
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
