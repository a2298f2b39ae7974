import fc from 'fast-check';
import {
  approvalRequested,
  approved,
  decide,
  matched,
  stateAt,
  unverified,
  VERIFICATION_POLICY,
  type Comparison,
  type Verification,
} from '../../src/exams/identifying/verification.js';

const HALF_HOUR = 30 * 60_000;
const match = { score: 0.7, threshold: 0.4, modelId: 'm/1' };
const fresh = unverified('e', 'u');
const verified = matched(fresh, match, 0, VERIFICATION_POLICY, null);

test('a match holds for half an hour, and for as long as the session that was joined with it', () => {
  expect(stateAt(verified, HALF_HOUR - 1, null)).toBe('VERIFIED');
  expect(stateAt(verified, HALF_HOUR, null)).toBe('PENDING');
  const used = { ...verified, sessionId: 's' };
  expect(stateAt(used, HALF_HOUR * 10, 's')).toBe('VERIFIED');
  expect(stateAt(used, HALF_HOUR * 10, 'another')).toBe('PENDING');
  expect(stateAt(used, HALF_HOUR * 10, null)).toBe('PENDING');
});

test('a match is good for one session; what staff decided holds for its time', () => {
  const used = { ...verified, sessionId: 's' };
  expect(stateAt(used, 1, 's')).toBe('VERIFIED');
  expect(stateAt(used, 1, null)).toBe('PENDING');
  expect(stateAt(used, 1, 'another')).toBe('PENDING');
  expect(stateAt(matched(used, match, 1, VERIFICATION_POLICY, null), 2, null)).toBe('VERIFIED');
  expect(stateAt(matched(used, match, 1, VERIFICATION_POLICY, 't'), 2, null)).toBe('PENDING');
  expect(stateAt(approved(used, 'staff', 1, VERIFICATION_POLICY), 2, null)).toBe('VERIFIED');
});

test('whatever a student asks for, only a match or staff make them VERIFIED', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('request', 'match', 'approve'), fc.nat(HALF_HOUR)), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(steps, (sequence) => {
      let [now, current] = [0, fresh];
      let until = -1;
      for (const [step, wait] of sequence) {
        now += wait;
        if (step === 'request') current = approvalRequested(current, 'passport', now, null);
        if (step === 'match')
          [current, until] = [matched(current, match, now, VERIFICATION_POLICY, null), now + HALF_HOUR];
        if (step === 'approve')
          [current, until] = [approved(current, 'staff', now, VERIFICATION_POLICY), now + 24 * 3_600_000];
        expect(stateAt(current, now, null) === 'VERIFIED').toBe(now < until);
        if (current.method === 'STAFF') expect(current.approvedBy).toBe('staff');
      }
    }),
  );
});

test('asking for approval gives up no verification, and is open again when that has expired', () => {
  const asked: Verification = approvalRequested(verified, 'passport', 1, null);
  expect(stateAt(asked, 1, null)).toBe('VERIFIED');
  expect(stateAt(asked, HALF_HOUR, null)).toBe('APPROVAL_REQUESTED');
  expect(stateAt(approvalRequested(fresh, 'passport', 1, null), 1, null)).toBe('APPROVAL_REQUESTED');
});

describe('liveness', () => {
  const comparison: Comparison = { outcome: 'MATCH', ...match, reasons: [] };
  const spoof = { outcome: 'SPOOF_SUSPECTED', score: 0.1, threshold: 0.2, modelId: 'l/1' } as const;
  const live = { ...spoof, outcome: 'LIVE', score: 0.9 } as const;
  const unknown = {
    outcome: 'NOT_ASSESSED',
    reason: 'WINDOW_DOES_NOT_FIT',
    explanation: 'Move back.',
  } as const;

  test('never blocks by default', () => {
    for (const liveness of [spoof, live, unknown, null]) {
      expect(decide(comparison, liveness, 'NEVER_BLOCK')).toBe(comparison);
    }
  });

  test('asks again where the exam wants it, for an attack and for what could not be assessed', () => {
    expect(decide(comparison, live, 'ASK_AGAIN')).toBe(comparison);
    expect(decide(comparison, spoof, 'ASK_AGAIN').outcome).toBe('INCONCLUSIVE');
    expect(decide(comparison, unknown, 'ASK_AGAIN')).toMatchObject({
      outcome: 'INCONCLUSIVE',
      reasons: [expect.stringContaining('live'), 'Move back.'],
    });
  });

  test('turns no refusal into a match', () => {
    for (const outcome of ['INCONCLUSIVE', 'NO_MATCH'] as const) {
      const no: Comparison = { ...comparison, outcome };
      expect(decide(no, live, 'ASK_AGAIN')).toBe(no);
    }
  });

  test('spares nobody the failure that a wrong face is', () => {
    const no: Comparison = { ...comparison, outcome: 'NO_MATCH' };
    for (const liveness of [spoof, unknown, null]) expect(decide(no, liveness, 'ASK_AGAIN')).toBe(no);
  });
});
