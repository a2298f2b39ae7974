import fc from 'fast-check';
import { admissionAt, type AdmissionFacts } from '../../src/exams/admission/admission.js';
import {
  approvalRequested,
  approved,
  declined,
  matched,
  unverified,
  VERIFICATION_POLICY,
  type Verification,
} from '../../src/exams/identifying/verification.js';
import '../support/property-seed.js';

const MATCH = { score: 0.7, threshold: 0.4, modelId: 'm/1' };
const GRACE = 60_000;
const nobody = unverified('e', 'u');
const match = (at: number, session: string | null = null): Verification =>
  matched(nobody, MATCH, at, VERIFICATION_POLICY, session);
const signs = { frameIntervalMs: 2_000, cameraLostAt: null, monitored: true };
const sitting = (at: number): AdmissionFacts['session'] => ({
  ...{ ...signs, id: 's', joinedAt: at, lastFrameAt: at, lastHeartbeatAt: at },
});
const facts = (change: Partial<AdmissionFacts> = {}): AdmissionFacts => ({
  ...{ verification: nobody, policy: { challenge: false, monitor: true, graceMs: GRACE } },
  ...{ session: null, attemptSince: null, otherPersonSince: null, ...change },
});
const at = (change: Partial<AdmissionFacts>, now: number) => {
  const { admitted, state, reason } = admissionAt(facts(change), now);
  return [admitted, state, reason];
};

test('nobody is admitted before they are identified, and a request changes nothing about it', () => {
  expect(at({}, 0)).toEqual([false, 'NOT_IDENTIFIED', 'NOT_YET']);
  expect(at({ verification: approvalRequested(nobody, 'MANUAL', 0, null) }, 1)).toEqual([
    ...[false, 'NOT_IDENTIFIED', 'NOT_YET'],
  ]);
});

test('a match opens the door for half an hour, a session holds it open, and leaving closes it', () => {
  const verification = match(0);
  expect(at({ verification }, 1_799_999)).toEqual([true, 'IDENTIFIED', 'NONE']);
  expect(at({ verification }, 1_800_000)).toEqual([false, 'NOT_IDENTIFIED', 'EXPIRED']);
  const held = { ...verification, sessionId: 's' };
  expect(at({ verification: held, session: sitting(3_600_000) }, 3_600_000)).toEqual([
    true,
    'MONITORED',
    'NONE',
  ]);
  expect(at({ verification: held }, 10)).toEqual([false, 'NOT_IDENTIFIED', 'EXPIRED']);
});

test('approval by staff is enough: no camera, no face, no capture', () => {
  const verification = approved(nobody, 'teacher', 0, VERIFICATION_POLICY);
  const lost = { verification, attemptSince: 0, otherPersonSince: 50 };
  expect(at(lost, 3_600_000)).toEqual([true, 'APPROVED', 'NONE']);
  expect(at({ verification: declined(verification, '') }, 1)[0]).toBe(false);
});

test('signs of life are owed during an attempt only, where the exam asks for them, and for the grace time', () => {
  const verification = match(0);
  const on = { verification, attemptSince: 1_000 };
  expect(at(on, 1_000 + GRACE)).toEqual([true, 'IDENTIFIED', 'NONE']);
  expect(at(on, 1_001 + GRACE)).toEqual([false, 'PAUSED', 'CAPTURE_LOST']);
  expect(at({ ...on, policy: { challenge: false, monitor: false, graceMs: GRACE } }, 1_001 + GRACE)[0]).toBe(
    true,
  );
  expect(at({ verification }, 1_001 + GRACE)[0]).toBe(true);
  const held = { ...on, verification: { ...verification, sessionId: 's' } };
  expect(at({ ...held, session: sitting(5_000) }, 5_000 + GRACE)).toEqual([true, 'MONITORED', 'NONE']);
  expect(at({ ...held, session: sitting(5_000) }, 5_001 + GRACE)).toEqual([false, 'PAUSED', 'CAPTURE_LOST']);
  expect(admissionAt(facts({ ...held, session: sitting(5_000) }), 5_000).graceUntil).toBe(5_000 + GRACE);
});

test('a camera that is gone, and heartbeats without pictures, are told apart', () => {
  const now = 1_000_000;
  const session = { ...sitting(now)!, cameraLostAt: now - GRACE - 1 };
  const held = { verification: { ...match(0), sessionId: 's' }, attemptSince: 0 };
  expect(at({ ...held, session }, now)).toEqual([false, 'PAUSED', 'CAMERA_LOST']);
  const blind = { ...sitting(now)!, lastFrameAt: now - 75_001 };
  expect(at({ ...held, session: blind }, now)).toEqual([false, 'PAUSED', 'CAPTURE_LOST']);
});

test('somebody else seen since the last identification pauses, until the student shows their face again', () => {
  const session = sitting(20_000);
  const held = { session, attemptSince: 0 };
  expect(at({ ...held, verification: match(10_000, 's'), otherPersonSince: 10_001 }, 20_000)).toEqual([
    ...[false, 'PAUSED', 'OTHER_PERSON'],
  ]);
  expect(at({ ...held, verification: match(10_001, 's'), otherPersonSince: 10_001 }, 20_000)[0]).toBe(true);
});

describe('whatever happens', () => {
  const time = fc.integer({ min: 0, max: 4_000_000 });
  const maybe = fc.option(time);
  const verification = fc.oneof(
    fc.constant(nobody),
    fc.tuple(time, fc.constantFrom(null, 's', 'other')).map(([when, session]) => match(when, session)),
    time.map((when) => approved(nobody, 'teacher', when, VERIFICATION_POLICY)),
    time.map((when) => approvalRequested(match(when), 'MANUAL', when + 1e9, null)),
    time.map((when) => declined(approved(nobody, 'teacher', when, VERIFICATION_POLICY), 'no')),
  );
  const session = fc.option(
    fc
      .record({ joinedAt: time, lastFrameAt: maybe, lastHeartbeatAt: maybe, cameraLostAt: maybe })
      .map((said) => ({ ...signs, ...said, id: 's' })),
  );
  const anything = fc.record({
    ...{ verification, session, attemptSince: maybe, otherPersonSince: maybe },
    policy: fc.record({
      ...{
        challenge: fc.boolean(),
        monitor: fc.boolean(),
        graceMs: fc.integer({ min: 15_000, max: 600_000 }),
      },
    }),
  });

  test('who is admitted has no reason against them, who is not has one, and only proof admits', () => {
    fc.assert(
      fc.property(anything, time, (given, now) => {
        const { admitted, state, reason } = admissionAt(given, now);
        expect(admitted).toBe(reason === 'NONE');
        expect(admitted).toBe(state === 'IDENTIFIED' || state === 'MONITORED' || state === 'APPROVED');
        if (given.verification.state !== 'VERIFIED') expect(admitted).toBe(false);
      }),
    );
  });

  test('staff’s approval opens every door', () => {
    fc.assert(
      fc.property(anything, time, (given, now) => {
        const opened = approved(given.verification, 'teacher', now, VERIFICATION_POLICY);
        const held = { ...opened, sessionId: null };
        expect(admissionAt({ ...given, verification: held }, now).admitted).toBe(true);
      }),
    );
  });

  test('a match opens every door that somebody else shut', () => {
    fc.assert(
      fc.property(anything, time, (given, now) => {
        const shown = match(now, given.session?.id ?? null);
        const otherPersonSince =
          given.otherPersonSince === null ? null : Math.min(given.otherPersonSince, now);
        const { reason } = admissionAt({ ...given, verification: shown, otherPersonSince }, now);
        expect(['NONE', 'CAPTURE_LOST', 'CAMERA_LOST']).toContain(reason);
      }),
    );
  });

  test('time alone changes nothing before it is due', () => {
    fc.assert(
      fc.property(anything, time, fc.integer({ min: 1, max: 2_000_000 }), (given, now, later) => {
        const before = admissionAt(given, now);
        // What is told in a moment to come has not been told yet.
        const { session: open, attemptSince, otherPersonSince, verification: proof } = given;
        const told = [open?.joinedAt, open?.lastFrameAt, open?.lastHeartbeatAt, open?.cameraLostAt]
          .concat([attemptSince, otherPersonSince, proof.verifiedAt])
          .every((each) => (each ?? 0) <= now);
        fc.pre(told);
        const then = Math.min(now + later, (before.dueAt ?? Infinity) - 1);
        if (then <= now) return;
        const after = admissionAt(given, then);
        expect([after.admitted, after.state, after.reason]).toEqual([
          ...[before.admitted, before.state, before.reason],
        ]);
      }),
    );
  });
});
