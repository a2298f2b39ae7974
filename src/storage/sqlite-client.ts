import { setImmediate as turn } from 'node:timers/promises';
import Database, { type Statement } from 'libsql';
import BetterSqlite3Client, { type Query } from 'knex/lib/dialects/better-sqlite3/index.js';
import { LRUCache } from 'lru-cache';
import { translateFault, unavailable } from './faults.js';
import { assertOutside } from './guard.js';
import { timed } from './query-time.js';

/** Distinct statements kept prepared. The house has some 200; a list of bindings of varying length adds more. */
const PREPARED = 512;
const BUSY_TIMEOUT_MS = 5_000;

/** Only these may be kept: a schema change would leave the others with stale columns. */
const CACHEABLE = /^\s*(select|insert|update|delete|with|begin|commit|rollback|savepoint|release)\b/i;

/**
 * What libsql allocates for a result is freed in a turn of the event loop, and a loop of awaited queries takes
 * none: it would grow by a kilobyte a read for as long as it lasts.
 */
const TURN_EVERY = 100;
let executed = 0;

interface Prepared {
  statement: Statement;
  reader: boolean;
}

const prepared = new WeakMap<object, LRUCache<string, Prepared>>();

/**
 * knex's SQLite client over `libsql`, whose interface is better-sqlite3's and whose binaries come inside npm
 * packages (docs/adr/0002-libsql.md). Three differences: blobs arrive as ArrayBuffer, numbers are bound as REAL,
 * and native memory is freed only when the garbage collector finds its owner, so statements are prepared once
 * and reused.
 */
export class LibsqlClient extends BetterSqlite3Client {
  override _driver(): unknown {
    return Database;
  }

  // async: what the driver throws must reject.
  // eslint-disable-next-line @typescript-eslint/require-await
  override async acquireRawConnection(): Promise<Database.Database> {
    try {
      const connection = new Database(String(this.connectionSettings.filename), { timeout: BUSY_TIMEOUT_MS });
      // FULL: a commit is on the disk when it is acknowledged, also after power loss (0.25 ms a commit).
      // secure_delete: an overwritten data key leaves no copy in the database's free pages.
      for (const pragma of [
        'journal_mode = WAL',
        'synchronous = FULL',
        'foreign_keys = ON',
        'secure_delete = ON',
      ]) {
        connection.prepare(`PRAGMA ${pragma}`).all();
      }
      prepared.set(connection, new LRUCache({ max: PREPARED }));
      return connection;
    } catch (error) {
      throw unavailable('The database file cannot be opened.', error);
    }
  }

  override async acquireConnection(): Promise<unknown> {
    assertOutside();
    return super.acquireConnection().catch((error: unknown) => {
      throw translateFault(error);
    });
  }

  override async query(connection: unknown, query: Query | string): Promise<unknown> {
    return timed(this.config, () => super.query(connection, query)).catch((error: unknown) => {
      throw translateFault(error);
    });
  }

  override async _query(connection: unknown, query: Query): Promise<Query> {
    const database = connection as Database.Database;
    if (++executed % TURN_EVERY === 0) await turn();
    const { statement, reader } = prepare(database, query.sql);
    const bindings = this._formatBindings(query.bindings).map(asInteger);
    if (reader) {
      const rows = statement.all(bindings) as Record<string, unknown>[];
      rows.forEach(buffersInPlace);
      query.response = rows;
      return query;
    }
    const result = statement.run(bindings);
    query.response = result;
    query.context = { lastID: Number(result.lastInsertRowid), changes: result.changes };
    return query;
  }
}

function prepare(database: Database.Database, sql: string): Prepared {
  const cache = prepared.get(database);
  const known = cache?.get(sql);
  if (known) return known;
  const statement = database.prepare(sql);
  const fresh = { statement, reader: statement.reader };
  if (CACHEABLE.test(sql)) cache?.set(sql, fresh);
  else cache?.clear();
  return fresh;
}

function buffersInPlace(row: Record<string, unknown>): void {
  for (const [column, value] of Object.entries(row)) {
    if (value instanceof ArrayBuffer) row[column] = Buffer.from(value);
  }
}

/** libsql binds every number as REAL: 5 in a text column would read back as '5.0'. */
function asInteger(binding: unknown): unknown {
  return Number.isSafeInteger(binding) ? BigInt(binding as number) : binding;
}
