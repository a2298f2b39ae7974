/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { EmbeddingModel } from '../../src/biometrics/index.js';
import {
  bootstrapSubjects,
  type FalseMatches,
  type SubjectCounts,
  type SubjectIntervals,
} from './bootstrap.js';
import { calibrate, type Calibration } from './calibration.js';
import { forEachComparison, type Design } from './comparisons.js';
import { ScoreDistribution, type OperatingPoint } from './distribution.js';
import { canResolve, rateOf, type Rate } from './statistics.js';

/** False match rates that a threshold is looked for. */
export const TARGETS = [1e-2, 1e-3, 1e-4, 1e-5];

export interface OperatingResult {
  /** A target rate, or a threshold of the manifest. */
  label: string;
  /** Null when the data cannot resolve the target. */
  at: {
    threshold: number;
    fmr: Rate;
    fnmr: Rate;
    /** Under resampling of subjects; the threshold stays. */
    subjects: SubjectIntervals;
  } | null;
}

export interface RuleResult {
  name: string;
  templates: number;
  references: number;
  probes: number;
  genuine: number;
  impostor: number;
  /** Null without genuine or without impostor comparisons, like `calibration`. */
  eer: number | null;
  calibration: Calibration | null;
  operating: OperatingResult[];
  /** For the DET plot; by rising threshold. */
  curve: OperatingPoint[];
}

/** Error rates of one decision rule: at target false match rates, and at the thresholds that are deployed for it. */
export function evaluate(
  design: Design,
  subjects: number,
  { decision }: Pick<EmbeddingModel, 'decision'>,
): RuleResult {
  const scores = new ScoreDistribution();
  forEachComparison(design, (score, _reference, _probe, isGenuine) => {
    scores.add(score, isGenuine);
  });
  const rule = decision.rules[design.templates - 1];
  const wanted: { label: string; threshold: number | null }[] = [
    ...TARGETS.map((target) => ({
      label: `FMR ${target.toExponential()}`,
      threshold: canResolve(target, scores.impostorCount) ? scores.thresholdFor(target) : null,
    })),
    ...(rule
      ? [
          { label: 'deployed: match', threshold: rule.match },
          { label: 'deployed: review', threshold: rule.review },
        ]
      : []),
  ];
  const thresholds = wanted.flatMap(({ threshold }) => (threshold === null ? [] : [threshold]));
  const counted = countErrors(design, subjects, thresholds);
  const both = scores.genuineCount > 0 && scores.impostorCount > 0;
  return {
    name: design.name,
    templates: design.templates,
    references: design.references.length,
    probes: design.probes.length,
    genuine: scores.genuineCount,
    impostor: scores.impostorCount,
    eer: scores.equalErrorRate(),
    calibration: both ? calibrate(scores) : null,
    operating: wanted.map(({ label, threshold }) => {
      if (threshold === null) return { label, at: null };
      const { perSubject, falseMatches, falseNonMatches, matched } = counted.get(threshold)!;
      return {
        label,
        at: {
          threshold,
          fmr: rateOf(matched, scores.impostorCount),
          fnmr: rateOf(falseNonMatches, scores.genuineCount),
          subjects: bootstrapSubjects(perSubject, falseMatches),
        },
      };
    }),
    curve: scores.curve(),
  };
}

interface ErrorCounts {
  perSubject: SubjectCounts[];
  falseMatches: FalseMatches[];
  matched: number;
  falseNonMatches: number;
}

/** Errors at each threshold, by subject and by pair of subjects. */
function countErrors(design: Design, subjects: number, thresholds: number[]): Map<number, ErrorCounts> {
  const base: SubjectCounts[] = Array.from({ length: subjects }, () => ({
    references: 0,
    probes: 0,
    genuine: 0,
    falseNonMatches: 0,
  }));
  for (const { subject } of design.references) base[subject]!.references += 1;
  for (const { subject } of design.probes) base[subject]!.probes += 1;
  const sorted = [...new Set(thresholds)].sort((a, b) => a - b);
  const misses = sorted.map(() => new Uint32Array(subjects));
  const matches = sorted.map(() => new Map<number, number>());
  const lowest = sorted[0] ?? Infinity;
  forEachComparison(design, (score, reference, probe, isGenuine) => {
    if (isGenuine) {
      base[reference.subject]!.genuine += 1;
      for (let k = sorted.length - 1; k >= 0 && score < sorted[k]!; k -= 1)
        misses[k]![reference.subject]! += 1;
      return;
    }
    if (score < lowest) return;
    const pair = reference.subject * subjects + probe.subject;
    for (let k = 0; k < sorted.length && score >= sorted[k]!; k += 1) {
      matches[k]!.set(pair, (matches[k]!.get(pair) ?? 0) + 1);
    }
  });
  return new Map(
    sorted.map((threshold, k) => {
      const falseMatches = [...matches[k]!].map(([pair, count]) => ({
        reference: Math.floor(pair / subjects),
        probe: pair % subjects,
        count: design.unordered ? 2 * count : count,
      }));
      return [
        threshold,
        {
          perSubject: base.map((each, subject) => ({ ...each, falseNonMatches: misses[k]![subject]! })),
          // An unordered design has half the comparisons that references times probes make.
          falseMatches,
          matched: [...matches[k]!.values()].reduce((sum, count) => sum + count, 0),
          falseNonMatches: misses[k]!.reduce((sum, count) => sum + count, 0),
        },
      ];
    }),
  );
}
