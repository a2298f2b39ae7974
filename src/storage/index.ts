/**
 * The database, on SQLite or MariaDB, and what is kept in it encrypted. Dialects differ in this room only.
 * Migrations use `schema.ts` directly.
 */
export { openStorage, type Storage, type StorageOptions } from './storage.js';
export { type Db } from './db.js';
export { TRANSACTION_LIMIT_MS } from './transaction.js';
export { bool, compareAndSet, fromJson, insertIgnore, toJson, type Row } from './rows.js';
export { again } from './again.js';
export { isUniqueViolation } from './faults.js';
export { MasterKeyError, type Kms } from './kms.js';
export { SealError } from './sealed.js';
export { type Containers } from './containers.js';
