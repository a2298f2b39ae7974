/**
 * The database, on SQLite or MariaDB, and what is kept in it encrypted. Dialects differ in this room only.
 * Migrations use `schema.ts` directly.
 */
export { openStorage, type Storage, type StorageOptions } from './storage.js';
export { type Db, type Dialect } from './db.js';
export { TRANSACTION_LIMIT_MS } from './transaction.js';
export { bool, compareAndSet, fromJson, insertIgnore, toJson, upsert, type Row, type Value } from './rows.js';
export { isForeignKeyViolation, isUniqueViolation } from './faults.js';
export { MasterKeyError, type Kms } from './kms.js';
export { SealError, type SealProblem } from './sealed.js';
export { type Container, type Containers, type NewContainer } from './containers.js';
export { type Blob, type Blobs, type NewBlob } from './blobs.js';
