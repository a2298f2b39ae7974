import type { SpeakerEntry } from '../engine/index.js';
import { outcomeOf, ruleFor, score } from '../scoring.js';
import type { VoiceAnalysis, VoiceComparison, VoiceTemplate } from './finding.js';
import { applyVoiceGate } from './gate.js';

/**
 * Compares a probe with a reference (1:1). Too little speech, several speakers or noise are INCONCLUSIVE: never a
 * match, never silently a different person.
 *
 * @param probe analysed as one utterance
 * @throws StatusError MODEL_MISMATCH when a template is of another model
 */
export function compareVoice(
  probe: VoiceAnalysis,
  reference: readonly VoiceTemplate[],
  speaker: SpeakerEntry,
): VoiceComparison {
  const rule = ruleFor(speaker, reference.length);
  const common = { threshold: rule.match, reviewThreshold: rule.review, modelId: speaker.id };
  const gate = applyVoiceGate(probe, 'VERIFICATION');
  if (!gate.passed) {
    const { reasons, advice } = gate;
    return { ...common, outcome: 'INCONCLUSIVE', score: null, logLikelihoodRatio: null, reasons, advice };
  }
  const [utterance] = gate.utterances;
  if (!utterance) throw new Error('Speech that passes a gate has an utterance');
  const value = score(utterance.template, reference, speaker);
  const outcome = outcomeOf(value, rule);
  const between = outcome === 'INCONCLUSIVE';
  return {
    ...common,
    outcome,
    score: value,
    logLikelihoodRatio: rule.calibration.slope * value + rule.calibration.intercept,
    reasons: between ? ['SCORE_BETWEEN_THRESHOLDS'] : [],
    advice: between ? ['Speak for longer, as you did when you registered.'] : [],
  };
}
