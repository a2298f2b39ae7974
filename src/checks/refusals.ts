import { hashed } from '../call/index.js';
import type { Throttle } from './throttle.js';
import type { ThrottlePolicy } from './throttle-policy.js';

const REFUSALS: ThrottlePolicy = {
  freeFailures: 20,
  firstDelayMs: 1_000,
  maxDelayMs: 60_000,
  hardStop: null,
  forgetAfterMs: 10 * 60_000,
};

/**
 * Counts a proof that proves nothing against where it comes from. A good one passes whatever came before it from there:
 * a whole campus may be behind one address.
 * @param kind of proof: each has a count of its own
 * @throws StatusError TOO_MANY_ATTEMPTS
 */
export async function countRefusal(
  throttle: Pick<Throttle, 'attempt'>,
  kind: string,
  peer: string,
): Promise<void> {
  await throttle.attempt(`${kind}:${hashed(peer)}`, REFUSALS);
}
