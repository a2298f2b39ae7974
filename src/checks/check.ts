import { StatusError } from '../call/index.js';

/**
 * "Prove these steps, in this time, with these attempts." Identification before an exam is one; whatever else
 * asks somebody to prove something is another.
 */
export interface CheckPolicy {
  /** What the check is for: `EXAM_IDENTIFICATION`. */
  kind: string;
  /** Steps that must all pass, in any order. */
  steps: readonly string[];
  /** Failed attempts at which it is over. */
  maxFailures: number;
  /** Attempts that could not be judged at which it is over: they are no failures, and not free either. */
  maxInconclusive: number;
  lifeTimeMs: number;
}

export type CheckState = 'OPEN' | 'PASSED' | 'FAILED' | 'EXPIRED';

export interface Check {
  id: string;
  organisationId: string;
  kind: string;
  /** Who proves. */
  userId: string;
  /** What for: an exam's id. */
  targetId: string;
  /** Counts the checks of one user, kind and target, from 1. */
  ordinal: number;
  /** As stored: see `stateAt`. */
  state: CheckState;
  required: readonly string[];
  passed: readonly string[];
  failures: number;
  inconclusive: number;
  maxFailures: number;
  maxInconclusive: number;
  /** UTC milliseconds. */
  openedAt: number;
  expiresAt: number;
  version: number;
}

export type AttemptOutcome = 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';

export interface Attempt {
  step: string;
  outcome: AttemptOutcome;
  score: number | null;
  threshold: number | null;
  modelId: string | null;
  /** UTC milliseconds. */
  at: number;
}

/** A fresh check. */
export function openCheck(
  policy: CheckPolicy,
  of: Pick<Check, 'id' | 'organisationId' | 'userId' | 'targetId' | 'ordinal'>,
  now: number,
): Check {
  return {
    ...of,
    kind: policy.kind,
    state: 'OPEN',
    required: [...policy.steps],
    passed: [],
    failures: 0,
    inconclusive: 0,
    maxFailures: policy.maxFailures,
    maxInconclusive: policy.maxInconclusive,
    openedAt: now,
    expiresAt: now + policy.lifeTimeMs,
    version: 1,
  };
}

/** The state now: an open check is expired at the end of its life-time, whether or not anyone has stored it. */
export function stateAt(check: Pick<Check, 'state' | 'expiresAt'>, now: number): CheckState {
  return check.state === 'OPEN' && check.expiresAt <= now ? 'EXPIRED' : check.state;
}

/**
 * The check after one attempt at one step. PASSED when the last missing step matches; FAILED when attempts run
 * out; nothing leads out of either.
 * @throws StatusError CHECK_STATE unless it is open and asks for this step
 */
export function attempt(check: Check, { step, outcome, at }: Attempt): Check {
  const state = stateAt(check, at);
  if (state !== 'OPEN') {
    throw new StatusError('CHECK_STATE', 'This check is over.', { metadata: { state } });
  }
  if (!check.required.includes(step)) {
    throw new StatusError('CHECK_STATE', 'This check has no such step.', { metadata: { step } });
  }
  if (outcome === 'MATCH') {
    const passed = check.passed.includes(step) ? check.passed : [...check.passed, step];
    const done = check.required.every((each) => passed.includes(each));
    return { ...check, passed, state: done ? 'PASSED' : 'OPEN' };
  }
  const failures = check.failures + (outcome === 'NO_MATCH' ? 1 : 0);
  const inconclusive = check.inconclusive + (outcome === 'INCONCLUSIVE' ? 1 : 0);
  const over = failures >= check.maxFailures || inconclusive >= check.maxInconclusive;
  return { ...check, failures, inconclusive, state: over ? 'FAILED' : 'OPEN' };
}
