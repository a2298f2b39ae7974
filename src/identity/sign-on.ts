import type { LogInResponse } from '../grpc/gen/probity/identity/v1/authentication_service.js';
import type { Storage } from '../storage/index.js';
import type { Authentication } from './authentication.js';
import { presentLogin } from './presenter.js';
import { userById } from './store.js';
import type { Origin } from './types.js';

/** Signs somebody in whom another system has proven, with the tokens that a password gives. */
export type SignOn = (organisationId: string, userId: string, via: Origin) => Promise<LogInResponse>;

export function createSignOn({
  storage,
  authentication,
}: {
  storage: Storage;
  authentication: Authentication;
}): SignOn {
  return async (organisationId, userId, via) => {
    const user = await userById(storage.db, organisationId, userId);
    if (!user) throw new Error('Somebody who is to be signed in is not in the register.');
    const begun = await storage.transaction((tx) => authentication.begin(tx, user, via));
    return presentLogin(await authentication.issue(begun));
  };
}
