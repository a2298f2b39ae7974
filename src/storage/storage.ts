import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import type { Logger } from 'pino';
import { createBlobs, type Blobs } from './blobs.js';
import { createContainers, type Containers } from './containers.js';
import type { Db, Dialect } from './db.js';
import { openKeyring, type Keyring } from './keyring.js';
import type { Kms } from './kms.js';
import { migrateLatest, pending } from './migrate.js';
import { MYSQL_SESSION, MysqlClient } from './mysql-client.js';
import { LibsqlClient } from './sqlite-client.js';
import type { OnQuery } from './query-time.js';
import { createTransactions } from './transaction.js';
import { parseDatabaseUrl, type DatabaseTarget } from './url.js';

const ACQUIRE_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const MYSQL_CONNECTIONS = 10;

export interface StorageOptions {
  /** `PROBITY_DATABASE_URL`; undefined is SQLite in `dataDir`. See `parseDatabaseUrl`. */
  databaseUrl?: string | undefined;
  /** Holds `master.key`, and the SQLite file by default. Made when missing. */
  dataDir: string;
  log: Logger;
  /** Another holder of the master key than `<dataDir>/master.key`. */
  kms?: Kms;
  /** For metrics. */
  onQuery?: OnQuery;
  /** UTC milliseconds; for tests. */
  now?: () => number;
}

/** The database and what is kept in it sealed. Errors of a lost or full database are StatusErrors. */
export interface Storage {
  readonly dialect: Dialect;
  /** For reads and single statements. Inside `transaction` use its `tx` only. */
  readonly db: Knex;
  readonly containers: Containers;
  readonly blobs: Blobs;
  /** See `createTransactions`. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** 32 bytes for one purpose, the same on every node; needs `migrate` to have run. See `Keyring`. */
  deriveKey(purpose: string): Buffer;
  /**
   * Updates the schema and opens the key ring. Nothing else works before it.
   * @throws MasterKeyError
   */
  migrate(): Promise<void>;
  /** Names of migrations still to run, for readiness. */
  pendingMigrations(): Promise<string[]>;
  /** @throws StatusError DATABASE_UNAVAILABLE when the database does not answer */
  ping(): Promise<void>;
  /** Ends every connection. Queries that run are waited for. */
  close(): Promise<void>;
}

/** Opens the store without connecting yet: `migrate` is the first to talk to the database. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const now = options.now ?? Date.now;
  const target = parseDatabaseUrl(options.databaseUrl, options.dataDir);
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  if (target.dialect === 'sqlite') await mkdir(dirname(target.file), { recursive: true, mode: 0o700 });

  // knex hands its whole configuration on to the client; `onQuery` is ours.
  const config: Knex.Config & { onQuery?: OnQuery | undefined } = {
    ...knexConfig(target),
    log: knexLog(options.log),
    onQuery: options.onQuery,
  };
  const db = knexFactory(config);
  let keyring: Keyring | undefined;
  const unlocked = (): Keyring => {
    if (!keyring) throw new Error('The store is used before migrate().');
    return keyring;
  };
  const containers = createContainers(() => unlocked().kms, now);

  return {
    dialect: target.dialect,
    db,
    containers,
    blobs: createBlobs(containers, now),
    transaction: createTransactions(db),
    deriveKey: (purpose) => unlocked().derive(purpose),
    async migrate() {
      await migrateLatest(db);
      keyring = await openKeyring(db, join(options.dataDir, 'master.key'), options.kms, now());
    },
    pendingMigrations: () => pending(db),
    async ping() {
      await db.select(db.raw('1'));
    },
    close: () => db.destroy(),
  };
}

function knexConfig(target: DatabaseTarget): Knex.Config {
  const common: Knex.Config = {
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    // Without it knex writes every bound value, templates and secrets included, into error messages.
    compileSqlOnError: false,
  };
  if (target.dialect === 'sqlite') {
    return {
      ...common,
      client: LibsqlClient as unknown as typeof Knex.Client, // knex types only its own base class.
      connection: { filename: target.file },
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    };
  }
  const { host, port, user, password, database } = target;
  return {
    ...common,
    client: MysqlClient as unknown as typeof Knex.Client,
    connection: {
      ...{ host, port, user, password, database },
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: CONNECT_TIMEOUT_MS,
      // BIGINT and DECIMAL arrive as numbers, as they do from SQLite; beyond 2^53 as text.
      supportBigNumbers: true,
      decimalNumbers: true,
      // An object bound by mistake becomes text, never `column = value` in the statement.
      stringifyObjects: true,
    },
    pool: { min: 0, max: MYSQL_CONNECTIONS, afterCreate: startSession },
  };
}

/** What knex gives of a mysql2 connection. */
interface RawConnection {
  promise(): { query(sql: string): Promise<unknown> };
}

function startSession(
  connection: RawConnection,
  done: (error: unknown, connection: RawConnection) => void,
): void {
  const session = connection.promise();
  const started = MYSQL_SESSION.reduce<Promise<unknown>>(
    (before, sql) => before.then(() => session.query(sql)),
    Promise.resolve(),
  );
  started.then(
    () => done(null, connection),
    (error: unknown) => done(error, connection),
  );
}

function knexLog(log: Logger): Knex.Logger {
  return {
    warn: (message: unknown) => log.warn({ knex: message }, 'database'),
    error: (message: unknown) => log.error({ knex: message }, 'database'),
    debug: () => undefined,
    deprecate: (method: unknown) => log.debug({ method }, 'deprecated in knex'),
  };
}
