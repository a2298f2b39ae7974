/** How many attempts may fail, and what follows. All times in milliseconds. */
export interface ThrottlePolicy {
  /** Consecutive failures until the first wait. */
  freeFailures: number;
  /** The first wait; each further failure doubles it. */
  firstDelayMs: number;
  /** The longest wait. Equal to `firstDelayMs` where waits do not grow. */
  maxDelayMs: number;
  /** Consecutive failures after which only `clear` helps; null for never. */
  hardStop: number | null;
  /** Failures are forgotten this long after the last attempt; null for never. */
  forgetAfterMs: number | null;
}

/** What is known of a key. An attempt counts as failed from its start until it is known not to have been. */
export interface ThrottleState {
  failures: number;
  /** UTC milliseconds; null when no wait runs. */
  lockedUntil: number | null;
  /** UTC milliseconds from when on the state means nothing; null for never. */
  expiresAt: number | null;
}

export const UNTRIED: ThrottleState = { failures: 0, lockedUntil: null, expiresAt: 0 };

export type Taken =
  | { allowed: true; state: ThrottleState }
  /** `retryAfterMs` is null after the hard stop: waiting does not help. */
  | { allowed: false; retryAfterMs: number | null };

/**
 * Takes one attempt at `now`, or says how long to wait. The wait that a failure would bring begins with the attempt
 * itself, so attempts made at the same time cannot outnumber those made one after another.
 */
export function take(before: ThrottleState, policy: ThrottlePolicy, now: number): Taken {
  const state = before.expiresAt !== null && before.expiresAt <= now ? UNTRIED : before;
  if (policy.hardStop !== null && state.failures >= policy.hardStop) {
    return { allowed: false, retryAfterMs: null };
  }
  if (state.lockedUntil !== null && state.lockedUntil > now) {
    return { allowed: false, retryAfterMs: state.lockedUntil - now };
  }
  const failures = state.failures + 1;
  const delay = delayAfter(failures, policy);
  return {
    allowed: true,
    state: {
      failures,
      lockedUntil: delay === 0 ? null : now + delay,
      expiresAt: policy.forgetAfterMs === null ? null : now + delay + policy.forgetAfterMs,
    },
  };
}

/** The wait after that many consecutive failures, in milliseconds. */
export function delayAfter(failures: number, policy: ThrottlePolicy): number {
  const over = failures - policy.freeFailures;
  if (over < 0) return 0;
  return Math.min(policy.firstDelayMs * 2 ** over, policy.maxDelayMs);
}
