import type { Job } from '../jobs/index.js';
import type { Storage } from '../storage/index.js';
import { sendPushes } from './pushes.js';
import type { Sites } from './sites.js';
import { forgetTokens } from './token-store.js';

const LEASE_MS = 60_000;
const BATCH = 500;

/** Tells each LMS how its students stand at the door, as soon as that changes. */
export function pushJob(parts: {
  storage: Pick<Storage, 'db'>;
  sites: Sites;
  clock: { now(): number };
}): Job {
  return {
    name: 'lms-push',
    cron: '*/2 * * * * *',
    leaseMs: LEASE_MS,
    async run({ signal, log }) {
      const sent = await sendPushes(parts, { signal, log });
      if (sent > 0) log.info({ sent }, 'states were told to an LMS');
    },
  };
}

/** Forgets tokens of sites that are refused for their age. An LMS uses one for every question: the night is too late. */
export function tokenJob({
  storage,
  clock,
}: {
  storage: Pick<Storage, 'db'>;
  clock: { now(): number };
}): Job {
  return {
    name: 'lms-tokens',
    cron: '30 * * * * *',
    leaseMs: LEASE_MS,
    async run({ signal }) {
      let forgotten = BATCH;
      while (forgotten === BATCH && !signal.aborted) {
        forgotten = await forgetTokens(storage.db, clock.now(), BATCH);
      }
    },
  };
}
