import type { Knex } from 'knex';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { Db } from './db.js';
import { isContention, unavailable } from './faults.js';
import { assertOutside, insideTransaction } from './guard.js';

const RETRIES = 5;
const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 500;

/**
 * The longest a transaction may be open. What reads rows in id order (outbox, audit seals) relies on it: a row
 * that is not visible this long after its time will never be.
 */
export const TRANSACTION_LIMIT_MS = 10_000;

/**
 * Returns `transaction(work)`: runs `work` in a transaction and commits its result; any throw rolls back.
 * Contention (deadlock, lock timeout, SQLITE_BUSY) runs `work` again from its start, five times at most, so
 * `work` must have no effects outside its transaction. No inference and no network inside.
 */
export function createTransactions(db: Knex, limitMs = TRANSACTION_LIMIT_MS) {
  const policy = retry(handleWhen(isContention), {
    maxAttempts: RETRIES,
    backoff: new ExponentialBackoff({ initialDelay: FIRST_DELAY_MS, maxDelay: LONGEST_DELAY_MS }),
  });
  return async function transaction<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    assertOutside();
    try {
      return await policy.execute(() => attempt(db, work, limitMs));
    } catch (error) {
      if (isContention(error)) throw unavailable('The database is too busy.', error);
      throw error;
    }
  };
}

function attempt<T>(db: Knex, work: (tx: Db) => Promise<T>, limitMs: number): Promise<T> {
  return db.transaction(async (tx) => {
    const started = performance.now();
    const result = await insideTransaction(() => work(tx));
    if (performance.now() - started > limitMs)
      throw new Error(`A transaction stayed open for over ${limitMs} ms.`);
    return result;
  });
}
