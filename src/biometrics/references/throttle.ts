import type { Modality, VerificationAttempt, VerificationThrottle } from '../ports.js';

/**
 * NIST SP 800-63B, "Use of Biometrics": no more than 5 consecutive failures, then at least 30 s before each
 * further attempt, and after 50 another way; here, staff. Failures are not forgotten with time.
 */
export const SAMPLE_THROTTLE = {
  freeFailures: 5,
  firstDelayMs: 30_000,
  maxDelayMs: 30_000,
  hardStop: 50,
  forgetAfterMs: null,
} as const;

/**
 * One budget for every way to learn whether a sample matches a user's reference of a modality: enrolment, removal, any
 * exam.
 */
export function throttleKey(userId: string, modality: Modality): string {
  return `${modality.toLowerCase()}:${userId}`;
}

export type Verdict = 'MATCH' | 'FAILED' | 'NO_VERDICT';

/**
 * Runs what compares with a user's reference as one attempt. Work that throws has no verdict: our own fault and a
 * picture that cannot be read cost nobody an attempt.
 *
 * @throws StatusError TOO_MANY_ATTEMPTS before anything is compared
 */
export async function asAttempt<T>(
  throttle: VerificationThrottle,
  key: string,
  work: () => Promise<{ verdict: Verdict; result: T }>,
): Promise<T> {
  const attempt: VerificationAttempt = await throttle.attempt(key, SAMPLE_THROTTLE);
  let verdict: Verdict = 'NO_VERDICT';
  try {
    const done = await work();
    verdict = done.verdict;
    return done.result;
  } finally {
    if (verdict === 'MATCH') await attempt.succeeded();
    if (verdict === 'NO_VERDICT') await attempt.withdrawn();
  }
}
