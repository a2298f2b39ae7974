import { StatusError } from '../../src/call/index.js';
import type { Db, Storage } from '../../src/storage/index.js';
import { createTable } from '../../src/storage/schema.js';
import { createTransactions } from '../../src/storage/transaction.js';
import { databases } from '../support/databases.js';

/** Resolves once it was called `n` times: a rendezvous of n transactions. */
function meeting(n: number): () => Promise<void> {
  let arrive: () => void;
  const complete = new Promise<void>((resolve) => (arrive = resolve));
  let waiting = n;
  return () => {
    waiting -= 1;
    if (waiting <= 0) arrive();
    return complete;
  };
}

describe.each(databases)('a transaction on $name', ({ open, name }) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
    await createTable(storage.db, 'accounts', (t) => {
      t.string('id', 36).primary();
      t.integer('amount').notNullable();
    });
  });
  beforeEach(async () => {
    await storage.db('accounts').delete();
    await storage.db('accounts').insert([
      { id: 'a', amount: 0 },
      { id: 'b', amount: 0 },
    ]);
  });

  const add = (db: Db, id: string, n = 1): Promise<number> =>
    db('accounts').where({ id }).increment('amount', n);
  const amounts = async (): Promise<number[]> =>
    (await storage.db('accounts').orderBy('id').pluck('amount')) as number[];

  it('commits its result, or nothing', async () => {
    expect(await storage.transaction(async (tx) => [await add(tx, 'a'), 'result'])).toEqual([1, 'result']);
    const failed = storage.transaction(async (tx) => {
      await add(tx, 'b');
      throw new StatusError('EXAM_STATE', 'no');
    });
    await expect(failed).rejects.toMatchObject({ reason: 'EXAM_STATE', message: 'no' });
    expect(await amounts()).toEqual([1, 0]);
  });

  it('does not lose one of many at once', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => storage.transaction((tx) => add(tx, i % 2 ? 'a' : 'b'))),
    );
    expect(await amounts()).toEqual([20, 20]);
  });

  it('notices a query beside it, instead of waiting for itself', async () => {
    const beside = /pass the transaction down/;
    await expect(storage.transaction(() => add(storage.db, 'a'))).rejects.toThrow(beside);
    await expect(storage.transaction(() => storage.transaction((tx) => add(tx, 'a')))).rejects.toThrow(
      beside,
    );
    let later: (() => Promise<number>) | undefined;
    await storage.transaction((tx) => {
      later = () => add(storage.db, 'b');
      return add(tx, 'a');
    });
    await later?.();
    expect(await amounts()).toEqual([1, 1]);
  });

  it('rolls back when it stayed open for too long', async () => {
    const transaction = createTransactions(storage.db, -1);
    await expect(transaction((tx) => add(tx, 'a'))).rejects.toThrow(/stayed open/);
    expect(await amounts()).toEqual([0, 0]);
  });

  it('is tried again after contention, and says so when it lasts', async () => {
    let tries = 0;
    const contended = Object.assign(new Error('busy'), {
      code: name === 'sqlite' ? 'SQLITE_BUSY_SNAPSHOT' : 'ER_LOCK_DEADLOCK',
    });
    await storage.transaction(async (tx) => {
      await add(tx, 'a');
      tries += 1;
      if (tries < 3) throw contended;
    });
    expect([tries, await amounts()]).toEqual([3, [1, 0]]);
    const hopeless = storage.transaction(() => Promise.reject(contended));
    await expect(hopeless).rejects.toMatchObject({
      reason: 'DATABASE_UNAVAILABLE',
      details: { retryAfterMs: 2_000 },
    });
  });
});

describe.each(databases.filter(({ name }) => name === 'mariadb'))('on $name', ({ open }) => {
  it('a deadlock costs nothing but a second try', async () => {
    const storage = await open();
    await createTable(storage.db, 'accounts', (t) => {
      t.string('id', 36).primary();
      t.integer('amount').notNullable();
    });
    await storage.db('accounts').insert([
      { id: 'a', amount: 0 },
      { id: 'b', amount: 0 },
    ]);
    const meet = meeting(2);
    let tries = 0;
    const transfer = (first: string, second: string): Promise<void> =>
      storage.transaction(async (tx) => {
        tries += 1;
        await tx('accounts').where({ id: first }).increment('amount', 1);
        await meet(); // Both hold their first row before either asks for its second.
        await tx('accounts').where({ id: second }).increment('amount', 1);
      });
    await Promise.all([transfer('a', 'b'), transfer('b', 'a')]);
    expect(await storage.db('accounts').pluck('amount')).toEqual([2, 2]);
    expect(tries).toBe(3);
  });

  it('text that is too long is refused, not cut', async () => {
    const storage = await open();
    const row = { name: 'n'.repeat(65), holder: '', ticket: 0, slot: 0, expires_at: 0 };
    await expect(storage.db('leases').insert(row)).rejects.toMatchObject({ code: 'ER_DATA_TOO_LONG' });
  });

  it('every connection is set up the same', async () => {
    const storage = await open();
    const [rows] = (await storage.db.raw(
      'select @@session.time_zone tz, @@session.tx_isolation iso, @@session.sql_mode mode, @@session.collation_connection c',
    )) as [Record<string, string>[]];
    expect(rows[0]).toMatchObject({ tz: '+00:00', iso: 'READ-COMMITTED', c: 'utf8mb4_bin' });
    expect(rows[0]!['mode']).toContain('STRICT_ALL_TABLES');
  });
});
