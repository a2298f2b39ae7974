import type { Knex } from 'knex';

/**
 * The store or a transaction in it. Every store function takes one as its first argument: SQLite has one
 * connection, so a query that ignores the caller's transaction would wait for itself.
 */
export type Db = Knex | Knex.Transaction;

/** MariaDB and MySQL count as one dialect: nothing we use differs between them. */
export type Dialect = 'sqlite' | 'mysql';

/** The dialect that `db` speaks. */
export function dialectOf(db: Db): Dialect {
  const client = db.client as { driverName: string }; // Knex.Client leaves driverName out of its types.
  return client.driverName === 'mysql2' ? 'mysql' : 'sqlite';
}
