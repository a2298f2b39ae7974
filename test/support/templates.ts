import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import pino from 'pino';
import { openStorage, type Storage } from '../../src/storage/index.js';
import { migrateLatest } from '../../src/storage/migrate.js';

/*
 * Migrating an empty database costs half a second, and the suite does it two thousand times. So it is done once a run
 * for each kind, by whoever needs it first, and copied.
 */

/** Tables alone: the master key belongs to a place of its own. */
async function migrated(
  databaseUrl: string,
  dataDir: string,
  then: (storage: Storage) => Promise<unknown>,
): Promise<void> {
  const storage = await openStorage({ databaseUrl, dataDir, log: pino({ level: 'silent' }) });
  try {
    await migrateLatest(storage.db);
    await then(storage);
  } finally {
    await storage.close();
  }
}

/** Makes `name` in the run's folder unless it is there; of several processes one does, and the others wait. */
async function template(
  name: string,
  server: string,
  make: (file: string, scratch: string) => Promise<void>,
): Promise<string> {
  const folder = process.env['PROBITY_TEST_TEMPLATES'];
  if (!folder) throw new Error('There is no folder for templates: is test/support/global-setup.ts in use?');
  const file = join(folder, name);
  if (existsSync(file)) return file;
  const lock = await createConnection(server);
  const scratch = await mkdtemp(join(folder, 'making-'));
  try {
    await lock.query(`SELECT GET_LOCK('templates', 120)`);
    if (!existsSync(file)) {
      await make(join(scratch, name), scratch);
      await rename(join(scratch, name), file);
    }
  } finally {
    await lock.end();
    await rm(scratch, { recursive: true });
  }
  return file;
}

/** A migrated SQLite database at `file`. */
export async function copySqlite(server: string, file: string): Promise<void> {
  const from = await template('migrated.db', server, (to, scratch) =>
    migrated(`sqlite:${join(scratch, 'open.db')}`, scratch, ({ db }) => db.raw('VACUUM INTO ?', [to])),
  );
  await copyFile(from, file);
}

/** The statements that make a database once more. */
async function dumped(connection: Connection, name: string): Promise<string> {
  await connection.query('USE ??', [name]);
  const statements = ['SET foreign_key_checks = 0'];
  const [tables] = await connection.query<RowDataPacket[]>({ sql: 'SHOW TABLES', rowsAsArray: true });
  for (const [table] of tables as unknown as [string][]) {
    const [[shown]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE ??', [table]);
    statements.push(String(shown?.['Create Table']));
    const all = { sql: connection.format('SELECT * FROM ??', [table]), rowsAsArray: true };
    const [rows] = await connection.query<RowDataPacket[]>(all);
    if (rows.length > 0) statements.push(connection.format('INSERT INTO ?? VALUES ?', [table, rows]));
  }
  return statements.join(';\n');
}

/** Migrates the empty MariaDB database that is named. */
export async function fillMariaDb(server: string, name: string): Promise<void> {
  const file = await template('migrated.sql', server, async (to, scratch) => {
    const connection = await createConnection(server);
    try {
      await connection.query('CREATE DATABASE template');
      await migrated(`${server}/template`, scratch, async () => {
        await writeFile(to, await dumped(connection, 'template'));
      });
      await connection.query('DROP DATABASE template');
    } finally {
      await connection.end();
    }
  });
  const connection = await createConnection({ uri: `${server}/${name}`, multipleStatements: true });
  await connection.query(await readFile(file, 'utf8')).finally(() => connection.end());
}
