import pino from 'pino';
import { migrations } from '../../migrations/index.js';
import { openStorage, type Storage } from '../../src/storage/index.js';
import { createTable } from '../../src/storage/schema.js';
import { databases, type Place } from '../support/databases.js';

describe.each(databases)('migrations on $name', ({ open, place }) => {
  const names = migrations.map((migration) => migration.name);
  const closing: Storage[] = [];
  afterEach(async () => {
    for (const storage of closing.splice(0)) await storage.close();
  });
  const unmigrated = async (at: Place): Promise<Storage> => {
    const storage = await openStorage({ ...at, log: pino({ level: 'silent' }) });
    closing.push(storage);
    return storage;
  };

  it('are pending until they ran, and run once', async () => {
    const storage = await unmigrated(await place());
    expect(await storage.pendingMigrations()).toEqual(names);
    await storage.migrate();
    expect(await storage.pendingMigrations()).toEqual([]);
    await storage.db('leases').insert({ name: 'kept', holder: '', ticket: 1, slot: 0, expires_at: 0 });
    await storage.migrate();
    expect(await storage.db('leases').pluck('name')).toEqual(['kept']);
  });

  it('run again over whatever a crash left of them', async () => {
    const at = await place();
    const storage = await open(at);
    await storage.db('leases').insert({ name: 'kept', holder: '', ticket: 1, slot: 0, expires_at: 0 });
    // As after a crash in the middle of everything: tables there, nothing recorded, the lock held.
    await storage.db('migrations').delete();
    await storage.db('migrations_lock').update({ is_locked: 1 });
    await storage.db.schema.createTable('blobs__new', (t) => t.string('half'));
    await storage.db.schema.dropTable('blobs');
    const restarted = await unmigrated(at);
    await restarted.migrate();
    expect(await restarted.db('leases').pluck('name')).toEqual(['kept']);
    expect(await restarted.db.schema.hasColumn('blobs', 'sealed')).toBe(true);
    expect(await restarted.db.schema.hasTable('blobs__new')).toBe(false);
  });

  it('of a newer program are not run over', async () => {
    const storage = await open();
    await storage.db('migrations').insert({ name: '9999_future', batch: 9, migration_time: new Date() });
    await expect(storage.migrate()).rejects.toThrow(/9999_future/);
  });

  it('name each step once, in order', () => {
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual(names);
  });

  it('leave a table alone that is there', async () => {
    const { db } = await open();
    await createTable(db, 'extra', (t) => t.string('one', 9).unique());
    await db('extra').insert({ one: 'row' });
    await createTable(db, 'extra', (t) => t.string('two', 9));
    expect(await db('extra').select()).toEqual([{ one: 'row' }]);
  });
});

describe('several nodes that start at once on MariaDB', () => {
  it('migrate once and share the keys', async () => {
    const mariadb = databases.find(({ name }) => name === 'mariadb')!;
    const at = await mariadb.place();
    const nodes = await Promise.all([1, 2, 3].map(() => mariadb.open(at)));
    const keys = nodes.map((node) => node.deriveKey('test').toString('hex'));
    expect(new Set(keys).size).toBe(1);
    expect(await nodes[0]!.db('migrations').count({ n: '*' })).toEqual([{ n: migrations.length }]);
  });
});
