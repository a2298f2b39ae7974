import type { Audit } from '../events/index.js';
import type { Db, Storage } from '../storage/index.js';
import { accountsOf, deleteAccountsOf } from './account-store.js';
import { deletePushesBefore, deletePushesOf } from './push-store.js';
import { tombstone } from './sync/erased.js';
import { forgetPerson, membershipsOf } from './sync/mirror-store.js';
import { changesAbout, deleteChangesAbout, deleteRunsBefore, forgetRequester } from './sync/run-store.js';
import { putTombstone } from './sync/tombstone-store.js';

const DAY_MS = 86_400_000;
/** Reports of runs are kept so long. */
const REPORT_DAYS = 90;

/** What this room keeps of a person: who they are in which LMS. For export, erasure and retention alike. */
export interface LmsData {
  name: string;
  export(db: Db, userId: string): Promise<unknown>;
  erase(tx: Db, userId: string): Promise<Record<string, number>>;
  expire(now: number, limit: number): Promise<number>;
}

export function lmsData({
  storage,
  audit,
  clock,
}: {
  storage: Storage;
  audit: Pick<Audit, 'pseudonym'>;
  clock: { now(): number };
}): LmsData {
  return {
    name: 'lms',

    async export(db, userId) {
      const accounts = await accountsOf(db, userId);
      const memberships = [];
      const changes = [];
      for (const { connectionId, externalId, address } of accounts) {
        for (const { courseId, data, addedAt, removedAt } of await membershipsOf(
          db,
          connectionId,
          externalId,
        )) {
          memberships.push({ address, courseId, data, addedAt, removedAt });
        }
        changes.push(...(await changesAbout(db, connectionId, externalId)));
      }
      const shown = accounts.map(({ address, externalId, createdAt }) => ({
        ...{ address, external_id: externalId, created_at: createdAt },
      }));
      return { accounts: shown, memberships, changes };
    },

    async erase(tx, userId) {
      const erased = { lms_pushes: 0, lms_accounts: 0, lms_mirror: 0, lms_sync_changes: 0, lms_syncs: 0 };
      for (const { connectionId, organisationId, externalId } of await accountsOf(tx, userId)) {
        // The LMS goes on listing them: without it, the next sync would make the account again.
        const digest = tombstone(audit, { id: connectionId, organisationId }, externalId);
        await putTombstone(tx, connectionId, digest, clock.now());
        erased.lms_mirror += await forgetPerson(tx, connectionId, externalId);
        erased.lms_sync_changes += await deleteChangesAbout(tx, connectionId, externalId);
      }
      erased.lms_syncs = await forgetRequester(tx, userId);
      erased.lms_pushes = await deletePushesOf(tx, userId);
      erased.lms_accounts = await deleteAccountsOf(tx, userId);
      return erased;
    },

    async expire(now, limit) {
      // After a day nobody can be told of a state any more: whose it is, or where, is gone.
      const deleted = await deletePushesBefore(storage.db, now - DAY_MS, limit);
      if (deleted >= limit) return deleted;
      const before = now - REPORT_DAYS * DAY_MS;
      return deleted + (await storage.transaction((tx) => deleteRunsBefore(tx, before, limit - deleted)));
    },
  };
}
