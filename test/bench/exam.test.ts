import fc from 'fast-check';
import sharp from 'sharp';
import { distinct } from '../../scripts/bench/exam/distinct.js';
import { findKnee } from '../../scripts/bench/exam/knee.js';
import { sustained } from '../../scripts/bench/exam/level.js';
import { PORTRAITS } from '../support/faces.js';

describe('the knee', () => {
  it('is found to a tenth, wherever it lies, and never above', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), async (capacity) => {
        const tried: number[] = [];
        const knee = await findKnee(100, 2400, (students) => {
          tried.push(students);
          return Promise.resolve(students <= capacity);
        });
        const reachable = Math.min(capacity, 2400);
        expect(knee).toBeLessThanOrEqual(reachable);
        expect(reachable - knee).toBeLessThanOrEqual(Math.max(10, 0.1 * knee));
        expect(tried.length).toBeLessThan(14);
      }),
    );
  });

  it('is passed by a late hundredth as well as by refusals', () => {
    const latency = { p50: 100, p99: 2000, max: 9000 };
    expect(sustained({ latency, refused: 0.01 })).toBe(true);
    expect(sustained({ latency: { ...latency, p99: 2001 }, refused: 0 })).toBe(false);
    expect(sustained({ latency, refused: 0.011 })).toBe(false);
  });
});

test('a frame told apart is the same picture', async () => {
  const [one, other] = [distinct(PORTRAITS.obama1, 'one'), distinct(PORTRAITS.obama1, 'other')];
  expect(one.equals(other)).toBe(false);
  const pixels = (jpeg: Buffer): Promise<Buffer> => sharp(jpeg).raw().toBuffer();
  expect((await pixels(one)).equals(await pixels(PORTRAITS.obama1))).toBe(true);
  expect((await pixels(other)).equals(await pixels(PORTRAITS.obama1))).toBe(true);
});
