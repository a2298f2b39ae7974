/**
 * How much typing and mousing is enough, what it may say, and from when it decides. Everything here is provisional: no
 * recording of this product's own students stands behind it. Each number says where it comes from.
 */

/** Names the form of the templates; they are compared with no other. */
export const MODEL_ID = 'interaction-rhythm/1';

/** Recordings that a reference keeps. */
export const MOST_TEMPLATES = 10;

/**
 * What is enough. Five repetitions is the least that the fixed texts were measured with (modality survey: 17.5 % EER
 * alone, 7.4 % with a population), 50 keys the shortest window of free text (9.1 %). 200 keys to enrol is a guess between
 * that and the 1,500 that were measured. Mouse: a guess.
 */
export const ENOUGH = {
  enrol: { repetitions: 5, keystrokes: 200, actions: 50 },
  test: { keystrokes: 50, actions: 20 },
} as const;

/** Fixed texts of one user that are compared, those typed most often: each costs a fit of its population. */
export const MOST_TEXTS = 5;

/** Keys of one window of free text, half a minute of typing and a length that was measured; and how far the next one is. */
export const WINDOW = { keystrokes: 100, step: 50 } as const;

/**
 * Thresholds on the log-likelihood ratio, in nats. ±2 is where, at the assumed separation, 2 % of impostors match and 2 %
 * of genuine windows do not; three in ten genuine windows say nothing.
 */
export const DECISION = { match: 2, review: -2 } as const;

/** Most that all methods together say: no rhythm was measured that would deserve more. */
export const MOST_EVIDENCE = 5;

/**
 * Two normal distributions of equal deviation that cross at an EER of 10 % lie 2 Φ⁻¹(0.9) deviations apart. 10 % is what
 * fused fixed text measured at one threshold for everybody (30 typists of a PIN, 10 repetitions). Free text measured
 * 5.9 % at 100 keys, by keys where we keep classes: the same 10 % is assumed.
 */
const SEPARATION = 2.563;

/** A standardised distance, an impostor's at 0 ± 1 and a genuine one's at -SEPARATION ± 1. */
export function standardisedEvidence(distance: number): number {
  return -SEPARATION * distance - SEPARATION ** 2 / 2;
}

/**
 * A distance without a population, by its logarithm: so many nats for each halving, none at `neutral`. Two normal
 * distributions as far apart as the EERs of scaled Manhattan say (17.5 % for five repetitions, 10.3 % for 100 keys).
 */
export function aloneEvidence(distance: number, neutral: number): number {
  return NATS_PER_HALVING * Math.log2(neutral / distance);
}

const NATS_PER_HALVING = 5;

/**
 * Where distances speak for neither: where genuine and impostor ones of the made-up typists of
 * test/biometrics/interaction cross, whose spread was chosen so that the rules with a population have the EERs of real
 * ones. A scale taken from few repetitions is too small, so that distances are too large.
 */
export const NEUTRAL = {
  fixedText: (repetitions: number): number => 1.2 * (1 + 2 / repetitions),
  freeText: 1.3,
} as const;

/**
 * What several repetitions say together, by what one says on average: as if any two shared half of their variance. A
 * guess, since nobody has measured how repetitions in one sitting correlate: ten count as not quite two.
 */
export function repeatedEvidence(average: number, repetitions: number): number {
  return average / (SHARED + (1 - SHARED) / repetitions);
}

const SHARED = 0.5;

/** Most that one method says, in nats. The mouse can tip a balance and never decide. */
export const MOST_OF_METHOD = { population: 4, alone: 2.5, mouse: 1 } as const;
