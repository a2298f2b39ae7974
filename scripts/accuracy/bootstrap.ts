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
  const random = randomFrom(SEED);
  const fmrs: number[] = [];
  const fnmrs: number[] = [];
  for (let replicate = 0; replicate < REPLICATES; replicate += 1) {
    const weights = new Uint32Array(subjects.length);
    for (let draw = 0; draw < subjects.length; draw += 1)
      weights[Math.floor(random() * subjects.length)]! += 1;
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

function percentiles(values: number[]): Interval {
  if (values.length === 0) return { low: 0, high: 1 };
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}
