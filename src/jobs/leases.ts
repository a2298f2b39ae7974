import { insertIgnore, type Db } from '../storage/index.js';

/** The job runs elsewhere now; what this run still wants to write must not be written. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

interface LeaseRow {
  name: string;
  holder: string;
  ticket: number;
  slot: number;
  expires_at: number;
}

/**
 * Claims the run of `slot` (UTC milliseconds of the scheduled time, the same on every node; none for work outside any
 * schedule). Undefined when someone holds the job, or that slot was claimed before. All by compare-and-set.
 * @returns the ticket, greater than every earlier one of this job
 */
export async function claim(
  db: Db,
  lease: { name: string; holder: string; slot?: number | undefined; now: number; leaseMs: number },
): Promise<number | undefined> {
  const { name, holder, slot, now, leaseMs } = lease;
  let row = await find(db, name);
  if (!row) {
    await insertIgnore(db, 'leases', { name, holder: '', ticket: 0, slot: 0, expires_at: 0 });
    row = await find(db, name);
  }
  if (!row || row.expires_at > now || (slot !== undefined && row.slot >= slot)) return undefined;
  const claimed = await db('leases')
    .where({ name, ticket: row.ticket, expires_at: row.expires_at })
    .update({ holder, ticket: row.ticket + 1, slot: slot ?? row.slot, expires_at: now + leaseMs });
  return claimed === 1 ? row.ticket + 1 : undefined;
}

/** Prolongs a lease that is still ours, even if it had expired. False when another node has it. */
export async function renew(db: Db, name: string, ticket: number, expiresAt: number): Promise<boolean> {
  return (await db('leases').where({ name, ticket }).update({ expires_at: expiresAt })) === 1;
}

/** Gives the lease back. The ticket and slot stay. */
export async function release(db: Db, name: string, ticket: number): Promise<void> {
  await db('leases').where({ name, ticket }).update({ holder: '', expires_at: 0 });
}

/**
 * Holds off a take-over until the transaction ends.
 * @throws LeaseLost when it has happened already
 */
export async function fence(tx: Db, name: string, ticket: number): Promise<void> {
  const row = await tx<LeaseRow>('leases').where({ name }).forUpdate().first('ticket');
  if (row?.ticket !== ticket) throw new LeaseLost(`The job ${name} was taken over by another node.`);
}

async function find(db: Db, name: string): Promise<LeaseRow | undefined> {
  return db<LeaseRow>('leases').where({ name }).first();
}
