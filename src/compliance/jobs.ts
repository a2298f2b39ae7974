import type { Job } from '../jobs/index.js';
import type { ComplianceDependencies } from './compliance.js';
import type { Eraser } from './erasure.js';
import type { SubjectData } from './subject.js';

/** Deleted in one go, so that SQLite, which works on the event loop, is never held long. */
const BATCH = 500;
const ERASURES = 20;
const LEASE_MS = 60_000;

/** Deletes what has expired, of every part and of the blobs, every night. One part that fails stops no other. */
export function retentionJob(
  { storage, clock, onExpired }: ComplianceDependencies,
  parts: readonly SubjectData[],
): Job {
  const blobs: Pick<SubjectData, 'name' | 'expire'> = {
    name: 'blobs',
    expire: (now, limit) => storage.blobs.deleteExpired(storage.db, now, limit),
  };
  return {
    name: 'retention',
    cron: '23 2 * * *',
    leaseMs: LEASE_MS,
    async run({ signal, log }) {
      const failures: unknown[] = [];
      for (const part of [...parts, blobs]) {
        let total = 0;
        try {
          let deleted = BATCH;
          while (deleted >= BATCH && !signal.aborted) {
            deleted = await part.expire(clock.now(), BATCH);
            total += deleted;
          }
        } catch (error) {
          log.error({ err: error, part: part.name }, 'retention of a part failed');
          failures.push(error);
        }
        onExpired?.(part.name, total);
        if (total > 0) log.info({ part: part.name, deleted: total }, 'expired data deleted');
      }
      if (failures.length > 0) throw new AggregateError(failures, 'retention is incomplete');
    },
  };
}

/** Finishes erasures that a crash cut short. */
export function erasureJob(eraser: Eraser): Job {
  return {
    name: 'erasure',
    cron: '* * * * *',
    leaseMs: LEASE_MS,
    async run({ signal, log }) {
      const finished = await eraser.resume(signal, ERASURES);
      if (finished > 0) log.info({ finished }, 'erasures finished after an interruption');
    },
  };
}
