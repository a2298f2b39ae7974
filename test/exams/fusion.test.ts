import fc from 'fast-check';
import {
  checkFusionPolicy,
  evidenceAt,
  FUSION_POLICY as policy,
  identityAt,
  logLikelihoodRatio,
  NO_EVIDENCE,
  observe,
  WATCHED,
  type FusionState,
  type WatchedModality,
} from '../../src/exams/watching/fusion.js';
import { accumulate, isImpostor, NOTHING } from './face-alone.js';

/** What one observation says, in nats for the student, and how long after the one before. */
interface Shown {
  modality: WatchedModality;
  /** Null: nothing was compared. */
  ratio: number | null;
  after: number;
}

const CALIBRATION = { slope: 40, intercept: -13.6 };
const WORST = -100;
const modality = fc.constantFrom(...WATCHED);
const ratio = fc.double({ min: -50, max: 50, noNaN: true });
const gap = fc.integer({ min: 0, max: 900_000 });
const shown = fc.record({ modality, ratio: fc.option(ratio), after: gap });
const sequence = fc.array(shown, { maxLength: 60 });

function compared(logLikelihoodRatio: number) {
  return { score: 0.5, threshold: 0.4, modelId: 'm/1', logLikelihoodRatio };
}

/** The state after a sequence, and the time of its last observation. */
function play(shots: readonly Shown[], from: FusionState = NO_EVIDENCE, since = 0) {
  let at = since;
  const state = shots.reduce((before, { modality: of, ratio: value, after }) => {
    at += after;
    return observe(before, { modality: of, at, compared: value === null ? null : compared(value) }, policy);
  }, from);
  return { state, at, evidence: evidenceAt(state, at, policy) };
}
const times = (n: number, shot: Shown): Shown[] => Array.from({ length: n }, () => shot);

describe('the face alone', () => {
  test('is accumulated to the last bit as before there was fusion, and alerts at the same frames', () => {
    const frames = fc.array(
      fc.tuple(
        fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
        fc.integer({ min: -2_000, max: 400_000 }),
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(frames, (shots) => {
        let at = 1_000_000;
        let before = NOTHING;
        let now: FusionState = NO_EVIDENCE;
        for (const [score, wait] of shots) {
          at += wait;
          before = accumulate(before, score, at, CALIBRATION);
          const seen = score === null ? null : compared(logLikelihoodRatio(score, CALIBRATION));
          now = observe(now, { modality: 'FACE', at, compared: seen }, policy);
          const evidence = evidenceAt(now, at, policy);
          expect([evidence, now.FACE?.at ?? null]).toEqual([before.evidence, before.at]);
          expect(evidence >= policy.threshold).toBe(isImpostor(before));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('does not fade: only frames take its evidence away', () => {
    const { state, at, evidence } = play(times(3, { modality: 'FACE', ratio: WORST, after: 10_000 }));
    expect(evidenceAt(state, at + 86_400_000, policy)).toBe(evidence);
  });
});

describe('when it is an alert', () => {
  test('never from fewer than three observations, of whatever modalities and however bad', () => {
    fc.assert(
      fc.property(fc.array(shown, { maxLength: 2 }), (shots) => play(shots).evidence < policy.threshold),
    );
  });

  test('never sooner than the caps of those that spoke allow', () => {
    fc.assert(
      fc.property(sequence, (shots) => {
        const most = shots.reduce(
          (sum, each) => sum + (each.ratio === null ? 0 : policy.modalities[each.modality].maxPerObservation),
          0,
        );
        expect(play(shots).evidence).toBeLessThanOrEqual(most + 1e-9);
      }),
    );
  });

  test.each(WATCHED)(
    '%s alone, always against the student, needs as many observations as its cap says',
    (of) => {
      const { maxPerObservation } = policy.modalities[of];
      const least = policy.threshold / maxPerObservation;
      const until = (after: number): number => {
        for (let n = 1; n <= 1000; n++) {
          if (play(times(n, { modality: of, ratio: WORST, after })).evidence >= policy.threshold) return n;
        }
        return Infinity;
      };
      expect(until(10_000)).toBeGreaterThan(least);
      expect(until(60_000)).toBeGreaterThanOrEqual(least);
      expect(until(60_000)).toBeLessThan(Infinity);
    },
  );

  test('never from silence: time alone adds nothing, to no state', () => {
    fc.assert(
      fc.property(sequence, gap, gap, (shots, a, b) => {
        const { state, at } = play(shots);
        const of = (wait: number): number => evidenceAt(state, at + wait, policy);
        expect(of(Math.max(a, b))).toBeLessThanOrEqual(of(Math.min(a, b)));
        expect(of(0)).toBeGreaterThanOrEqual(of(a));
      }),
    );
    expect(evidenceAt(NO_EVIDENCE, 1e12, policy)).toBe(0);
  });

  test('two modalities against the student are told sooner than either', () => {
    const both = [
      { modality: 'FACE', ratio: WORST, after: 5_000 },
      { modality: 'VOICE', ratio: WORST, after: 5_000 },
    ] as const;
    const observations = (shots: readonly Shown[]): number => {
      let [state, at]: [FusionState, number] = [NO_EVIDENCE, 0];
      for (let n = 0; ; n++) {
        const step = play([shots[n % shots.length]!], state, at);
        [state, at] = [step.state, step.at];
        if (step.evidence >= policy.threshold) return at;
      }
    };
    const alone = (of: WatchedModality): number =>
      observations([{ modality: of, ratio: WORST, after: 10_000 }]);
    expect(observations(both)).toBeLessThan(alone('FACE'));
    expect(observations(both)).toBeLessThan(alone('VOICE'));
  });

  test('a face that fits does not excuse a voice that does not', () => {
    const shots = times(30, { modality: 'FACE', ratio: 20, after: 5_000 }).flatMap((face): Shown[] => [
      face,
      { modality: 'VOICE', ratio: WORST, after: 5_000 },
    ]);
    expect(play(shots).evidence).toBeGreaterThanOrEqual(policy.threshold);
  });
});

describe('evidence', () => {
  test('is the sum of the contributions, each within its bounds, and the confidence follows from it', () => {
    fc.assert(
      fc.property(sequence, gap, (shots, wait) => {
        const { state, at } = play(shots);
        const identity = identityAt(state, at + wait, policy);
        for (const { evidence, observations } of identity.contributions) {
          expect(evidence).toBeGreaterThanOrEqual(0);
          expect(evidence).toBeLessThanOrEqual(1.5 * policy.threshold);
          if (evidence > 0) expect(observations).toBeGreaterThan(0);
        }
        const sum = identity.contributions.reduce((total, { evidence }) => total + evidence, 0);
        expect(identity.evidence).toBeCloseTo(sum, 9);
        expect(identity.confidence).toBeGreaterThan(0);
        expect(identity.confidence).toBeLessThanOrEqual(policy.prior + 1e-12);
        const odds = identity.confidence / (1 - identity.confidence);
        expect(Math.log(policy.prior / (1 - policy.prior)) - Math.log(odds)).toBeCloseTo(
          identity.evidence,
          6,
        );
      }),
    );
    expect(identityAt(NO_EVIDENCE, 0, policy)).toMatchObject({ evidence: 0, contributions: [] });
    expect(identityAt(NO_EVIDENCE, 0, policy).confidence).toBeCloseTo(policy.prior, 12);
  });

  test('is moved by one observation by no more than its cap, and never below zero', () => {
    fc.assert(
      fc.property(sequence, shown, (shots, { modality: of, ratio: value, after }) => {
        const { state, at } = play(shots);
        const left = evidenceAt(state, at + after, policy);
        const { evidence } = play([{ modality: of, ratio: value, after }], state, at);
        expect(Math.abs(evidence - left)).toBeLessThanOrEqual(policy.modalities[of].maxPerObservation + 1e-9);
      }),
    );
  });

  test('is less, the more alike', () => {
    fc.assert(
      fc.property(sequence, modality, ratio, ratio, gap, (shots, of, s, t, after) => {
        const { state, at } = play(shots);
        const with_ = (value: number): number =>
          play([{ modality: of, ratio: value, after }], state, at).evidence;
        expect(with_(Math.max(s, t))).toBeLessThanOrEqual(with_(Math.min(s, t)));
      }),
    );
  });

  test('does not depend on the order in which modalities are heard, only on that within each', () => {
    const timed = fc.array(fc.record({ modality, ratio: fc.option(ratio), at: gap }), { maxLength: 40 });
    fc.assert(
      fc.property(timed, (shots) => {
        const run = (of: typeof shots): FusionState =>
          of.reduce<FusionState>(
            (state, each) =>
              observe(
                state,
                { ...each, compared: each.ratio === null ? null : compared(each.ratio) },
                policy,
              ),
            NO_EVIDENCE,
          );
        const apart = WATCHED.flatMap((of) => shots.filter((each) => each.modality === of));
        expect(run(apart)).toEqual(run(shots));
      }),
    );
  });

  test('is not changed by what could not be compared, wherever it lies', () => {
    fc.assert(
      fc.property(sequence, (shots) => {
        let at = 0;
        const timed = shots.map((each) => ({ ...each, at: (at += each.after) }));
        const run = (of: typeof timed): FusionState =>
          of.reduce<FusionState>(
            (state, each) =>
              observe(
                state,
                { ...each, compared: each.ratio === null ? null : compared(each.ratio) },
                policy,
              ),
            NO_EVIDENCE,
          );
        expect(run(timed)).toEqual(run(timed.filter((each) => each.ratio !== null)));
      }),
    );
  });

  test('counts observations of one moment as parts of one', () => {
    const burst = (of: WatchedModality, n: number): number =>
      play(times(n, { modality: of, ratio: WORST, after: 0 })).evidence;
    expect(burst('FACE', 4)).toBeCloseTo(2 * policy.modalities.FACE.maxPerObservation, 9);
    expect(burst('VOICE', 4)).toBeCloseTo(2 * policy.modalities.VOICE.maxPerObservation, 9);
    expect(burst('INTERACTION', 11)).toBeCloseTo(2 * policy.modalities.INTERACTION.maxPerObservation, 9);
  });

  test('counts the more, the longer apart, up to one whole observation', () => {
    fc.assert(
      fc.property(
        modality,
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (of, a, b) => {
          const added = (wait: number): number => {
            const { state, at } = play([{ modality: of, ratio: WORST, after: 0 }]);
            const left = evidenceAt(state, at + wait, policy);
            return play([{ modality: of, ratio: WORST, after: wait }], state, at).evidence - left;
          };
          expect(added(Math.max(a, b))).toBeGreaterThanOrEqual(added(Math.min(a, b)) - 1e-9);
          expect(added(a)).toBeLessThanOrEqual(policy.modalities[of].maxPerObservation + 1e-9);
        },
      ),
    );
  });

  test('of a voice is worth half after its half-life, and is gone in time', () => {
    const { state, at, evidence } = play(times(4, { modality: 'VOICE', ratio: WORST, after: 30_000 }));
    const halfLife = policy.modalities.VOICE.halfLifeMs!;
    expect(evidenceAt(state, at + halfLife, policy)).toBeCloseTo(evidence / 2, 9);
    expect(evidenceAt(state, at + 10 * halfLife, policy)).toBe(0);
  });

  test('is drained by observations that fit in as many as it took at the most', () => {
    const full = play(times(200, { modality: 'VOICE', ratio: WORST, after: 60_000 }));
    const left = play(times(10, { modality: 'VOICE', ratio: 50, after: 60_000 }), full.state, full.at);
    expect(full.evidence).toBeGreaterThan(policy.threshold);
    expect([left.evidence, left.state.VOICE?.observations]).toEqual([0, 0]);
  });

  test('a clock that steps back opens no time', () => {
    const first = observe(NO_EVIDENCE, { modality: 'FACE', at: 10_000, compared: compared(-9) }, policy);
    const back = observe(first, { modality: 'FACE', at: 5_000, compared: compared(-9) }, policy);
    expect(back).toEqual(observe(first, { modality: 'FACE', at: 10_000, compared: compared(-9) }, policy));
  });
});

test('a policy that lets fewer than three observations decide is refused, and one that makes no sense', () => {
  const voice = (change: object) => ({
    ...policy,
    modalities: { ...policy.modalities, VOICE: { ...policy.modalities.VOICE, ...change } },
  });
  expect(() => checkFusionPolicy(policy)).not.toThrow();
  expect(() => checkFusionPolicy(voice({ maxPerObservation: 5 }))).toThrow('fewer than three');
  expect(() => checkFusionPolicy(voice({ halfLifeMs: 0 }))).toThrow('VOICE');
  expect(() => checkFusionPolicy(voice({ leastWeight: 2 }))).toThrow('VOICE');
  expect(() => checkFusionPolicy({ ...policy, prior: 1 })).toThrow('prior');
});
