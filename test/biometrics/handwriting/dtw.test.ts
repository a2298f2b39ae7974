import fc from 'fast-check';
import { dtwDistance, type Sequence } from '../../../src/biometrics/handwriting/dtw.js';

const WIDTH = 2;
const sequence = (minLength = 1): fc.Arbitrary<Sequence> =>
  fc
    .array(
      fc.tuple(fc.float({ min: -10, max: 10, noNaN: true }), fc.float({ min: -10, max: 10, noNaN: true })),
      {
        minLength,
        maxLength: 60,
      },
    )
    .map((frames) => ({ frames: Float32Array.from(frames.flat()), width: WIDTH, length: frames.length }));

const of = (...values: number[]): Sequence => ({
  frames: Float32Array.from(values),
  width: 1,
  length: values.length,
});

describe('warped distance', () => {
  it('is zero for a sequence and itself', () => {
    fc.assert(fc.property(sequence(), (a) => expect(dtwDistance(a, a)).toBe(0)));
  });

  it('is the same both ways, finite and not negative', () => {
    fc.assert(
      fc.property(sequence(), sequence(), (a, b) => {
        const distance = dtwDistance(a, b);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThan(Infinity);
        expect(dtwDistance(b, a)).toBeCloseTo(distance, 9);
      }),
    );
  });

  it('is never more than frame against frame', () => {
    fc.assert(
      fc.property(sequence(), (a) => {
        const b = { ...a, frames: a.frames.toReversed() };
        const lockstep = a.frames.reduce((sum, value, i) => sum + Math.abs(value - b.frames[i]!) / WIDTH, 0);
        expect(dtwDistance(a, b)).toBeLessThanOrEqual(lockstep / a.length + 1e-6);
      }),
    );
  });

  it('forgives a delay within the band, not one beyond it', () => {
    const pulse = (at: number): Sequence => of(...Array.from({ length: 101 }, (_, i) => (i === at ? 1 : 0)));
    expect(dtwDistance(pulse(50), pulse(58))).toBe(0);
    expect(dtwDistance(pulse(50), pulse(75))).toBeGreaterThan(0);
  });

  it('by hand', () => {
    // The path 0-0, 1-1, 1-2: twice nothing, twice nothing, once nothing.
    expect(dtwDistance(of(0, 1), of(0, 1, 1))).toBe(0);
    // Frame against frame: 2 * 1 + 2 * 1, over four frames.
    expect(dtwDistance(of(0, 0), of(1, 1))).toBe(1);
  });

  it('needs frames', () => {
    expect(() => dtwDistance(of(), of(1))).toThrow(RangeError);
  });
});
