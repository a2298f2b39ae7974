import { insertIgnore, type Db } from '../storage/index.js';
import type { ThrottleState } from './throttle-policy.js';

export interface Stored {
  state: ThrottleState;
  /** Row version; 0 when there is no row. */
  version: number;
}

interface Row {
  failures: number;
  locked_until: number | null;
  expires_at: number | null;
  version: number;
}

/** The state of a key, null when there is none. */
export async function read(db: Db, key: string): Promise<Stored | null> {
  const row = await db<Row & { key: string }>('throttles')
    .where({ key })
    .first('failures', 'locked_until', 'expires_at', 'version');
  if (!row) return null;
  const { failures, locked_until: lockedUntil, expires_at: expiresAt, version } = row;
  return { state: { failures, lockedUntil, expiresAt }, version };
}

/** Replaces what `read` gave as `version` (0: nothing); false when somebody else did so first. */
export async function replace(db: Db, key: string, version: number, state: ThrottleState): Promise<boolean> {
  const columns = { failures: state.failures, locked_until: state.lockedUntil, expires_at: state.expiresAt };
  if (version === 0) return insertIgnore(db, 'throttles', { key, ...columns, version: 1 });
  const changed = await db('throttles')
    .where({ key, version })
    .update({ ...columns, version: version + 1 });
  return changed === 1;
}

/** Takes one failure back, whoever changed the row since; a wait that runs stays. */
export async function decrement(db: Db, key: string): Promise<void> {
  await db('throttles')
    .where({ key })
    .where('failures', '>', 0)
    .update({ failures: db.raw('failures - 1'), version: db.raw('version + 1') });
}

/** Back to nothing known. The row stays until `forget`, so that its version never repeats meanwhile. */
export async function clear(db: Db, key: string, now: number): Promise<void> {
  await db('throttles')
    .where({ key })
    .update({ failures: 0, locked_until: null, expires_at: now, version: db.raw('version + 1') });
}

/** Deletes one key's row; 1 or 0. */
export async function remove(db: Db, key: string): Promise<number> {
  return db('throttles').where({ key }).delete();
}

/** Deletes at most `limit` rows whose time is over; returns how many. */
export async function forget(db: Db, now: number, limit: number): Promise<number> {
  const keys = (await db('throttles').where('expires_at', '<=', now).limit(limit).pluck('key')) as string[];
  if (keys.length === 0) return 0;
  return db('throttles').whereIn('key', keys).where('expires_at', '<=', now).delete();
}
