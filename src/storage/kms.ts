import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { link, open, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KEY_BYTES, openSealed, seal } from './sealed.js';

/**
 * Holds the master key and wraps data keys under it. `context` names what the key is for and must be the same
 * at `unwrap`; a wrapped key moved elsewhere does not open.
 */
export interface Kms {
  /** Names the master key, not the product: another key must have another id. */
  readonly id: string;
  wrap(key: Buffer, context: string): Promise<Buffer>;
  /** @throws SealError when it was wrapped under another key or context, or is damaged */
  unwrap(wrapped: Buffer, context: string): Promise<Buffer>;
}

/** The master key cannot be used; the message says what the operator must do. */
export class MasterKeyError extends Error {
  override name = 'MasterKeyError';
}

/** A KMS whose master key is the 32 bytes given. */
export function keyKms(master: Buffer): Kms {
  if (master.length !== KEY_BYTES)
    throw new MasterKeyError(`A master key has ${KEY_BYTES} bytes, not ${master.length}.`);
  const wrapping = Buffer.from(hkdfSync('sha256', master, '', 'probity key wrapping v1', KEY_BYTES));
  const id = `file:${createHash('sha256').update('probity key id v1').update(master).digest('hex').slice(0, 16)}`;
  return {
    id,
    wrap: (key, context) => Promise.resolve(seal(wrapping, context, key)),
    // then: what does not open must reject, not throw.
    unwrap: (wrapped, context) => Promise.resolve().then(() => openSealed(wrapping, context, wrapped)),
  };
}

/**
 * Reads the master key file. Undefined when there is none.
 * @throws MasterKeyError when others than its owner may read it, or it is not a key
 */
export async function readKeyFile(path: string): Promise<Kms | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new MasterKeyError(`The master key ${path} cannot be read.`, { cause: error });
  }
  try {
    const { mode } = await file.stat();
    if (mode & 0o077) throw new MasterKeyError(`Others may read the master key ${path}: chmod 600 it.`);
    return keyKms(await file.readFile());
  } finally {
    await file.close();
  }
}

/**
 * Makes a master key file, readable by its owner only, complete or not there at all. When another process made
 * one at the same time, theirs stands and is returned.
 */
export async function createKeyFile(path: string): Promise<Kms> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(KEY_BYTES));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path); // Unlike rename, does not replace a file that is there.
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
  const kms = await readKeyFile(path);
  if (!kms) throw new MasterKeyError(`The master key ${path} vanished while it was being made.`);
  return kms;
}
