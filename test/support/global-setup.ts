// jest maps './x.js' to TypeScript in tests only, so this file and what it imports leave the ending out.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { memoryDirectory, startMariaDb, type MariaDb } from './mariadb';

/** jest's global set-up: one MariaDB for the whole run, in which test files make their own databases, and a folder for templates. */
export default async function globalSetup(): Promise<void> {
  const mariadb = await startMariaDb();
  (globalThis as { probityMariaDb?: MariaDb }).probityMariaDb = mariadb;
  process.env['PROBITY_TEST_MARIADB'] = mariadb.url;
  process.env['PROBITY_TEST_TEMPLATES'] = mkdtempSync(join(memoryDirectory(), 'probity-templates-'));
}
