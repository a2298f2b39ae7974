import { StatusError } from '../call/index.js';
import type { Db } from './db.js';
import { isUniqueViolation } from './faults.js';

/** What a column can be bound to on both dialects. Booleans are written as 0/1. */
type Value = string | number | boolean | Buffer | null;
export type Row = Record<string, Value>;

/** A 0/1 column as a boolean; NULL is false. */
export function bool(value: unknown): boolean {
  return value === true || value === 1;
}

/** A value for a JSON text column. */
export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/** What `toJson` wrote. The caller asserts the type it wrote: nobody else fills these columns. */
export function fromJson(text: string): unknown {
  return JSON.parse(text);
}

/**
 * Inserts unless a unique key is taken; true when the row is new. `INSERT IGNORE` is not used because on
 * MariaDB it also swallows truncation and missing parents.
 */
export async function insertIgnore(db: Db, table: string, row: Row): Promise<boolean> {
  try {
    await db(table).insert(row);
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

/**
 * Changes the row `key` if its `version` column still is `version`, and counts it up.
 * @returns the row's new version
 * @throws StatusError VERSION_CONFLICT when the row has moved on or is gone
 */
export async function compareAndSet(
  db: Db,
  table: string,
  key: Row,
  version: number,
  changes: Row,
): Promise<number> {
  const changed = await db(table)
    .where({ ...key, version })
    .update({ ...changes, version: version + 1 });
  if (changed === 0) {
    throw new StatusError(
      'VERSION_CONFLICT',
      'It was changed by someone else in the meantime; read it again.',
      {
        resource: { type: table, name: Object.values(key).join('/') },
      },
    );
  }
  return version + 1;
}
