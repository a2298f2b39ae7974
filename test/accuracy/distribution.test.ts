import fc from 'fast-check';
import { calibrate } from '../../scripts/accuracy/calibration.js';
import { BIN, ScoreDistribution } from '../../scripts/accuracy/distribution.js';
import { randomFrom } from '../../scripts/accuracy/statistics.js';

const score = fc.integer({ min: -10_000, max: 10_000 }).map((bin) => bin * BIN);
const scores = fc.array(score, { minLength: 1, maxLength: 60 });

function distributionOf(genuine: number[], impostor: number[]): ScoreDistribution {
  const distribution = new ScoreDistribution();
  for (const each of genuine) distribution.add(each, true);
  for (const each of impostor) distribution.add(each, false);
  return distribution;
}

describe('the error curve', () => {
  test('FMR falls and FNMR rises with the threshold', () => {
    fc.assert(
      fc.property(scores, scores, (genuine, impostor) => {
        const curve = distributionOf(genuine, impostor).curve();
        expect(curve[0]).toMatchObject({ fmr: 1, fnmr: 0 });
        for (let index = 1; index < curve.length; index += 1) {
          if (curve[index]!.fmr > curve[index - 1]!.fmr) throw new Error('FMR rises');
          if (curve[index]!.fnmr < curve[index - 1]!.fnmr) throw new Error('FNMR falls');
        }
      }),
      { numRuns: 15 },
    );
  });

  test('its rates are those of counting, at every score', () => {
    fc.assert(
      fc.property(scores, scores, score, (genuine, impostor, threshold) => {
        const point = distributionOf(genuine, impostor)
          .curve()
          .find((each) => Math.abs(each.threshold - threshold) < BIN / 2)!;
        // A score on the threshold is a match; scores and thresholds lie on one grid.
        const isMatch = (each: number): boolean => each > threshold - BIN / 2;
        expect(point.fmr).toBeCloseTo(impostor.filter(isMatch).length / impostor.length, 12);
        expect(point.fnmr).toBeCloseTo(genuine.filter((each) => !isMatch(each)).length / genuine.length, 12);
      }),
      { numRuns: 25 },
    );
  });

  test('the threshold for a rate keeps to it, and one bin lower does not', () => {
    fc.assert(
      fc.property(
        scores,
        scores,
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (genuine, impostor, target) => {
          const distribution = distributionOf(genuine, impostor);
          const threshold = distribution.thresholdFor(target);
          const curve = distribution.curve();
          const at = curve.findIndex((each) => each.threshold === threshold);
          if (threshold === null) {
            // Only scores of 1, the last bin, cannot be kept out.
            expect(curve.at(-1)!.fmr).toBeGreaterThan(target);
            return;
          }
          expect(curve[at]!.fmr).toBeLessThanOrEqual(target);
          if (at > 0) expect(curve[at - 1]!.fmr).toBeGreaterThan(target);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('EER: none on separated scores, a half on equal ones, a quarter where a quarter overlaps', () => {
    expect(distributionOf([0.8, 0.9], [0.1, 0.2]).equalErrorRate()).toBe(0);
    const same = [0.1, 0.2, 0.3, 0.4];
    expect(distributionOf(same, same).equalErrorRate()).toBeCloseTo(0.5, 1);
    expect(distributionOf([0.2, 0.6, 0.7, 0.8], [0.1, 0.15, 0.05, 0.4]).equalErrorRate()).toBeCloseTo(
      0.25,
      6,
    );
  });

  test('without one kind of comparison there is no curve', () => {
    expect(distributionOf([0.5], []).curve()).toEqual([]);
    expect(distributionOf([], [0.5]).equalErrorRate()).toBeNull();
    expect(distributionOf([0.5], []).thresholdFor(0.1)).toBeNull();
  });
});

describe('calibration', () => {
  /** Two normals (by twelve uniforms) of one deviation, whose log-likelihood ratio is linear and known. */
  function normals(genuineMean: number, impostorMean: number, deviation: number): ScoreDistribution {
    const random = randomFrom(1);
    const normal = (): number => Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, -6);
    const draw = (mean: number, count: number): number[] =>
      Array.from({ length: count }, () => mean + deviation * normal());
    return distributionOf(draw(genuineMean, 20_000), draw(impostorMean, 60_000));
  }

  test('finds the log-likelihood ratio of two normal distributions, whatever their shares', () => {
    const { slope, intercept } = calibrate(normals(0.5, 0.1, 0.15));
    // (m1 - m0) / s² and -(m1² - m0²) / 2 s².
    expect(slope).toBeCloseTo(0.4 / 0.0225, 0);
    expect(intercept).toBeCloseTo(-0.24 / 0.045, 0);
  });

  test('stays finite and rising where scores separate perfectly', () => {
    const { slope, intercept } = calibrate(distributionOf([0.7, 0.8], [0.1, 0.2]));
    expect(slope).toBeGreaterThan(0);
    expect(Number.isFinite(slope + intercept)).toBe(true);
    expect(slope * 0.75 + intercept).toBeGreaterThan(0);
    expect(slope * 0.15 + intercept).toBeLessThan(0);
  });

  test('needs both kinds of comparison', () => {
    expect(() => calibrate(distributionOf([0.5], []))).toThrow(RangeError);
  });
});
