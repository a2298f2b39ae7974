import { tracingChannel } from 'node:diagnostics_channel';
import type { RecogniserEntry } from '../engine/index.js';
import { outcomeOf, requireModel, ruleFor, score } from '../scoring.js';
import type { ComparisonFinding, FaceAnalysis, FaceTemplate } from './finding.js';
import { applyGate } from './gate.js';

/** Told of every comparison, for whoever times them from outside; unheard, it costs nothing. */
const tracing = tracingChannel('probity:face.compare');

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
  const rule = ruleFor(recogniser, reference.length);
  for (const template of reference) requireModel(template, recogniser.id);
  const common = { threshold: rule.match, reviewThreshold: rule.review, modelId: recogniser.id };
  const gate = applyGate(probe, 'VERIFICATION');
  if (!gate.passed) {
    return { ...common, outcome: 'INCONCLUSIVE', score: null, reasons: gate.reasons, advice: gate.advice };
  }
  if (!gate.face.template) throw new Error('A comparison needs the embedding part');
  const value = score(gate.face.template, reference, recogniser);
  const outcome = outcomeOf(value, rule);
  if (outcome !== 'INCONCLUSIVE') return { ...common, outcome, score: value, reasons: [], advice: [] };
  return {
    ...common,
    outcome,
    score: value,
    reasons: ['SCORE_BETWEEN_THRESHOLDS'],
    advice: ['LOOK_STRAIGHT_IN_GOOD_LIGHT'],
  };
}
