import { growthOf } from '../../scripts/bench/growth.js';

const constant = (bytes: number, count: number): number[] => Array<number>(count).fill(bytes);

describe('growth of a process', () => {
  it('is between the end of the warm-up and the end', () => {
    const looks = [...constant(50, 30), ...constant(100, 20), ...constant(104, 60), ...constant(110, 20)];
    const { rss, growth } = growthOf(looks, 50);
    expect(rss).toEqual({ start: 100, end: 110 });
    expect(growth).toBeCloseTo(0.1, 9);
  });

  it('does not count a single tooth of the heap', () => {
    const looks = [...constant(100, 19), 180, ...constant(100, 19), 180];
    expect(growthOf(looks, 20).growth).toBe(0);
  });

  it('is negative where memory was given back', () => {
    expect(growthOf([...constant(100, 5), ...constant(90, 5)], 5).growth).toBeCloseTo(-0.1, 9);
  });

  it('never looks before the end of the warm-up for the end', () => {
    expect(growthOf([100, 100, 100, 130], 3).rss).toEqual({ start: 100, end: 130 });
  });

  it('needs looks on both sides', () => {
    expect(() => growthOf([1, 2], 2)).toThrow('Too few');
    expect(() => growthOf([1, 2], 0)).toThrow('Too few');
  });
});
