import { randomUUID } from 'node:crypto';
import { StatusError, type Principal, type Role } from '../call/index.js';
import type { Throttle } from '../checks/index.js';
import type { Audit } from '../events/index.js';
import { isUniqueViolation, type Db, type Storage } from '../storage/index.js';
import { loginKey } from './authentication.js';
import { revokeOtherLogins } from './login-store.js';
import type { Passwords } from './password.js';
import * as store from './store.js';
import type { User } from './types.js';

export interface NewUser {
  organisationId: string;
  /** Normalised. */
  email: string;
  givenName: string;
  familyName: string;
  role: Role;
  /** Null for a user who cannot sign in by password. */
  password: string | null;
}

export interface Accounts {
  /**
   * Creates a user.
   * @param actor who does it; null for a person who registers themselves
   * @throws StatusError EMAIL_TAKEN
   */
  create(user: NewUser, actor: string | null): Promise<User>;
  /** Sets a password and ends the user's logins, but for the caller's own. */
  setPassword(user: User, password: string, by: Principal): Promise<void>;
}

export function createAccounts(deps: {
  storage: Storage;
  audit: Audit;
  throttle: Throttle;
  passwords: Passwords;
  clock: { now(): number };
}): Accounts {
  const { storage, audit, throttle, passwords, clock } = deps;

  return {
    async create({ password, ...fields }, actor) {
      const { organisationId, email, role } = fields;
      // Before the hash is made, which takes longer than all the rest; the unique key decides.
      if (await store.userToSignIn(storage.db, organisationId, email)) throw taken();
      const user: User = { ...fields, id: randomUUID(), createdAt: clock.now() };
      const passwordHash = password === null ? null : await passwords.hash(password);
      await storage.transaction(async (tx) => {
        await insert(tx, user, passwordHash);
        await audit.record(tx, {
          ...{ organisationId, actor: actor ?? user.id, subject: user.id },
          action: actor === null ? 'user.registered' : 'user.created',
          target: null,
          details: { role },
        });
      });
      return user;
    },

    async setPassword(user, password, by) {
      const { id, organisationId, email } = user;
      const passwordHash = await passwords.hash(password);
      await storage.transaction(async (tx) => {
        await store.setPasswordHash(tx, id, passwordHash);
        const keep = by.userId === id ? by.loginId : null;
        const ended = await revokeOtherLogins(tx, id, keep, clock.now());
        await throttle.clear(tx, loginKey(organisationId, email));
        const about = { organisationId, actor: by.userId, subject: id, target: null };
        await audit.record(tx, { ...about, action: 'password.set', details: {} });
        if (ended > 0) {
          const details = { reason: 'password set', logins: ended };
          await audit.record(tx, { ...about, action: 'login.revoked', details });
        }
      });
    },
  };
}

async function insert(tx: Db, user: User, passwordHash: string | null): Promise<void> {
  try {
    await store.insertUser(tx, user, passwordHash);
  } catch (error) {
    throw isUniqueViolation(error) ? taken() : error;
  }
}

function taken(): StatusError {
  return new StatusError('EMAIL_TAKEN', 'Somebody is registered with this e-mail.', {
    fields: [{ field: 'email', problem: 'already_exists', description: 'is registered already' }],
  });
}
