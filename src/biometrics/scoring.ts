import { StatusError } from '../call/index.js';
import type { DecisionRule, RecogniserEntry, SpeakerEntry } from './engine/index.js';
import { cosine, meanDirection } from './vectors.js';

/** Comparison of embeddings, of whatever modality: one score, one rule for each number of templates. */

/** An embedding and the model that made it. */
export interface Embedding {
  modelId: string;
  vector: Float32Array;
}

/** A model of embeddings with its decision rules. */
export type EmbeddingModel = Pick<RecogniserEntry | SpeakerEntry, 'id' | 'decision'>;

/**
 * The templates of a reference as one: their normalised mean. It forgives the odd sample among them and,
 * unlike the best of several scores, does not multiply the false match rate by their number.
 *
 * @throws StatusError MODEL_MISMATCH when they are of several models
 */
export function fuse(templates: readonly Embedding[]): Embedding {
  const [first] = templates;
  if (!first) throw new Error('A reference has at least one template');
  for (const template of templates) requireModel(template, first.modelId);
  return { modelId: first.modelId, vector: meanDirection(templates.map(({ vector }) => vector)) };
}

/**
 * The comparison score of a probe against a reference's templates under the model's fusion rule.
 *
 * @throws StatusError MODEL_MISMATCH when any template is not of this model
 */
export function score(
  probe: Embedding,
  reference: readonly Embedding[],
  { id, decision }: EmbeddingModel,
): number {
  for (const template of [probe, ...reference]) requireModel(template, id);
  switch (decision.fusion) {
    case 'mean':
      return cosine(probe.vector, fuse(reference).vector);
    case 'max':
      return Math.max(...reference.map((template) => cosine(probe.vector, template.vector)));
  }
}

/** The decision rule for a reference of that many templates. */
export function ruleFor({ decision }: EmbeddingModel, templates: number): DecisionRule {
  const rule = decision.rules[templates - 1];
  if (!rule) throw new Error(`No decision rule for ${templates} templates`);
  return rule;
}

/** What a score says under a rule. */
export function outcomeOf(
  value: number,
  { match, review }: DecisionRule,
): 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE' {
  if (value >= match) return 'MATCH';
  return value < review ? 'NO_MATCH' : 'INCONCLUSIVE';
}

/** @throws StatusError MODEL_MISMATCH */
export function requireModel({ modelId }: Embedding, id: string): void {
  if (modelId === id) return;
  throw new StatusError(
    'MODEL_MISMATCH',
    `A template of ${modelId} cannot be compared under ${id}; enrol again.`,
    {
      metadata: { template: modelId, model: id },
    },
  );
}
