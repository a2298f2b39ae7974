import { hash, parseOptions, verify } from '@node-rs/argon2';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import { newSecret, StatusError } from '../call/index.js';
import { normaliseEmail } from './person.js';

/**
 * argon2id as the OWASP Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane. About 25 ms of one core.
 * `parseOptions` numbers the algorithm 2 (Argon2id).
 */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** NIST SP 800-63B: length, no rules of composition. Counted in code points. */
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 128;

/** Hashing runs in libuv's pool, which file reads and name look-ups need as well. */
const AT_ONCE = 2;
const WAITING = 64;
const RETRY_AFTER_MS = 1_000;

/** Hashes passwords and verifies them, off the event loop. Throws ENGINE_OVERLOADED when too many wait. */
export interface Passwords {
  /** The hash to store, as a PHC string. */
  hash(password: string): Promise<string>;
  /** Whether it is the password of that hash. Without a hash it takes as long, and is false. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const door = bulkhead(AT_ONCE, WAITING);
  const queued = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await door.execute(work);
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      const message = 'Too many people sign in at this moment.';
      throw new StatusError('ENGINE_OVERLOADED', message, { retryAfterMs: RETRY_AFTER_MS });
    }
  };
  const hashNow = (password: string): Promise<string> => hash(canonical(password), COST);
  let nobody: Promise<string> | undefined;

  return {
    hash: (password) => queued(() => hashNow(password)),
    async verify(stored, password) {
      nobody ??= hashNow(newSecret());
      const dummy = await nobody;
      const same = await queued(() => verify(stored ?? dummy, canonical(password)));
      return same && stored !== null;
    },
  };
}

/** The same password from every keyboard (NIST SP 800-63B: NFKC before hashing). */
function canonical(password: string): string {
  return password.normalize('NFKC');
}

/** Whether a stored hash was made with other parameters than today's. */
export function isOutdated(stored: string): boolean {
  const used = parseOptions(stored);
  return Object.entries(COST).some(([name, value]) => used[name as keyof typeof COST] !== value);
}

/** What is wrong with a new password, in words; null when nothing is. */
export function passwordFault(password: string, email: string): string | null {
  const length = Array.from(password.slice(0, 2 * PASSWORD_MAX + 1)).length;
  if (length < PASSWORD_MIN || length > PASSWORD_MAX) {
    return `must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`;
  }
  if (normaliseEmail(canonical(password)) === email) return 'must not be the e-mail address';
  return null;
}
