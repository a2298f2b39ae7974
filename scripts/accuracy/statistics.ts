/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/** Errors below which a rate is not known to within ±30 % at 90 % confidence (rule of 30, ISO/IEC 19795-1). */
export const RULE_OF_30 = 30;

export interface Interval {
  low: number;
  high: number;
}

/** An observed error rate. `estimate` is null without trials. */
export interface Rate {
  errors: number;
  trials: number;
  estimate: number | null;
  /** 95 % Wilson interval, as if the trials were independent. */
  interval: Interval;
  /** False when the data hold fewer than 30 errors. */
  resolvable: boolean;
}

/**
 * A rate out of counts, with the Wilson score interval.
 *
 * @throws RangeError unless 0 <= errors <= trials, both whole
 */
export function rateOf(errors: number, trials: number): Rate {
  if (!Number.isInteger(errors) || !Number.isInteger(trials) || errors < 0 || errors > trials) {
    throw new RangeError(`${errors} errors in ${trials} trials is no rate`);
  }
  return {
    errors,
    trials,
    estimate: trials === 0 ? null : errors / trials,
    interval: wilson(errors, trials),
    resolvable: errors >= RULE_OF_30,
  };
}

function wilson(errors: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const p = errors / trials;
  const shrink = 1 + Z ** 2 / trials;
  const centre = (p + Z ** 2 / (2 * trials)) / shrink;
  const half = (Z / shrink) * Math.sqrt((p * (1 - p)) / trials + Z ** 2 / (4 * trials ** 2));
  return {
    low: errors === 0 ? 0 : Math.max(0, centre - half),
    high: errors === trials ? 1 : Math.min(1, centre + half),
  };
}

/**
 * The largest rate that no error in so many independent trials leaves possible at 95 % confidence, one-sided:
 * close to 3 / trials (rule of 3, ISO/IEC 19795-1).
 */
export function boundWithoutErrors(trials: number): number {
  return trials === 0 ? 1 : 1 - 0.05 ** (1 / trials);
}

/** Whether so many trials are expected to hold the 30 errors that a threshold for this rate needs. */
export function canResolve(rate: number, trials: number): boolean {
  return rate * trials >= RULE_OF_30;
}

/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The least value that at least `share` of the sorted values do not exceed; null without any. */
export function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
}
