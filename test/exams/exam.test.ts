import fc from 'fast-check';
import type { StatusError } from '../../src/call/index.js';
import {
  change,
  complete,
  requireNotOver,
  requireStarted,
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
          if (action === 'complete') next = complete(current, now);
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
  expect(complete(started, 5_400_999)).toBe(started);
  const over = complete(started, 5_401_000);
  expect(over.state).toBe('COMPLETED');
  expect(complete(over, 5_500_000)).toBe(over);
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
