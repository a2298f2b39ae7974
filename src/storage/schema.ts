/** What a migration is and what it builds tables with. The only part of this room that migrations/ imports. */
import type { Knex } from 'knex';
import { dialectOf, type Db } from './db.js';

export type Table = Knex.TableBuilder;

/** One step of the schema. Immutable once merged; a correction is a new migration. */
export interface Migration {
  /** File name without its ending: `0003_identity`. */
  name: string;
  /** Must be safe to run again after a crash in its middle: MariaDB commits every DDL statement at once. */
  up(db: Db): Promise<void>;
}

/**
 * Creates the table unless it is there. It is built under another name and renamed when complete, so that a crash
 * on MariaDB cannot leave a table without its indexes. Names of keys and indexes must be unique per database,
 * at most 64 characters, and are derived by knex from `<name>__new`, unless given.
 */
export async function createTable(db: Db, name: string, build: (table: Table) => void): Promise<void> {
  if (await db.schema.hasTable(name)) return;
  const building = `${name}__new`;
  await db.schema.dropTableIfExists(building);
  await db.schema.createTable(building, (table) => {
    if (dialectOf(db) === 'mysql') {
      // A binary collation, so that both dialects compare and order text by code point.
      table.engine('InnoDB');
      table.charset('utf8mb4');
      table.collate('utf8mb4_bin');
    }
    build(table);
  });
  await db.schema.renameTable(building, name);
}

/** Adds the columns that the table does not have yet, each by its own statement. */
export async function addColumns(
  db: Db,
  name: string,
  columns: Record<string, (table: Table) => void>,
): Promise<void> {
  for (const [column, add] of Object.entries(columns)) {
    if (!(await db.schema.hasColumn(name, column))) await db.schema.alterTable(name, add);
  }
}

/** Adds an index unless it is there. */
export async function addIndex(
  db: Db,
  table: string,
  columns: readonly string[],
  name: string,
): Promise<void> {
  const indexes =
    dialectOf(db) === 'sqlite'
      ? db('sqlite_master').where({ type: 'index', name })
      : db('information_schema.statistics')
          .whereRaw('table_schema = database()')
          .where({ table_name: table, index_name: name });
  if (await indexes.first()) return;
  await db.schema.alterTable(table, (t) => t.index([...columns], name));
}

/** A UUID in text, or another id of at most 36 characters. NOT NULL. */
export function id(table: Table, column: string): Knex.ColumnBuilder {
  return table.string(column, 36).notNullable();
}

/** UTC milliseconds. NOT NULL. */
export function millis(table: Table, column: string): Knex.ColumnBuilder {
  return table.bigInteger(column).notNullable();
}

/** Bytes without a practical limit. NOT NULL. */
export function bytes(table: Table, column: string): Knex.ColumnBuilder {
  return table.specificType(column, 'longblob').notNullable();
}

/** JSON as text (`toJson`, `fromJson`): the dialects' own JSON types read back differently. NOT NULL. */
export function jsonText(table: Table, column: string): Knex.ColumnBuilder {
  return table.text(column, 'longtext').notNullable();
}

/** 0 or 1, read with `bool()`. NOT NULL. */
export function flag(table: Table, column: string): Knex.ColumnBuilder {
  return table.tinyint(column).notNullable();
}

/** The row version that `compareAndSet` counts up. Starts at 1. */
export function version(table: Table): Knex.ColumnBuilder {
  return table.bigInteger('version').notNullable().defaultTo(1);
}
