import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Audit } from '../events/index.js';
import { isUniqueViolation, type Storage } from '../storage/index.js';
import type { Passwords } from './password.js';
import * as store from './store.js';
import type { User } from './types.js';

export const INITIAL_ADMINS_FILE = 'initial-admins.json';

/** 144 bits: nobody types it more than once. */
const PASSWORD_BYTES = 18;

const entries = z.array(z.object({ organisation: z.string(), email: z.string(), password: z.string() }));
type Entry = z.infer<typeof entries>[number];

/**
 * Gives every organisation without an ADMIN one, `admin@<code>.probity.local`, whose random password is written to
 * `<dataDir>/initial-admins.json`, readable by the owner only. Does nothing where there is an ADMIN, whether or not
 * the file still tells the right password.
 */
export async function ensureInitialAdmins(
  deps: {
    storage: Storage;
    audit: Audit;
    passwords: Passwords;
    clock: { now(): number };
    log: Logger;
  },
  dataDir: string,
): Promise<void> {
  const { storage, audit, passwords, clock, log } = deps;
  const file = join(dataDir, INITIAL_ADMINS_FILE);
  for (const organisationId of await store.organisationsWithoutAdmin(storage.db)) {
    const email = `admin@${organisationId.toLowerCase()}.probity.local`;
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    const passwordHash = await passwords.hash(password);
    const user: User = {
      ...{ id: randomUUID(), organisationId, email, role: 'ADMIN', createdAt: clock.now() },
      ...{ givenName: 'Initial', familyName: 'Administrator' },
    };
    try {
      await storage.transaction(async (tx) => {
        await store.insertUser(tx, user, passwordHash);
        await audit.record(tx, {
          ...{ organisationId, actor: null, subject: user.id },
          action: 'user.created',
          target: null,
          details: { role: 'ADMIN', initial: true },
        });
        // Before the commit: a password that nobody knows would be of no use.
        await writeEntry(file, { organisation: organisationId, email, password });
      });
      log.warn({ organisationId, email, file }, 'initial administrator created; change the password');
    } catch (error) {
      if (!isUniqueViolation(error)) throw error; // Another node made it, and wrote the file.
    }
  }
}

async function writeEntry(file: string, entry: Entry): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  const others = (await readEntries(file)).filter((other) => other.organisation !== entry.organisation);
  const building = `${file}.${randomUUID()}`;
  try {
    await writeFile(building, `${JSON.stringify([...others, entry], null, 2)}\n`, { mode: 0o600 });
    await rename(building, file);
  } finally {
    await rm(building, { force: true });
  }
}

async function readEntries(file: string): Promise<Entry[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries.parse(JSON.parse(text));
}
