import fc from 'fast-check';
import { boundWithoutErrors, canResolve, randomFrom, rateOf } from '../../scripts/accuracy/statistics.js';

const counts = fc
  .integer({ min: 1, max: 1_000_000 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

describe('rates', () => {
  test('the interval holds the estimate and stays within 0..1', () => {
    fc.assert(
      fc.property(counts, ([errors, trials]) => {
        const { estimate, interval } = rateOf(errors, trials);
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(estimate!);
        expect(interval.high).toBeGreaterThanOrEqual(estimate!);
        expect(interval.high).toBeLessThanOrEqual(1);
        expect(interval.high).toBeGreaterThan(interval.low);
      }),
    );
  });

  test('more errors move both bounds up', () => {
    fc.assert(
      fc.property(counts, ([errors, trials]) => {
        fc.pre(errors < trials);
        const fewer = rateOf(errors, trials).interval;
        const more = rateOf(errors + 1, trials).interval;
        expect(more.low).toBeGreaterThan(fewer.low);
        expect(more.high).toBeGreaterThanOrEqual(fewer.high);
      }),
    );
  });

  test('ten times the trials at the same rate narrow it', () => {
    fc.assert(
      fc.property(counts, ([errors, trials]) => {
        const width = ({ interval }: ReturnType<typeof rateOf>): number => interval.high - interval.low;
        expect(width(rateOf(errors * 10, trials * 10))).toBeLessThan(width(rateOf(errors, trials)));
      }),
    );
  });

  test('swapping errors and successes mirrors the interval', () => {
    fc.assert(
      fc.property(counts, ([errors, trials]) => {
        const { interval } = rateOf(errors, trials);
        const mirrored = rateOf(trials - errors, trials).interval;
        expect(mirrored.low).toBeCloseTo(1 - interval.high, 9);
        expect(mirrored.high).toBeCloseTo(1 - interval.low, 9);
      }),
    );
  });

  // Wilson 1927 as tabulated by Newcombe 1998, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i is in the published interval', (errors, trials, low, high) => {
    const { interval } = rateOf(errors, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('without trials nothing is known', () => {
    expect(rateOf(0, 0)).toMatchObject({ estimate: null, interval: { low: 0, high: 1 }, resolvable: false });
  });

  test.each([
    [-1, 10],
    [11, 10],
    [0.5, 10],
  ])('%d of %d is no rate', (errors, trials) => {
    expect(() => rateOf(errors, trials)).toThrow(RangeError);
  });
});

describe('what the data resolve', () => {
  test('rule of 3: without errors the bound is 3 / trials, from below', () => {
    for (const trials of [100, 1_000, 100_000]) {
      expect(boundWithoutErrors(trials) * trials).toBeGreaterThan(2.9);
      expect(boundWithoutErrors(trials) * trials).toBeLessThan(3);
    }
    expect(boundWithoutErrors(0)).toBe(1);
  });

  test('rule of 30: a rate needs 30 errors', () => {
    expect(rateOf(29, 1_000).resolvable).toBe(false);
    expect(rateOf(30, 1_000).resolvable).toBe(true);
    expect(canResolve(1e-4, 299_999)).toBe(false);
    expect(canResolve(1e-4, 300_000)).toBe(true);
  });
});

test('the random sequence is the same for the same seed and fills 0..1 evenly', () => {
  const draw = (seed: number): number[] => Array.from({ length: 10_000 }, randomFrom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  const tenths = new Array<number>(10).fill(0);
  for (const value of draw(7)) tenths[Math.floor(value * 10)]! += 1;
  for (const tenth of tenths) expect(Math.abs(tenth - 1_000)).toBeLessThan(150);
});
