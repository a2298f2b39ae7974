/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import {
  MODEL_IDS,
  type HandwritingComparison,
  type HandwritingForm,
  type HandwritingSample,
} from './finding.js';

/** Templates that a reference keeps at most: there is no calibration for more. */
export const MOST_TEMPLATES = 5;

/**
 * `score = intercept - slope * distance`, in nats: the more alike, the higher. The natural logarithm of
 * P(distance | same hand) / P(distance | another hand), by logistic regression; monotone in the distance, so nothing
 * about the order of comparisons changes.
 */
interface Calibration {
  slope: number;
  intercept: number;
}

export type CalibratedAs = 'TRACE_WITH_PRESSURE' | 'TRACE' | 'IMAGE';

/**
 * For references of 1, 2, … templates. PROVISIONAL, of made-up writers like `trace-population.ts`. "Another hand" is a
 * skilled forger for traces, and for images somebody who does not know the writing: an image does not tell a skilled
 * forger from the writer (shared measurements on SVC2004: 24 % equal error).
 */
const CALIBRATIONS: Record<CalibratedAs, readonly Calibration[]> = {
  TRACE_WITH_PRESSURE: [
    { slope: 8.6, intercept: 17.3 },
    { slope: 8.5, intercept: 16.6 },
    { slope: 9.5, intercept: 18.6 },
    { slope: 10.1, intercept: 19.6 },
    { slope: 11.6, intercept: 22.3 },
  ],
  TRACE: [
    { slope: 6.6, intercept: 13.2 },
    { slope: 6.2, intercept: 12.2 },
    { slope: 7, intercept: 13.7 },
    { slope: 7.5, intercept: 14.4 },
    { slope: 8.6, intercept: 16.6 },
  ],
  IMAGE: [
    { slope: 7.9, intercept: 12.1 },
    { slope: 4.4, intercept: 7.5 },
    { slope: 5.1, intercept: 8.2 },
    { slope: 8.6, intercept: 12.8 },
    { slope: 9.8, intercept: 14.4 },
  ],
};

/**
 * Nats. PROVISIONAL: on the made-up writers, match is where both errors are alike (a nat above it for images, which must
 * not seem to say more than they do) and review about where genuine comparisons end.
 */
export const THRESHOLDS: Record<HandwritingForm, { match: number; review: number }> = {
  TRACE: { match: 0, review: -4 },
  IMAGE: { match: 1, review: -3 },
};

/** The score of a distance to a reference of so many templates. */
export function scoreOf(distance: number, as: CalibratedAs, templates: number): number {
  const calibration = CALIBRATIONS[as][templates - 1];
  if (!calibration) throw new Error(`No calibration for ${templates} templates`);
  return calibration.intercept - calibration.slope * distance;
}

/**
 * From which score a sample belongs to a reference that is being made. Before it is complete it proves nothing, and is
 * held only to what keeps a stranger out: two samples say little of how a hand varies.
 */
export function enrolmentThreshold(form: HandwritingForm, templates: number, required: number): number {
  const { match, review } = THRESHOLDS[form];
  return templates < required ? review : match;
}

/** Mean difference of two templates below which they are copies: of one writer's samples it is thirty times this at least. */
const COPY_DIFFERENCE = 1e-4;

/** Whether two templates are of one and the same sample: no hand writes twice the same. */
export function isCopy(one: Float32Array, other: Float32Array): boolean {
  if (one.length !== other.length) return false;
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += Math.abs(one[i]! - other[i]!);
  return sum <= COPY_DIFFERENCE * one.length;
}

/**
 * What a comparison says.
 *
 * @param score null where there was nothing to compare
 */
export function decide(
  { form, template }: HandwritingSample,
  reference: readonly Float32Array[],
  score: number | null,
): HandwritingComparison {
  const { match, review } = THRESHOLDS[form];
  const common = { threshold: match, reviewThreshold: review, modelId: MODEL_IDS[form] };
  if (template === null || score === null) {
    return { ...common, outcome: 'INCONCLUSIVE', score: null, reasons: ['TOO_LITTLE_WRITING'] };
  }
  if (reference.some((each) => isCopy(template.vector, each))) {
    return { ...common, outcome: 'INCONCLUSIVE', score: null, reasons: ['COPY_OF_ENROLLED'] };
  }
  if (score >= match) return { ...common, outcome: 'MATCH', score, reasons: [] };
  if (score < review) return { ...common, outcome: 'NO_MATCH', score, reasons: [] };
  return { ...common, outcome: 'INCONCLUSIVE', score, reasons: ['SCORE_BETWEEN_THRESHOLDS'] };
}
