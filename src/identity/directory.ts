import { randomUUID } from 'node:crypto';
import type { Audit } from '../events/index.js';
import { normaliseEmail } from './person.js';
import * as store from './store.js';
import type { User, UserDirectory } from './types.js';

export function createDirectory({ audit, clock }: { audit: Audit; clock: { now(): number } }): UserDirectory {
  return {
    byIds: (db, organisationId, ids) => store.usersByIds(db, organisationId, [...new Set(ids)]),

    hasPassword: (db, organisationId, id) => store.hasPassword(db, organisationId, id),

    async byEmail(db, organisationId, email) {
      return (await store.usersByEmails(db, organisationId, [normaliseEmail(email)]))[0] ?? null;
    },

    byEmails: (db, organisationId, emails) =>
      store.usersByEmails(db, organisationId, [...new Set(emails.map(normaliseEmail))]),

    async ensureStudents(db, organisationId, entries) {
      const wanted = new Map(entries.map((entry) => [normaliseEmail(entry.email), entry]));
      const known = await store.usersByEmails(db, organisationId, [...wanted.keys()]);
      const byEmail = new Map(known.map((user) => [user.email, user]));
      const fresh: User[] = [];
      for (const [email, { givenName, familyName }] of wanted) {
        if (byEmail.has(email)) continue;
        const id = randomUUID();
        const createdAt = clock.now();
        fresh.push({ id, organisationId, email, givenName, familyName, role: 'STUDENT', createdAt });
      }
      await store.insertNewUsers(db, fresh);
      // Another node may have made some of them meanwhile: theirs count.
      const made = await store.usersByEmails(
        db,
        organisationId,
        fresh.map((user) => user.email),
      );
      for (const user of made) byEmail.set(user.email, user);
      const ours = new Set(fresh.map((user) => user.id));
      const createdCount = made.filter((user) => ours.has(user.id)).length;
      if (createdCount > 0) {
        await audit.record(db, {
          ...{ organisationId, actor: null, subject: null },
          action: 'users.synchronised',
          target: null,
          details: { created: createdCount, role: 'STUDENT' },
        });
      }
      const users = [...wanted.keys()]
        .map((email) => byEmail.get(email))
        .filter((user) => user !== undefined);
      return { users, createdCount };
    },
  };
}
