import fc from 'fast-check';
import { equalError, type Comparison } from '../../scripts/accuracy/eer.js';

const comparisons = (genuine: number[], impostor: number[]): Comparison[] => [
  ...genuine.map((score, i) => ({ writer: i % 2, score, genuine: true })),
  ...impostor.map((score, i) => ({ writer: i % 2, score, genuine: false })),
];

describe('equal error rate', () => {
  it('is nothing where the kinds are apart, and one where they are the wrong way round', () => {
    const apart = equalError(comparisons([3, 4, 5], [0, 1, 2]), 2);
    expect(apart).toMatchObject({ rate: 0, interval: { low: 0, high: 0 } });
    expect(apart.threshold).toBe(3);
    expect(equalError(comparisons([0, 1, 2], [3, 4, 5]), 2).rate).toBe(1);
  });

  it('by hand', () => {
    // From 2 on: one genuine of four is below, one impostor of four is at or above.
    expect(equalError(comparisons([1, 2, 3, 4], [-2, -1, 0, 2.5]), 2)).toMatchObject({
      rate: 0.25,
      threshold: 2,
    });
  });

  it('is a rate within its own interval’s range, whatever the scores', () => {
    const scores = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(scores, scores, (genuine, impostor) => {
        const { rate, interval } = equalError(comparisons(genuine, impostor), 2);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(1);
        expect(interval.low).toBeLessThanOrEqual(interval.high);
      }),
      { numRuns: 10 },
    );
  });

  it('has a wide interval where one writer makes the errors', () => {
    const many = (writer: number, genuine: number[], impostor: number[]): Comparison[] =>
      comparisons(genuine, impostor).map((each) => ({ ...each, writer }));
    const good = Array.from({ length: 9 }, (_, i) => many(i, [3, 4], [0, 1])).flat();
    const { interval } = equalError([...good, ...many(9, [0, 1], [3, 4])], 10);
    expect(interval.low).toBe(0);
    expect(interval.high).toBeGreaterThan(0.15);
  });

  it('needs both kinds', () => {
    expect(() => equalError(comparisons([1], []), 2)).toThrow(RangeError);
  });
});
