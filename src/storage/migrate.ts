import type { Knex } from 'knex';
import { migrations } from '../../migrations/index.js';
import { dialectOf } from './db.js';
import type { Migration } from './schema.js';

const LOCK_WAIT_S = 120;

function config(db: Knex): Knex.MigratorConfig {
  return {
    tableName: 'migrations',
    // DDL commits by itself on MariaDB: a transaction around it would only pretend.
    disableTransactions: dialectOf(db) === 'mysql',
    migrationSource: {
      getMigrations: () => Promise.resolve([...migrations]),
      getMigrationName: (migration: Migration) => migration.name,
      getMigration: (migration: Migration) =>
        Promise.resolve({
          up: (tx: Knex) => migration.up(tx),
          down: () => Promise.reject(new Error('Migrations go forward only; restore a backup.')),
        }),
    },
  };
}

/**
 * Brings the schema up to date. Nodes that start together wait for one another.
 * @throws when the database was migrated by a newer version of the program
 */
export async function migrateLatest(db: Knex): Promise<void> {
  await exclusively(db, async () => {
    // knex's own lock is a row that a crash leaves behind; ours ends with its holder, so a leftover is stale.
    if (await db.schema.hasTable('migrations_lock')) await db.migrate.forceFreeMigrationsLock(config(db));
    await db.migrate.latest(config(db));
  });
}

/** Names of the migrations still to run. */
export async function pending(db: Knex): Promise<string[]> {
  const [, waiting] = (await db.migrate.list(config(db))) as [unknown[], Migration[]];
  return waiting.map((migration) => migration.name);
}

/**
 * One migrating node at a time. On MariaDB by a named lock that dies with its connection; an SQLite file belongs
 * to one node, and there each migration is a transaction.
 */
async function exclusively(db: Knex, work: () => Promise<void>): Promise<void> {
  if (dialectOf(db) === 'sqlite') return work();
  await db.transaction(async (lock) => {
    const name = lock.raw<string>(`concat(database(), '.migrations')`);
    const rows = await lock.select<{ held: number | null }[]>(
      lock.raw('get_lock(?, ?) as held', [name, LOCK_WAIT_S]),
    );
    if (rows[0]?.held !== 1) throw new Error('Another node has been migrating the database for too long.');
    try {
      await work();
    } finally {
      await lock.select(lock.raw('release_lock(?)', [name]));
    }
  });
}
