import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';

describe('the SQLite client', () => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await databases.find(({ name }) => name === 'sqlite')!.open();
  });

  it('is durable, enforces foreign keys and wipes what is deleted', async () => {
    const pragma = async (name: string): Promise<unknown> => {
      const [row] = await storage.db.raw<Record<string, unknown>[]>(`pragma ${name}`);
      return Object.values(row!)[0];
    };
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('secure_delete')).toBe(1);
  });

  it('lets the event loop turn in a loop of queries, or their memory would never be freed', async () => {
    let turned = false;
    setImmediate(() => (turned = true));
    for (let i = 0; i < 101; i++) await storage.db('leases').where({ name: 'x' }).first();
    expect(turned).toBe(true);
  });

  it('notices a column that is added under a statement it keeps', async () => {
    const all = storage.db('leases').select();
    await storage.db('leases').insert({ name: 'x', holder: '', ticket: 0, slot: 0, expires_at: 0 });
    expect(await all.clone()).toEqual([{ name: 'x', holder: '', ticket: 0, slot: 0, expires_at: 0 }]);
    await storage.db.schema.alterTable('leases', (t) => t.integer('more').defaultTo(7));
    expect(await all.clone()).toEqual([
      { name: 'x', holder: '', ticket: 0, slot: 0, expires_at: 0, more: 7 },
    ]);
  });

  it('uses a kept statement again after it failed', async () => {
    const row = { name: 'x', holder: '', ticket: 0, slot: 0, expires_at: 0 };
    await storage.db('leases').insert(row);
    await expect(storage.db('leases').insert(row)).rejects.toThrow(/UNIQUE/);
    await storage.db('leases').insert({ ...row, name: 'y' });
    expect(await storage.db('leases').orderBy('name').pluck('name')).toEqual(['x', 'y']);
  });

  it('reads what another process wrote', async () => {
    const file = (storage.db.client as { connectionSettings: { filename: string } }).connectionSettings
      .filename;
    const Database = (await import('libsql')).default;
    const other = new Database(file);
    other.exec(`insert into leases values ('other', '', 1, 1, 1)`);
    other.close();
    expect(await storage.db('leases').pluck('name')).toEqual(['other']);
  });
});
