import Mysql2Client, { type Query } from 'knex/lib/dialects/mysql2/index.js';
import { translateFault } from './faults.js';
import { assertOutside } from './guard.js';
import { timed } from './query-time.js';

/** knex's mysql2 client whose errors are the house's where the caller can only wait. */
export class MysqlClient extends Mysql2Client {
  override async acquireConnection(): Promise<unknown> {
    assertOutside();
    return super.acquireConnection().catch((error: unknown) => {
      throw translateFault(error);
    });
  }

  override async query(connection: unknown, query: Query | string): Promise<unknown> {
    return timed(this.config, () => super.query(connection, query)).catch((error: unknown) => {
      if (error instanceof Error) withoutValues(error);
      throw translateFault(error);
    });
  }
}

/** mysql2's errors carry the statement with every value in it, and MariaDB's repeat the value that was taken. */
function withoutValues(error: Error & { sql?: unknown; sqlMessage?: unknown }): void {
  delete error.sql;
  delete error.sqlMessage;
  const duplicate = /Duplicate entry '.*' for key/s;
  error.message = error.message.replace(duplicate, 'Duplicate entry for key');
  error.stack = error.stack?.replace(duplicate, 'Duplicate entry for key');
}

/**
 * What every connection is set to, whatever the server's defaults. READ COMMITTED, because our writes carry
 * their own condition (row version, lease ticket, unique key) and gap locks would only add deadlocks.
 */
export const MYSQL_SESSION = [
  `SET NAMES utf8mb4 COLLATE utf8mb4_bin`,
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  `SET SESSION time_zone = '+00:00'`,
  `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED`,
  `SET SESSION innodb_lock_wait_timeout = 5`,
];
