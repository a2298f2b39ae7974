import { EventEmitter, once } from 'node:events';
import { inspect } from 'node:util';
import pino from 'pino';
import { isUniqueViolation, openStorage, type Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';

const unavailable = { reason: 'DATABASE_UNAVAILABLE', details: { retryAfterMs: 2_000 } };

async function unmigrated(databaseUrl: string, dataDir: string): Promise<Storage> {
  return openStorage({ databaseUrl, dataDir, log: pino({ level: 'silent' }) });
}

describe.each(databases)('faults on $name', ({ open }) => {
  it('name the statement and never its values', async () => {
    const storage = await open();
    const row = { name: 'secret-name', holder: 'secret', ticket: 1, slot: 0, expires_at: 0 };
    await storage.db('leases').insert(row);
    const failed = storage.db('leases').insert({ ...row, nowhere: 'secret-template' });
    const error = (await failed.catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('insert into `leases`');
    expect(inspect(error)).not.toMatch(/secret/);
    const twice = await storage
      .db('leases')
      .insert(row)
      .catch((thrown: unknown) => thrown);
    expect(isUniqueViolation(twice)).toBe(true);
    expect(inspect(twice)).not.toMatch(/secret/);
  });
});

describe('a lost MariaDB', () => {
  const mariadb = databases.find(({ name }) => name === 'mariadb')!;

  it('is DATABASE_UNAVAILABLE when nobody listens', async () => {
    const { dataDir } = await mariadb.place();
    const storage = await unmigrated('mysql://u:secret@127.0.0.1:1/probity', dataDir);
    const failed = storage.ping();
    await expect(failed).rejects.toMatchObject(unavailable);
    await expect(failed).rejects.not.toThrow(/secret|127/);
    await expect(storage.transaction((tx) => tx('leases').select())).rejects.toMatchObject(unavailable);
    await storage.close();
  });

  it('is DATABASE_UNAVAILABLE in the middle of a transaction, and back for the next', async () => {
    const place = await mariadb.place();
    const [storage, other] = [await mariadb.open(place), await mariadb.open(place)];
    const began = new EventEmitter();
    const killed = once(began, 'connection').then(([id]) => other.db.raw('kill ?', [id as number]));
    const cut = storage.transaction(async (tx) => {
      const [rows] = (await tx.raw('select connection_id() as id')) as [{ id: number }[]];
      began.emit('connection', rows[0]!.id);
      await killed;
      await tx('leases').select();
    });
    await expect(cut).rejects.toMatchObject(unavailable);
    await storage.ping();
    expect(await storage.transaction((tx) => tx('leases').select())).toEqual([]);
  });
});

describe('a full disk under SQLite', () => {
  const sqlite = databases.find(({ name }) => name === 'sqlite')!;

  it('is DATABASE_UNAVAILABLE, loses nothing, and passes', async () => {
    const storage = await sqlite.open();
    const [size] = await storage.db.raw<{ page_count: number }[]>('pragma page_count');
    await storage.db.raw(`pragma max_page_count = ${String(size!.page_count)}`);
    const lease = (name: string): object => ({
      name,
      holder: 'x'.repeat(50_000),
      ticket: 1,
      slot: 0,
      expires_at: 0,
    });
    await expect(storage.db('leases').insert(lease('a'))).rejects.toMatchObject({
      ...unavailable,
      message: 'The database has no room left to write.',
    });
    await storage.db.raw('pragma max_page_count = 1000000');
    await storage.db('leases').insert(lease('b'));
    expect(await storage.db('leases').pluck('name')).toEqual(['b']);
  });

  it('says so when the file is no database', async () => {
    const { dataDir } = await sqlite.place();
    const storage = await unmigrated(`sqlite:${dataDir}`, dataDir);
    await expect(storage.ping()).rejects.toMatchObject(unavailable);
    await storage.close();
  });
});
