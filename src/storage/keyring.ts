import { hkdfSync, randomBytes } from 'node:crypto';
import type { Db } from './db.js';
import { createKeyFile, MasterKeyError, readKeyFile, type Kms } from './kms.js';
import { insertIgnore } from './rows.js';
import { KEY_BYTES } from './sealed.js';

const ROOT = 'root';

/**
 * The store's keys. The root secret is random, lives wrapped in the database, and does two things: opening it
 * proves that the master key is the one this database was written with, and other secrets derive from it.
 */
export interface Keyring {
  kms: Kms;
  /** 32 bytes for one `purpose`, the same on every node and after every restart (HKDF-SHA256). */
  derive(purpose: string): Buffer;
}

/**
 * Opens the key ring; at the very first start makes it, and the master key file with it.
 * @param given the KMS to use; the file at `keyFile` when undefined
 * @throws MasterKeyError when the master key is missing or is not this database's. Never replaces a lost one:
 *   everything sealed under it would be lost without a word.
 */
export async function openKeyring(
  db: Db,
  keyFile: string,
  given: Kms | undefined,
  now: number,
): Promise<Keyring> {
  const kms = given ?? (await readKeyFile(keyFile));
  const row = await rootRow(db);
  if (row) {
    if (!kms)
      throw new MasterKeyError(
        `The database is encrypted and ${keyFile} is missing: restore it from its backup.`,
      );
    return unlocked(kms, row);
  }
  const first = kms ?? (await createKeyFile(keyFile));
  const wrapped = await first.wrap(randomBytes(KEY_BYTES), ROOT);
  await insertIgnore(db, 'keyring', { name: ROOT, kms_key_id: first.id, wrapped, created_at: now });
  const written = await rootRow(db); // Another node's, when two started at once.
  if (!written) throw new Error('The key ring vanished while it was being made.');
  return unlocked(first, written);
}

interface RootRow {
  kms_key_id: string;
  wrapped: Buffer;
}

async function rootRow(db: Db): Promise<RootRow | undefined> {
  return db<RootRow & { name: string }>('keyring').where({ name: ROOT }).first('kms_key_id', 'wrapped');
}

async function unlocked(kms: Kms, row: RootRow): Promise<Keyring> {
  let root: Buffer;
  try {
    root = await kms.unwrap(row.wrapped, ROOT);
  } catch (error) {
    const message = `The master key (${kms.id}) is not the one this database was written with (${row.kms_key_id}).`;
    throw new MasterKeyError(message, { cause: error });
  }
  return {
    kms,
    derive: (purpose) => Buffer.from(hkdfSync('sha256', root, '', `probity ${purpose}`, KEY_BYTES)),
  };
}
