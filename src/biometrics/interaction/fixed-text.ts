/** One text that everybody types, by its rhythm. The constants are those of the recipe in docs/adr/0012. */
import { createHash } from 'node:crypto';
import { isModifier, type KeyClass } from './keys.js';
import { logTime, PAUSE_MS } from './log-time.js';
import { fitPlda } from './plda.js';
import type { Keystroke } from './recording.js';
import { columns, mean, meanDeviation, median, standardiser } from './statistics.js';

/** Keys that a text must have to have a rhythm, and may have for its features to stay few. */
const KEYS = { least: 4, most: 32 };
/** Users that must have typed the same text before a population says anything: half as many are no covariance. */
export const LEAST_BACKGROUND = 15;
/** What one feature may speak against somebody, in scales: one slip is no other person. */
const CLIP = 5;
/** Repetitions that the population's scale counts for beside the user's own, and its share that is within one person. */
const PRIOR = { repetitions: 4, within: 0.6 };
/** Least scale of a log time: below it are clocks, not people. */
const LEAST_SCALE = 0.01;

/** Log times of one repetition: all holds, then all press-press, then all release-press. */
export type Features = readonly number[];

export interface Repetition {
  /** The same for everybody who typed the same keys for the same text; the text cannot be read from it. */
  text: number;
  features: Features;
}

/** Low is genuine. */
export type Distance = (probe: Features) => number;

/** Null where somebody paused, or it is too short or too long. Modifiers are left out. */
export function repetitionOf(text: string, keystrokes: readonly Keystroke[]): Repetition | null {
  const keys = keystrokes.filter(({ key }) => !isModifier(key));
  if (keys.length < KEYS.least || keys.length > KEYS.most) return null;
  const next = keys.slice(1);
  const holds = keys.map(({ press, release }) => release - press);
  const pressPress = next.map(({ press }, index) => press - (keys[index]?.press ?? press));
  const releasePress = next.map(({ press }, index) => press - (keys[index]?.release ?? press));
  const times = [...holds, ...pressPress, ...releasePress];
  if (times.some((ms) => Math.abs(ms) > PAUSE_MS)) return null;
  const classes = keys.map(({ key }) => key);
  // A template holds single-precision numbers: what is compared must not depend on whether it was kept.
  return { text: textNumber(text, classes), features: times.map((ms) => Math.fround(logTime(ms / 1_000))) };
}

/** 24 bits, which a template's numbers hold exactly. A slip makes another text, which nobody else has typed. */
function textNumber(text: string, keys: readonly KeyClass[]): number {
  return createHash('sha256')
    .update(`${text}\n${keys.join(' ')}`)
    .digest()
    .readUIntBE(0, 3);
}

/** Distance from the means in mean absolute deviations, averaged; Killourhy and Maxion (2009). Needs nobody else. */
export function scaledManhattan(enrolled: readonly Features[], leastScale = LEAST_SCALE): Distance {
  const model = columns(enrolled).map((values) => {
    const centre = mean(values);
    return { centre, scale: Math.max(meanDeviation(values, centre), leastScale) };
  });
  return (probe) =>
    mean(model.map(({ centre, scale }, index) => Math.abs((probe[index] ?? 0) - centre) / scale));
}

interface Laplace {
  centre: number;
  scale: number;
}

function laplace(vectors: readonly Features[]): Laplace[] {
  return columns(vectors).map((values) => {
    const centre = median(values);
    return { centre, scale: Math.max(meanDeviation(values, centre), LEAST_SCALE) };
  });
}

/** Minus the log-likelihood ratio of the user's Laplace distributions to the population's, each clipped. */
export function laplaceRatio(enrolled: readonly Features[], population: readonly Features[]): Distance {
  const n = enrolled.length;
  const background = laplace(population);
  const user = laplace(enrolled).map(({ centre, scale }, index) => {
    const prior = PRIOR.within * (background[index]?.scale ?? scale);
    return { centre, scale: (n * scale + PRIOR.repetitions * prior) / (n + PRIOR.repetitions) };
  });
  const term = (value: number, { centre, scale }: Laplace): number =>
    Math.min(Math.abs(value - centre) / scale, CLIP) + Math.log(scale);
  return (probe) =>
    user.reduce((sum, own, index) => {
      const value = probe[index] ?? 0;
      return sum + term(value, own) - term(value, background[index] ?? own);
    }, 0);
}

/**
 * The Laplace ratio and PLDA, each standardised on the background, added, and standardised again: an impostor of the
 * background is at 0 ± 1.
 *
 * @param background repetitions of the same text by user, of LEAST_BACKGROUND users or more, without this one
 */
export function fusedDistance(
  enrolled: readonly Features[],
  background: readonly (readonly Features[])[],
): Distance {
  const population = background.flat();
  const parts = [laplaceRatio(enrolled, population), fitPlda(background)(enrolled)].map((distance) => {
    const scores = population.map(distance);
    return { distance, scores, standardise: standardiser(scores) };
  });
  const standardise = standardiser(
    population.map((_, index) =>
      parts.reduce((sum, part) => sum + part.standardise(part.scores[index] ?? Number.NaN), 0),
    ),
  );
  return (probe) => standardise(parts.reduce((sum, part) => sum + part.standardise(part.distance(probe)), 0));
}
