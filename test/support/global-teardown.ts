import { rmSync } from 'node:fs';
import type { MariaDb } from './mariadb';

/** jest's global tear-down, in the process of the set-up. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { probityMariaDb?: MariaDb }).probityMariaDb?.stop();
  rmSync(process.env['PROBITY_TEST_TEMPLATES'] ?? '', { recursive: true, force: true });
}
