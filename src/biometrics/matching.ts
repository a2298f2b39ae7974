import type { DecisionRule, RecogniserEntry } from './engine/index.js';
import {
  applyGate,
  score,
  type ComparisonFinding,
  type FaceAnalysis,
  type FaceTemplate,
} from './face/index.js';

/** The decision rule for a reference of that many templates. */
export function ruleFor(recogniser: RecogniserEntry, templates: number): DecisionRule {
  const rule = recogniser.decision.rules[templates - 1];
  if (!rule) throw new Error(`No decision rule for ${templates} templates`);
  return rule;
}

/**
 * Compares two faces that passed no gate, or passed it before: templates from ExtractTemplate.
 *
 * @throws StatusError MODEL_MISMATCH
 */
export function compareTemplates(
  probe: FaceTemplate,
  reference: readonly FaceTemplate[],
  recogniser: RecogniserEntry,
): ComparisonFinding {
  const { match, review } = ruleFor(recogniser, reference.length);
  const value = score(probe, reference, recogniser);
  const between = value < match && value >= review;
  return {
    outcome: value >= match ? 'MATCH' : between ? 'INCONCLUSIVE' : 'NO_MATCH',
    score: value,
    threshold: match,
    reviewThreshold: review,
    modelId: recogniser.id,
    reasons: between ? ['SCORE_BETWEEN_THRESHOLDS'] : [],
    advice: [],
  };
}

/** The template of a picture that may be compared, or why it may not. */
export function usable(
  analysis: FaceAnalysis,
  recogniser: RecogniserEntry,
): { template: FaceTemplate } | { refused: ComparisonFinding } {
  const gate = applyGate(analysis, 'VERIFICATION');
  if (gate.passed) {
    if (!gate.face.template) throw new Error('A comparison needs the embedding part');
    return { template: gate.face.template };
  }
  const { match, review } = ruleFor(recogniser, 1);
  return {
    refused: {
      outcome: 'INCONCLUSIVE',
      score: null,
      threshold: match,
      reviewThreshold: review,
      modelId: recogniser.id,
      reasons: gate.reasons,
      advice: gate.advice,
    },
  };
}
