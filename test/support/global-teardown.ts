import type { MariaDb } from './mariadb';

/** jest's global tear-down, in the process of the set-up. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { probityMariaDb?: MariaDb }).probityMariaDb?.stop();
}
