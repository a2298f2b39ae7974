import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { MasterKeyError, openStorage, type Kms } from '../../src/storage/index.js';
import { createKeyFile, keyKms, readKeyFile } from '../../src/storage/kms.js';
import { databases, type Place } from '../support/databases.js';

/** Opens a store that is expected to refuse. */
async function migrate(place: Place, kms?: Kms): Promise<void> {
  const storage = await openStorage({ ...place, log: pino({ level: 'silent' }), ...(kms && { kms }) });
  await storage.migrate().finally(() => storage.close());
}

describe('the key file', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'probity-test-'));
    path = join(directory, 'master.key');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is 32 bytes for its owner alone, and nothing else is left behind', async () => {
    await createKeyFile(path);
    const { mode, size } = await stat(path);
    expect([mode & 0o777, size]).toEqual([0o600, 32]);
    expect(await readdir(directory)).toEqual(['master.key']);
  });

  it('is made once when several processes make it', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => createKeyFile(path)));
    expect(new Set(made.map((kms) => kms.id)).size).toBe(1);
    expect((await readKeyFile(path))?.id).toBe(made[0]!.id);
  });

  it.each([0o640, 0o604, 0o660, 0o610])('is refused with mode %o', async (mode) => {
    await createKeyFile(path);
    await chmod(path, mode);
    await expect(readKeyFile(path)).rejects.toThrow(MasterKeyError);
  });

  it('is refused when it is not a key', async () => {
    await writeFile(path, randomBytes(31), { mode: 0o600 });
    await expect(readKeyFile(path)).rejects.toThrow(/32 bytes, not 31/);
  });

  it('wraps a key for one context', async () => {
    const kms = keyKms(randomBytes(32));
    const key = randomBytes(32);
    const wrapped = await kms.wrap(key, 'a');
    expect(await kms.unwrap(wrapped, 'a')).toEqual(key);
    await expect(kms.unwrap(wrapped, 'b')).rejects.toThrow('damaged');
    await expect(keyKms(randomBytes(32)).unwrap(wrapped, 'a')).rejects.toThrow('damaged');
  });
});

describe.each(databases)('the master key on $name', ({ place, open }) => {
  it('is made at the first start and opens the store again', async () => {
    const at = await place();
    const first = await open(at);
    const second = await open(at);
    expect(second.deriveKey('x')).toEqual(first.deriveKey('x'));
    expect(second.deriveKey('y')).not.toEqual(first.deriveKey('x'));
    expect(first.deriveKey('x')).toHaveLength(32);
  });

  it('is never made anew for a database that has one', async () => {
    const at = await place();
    await migrate(at);
    await rm(join(at.dataDir, 'master.key'));
    await expect(migrate(at)).rejects.toThrow(/master\.key is missing: restore it/);
    expect(await readdir(at.dataDir)).not.toContain('master.key');
  });

  it('must be the one the database was written with', async () => {
    const at = await place();
    await migrate(at);
    const path = join(at.dataDir, 'master.key');
    const right = await readFile(path);
    await writeFile(path, randomBytes(32));
    await expect(migrate(at)).rejects.toThrow(MasterKeyError);
    await writeFile(path, right);
    await migrate(at);
  });

  it('may be held elsewhere', async () => {
    const at = await place();
    const kms = keyKms(randomBytes(32));
    await migrate(at, kms);
    expect(await readdir(at.dataDir)).not.toContain('master.key');
    await expect(migrate(at)).rejects.toThrow(MasterKeyError);
    await migrate(at, kms);
  });

  it('is needed before anything is sealed', async () => {
    const storage = await openStorage({ ...(await place()), log: pino({ level: 'silent' }) });
    expect(() => storage.deriveKey('x')).toThrow(/before migrate/);
    await storage.close();
  });
});
