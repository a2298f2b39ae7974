import type { Logger } from 'pino';
import type { Storage } from '../storage/index.js';
import type { Clock } from './clock.js';
import type { JobContext } from './job.js';
import { claim, fence, LeaseLost, release, renew } from './leases.js';

/** Renewals per lease: two may fail before the lease runs out. */
const RENEWALS = 3;

export interface Lease {
  /** At most 64 characters. */
  name: string;
  /** After this long without a renewal another node may take over. */
  leaseMs: number;
  /** UTC milliseconds of the scheduled time, each of which is run once; left out for work outside any schedule. */
  slot?: number;
}

/**
 * Does work that one node at a time may do. False when another does it, or has done it for this slot.
 * @param abort of the work: aborted when the lease is lost as well
 * @throws what `work` throws, once the lease is given back
 */
export async function underLease(
  { storage, clock, node, log }: { storage: Storage; clock: Clock; node: string; log: Logger },
  lease: Lease,
  abort: AbortController,
  work: (context: JobContext) => Promise<void>,
): Promise<boolean> {
  const { name, leaseMs, slot } = lease;
  const { db } = storage;
  const ticket = await claim(db, { name, holder: node, slot, now: clock.now(), leaseMs });
  if (ticket === undefined) return false;
  let expiresAt = clock.now() + leaseMs;
  const stopRenewing = clock.every(Math.ceil(leaseMs / RENEWALS), () => {
    const until = clock.now() + leaseMs;
    renew(db, name, ticket, until).then(
      (ours) => {
        if (ours) expiresAt = until;
        else abort.abort(new LeaseLost(`The job ${name} was taken over by another node.`));
      },
      (error: unknown) => {
        log.warn({ err: error }, 'the lease could not be renewed');
        if (clock.now() >= expiresAt) abort.abort(new LeaseLost(`The lease of ${name} ran out.`));
      },
    );
  });
  try {
    await work({ signal: abort.signal, ticket, log, fence: (tx) => fence(tx, name, ticket) });
  } finally {
    stopRenewing();
    await release(db, name, ticket).catch((error: unknown) => {
      log.warn({ err: error }, 'the lease could not be given back; it will expire');
    });
  }
  return true;
}
