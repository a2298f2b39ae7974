/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { mean, quantile } from 'simple-statistics';
import {
  fusedDistance,
  scaledManhattan,
  type Distance,
  type Features,
} from '../../../src/biometrics/interaction/fixed-text.js';
import { logTime } from '../../../src/biometrics/interaction/log-time.js';
import { DECISION, standardisedEvidence } from '../../../src/biometrics/interaction/policy.js';
import { SHARE } from '../../../src/biometrics/interaction/rhythm.js';
import { crossing, equalError, type Comparison, type EqualError } from '../eer.js';
import { randomFrom, rateOf, type Interval, type Rate } from '../statistics.js';
import type { KeystrokeCorpus } from './corpus.js';

/**
 * Killourhy and Maxion, "Comparing Anomaly-Detection Algorithms for Keystroke Dynamics" (DSN 2009): the first 200
 * repetitions train, the last 200 are genuine, the first 5 of every other user are the impostors'.
 */
const PROTOCOL = { train: 200, impostor: 5 };
/** Repetitions enrolled: theirs, and what a student may be asked for. */
const ENROLLED = [PROTOCOL.train, 10, 5];
/** Least scale of a time, in seconds: the clock's. */
const LEAST_SECONDS = 0.001;
const REPLICATES = 1_000;
const SEED = 19_795;

export interface DetectorResult {
  name: string;
  enrolled: number;
  genuine: number;
  impostor: number;
  /** Mean over the users of each one's own EER, and 95 % under resampling of users: what the paper reports. */
  perUser: { rate: number; interval: Interval };
  /** One threshold for everybody, as a product has. */
  oneThreshold: EqualError;
  /** At the deployed threshold, where the detector has one. */
  atMatch: { falseNonMatch: Rate; falseMatch: Rate } | null;
}

interface Detector {
  name: string;
  /** Whether every other user is an impostor, or only those who are in no background. */
  impostors: 'ALL' | 'OUTSIDE_BACKGROUND';
  scale: (seconds: number) => number;
  fit: (enrolled: readonly Features[], background: readonly (readonly Features[])[]) => Distance;
  /** Score from which it is a match, by the product's own calibration. */
  match: number | null;
  scoreOf: (distance: number) => number;
}

const seconds = (value: number): number => value;
const manhattan = {
  scale: seconds,
  fit: (enrolled: readonly Features[]) => scaledManhattan(enrolled, LEAST_SECONDS),
  match: null,
  scoreOf: (distance: number) => -distance,
};
const DETECTORS: Detector[] = [
  { ...manhattan, name: 'scaled Manhattan, all impostors', impostors: 'ALL' },
  { ...manhattan, name: 'scaled Manhattan', impostors: 'OUTSIDE_BACKGROUND' },
  {
    name: 'Laplace ratio + PLDA',
    impostors: 'OUTSIDE_BACKGROUND',
    scale: logTime,
    fit: fusedDistance,
    match: DECISION.match,
    scoreOf: standardisedEvidence,
  },
];

/** Users of one half are told from those of the other, and attacked by their own: no impostor was ever trained on. */
export function measureKeystrokes({ subjects }: KeystrokeCorpus): DetectorResult[] {
  const least = Math.min(...subjects.map(({ repetitions }) => repetitions.length));
  const train = Math.min(PROTOCOL.train, Math.floor(least / 2));
  const sizes = [...new Set(ENROLLED.map((enrolled) => Math.min(enrolled, train)))];
  return DETECTORS.flatMap((detector) => {
    const typed = subjects.map(({ repetitions }) =>
      repetitions.map((times) => times.map((time) => detector.scale(time))),
    );
    return sizes.map((enrolled) => measure(detector, typed, { train, enrolled }));
  });
}

function measure(
  { name, impostors, fit, match, scoreOf }: Detector,
  typed: readonly Features[][],
  { train, enrolled }: { train: number; enrolled: number },
): DetectorResult {
  const half = (user: number): number => user % 2;
  const background = [0, 1].map((which) =>
    typed.filter((_, user) => half(user) !== which).map((samples) => samples.slice(0, SHARE.repetitions)),
  );
  const comparisons = typed.flatMap((samples, user) => {
    const distance = fit(samples.slice(0, enrolled), background[half(user)]!);
    const compare = (probe: Features, genuine: boolean): Comparison => ({
      writer: user,
      score: scoreOf(distance(probe)),
      genuine,
    });
    const others = typed.filter(
      (_, other) => other !== user && (impostors === 'ALL' || half(other) === half(user)),
    );
    return [
      ...samples.slice(-train).map((probe) => compare(probe, true)),
      ...others.flatMap((each) => each.slice(0, PROTOCOL.impostor).map((probe) => compare(probe, false))),
    ];
  });
  const genuine = comparisons.filter((each) => each.genuine);
  const impostor = comparisons.filter((each) => !each.genuine);
  return {
    name,
    enrolled,
    genuine: genuine.length,
    impostor: impostor.length,
    perUser: averaged(typed.map((_, user) => ownRate(comparisons.filter(({ writer }) => writer === user)))),
    oneThreshold: equalError(comparisons, typed.length),
    atMatch:
      match === null
        ? null
        : {
            falseNonMatch: rateOf(genuine.filter(({ score }) => score < match).length, genuine.length),
            falseMatch: rateOf(impostor.filter(({ score }) => score >= match).length, impostor.length),
          },
  };
}

function ownRate(comparisons: readonly Comparison[]): number {
  const sorted = [...comparisons].sort((a, b) => a.score - b.score);
  return crossing(sorted, () => 1)!.rate;
}

function averaged(rates: readonly number[]): DetectorResult['perUser'] {
  const random = randomFrom(SEED);
  const means = Array.from({ length: REPLICATES }, () =>
    mean(rates.map(() => rates[Math.floor(random() * rates.length)]!)),
  );
  return { rate: mean([...rates]), interval: { low: quantile(means, 0.025), high: quantile(means, 0.975) } };
}
