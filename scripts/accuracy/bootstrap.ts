/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { quantile } from 'simple-statistics';
import { randomFrom, type Interval } from './statistics.js';

const REPLICATES = 1_000;
const SEED = 19_795;

/** What one subject brought to a rule at one threshold. */
export interface SubjectCounts {
  references: number;
  probes: number;
  genuine: number;
  falseNonMatches: number;
}

/** False matches between the references of one subject and the probes of another. */
export interface FalseMatches {
  reference: number;
  probe: number;
  count: number;
}

export interface SubjectIntervals {
  fmr: Interval;
  fnmr: Interval;
}

/**
 * 95 % percentile intervals of FMR and FNMR under resampling of subjects, at a fixed threshold. Comparisons that
 * share a subject are correlated, so that intervals for independent trials are too narrow (ISO/IEC 19795-1).
 *
 * Every reference of a subject is compared with every probe of every other.
 */
export function bootstrapSubjects(subjects: SubjectCounts[], falseMatches: FalseMatches[]): SubjectIntervals {
  const fmrs: number[] = [];
  const fnmrs: number[] = [];
  for (const weights of replicates(subjects.length)) {
    let references = 0;
    let probes = 0;
    let own = 0;
    let genuine = 0;
    let falseNonMatches = 0;
    subjects.forEach((subject, index) => {
      const weight = weights[index]!;
      references += weight * subject.references;
      probes += weight * subject.probes;
      own += weight * weight * subject.references * subject.probes;
      genuine += weight * subject.genuine;
      falseNonMatches += weight * subject.falseNonMatches;
    });
    const impostor = references * probes - own;
    const matched = falseMatches.reduce(
      (sum, { reference, probe, count }) => sum + weights[reference]! * weights[probe]! * count,
      0,
    );
    if (impostor > 0) fmrs.push(matched / impostor);
    if (genuine > 0) fnmrs.push(falseNonMatches / genuine);
  }
  return { fmr: percentiles(fmrs), fnmr: percentiles(fnmrs) };
}

/** Weights of subjects in each replicate: how often each was drawn. */
function* replicates(subjects: number): Generator<Uint32Array> {
  const random = randomFrom(SEED);
  for (let replicate = 0; replicate < REPLICATES; replicate += 1) {
    const weights = new Uint32Array(subjects);
    for (let draw = 0; draw < subjects; draw += 1) weights[Math.floor(random() * subjects)]! += 1;
    yield weights;
  }
}

/** Scores of the references of one subject with the probes of another, or its own. */
export interface PairScores {
  reference: number;
  probe: number;
  scores: number[];
}

/**
 * 95 % percentile interval of the equal error rate under resampling of subjects. A subject that was drawn twice is
 * compared with itself as often, and is no impostor to itself.
 */
export function bootstrapEqualErrorRate(subjects: number, pairs: readonly PairScores[]): Interval {
  const histograms = pairs.map((pair) => ({ ...pair, bins: histogram(pair.scores) }));
  const rates: number[] = [];
  for (const weights of replicates(subjects)) {
    const genuine = new Float64Array(COARSE_BINS);
    const impostor = new Float64Array(COARSE_BINS);
    for (const { reference, probe, bins } of histograms) {
      const own = reference === probe;
      const weight = own ? weights[reference]! : weights[reference]! * weights[probe]!;
      if (weight === 0) continue;
      const into = own ? genuine : impostor;
      for (const [bin, count] of bins) into[bin]! += weight * count;
    }
    const rate = equalErrorRate(genuine, impostor);
    if (rate !== null) rates.push(rate);
  }
  return percentiles(rates);
}

/** Bins of 0.001: finer than an interval over a few subjects can tell apart. */
const COARSE_BINS = 2_001;

function histogram(scores: readonly number[]): [bin: number, count: number][] {
  const counts = new Map<number, number>();
  for (const score of scores) {
    const bin = Math.round((score + 1) * 1_000);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return [...counts];
}

/** Mean of FMR and FNMR where they come closest; null without both kinds of comparison. */
function equalErrorRate(genuine: Float64Array, impostor: Float64Array): number | null {
  const total = (bins: Float64Array): number => bins.reduce((sum, count) => sum + count, 0);
  const [genuines, impostors] = [total(genuine), total(impostor)];
  if (genuines === 0 || impostors === 0) return null;
  let fmr = 1;
  let fnmr = 0;
  let best = { gap: Infinity, rate: 1 };
  for (let bin = 0; bin < COARSE_BINS; bin += 1) {
    const gap = Math.abs(fmr - fnmr);
    if (gap < best.gap) best = { gap, rate: (fmr + fnmr) / 2 };
    fnmr += genuine[bin]! / genuines;
    fmr -= impostor[bin]! / impostors;
  }
  // Without what adding up shares has lost.
  return Math.max(0, Number(best.rate.toFixed(9)));
}

function percentiles(values: number[]): Interval {
  if (values.length === 0) return { low: 0, high: 1 };
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}
