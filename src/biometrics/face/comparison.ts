/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { tracingChannel } from 'node:diagnostics_channel';
import { StatusError } from '../../call/index.js';
import type { RecogniserEntry } from '../engine/index.js';
import type { ComparisonFinding, FaceAnalysis, FaceTemplate } from './finding.js';
import { applyGate } from './gate.js';

/** Told of every comparison, for whoever times them from outside; unheard, it costs nothing. */
const tracing = tracingChannel('probity:face.compare');

/** A copy of length 1. The zero vector stays what it is. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}

/** Cosine similarity of two vectors of one length, -1..1; 0 when either is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`cosine of ${a.length} and ${b.length} dimensions`);
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb))) : 0;
}

/**
 * The templates of a reference as one: their normalised mean. It forgives the odd picture among them and,
 * unlike the best of several scores, does not multiply the false match rate by their number.
 *
 * @throws StatusError MODEL_MISMATCH when they are of several models
 */
export function fuse(templates: readonly FaceTemplate[]): FaceTemplate {
  const [first] = templates;
  if (!first) throw new Error('A reference has at least one template');
  const sum = new Float32Array(first.vector.length);
  for (const template of templates) {
    requireModel(template, first.modelId);
    const unit = normalise(template.vector);
    for (let i = 0; i < sum.length; i++) sum[i]! += unit[i]!;
  }
  return { modelId: first.modelId, vector: normalise(sum) };
}

/**
 * The comparison score of a probe against a reference's templates under the recogniser's fusion rule.
 *
 * @throws StatusError MODEL_MISMATCH when any template is not of this recogniser
 */
export function score(
  probe: FaceTemplate,
  reference: readonly FaceTemplate[],
  { id, decision }: RecogniserEntry,
): number {
  for (const template of [probe, ...reference]) requireModel(template, id);
  switch (decision.fusion) {
    case 'mean':
      return cosine(probe.vector, fuse(reference).vector);
    case 'max':
      return Math.max(...reference.map((template) => cosine(probe.vector, template.vector)));
  }
}

/**
 * Compares a probe with a reference (1:1). A probe without exactly one counting face of sufficient quality is
 * INCONCLUSIVE: never a match, never silently a different person.
 *
 * @param probe analysed with its embedding and quality parts
 * @param recogniser the configured model with the thresholds for each number of templates
 * @throws StatusError MODEL_MISMATCH when a template is of another model
 */
export function compare(
  probe: FaceAnalysis,
  reference: readonly FaceTemplate[],
  recogniser: RecogniserEntry,
): ComparisonFinding {
  return tracing.traceSync(() => decide(probe, reference, recogniser));
}

function decide(
  probe: FaceAnalysis,
  reference: readonly FaceTemplate[],
  recogniser: RecogniserEntry,
): ComparisonFinding {
  const rule = recogniser.decision.rules[reference.length - 1];
  if (!rule) throw new Error(`No decision rule for ${reference.length} templates`);
  for (const template of reference) requireModel(template, recogniser.id);
  const common = { threshold: rule.match, reviewThreshold: rule.review, modelId: recogniser.id };
  const gate = applyGate(probe, 'VERIFICATION');
  if (!gate.passed) {
    return { ...common, outcome: 'INCONCLUSIVE', score: null, reasons: gate.reasons, advice: gate.advice };
  }
  if (!gate.face.template) throw new Error('A comparison needs the embedding part');
  const value = score(gate.face.template, reference, recogniser);
  if (value >= rule.match) return { ...common, outcome: 'MATCH', score: value, reasons: [], advice: [] };
  if (value < rule.review) return { ...common, outcome: 'NO_MATCH', score: value, reasons: [], advice: [] };
  return {
    ...common,
    outcome: 'INCONCLUSIVE',
    score: value,
    reasons: ['SCORE_BETWEEN_THRESHOLDS'],
    advice: ['Look straight into the camera, in good light.'],
  };
}

function requireModel(template: FaceTemplate, modelId: string): void {
  if (template.modelId !== modelId) {
    throw new StatusError(
      'MODEL_MISMATCH',
      `A template of ${template.modelId} cannot be compared under ${modelId}; enrol again.`,
      { metadata: { template: template.modelId, model: modelId } },
    );
  }
}
