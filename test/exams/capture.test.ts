import fc from 'fast-check';
import {
  advance,
  CAPTURE_POLICY,
  readClock,
  UNKNOWN_CLOCK,
  type ClientClock,
  type FrameNumbers,
} from '../../src/exams/watching/capture.js';

const NONE: ReadonlySet<number> = new Set();

function clockOf(frames: [captured: number, received: number][]): boolean[] {
  let clock: ClientClock = UNKNOWN_CLOCK;
  return frames.map(([captured, received]) => {
    const read = readClock(clock, captured, received, CAPTURE_POLICY);
    clock = read.clock;
    return read.stale;
  });
}

test('a clock that is minutes off but runs is no anomaly', () => {
  expect(
    clockOf([
      [0, 120_000],
      [10_000, 130_050],
      [20_000, 140_020],
    ]),
  ).toEqual([false, false, false]);
});

test('a stored picture, one from the future and one from before the last are stale', () => {
  expect(
    clockOf([
      [0, 50],
      [10_000, 60_000],
    ]),
  ).toEqual([false, true]);
  expect(
    clockOf([
      [0, 50],
      [60_000, 10_000],
    ]),
  ).toEqual([false, true]);
  expect(
    clockOf([
      [10_000, 10_050],
      [9_000, 11_000],
    ]),
  ).toEqual([false, true]);
  expect(clockOf([[0, 600_000]])).toEqual([true]);
});

test('who does not say when cannot be stale', () => {
  expect(readClock(UNKNOWN_CLOCK, null, 5, CAPTURE_POLICY)).toEqual({ clock: UNKNOWN_CLOCK, stale: false });
});

test('any order of any numbers: `next` is the lowest that is neither committed nor skipped by the client', () => {
  const arrivals = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 12 });
  fc.assert(
    fc.property(arrivals, fc.uniqueArray(fc.integer({ min: 1, max: 12 })), (order, refused) => {
      const owed = new Set(refused);
      const done = new Set<number>();
      const skipped = new Set<number>();
      let numbers: FrameNumbers = { last: 0, next: 1 };
      for (const frame of order) {
        const missing = Array.from({ length: 12 }, (_, i) => i + 1).filter(
          (n) => n < frame && n > numbers.last && n >= numbers.next && !owed.has(n),
        );
        const step = advance(numbers, frame, owed, (n) => done.has(n));
        if (frame < numbers.next) expect(step.jumped).toBe(!owed.has(frame));
        else expect(step.jumped).toBe(missing.length > 0);
        if (missing.length > 0 && frame > numbers.next) for (let n = 1; n < frame; n++) skipped.add(n);
        numbers = step.numbers;
        done.add(frame);
        expect(numbers.last).toBe(Math.max(...done));
        let lowest = 1;
        while (done.has(lowest) || skipped.has(lowest)) lowest++;
        expect(numbers.next).toBe(lowest);
      }
    }),
  );
});

test('in order there is no jump; a gap is one; what we refused is none', () => {
  expect(advance({ last: 2, next: 3 }, 3, NONE, () => false)).toEqual({
    numbers: { last: 3, next: 4 },
    jumped: false,
  });
  expect(advance({ last: 2, next: 3 }, 5, NONE, () => false)).toEqual({
    numbers: { last: 5, next: 6 },
    jumped: true,
  });
  expect(advance({ last: 2, next: 3 }, 4, new Set([3]), () => false)).toEqual({
    numbers: { last: 4, next: 3 },
    jumped: false,
  });
});
