// jest maps './x.js' to TypeScript in tests only, so this file and what it imports leave the ending out.
import { startMariaDb, type MariaDb } from './mariadb';

/** jest's global set-up: one MariaDB for the whole run. Test files make their own databases in it. */
export default async function globalSetup(): Promise<void> {
  const mariadb = await startMariaDb();
  (globalThis as { probityMariaDb?: MariaDb }).probityMariaDb = mariadb;
  process.env['PROBITY_TEST_MARIADB'] = mariadb.url;
}
