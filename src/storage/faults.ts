import { StatusError } from '../call/index.js';

const RETRY_AFTER_MS = 2_000;

/** A driver's error code, whichever field the driver puts it in. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

const UNIQUE = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'ER_DUP_ENTRY']);

/** Whether a write failed because a unique key has that value already. The transaction stays usable. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE.has(codeOf(error));
}

/** Another transaction was in the way: the same work, done again from its start, may well succeed. */
export function isContention(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ER_LOCK_DEADLOCK' || code === 'ER_LOCK_WAIT_TIMEOUT' || /^SQLITE_(BUSY|LOCKED)/.test(code);
}

const LOST = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
]);

const FULL = new Set(['SQLITE_FULL', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL', 'ENOSPC']);

/**
 * What the driver threw, as the house's error where the caller can do nothing but wait: connection lost, pool
 * exhausted, disk full. Everything else (unique keys, contention, programming errors) is returned as it is.
 */
export function translateFault(error: unknown): unknown {
  const code = codeOf(error);
  const name = error instanceof Error ? error.name : '';
  // mysql2 sets `fatal` where the connection is of no use any more, and there not always a code.
  const fatal = (error as { fatal?: unknown } | null)?.fatal === true;
  if (FULL.has(code)) return unavailable('The database has no room left to write.', error);
  if (fatal || LOST.has(code) || name === 'KnexTimeoutError')
    return unavailable('The database does not answer.', error);
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR|CORRUPT|NOTADB)/.test(code)) {
    return unavailable('The database file cannot be used.', error);
  }
  return error;
}

/** DATABASE_UNAVAILABLE with a hint when to come back. */
export function unavailable(message: string, cause: unknown): StatusError {
  return new StatusError('DATABASE_UNAVAILABLE', message, { retryAfterMs: RETRY_AFTER_MS }, { cause });
}
