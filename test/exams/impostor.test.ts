import fc from 'fast-check';
import {
  accumulate,
  checkImpostorPolicy,
  IMPOSTOR_POLICY as policy,
  isImpostor,
  NO_EVIDENCE,
  type ImpostorState,
  type ScoreObservation,
} from '../../src/exams/impostor.js';

const calibration = { slope: 40, intercept: -13.6 };
const score = fc.double({ min: -1, max: 1, noNaN: true });
const gap = fc.integer({ min: 0, max: 60_000 });
const state = fc.record({
  evidence: fc.double({ min: 0, max: 1.5 * policy.threshold, noNaN: true }),
  at: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
}) as fc.Arbitrary<ImpostorState>;

function after(gaps: [number | null, number][], from: ImpostorState = NO_EVIDENCE): ImpostorState {
  let at = from.at ?? 0;
  return gaps.reduce((s, [value, wait]) => {
    at += wait;
    return accumulate(s, { score: value, at, calibration }, policy);
  }, from);
}

test('a single frame never raises an alert, whatever its score', () => {
  fc.assert(fc.property(score, gap, (s, wait) => !isImpostor(after([[s, wait]]), policy)));
});

test('two frames never do either', () => {
  fc.assert(
    fc.property(score, score, gap, gap, (s, t, a, b) => {
      return !isImpostor(
        after([
          [s, a],
          [t, b],
        ]),
        policy,
      );
    }),
  );
});

test('the more alike, the less evidence', () => {
  fc.assert(
    fc.property(state, score, score, gap, (from, s, t, wait) => {
      const at = (from.at ?? 0) + wait;
      const of = (value: number): number =>
        accumulate(from, { score: value, at, calibration }, policy).evidence;
      expect(of(Math.max(s, t))).toBeLessThanOrEqual(of(Math.min(s, t)));
    }),
  );
});

test('a frame moves the evidence by no more than its cap, and never below zero', () => {
  fc.assert(
    fc.property(state, score, gap, (from, s, wait) => {
      const to = accumulate(from, { score: s, at: (from.at ?? 0) + wait, calibration }, policy);
      expect(Math.abs(to.evidence - from.evidence)).toBeLessThanOrEqual(policy.maxPerFrame + 1e-9);
      expect(to.evidence).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('inconclusive frames, wherever they lie, change nothing', () => {
  const frames = fc.array(fc.tuple(fc.option(score), gap), { maxLength: 30 });
  fc.assert(
    fc.property(frames, (sequence) => {
      let at = 0;
      const timed: ScoreObservation[] = sequence.map(([value, wait]) => ({
        score: value,
        at: (at += wait),
        calibration,
      }));
      const run = (observations: ScoreObservation[]): ImpostorState =>
        observations.reduce((s, each) => accumulate(s, each, policy), NO_EVIDENCE);
      expect(run(timed)).toEqual(run(timed.filter((each) => each.score !== null)));
    }),
  );
});

test('frames of one moment are no full votes: each counts a third after the first', () => {
  const burst = (n: number): number => after(Array.from({ length: n }, () => [-0.2, 0])).evidence;
  expect(burst(1)).toBeCloseTo(policy.maxPerFrame, 9);
  expect(burst(4)).toBeCloseTo(2 * policy.maxPerFrame, 9);
  expect(burst(6)).toBeLessThan(policy.threshold);
});

test('the longer apart, the more a frame counts, up to one full vote', () => {
  fc.assert(
    fc.property(gap, gap, (a, b) => {
      const of = (wait: number): number =>
        after([
          [-0.2, 0],
          [-0.2, wait],
        ]).evidence;
      expect(of(Math.max(a, b))).toBeGreaterThanOrEqual(of(Math.min(a, b)));
      expect(of(a)).toBeLessThanOrEqual(2 * policy.maxPerFrame);
    }),
  );
});

test('somebody else is told after four frames 10 s apart', () => {
  const frames = (n: number): ImpostorState => after(Array.from({ length: n }, () => [0.05, 10_000]));
  expect(isImpostor(frames(3), policy)).toBe(false);
  expect(isImpostor(frames(4), policy)).toBe(true);
});

test('a recognised student has no evidence against them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: 0.4, max: 1, noNaN: true }), gap), { maxLength: 200 }),
      (frames) => after(frames).evidence === 0,
    ),
  );
});

test('good frames drain the evidence to zero in as many frames as it took', () => {
  const full = after(Array.from({ length: 40 }, () => [-0.2, 10_000]));
  expect(full.evidence).toBe(1.5 * policy.threshold);
  expect(
    after(
      Array.from({ length: 6 }, () => [0.7, 10_000]),
      full,
    ).evidence,
  ).toBe(0);
});

test('a clock that steps back opens no time: the frame counts as one of the same moment', () => {
  const first = accumulate(NO_EVIDENCE, { score: -0.2, at: 10_000, calibration }, policy);
  const back = accumulate(first, { score: -0.2, at: 5_000, calibration }, policy);
  expect(back).toEqual(accumulate(first, { score: -0.2, at: 10_000, calibration }, policy));
});

test('a policy that lets fewer than three frames decide is refused', () => {
  expect(() => checkImpostorPolicy(policy)).not.toThrow();
  expect(() => checkImpostorPolicy({ ...policy, maxPerFrame: 5 })).toThrow('three frames');
});
