/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { quantile } from 'simple-statistics';
import { randomFrom, type Interval } from './statistics.js';

const REPLICATES = 1_000;
const SEED = 19_795;

/** A comparison with one writer's reference. */
export interface Comparison {
  /** Index of the writer whose reference it is. */
  writer: number;
  /** The more alike, the higher. */
  score: number;
  genuine: boolean;
}

export interface EqualError {
  rate: number;
  /** Score from which it is a match. */
  threshold: number;
  /** 95 % percentile interval of the rate under resampling of writers. */
  interval: Interval;
}

/**
 * Where as many genuine comparisons fail as impostors pass, one threshold for all writers.
 *
 * @throws RangeError without genuine or without impostor comparisons
 */
export function equalError(comparisons: readonly Comparison[], writers: number): EqualError {
  const sorted = [...comparisons].sort((a, b) => a.score - b.score);
  const all = crossing(sorted, () => 1);
  if (!all) throw new RangeError('An equal error rate needs genuine and impostor comparisons');
  const random = randomFrom(SEED);
  const rates: number[] = [];
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const weights = new Uint32Array(writers);
    for (let draw = 0; draw < writers; draw++) weights[Math.floor(random() * writers)]! += 1;
    const found = crossing(sorted, ({ writer }) => weights[writer]!);
    if (found) rates.push(found.rate);
  }
  return { ...all, interval: { low: quantile(rates, 0.025), high: quantile(rates, 0.975) } };
}

/** By rising threshold, the first at which the false non-match rate reaches the false match rate. */
export function crossing(
  sorted: readonly Comparison[],
  weightOf: (comparison: Comparison) => number,
): { rate: number; threshold: number } | null {
  let [genuine, impostor] = [0, 0];
  for (const each of sorted) {
    if (each.genuine) genuine += weightOf(each);
    else impostor += weightOf(each);
  }
  if (genuine === 0 || impostor === 0) return null;
  let [rejected, accepted] = [0, impostor];
  for (const each of sorted) {
    if (rejected / genuine >= accepted / impostor) {
      return { rate: (rejected / genuine + accepted / impostor) / 2, threshold: each.score };
    }
    if (each.genuine) rejected += weightOf(each);
    else accepted -= weightOf(each);
  }
  return { rate: 0.5, threshold: Infinity };
}
