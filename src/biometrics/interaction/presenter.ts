import { Outcome } from '../../grpc/gen/probity/biometrics/v1/finding.js';
import {
  InteractionMethod,
  InteractionRule,
  type InteractionFinding as FindingMessage,
} from '../../grpc/gen/probity/biometrics/v1/interaction_service.js';
import type { InteractionFinding, InteractionReason } from './finding.js';
import type { Method, MethodRule } from './model.js';

const OUTCOMES: Record<InteractionFinding['outcome'], Outcome> = {
  MATCH: Outcome.OUTCOME_MATCH,
  NO_MATCH: Outcome.OUTCOME_NO_MATCH,
  INCONCLUSIVE: Outcome.OUTCOME_INCONCLUSIVE,
};

const METHODS: Record<Method, InteractionMethod> = {
  FIXED_TEXT: InteractionMethod.INTERACTION_METHOD_FIXED_TEXT,
  FREE_TEXT: InteractionMethod.INTERACTION_METHOD_FREE_TEXT,
  MOUSE: InteractionMethod.INTERACTION_METHOD_MOUSE,
};

const RULES: Record<MethodRule, InteractionRule> = {
  LLR_AND_PLDA: InteractionRule.INTERACTION_RULE_LLR_AND_PLDA,
  COHORT_NORMALISED: InteractionRule.INTERACTION_RULE_COHORT_NORMALISED,
  LOGISTIC_REGRESSION: InteractionRule.INTERACTION_RULE_LOGISTIC_REGRESSION,
  SCALED_MANHATTAN: InteractionRule.INTERACTION_RULE_SCALED_MANHATTAN,
  NOT_ASSESSED: InteractionRule.INTERACTION_RULE_NOT_ASSESSED,
};

const REASONS: Record<InteractionReason, string> = {
  TOO_LITTLE: 'There is too little in the recording that can be compared with what is enrolled.',
  REPLAYED: 'This is a recording that was enrolled, and not somebody who types now.',
  MOUSE_ALONE: 'Only the mouse could be compared, which tells too little.',
  SCORE_BETWEEN_THRESHOLDS: 'The rhythm is neither alike nor different enough to say.',
  RHYTHM_CHANGES: 'The rhythm changes within the recording: a part of it is not that of the rest.',
};

/** Of every finding, whatever came out. */
const LIMITS = [
  'A rhythm is a weak sign: it can raise a doubt about who is typing, and proves nobody’s identity.',
  'It cannot tell a person from a program that plays back or imitates their rhythm.',
  'Another keyboard, an injury, tiredness or a drink change a rhythm without changing the person.',
  'Thresholds and likelihoods are provisional: they rest on published typists and not on students of this installation.',
];
const ALONE =
  'Too few other users are enrolled to tell the person from: compared with their own typing alone, it is less sure.';

export function reasonsInWords({ reasons }: InteractionFinding): string[] {
  return reasons.map((reason) => REASONS[reason]);
}

/** A score that does not exist is 0. */
export function presentInteraction(finding: InteractionFinding): FindingMessage {
  const { outcome, score, threshold, reviewThreshold, modelId, methods, windows } = finding;
  const alone = methods.some(({ rule }) => rule === 'SCALED_MANHATTAN');
  return {
    outcome: OUTCOMES[outcome],
    score: score ?? 0,
    threshold,
    reviewThreshold,
    model: modelId,
    reasons: reasonsInWords(finding),
    methods: methods.map(({ method, rule, evidence, amount, background, reason }) => ({
      method: METHODS[method],
      rule: RULES[rule],
      evidence: evidence ?? 0,
      amount,
      backgroundUsers: background,
      reason,
    })),
    windows: windows.map(({ from, to, score: said }) => ({ fromMillis: from, toMillis: to, score: said })),
    limits: alone ? [...LIMITS, ALONE] : LIMITS,
  };
}
