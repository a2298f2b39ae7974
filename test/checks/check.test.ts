import fc from 'fast-check';
import { StatusError } from '../../src/call/index.js';
import { attempt, openCheck, stateAt, type AttemptOutcome, type Check } from '../../src/checks/index.js';

const policy = {
  kind: 'TEST',
  steps: ['FACE', 'VOICE'],
  maxFailures: 3,
  maxInconclusive: 4,
  lifeTimeMs: 60_000,
};
const fresh = (): Check =>
  openCheck(policy, { id: 'c', organisationId: 'UC', userId: 'u', targetId: 't', ordinal: 1 }, 0);
const tried = (check: Check, step: string, outcome: AttemptOutcome, at = 1): Check =>
  attempt(check, { step, outcome, at, score: null, threshold: null, modelId: null });

const tries = fc.array(
  fc.tuple(
    fc.constantFrom('FACE', 'VOICE'),
    fc.constantFrom<AttemptOutcome>('MATCH', 'NO_MATCH', 'INCONCLUSIVE'),
    fc.integer({ min: 0, max: 20_000 }),
  ),
  { maxLength: 25 },
);

test('any sequence of attempts: PASSED exactly when every step matched in time and before attempts ran out', () => {
  fc.assert(
    fc.property(tries, (sequence) => {
      let check = fresh();
      let [now, failures, inconclusive] = [0, 0, 0];
      const passed = new Set<string>();
      for (const [step, outcome, wait] of sequence) {
        now += wait;
        const before = stateAt(check, now);
        if (before !== 'OPEN') {
          expect(() => tried(check, step, outcome, now)).toThrow(StatusError);
          continue;
        }
        check = tried(check, step, outcome, now);
        if (outcome === 'MATCH') passed.add(step);
        if (outcome === 'NO_MATCH') failures++;
        if (outcome === 'INCONCLUSIVE') inconclusive++;
        const expected =
          passed.size === 2 ? 'PASSED' : failures === 3 || inconclusive === 4 ? 'FAILED' : 'OPEN';
        expect(check.state).toBe(expected);
      }
    }),
  );
});

test('it expires at the end of its life-time, and a passed one does not', () => {
  expect(stateAt(fresh(), 59_999)).toBe('OPEN');
  expect(stateAt(fresh(), 60_000)).toBe('EXPIRED');
  const passed = tried(tried(fresh(), 'FACE', 'MATCH'), 'VOICE', 'MATCH');
  expect(stateAt(passed, 60_000)).toBe('PASSED');
});

test('a step it does not ask for proves nothing', () => {
  expect(() => tried(fresh(), 'HANDWRITING', 'MATCH')).toThrow('no such step');
});

test('matching one step twice does not stand for the other', () => {
  expect(tried(tried(fresh(), 'FACE', 'MATCH'), 'FACE', 'MATCH').state).toBe('OPEN');
});
