import { StatusError } from '../call/index.js';
import type { Db, Storage } from '../storage/index.js';
import { take, UNTRIED, type ThrottlePolicy } from './throttle-policy.js';
import * as store from './throttle-store.js';

/** Collisions on one key at the same time before an attempt is refused: so many at once are no person. */
const COLLISIONS = 8;
const COLLISION_RETRY_MS = 1_000;

/** One attempt under way. It counts as failed unless told otherwise, also when the process dies. */
export interface Attempt {
  /** Consecutive failures if this one fails too. */
  readonly failures: number;
  /** The wait that its failure brings, in milliseconds; 0 for none. */
  readonly delayMs: number;
  /** It was right: everything before is forgotten. */
  succeeded(): Promise<void>;
  /** It was neither right nor wrong (no verdict, our own fault): as if it had not been made. */
  withdrawn(): Promise<void>;
}

/** Slows down guessing, by key, over all nodes (NIST SP 800-63B: rate limiting). */
export interface Throttle {
  /**
   * Refuses what `attempt` would refuse now, and takes nothing: for work that begins while its attempt is booked.
   * @throws StatusError TOO_MANY_ATTEMPTS, as `attempt` does
   */
  require(key: string, policy: ThrottlePolicy): Promise<void>;
  /**
   * Takes an attempt. Not inside a transaction: it must outlive one that rolls back.
   * @param key at most 128 characters; says what is guessed and whose: `login:<hash>`, `face:<user>`
   * @throws StatusError TOO_MANY_ATTEMPTS, with `retryAfterMs` unless waiting does not help (metadata `blocked`)
   */
  attempt(key: string, policy: ThrottlePolicy): Promise<Attempt>;
  /** Forgets the failures: staff vouched, or the secret was replaced. */
  clear(db: Db, key: string): Promise<void>;
  /** Deletes what is known of a key, for erasure; the number of rows. */
  remove(db: Db, key: string): Promise<number>;
  /** Deletes at most `limit` keys whose time is over, for the retention job; returns how many. */
  forget(limit: number): Promise<number>;
}

export function createThrottle({
  storage,
  clock,
}: {
  storage: Pick<Storage, 'db'>;
  clock: { now(): number };
}): Throttle {
  const { db } = storage;
  const read = async (key: string): Promise<store.Stored> =>
    (await store.read(db, key)) ?? { state: UNTRIED, version: 0 };

  return {
    async require(key, policy) {
      const taken = take((await read(key)).state, policy, clock.now());
      if (!taken.allowed) throw tooMany(taken.retryAfterMs);
    },

    async attempt(key, policy) {
      for (let collision = 0; collision < COLLISIONS; collision++) {
        const now = clock.now();
        const before = await read(key);
        const taken = take(before.state, policy, now);
        if (!taken.allowed) throw tooMany(taken.retryAfterMs);
        if (!(await store.replace(db, key, before.version, taken.state))) continue;
        const { failures, lockedUntil } = taken.state;
        return {
          failures,
          delayMs: lockedUntil === null ? 0 : lockedUntil - now,
          succeeded: () => store.clear(db, key, clock.now()),
          async withdrawn() {
            if (!(await store.replace(db, key, before.version + 1, before.state)))
              await store.decrement(db, key);
          },
        };
      }
      throw tooMany(COLLISION_RETRY_MS);
    },
    clear: (tx, key) => store.clear(tx, key, clock.now()),
    remove: (tx, key) => store.remove(tx, key),
    forget: (limit) => store.forget(db, clock.now(), limit),
  };
}

function tooMany(retryAfterMs: number | null): StatusError {
  if (retryAfterMs === null) {
    return new StatusError('TOO_MANY_ATTEMPTS', 'Too many failed attempts; staff must help.', {
      metadata: { blocked: 'true' },
    });
  }
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new StatusError('TOO_MANY_ATTEMPTS', `Too many failed attempts; wait ${seconds} s.`, {
    retryAfterMs,
  });
}
