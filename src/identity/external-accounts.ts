import { randomUUID } from 'node:crypto';
import type { Audit } from '../events/index.js';
import { normaliseEmail } from './person.js';
import * as store from './store.js';
import type { ExternalAccounts, ExternalPerson, Origin, User } from './types.js';

/** An account as far as it matters for whether it may be claimed. */
export interface Claimable {
  role: User['role'];
  origin: Origin | null;
  hasPassword: boolean;
}

/**
 * Whether an account may be had by another system's word for its e-mail. Never one with a password, whose owner would
 * not know; never an ADMIN's; one of staff only where another system made it, and only for somebody who is staff there:
 * a student who gets hold of a teacher's e-mail gets nothing. What is left are students nobody has an own claim to.
 */
export function mayBeClaimed(account: Claimable, as: ExternalPerson['role']): boolean {
  if (account.hasPassword) return false;
  if (account.role === 'STUDENT') return true;
  return account.role === 'INSTRUCTOR' && account.origin !== null && as === 'INSTRUCTOR';
}

export function createExternalAccounts({
  audit,
  clock,
}: {
  audit: Audit;
  clock: { now(): number };
}): ExternalAccounts {
  const promote: ExternalAccounts['promote'] = async (tx, organisationId, userIds) => {
    for (const id of await store.makeInstructors(tx, organisationId, userIds)) {
      await audit.record(tx, {
        ...{ organisationId, actor: null, subject: id, action: 'user.promoted', target: null },
        details: { role: 'INSTRUCTOR' },
      });
    }
  };

  return {
    promote,

    async ensure(tx, organisationId, people, origin) {
      const wanted = new Map<string, ExternalPerson>();
      for (const person of people) {
        const email = normaliseEmail(person.email);
        if (person.role === 'INSTRUCTOR' || !wanted.has(email)) wanted.set(email, person);
      }
      const known = new Set(
        (await store.usersByEmails(tx, organisationId, [...wanted.keys()])).map(({ email }) => email),
      );
      const createdAt = clock.now();
      const fresh = [...wanted].flatMap(([email, { givenName, familyName, role }]): User[] =>
        known.has(email)
          ? []
          : [{ id: randomUUID(), organisationId, email, givenName, familyName, role, createdAt }],
      );
      await store.insertNewUsers(tx, fresh, origin);
      // Read after writing: another node may have made some of them meanwhile, in another way.
      const found = await store.usersToClaim(tx, organisationId, [...wanted.keys()]);
      const byEmail = new Map(found.map((each) => [each.user.email, each]));
      const ours = new Set(fresh.map(({ id }) => id));
      const created = found.filter(({ user }) => ours.has(user.id)).length;
      if (created > 0) {
        await audit.record(tx, {
          ...{ organisationId, actor: null, subject: null, action: 'users.synchronised', target: null },
          details: { created, origin },
        });
      }
      const accounts = people.map(({ email, role }): User | null => {
        const account = byEmail.get(normaliseEmail(email));
        return account && mayBeClaimed(account, role) ? account.user : null;
      });
      const promoted = accounts.flatMap((user, at) =>
        user?.role === 'STUDENT' && people[at]?.role === 'INSTRUCTOR' ? [user.id] : [],
      );
      await promote(tx, organisationId, promoted);
      return accounts.map((user) =>
        user && promoted.includes(user.id) ? { ...user, role: 'INSTRUCTOR' } : user,
      );
    },
  };
}
