/**
 * How writers vary from one time to the next, where a reference of few traces cannot say it. PROVISIONAL: of the
 * made-up writers of scripts/accuracy/signature/writers.ts (20 of them, 20 signatures each, seed 1000, 2026-11-25). No
 * signatures of people were at hand that may be used; docs/accuracy.md says what that means.
 */

/** Mean distance of two traces of one writer (`dtw.ts`). */
export const EXPECTED_DISTANCE = { withPressure: 0.3, withoutPressure: 0.28 } as const;

/** Standard deviation within a writer of every feature of `global-features.ts`. */
export const FEATURE_SPREAD: Readonly<Record<string, number>> = {
  duration: 0.11,
  penDown: 0.021,
  strokes: 0.077,
  aspect: 0.25,
  path: 0.093,
  speedMean: 0.14,
  speedPeak: 0.16,
  speedSpread: 0.094,
  speedDown: 0.031,
  accelerationSpread: 0.22,
  pauses: 0.029,
  speedMinima: 0.17,
  turnsX: 0.21,
  turnsY: 0.17,
  rightwards: 0.044,
  downwards: 0.051,
  endX: 0.22,
  endY: 0.33,
  startX: 0.13,
  startY: 0.18,
  firstThirdX: 0.092,
  lastThirdX: 0.094,
  spreadX: 0.066,
  slant: 0.17,
  pressureMean: 0.059,
  pressurePeak: 0.065,
  pressureSpread: 0.16,
  pressureStart: 0.1,
  pressureEnd: 0.094,
  pressurePeaks: 0.13,
  pressureWithSpeed: 0.12,
};
