import fc from 'fast-check';
import type { StatusError } from '../../src/call/index.js';
import {
  change,
  hull,
  NO_ADMISSION_POLICY,
  requireNotOver,
  requireStarted,
  reschedule,
  settle,
  start,
  stateAt,
  type Exam,
} from '../../src/exams/exam.js';

const exam: Exam = {
  id: 'e',
  organisationId: 'UC',
  number: 1,
  ownerId: 'o',
  displayName: 'Algebra',
  type: 'WRITTEN',
  scheduledAt: 0,
  durationMinutes: 90,
  privacyPolicy: '',
  additionalMaterial: false,
  frameIntervalMs: 10_000,
  livenessPolicy: 'NEVER_BLOCK',
  minimumAssurance: 'SELF_ASSERTED',
  automatic: false,
  admission: NO_ADMISSION_POLICY,
  state: 'UPCOMING',
  createdAt: 0,
  updatedAt: 0,
  startedAt: null,
  endsAt: null,
  version: 1,
};
const ORDER = ['UPCOMING', 'STARTED', 'COMPLETED'] as const;

test('whatever is done, and whenever, the state never goes back and nothing changes once started', () => {
  const step = fc.tuple(
    fc.constantFrom('start', 'complete', 'change'),
    fc.integer({ min: 0, max: 6_000_000 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let [now, current] = [0, exam];
      for (const [action, wait] of steps) {
        now += wait;
        const before = stateAt(current, now);
        let next = current;
        try {
          if (action === 'start') next = start(current, now);
          if (action === 'complete') next = settle(current, now);
          if (action === 'change') next = change(current, { displayName: `at ${now}` }, now);
        } catch (error) {
          expect((error as StatusError).reason).toBe('EXAM_STATE');
        }
        expect(ORDER.indexOf(stateAt(next, now))).toBeGreaterThanOrEqual(ORDER.indexOf(before));
        if (before !== 'UPCOMING') expect(next.displayName).toBe(current.displayName);
        if (next.state === 'STARTED') expect(next.endsAt).toBe(next.startedAt! + 5_400_000);
        current = next;
      }
    }),
  );
});

test('an exam is over at its end, to the millisecond, without anybody storing it', () => {
  const started = start(exam, 1_000);
  expect(stateAt(started, 5_400_999)).toBe('STARTED');
  expect(stateAt(started, 5_401_000)).toBe('COMPLETED');
  expect(settle(started, 5_400_999)).toBe(started);
  const over = settle(started, 5_401_000);
  expect(over.state).toBe('COMPLETED');
  expect(settle(over, 5_500_000)).toBe(over);
});

test('starting again changes nothing, and an exam that is over cannot start', () => {
  const started = start(exam, 1_000);
  expect(start(started, 2_000)).toBe(started);
  expect(() => start(started, 5_401_000)).toThrow('over');
});

test('joining needs a started exam, identification one that is not over', () => {
  const started = start(exam, 0);
  expect(() => requireStarted(exam, 0)).toThrow('not started');
  expect(() => requireStarted(started, 1)).not.toThrow();
  expect(() => requireStarted(started, 5_400_000)).toThrow('over');
  expect(() => requireNotOver(exam, 1e12)).not.toThrow();
  expect(() => requireNotOver(started, 5_400_000)).toThrow('over');
});

describe('an exam that an LMS made', () => {
  const made: Exam = { ...exam, automatic: true, createdAt: 500, scheduledAt: 500 };
  const time = fc.option(fc.integer({ min: 0, max: 10_000 }));
  const span = fc.record({ opensAt: time, closesAt: time });

  test('starts and completes by itself, to the millisecond', () => {
    const planned = reschedule(made, { opensAt: 2_000, closesAt: 3_000 }, 1_000);
    expect(stateAt(planned, 1_999)).toBe('UPCOMING');
    expect(stateAt(planned, 2_000)).toBe('STARTED');
    expect(settle(planned, 2_500)).toMatchObject({ state: 'STARTED', startedAt: 2_000, endsAt: 3_000 });
    expect(stateAt(planned, 3_000)).toBe('COMPLETED');
  });

  test('without an end goes on, and one that is over goes on when its end is moved', () => {
    const endless = reschedule(made, { opensAt: null, closesAt: null }, 1_000);
    expect(stateAt(endless, 1e15)).toBe('STARTED');
    const over = settle(reschedule(made, { opensAt: 600, closesAt: 700 }, 1_000), 1_000);
    expect(over.state).toBe('COMPLETED');
    expect(reschedule(over, { opensAt: 600, closesAt: 2_000 }, 1_000).state).toBe('STARTED');
  });

  test('is in the state that its time says, however it was moved before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(span, fc.nat(10_000)), { minLength: 1 }), (moves) => {
        let current = made;
        for (const [to, now] of moves) {
          current = reschedule(current, to, now);
          const begun = now >= (to.opensAt ?? current.createdAt);
          const over = to.closesAt !== null && now >= to.closesAt;
          expect(stateAt(current, now)).toBe(!begun ? 'UPCOMING' : over ? 'COMPLETED' : 'STARTED');
        }
      }),
    );
  });

  test('is on for as long as for any of its students', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1 }), fc.nat(12_000), (spans, now) => {
        const within = ({ opensAt, closesAt }: (typeof spans)[number]) =>
          (opensAt === null || now >= opensAt) && (closesAt === null || now < closesAt);
        if (spans.some(within)) expect(within(hull(spans))).toBe(true);
        expect(spans.some((each) => each.opensAt === hull(spans).opensAt)).toBe(true);
        expect(spans.some((each) => each.closesAt === hull(spans).closesAt)).toBe(true);
      }),
    );
  });
});
