import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import pino from 'pino';
import { memoryDirectory } from './mariadb.js';
import { copySqlite, fillMariaDb } from './templates.js';
import { openStorage, type Storage, type StorageOptions } from '../../src/storage/index.js';

/** Where a store lives: open it again, with other options, as another node or after a restart. */
export interface Place {
  databaseUrl: string;
  dataDir: string;
}

export interface TestDatabase {
  name: 'sqlite' | 'mariadb';
  /** A fresh, empty place. It is removed after the test. */
  place(): Promise<Place>;
  /** A migrated store, in a fresh place unless one is given. It is closed after the test. */
  open(place?: Place, options?: Partial<StorageOptions>): Promise<Storage>;
}

const cleanups: (() => Promise<unknown>)[] = [];

/** What `open()` made in `beforeAll` lives until the file's end; what it made in a test, until the test's. */
let insideTest = false;
let kept: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  if (!insideTest) kept = cleanups.splice(0);
  insideTest = true;
});
afterEach(async () => {
  insideTest = false;
  await cleanUp();
  cleanups.push(...kept);
});
afterAll(cleanUp);

async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

async function open(place: Place, options: Partial<StorageOptions> = {}): Promise<Storage> {
  const storage = await openStorage({ ...place, log: pino({ level: 'silent' }), ...options });
  cleanups.push(() => storage.close());
  await storage.migrate();
  return storage;
}

async function dataDirectory(): Promise<string> {
  const dataDir = await mkdtemp(join(memoryDirectory(), 'probity-test-'));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

async function sqlitePlace(): Promise<Place> {
  const dataDir = await dataDirectory();
  return { dataDir, databaseUrl: `sqlite:${join(dataDir, 'probity.db')}` };
}

function mariadbServer(): string {
  const server = process.env['PROBITY_TEST_MARIADB'];
  if (!server) throw new Error('MariaDB was not started: is test/support/global-setup.ts in jest.config.js?');
  return server;
}

async function mariadbPlace(): Promise<Place> {
  const server = mariadbServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const administer = async (sql: string): Promise<void> => {
    const connection = await createConnection(server);
    await connection.query(sql).finally(() => connection.end());
  };
  await administer(`CREATE DATABASE ${name}`);
  cleanups.push(() => administer(`DROP DATABASE IF EXISTS ${name}`));
  return { dataDir: await dataDirectory(), databaseUrl: `${server}/${name}` };
}

async function migratedSqlite(): Promise<Place> {
  const place = await sqlitePlace();
  await copySqlite(mariadbServer(), place.databaseUrl.replace(/^sqlite:/, ''));
  return place;
}

async function migratedMariadb(): Promise<Place> {
  const place = await mariadbPlace();
  await fillMariaDb(mariadbServer(), place.databaseUrl.slice(place.databaseUrl.lastIndexOf('/') + 1));
  return place;
}

/** Every database that Probity runs on: `describe.each(databases)('$name', ({ open }) => …)`. */
export const databases: TestDatabase[] = [
  {
    name: 'sqlite',
    place: sqlitePlace,
    open: async (place, options) => open(place ?? (await migratedSqlite()), options),
  },
  {
    name: 'mariadb',
    place: mariadbPlace,
    open: async (place, options) => open(place ?? (await migratedMariadb()), options),
  },
];
