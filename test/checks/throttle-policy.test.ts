import fc from 'fast-check';
import { delayAfter, take, UNTRIED, type ThrottlePolicy } from '../../src/checks/throttle-policy.js';

const LOGIN: ThrottlePolicy = {
  freeFailures: 5,
  firstDelayMs: 30_000,
  maxDelayMs: 900_000,
  hardStop: null,
  forgetAfterMs: 86_400_000,
};

/** NIST SP 800-63B on biometrics: 5 failures, then 30 s each, none after 50. */
const BIOMETRIC: ThrottlePolicy = {
  freeFailures: 5,
  firstDelayMs: 30_000,
  maxDelayMs: 30_000,
  hardStop: 50,
  forgetAfterMs: null,
};

const policies = fc.record<ThrottlePolicy>({
  freeFailures: fc.integer({ min: 1, max: 8 }),
  firstDelayMs: fc.integer({ min: 1, max: 1_000 }),
  maxDelayMs: fc.integer({ min: 1_000, max: 20_000 }),
  hardStop: fc.option(fc.integer({ min: 8, max: 30 })),
  forgetAfterMs: fc.constant(null),
});

describe('the throttle, as a state machine', () => {
  it('waits 30 s after the fifth failure, doubling up to 15 min', () => {
    const waits = [1, 4, 5, 6, 7, 8, 9, 10, 11, 2_000].map((failures) => delayAfter(failures, LOGIN) / 1000);
    expect(waits).toEqual([0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('waits 30 s a failure and stops for good at 50 where the policy says so', () => {
    let state = UNTRIED;
    let now = 0;
    for (let attempt = 1; attempt <= 50; attempt++) {
      const taken = take(state, BIOMETRIC, now);
      if (!taken.allowed) throw new Error(`attempt ${attempt} was refused`);
      state = taken.state;
      expect(state.lockedUntil).toBe(attempt < 5 ? null : now + 30_000);
      now = state.lockedUntil ?? now + 1;
    }
    expect(take(state, BIOMETRIC, now + 1e12)).toEqual({ allowed: false, retryAfterMs: null });
  });

  it('allows no more attempts in any time than the waits leave room for', () => {
    fc.assert(
      fc.property(policies, fc.array(fc.nat({ max: 3_000 }), { maxLength: 100 }), (policy, pauses) => {
        let state = UNTRIED;
        let now = 1;
        let failures = 0;
        let earliest = 0;
        for (const pause of pauses) {
          now += pause;
          const taken = take(state, policy, now);
          const stopped = policy.hardStop !== null && failures >= policy.hardStop;
          expect(taken.allowed).toBe(!stopped && now >= earliest);
          if (!taken.allowed) {
            expect(taken.retryAfterMs).toBe(stopped ? null : earliest - now);
            continue;
          }
          failures++;
          earliest = now + delayAfter(failures, policy);
          state = taken.state;
          expect(state.failures).toBe(failures);
        }
      }),
    );
  });

  it('never makes a later failure wait less, nor longer than the most', () => {
    fc.assert(
      fc.property(policies, fc.nat({ max: 5_000 }), (policy, failures) => {
        const delay = delayAfter(failures, policy);
        expect(delay).toBeLessThanOrEqual(policy.maxDelayMs);
        expect(delayAfter(failures + 1, policy)).toBeGreaterThanOrEqual(delay);
      }),
    );
  });

  it('forgets after its time, and not before', () => {
    const taken = take({ failures: 9, lockedUntil: null, expiresAt: 1_000 }, LOGIN, 999);
    expect(taken).toMatchObject({ allowed: true, state: { failures: 10 } });
    expect(take({ failures: 9, lockedUntil: null, expiresAt: 1_000 }, LOGIN, 1_000)).toMatchObject({
      allowed: true,
      state: { failures: 1, lockedUntil: null, expiresAt: 86_401_000 },
    });
  });
});
