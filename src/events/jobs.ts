import type { Job } from '../jobs/index.js';
import type { Storage } from '../storage/index.js';
import { deleteBefore } from './outbox.js';
import { sealAudit, type Seal } from './seals.js';

const DAY_MS = 86_400_000;
const OUTBOX_BATCH = 500;

/** Seals the audit trail every minute. Each seal's hash goes to the log: kept elsewhere, it anchors the chain. */
export function auditSealJob(storage: Storage, now: () => number = Date.now): Job {
  return {
    name: 'audit-seal',
    cron: '* * * * *',
    leaseMs: 60_000,
    async run({ signal, log, fence }) {
      let seal: Seal | undefined;
      do {
        seal = await storage.transaction(async (tx) => {
          await fence(tx);
          return sealAudit(storage, tx, now());
        });
        if (seal) log.info({ seal }, 'audit trail sealed');
      } while (seal && !signal.aborted);
    },
  };
}

/** Deletes events from the outbox after `keepDays`, read or not: they name people, and retention is finite. */
export function outboxRetentionJob(storage: Storage, keepDays: number, now: () => number = Date.now): Job {
  return {
    name: 'outbox-retention',
    cron: '17 * * * *',
    leaseMs: 60_000,
    async run({ signal, log }) {
      let deleted: number;
      do {
        deleted = await deleteBefore(storage.db, now() - keepDays * DAY_MS, OUTBOX_BATCH);
        if (deleted > 0) log.info({ deleted }, 'old events deleted');
      } while (deleted === OUTBOX_BATCH && !signal.aborted);
    },
  };
}
