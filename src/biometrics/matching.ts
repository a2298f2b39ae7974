import type { RecogniserEntry } from './engine/index.js';
import { applyGate, type ComparisonFinding, type FaceAnalysis, type FaceTemplate } from './face/index.js';
import { outcomeOf, ruleFor, score } from './scoring.js';

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
  const rule = ruleFor(recogniser, reference.length);
  const value = score(probe, reference, recogniser);
  const outcome = outcomeOf(value, rule);
  return {
    outcome,
    score: value,
    threshold: rule.match,
    reviewThreshold: rule.review,
    modelId: recogniser.id,
    reasons: outcome === 'INCONCLUSIVE' ? ['SCORE_BETWEEN_THRESHOLDS'] : [],
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
