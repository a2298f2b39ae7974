import { presentRemarks } from '../../biometrics/index.js';
import { ComparisonFinding, Outcome } from '../../grpc/gen/probity/biometrics/v1/finding.js';
import { VerificationState as VerificationStateMessage } from '../../grpc/gen/probity/exams/v1/exam_service.js';
import {
  type Verification as VerificationMessage,
  VerificationMethod as MethodMessage,
} from '../../grpc/gen/probity/exams/v1/identification_service.js';
import type { Exam } from '../exam.js';
import {
  isAsked,
  type Comparison,
  type Verification,
  type VerificationMethod,
  type VerificationState,
} from '../identifying/verification.js';
import { examName, userName } from './names.js';
import { time } from './time.js';

export const VERIFICATION_STATES: Record<VerificationState, VerificationStateMessage> = {
  PENDING: VerificationStateMessage.VERIFICATION_STATE_PENDING,
  APPROVAL_REQUESTED: VerificationStateMessage.VERIFICATION_STATE_APPROVAL_REQUESTED,
  VERIFIED: VerificationStateMessage.VERIFICATION_STATE_VERIFIED,
};

const METHODS: Record<VerificationMethod, MethodMessage> = {
  SERVER_MATCH: MethodMessage.VERIFICATION_METHOD_SERVER_MATCH,
  STAFF: MethodMessage.VERIFICATION_METHOD_STAFF,
};

const OUTCOMES: Record<Comparison['outcome'], Outcome> = {
  MATCH: Outcome.OUTCOME_MATCH,
  NO_MATCH: Outcome.OUTCOME_NO_MATCH,
  INCONCLUSIVE: Outcome.OUTCOME_INCONCLUSIVE,
};

export function presentOutcome(outcome: Comparison['outcome']): Outcome {
  return OUTCOMES[outcome];
}

/** @param state of this moment; when and how it was proven is shown only while it is VERIFIED */
export function presentVerification(
  exam: Exam,
  verification: Verification,
  state: VerificationState,
  attemptsLeft: number,
): VerificationMessage {
  const proven = state === 'VERIFIED';
  const { method, verifiedAt, expiresAt, userId } = verification;
  return {
    exam: examName(exam),
    user: userName(userId),
    state: VERIFICATION_STATES[state],
    method: proven && method ? METHODS[method] : MethodMessage.VERIFICATION_METHOD_UNSPECIFIED,
    verifyTime: proven ? time(verifiedAt) : undefined,
    expireTime: proven ? time(expiresAt) : undefined,
    attemptsLeft,
    approvalRequested: isAsked(verification, state),
  };
}

/** A comparison. A score that does not exist is 0. */
export function presentComparison(comparison: Comparison): ComparisonFinding {
  return ComparisonFinding.fromPartial({
    outcome: OUTCOMES[comparison.outcome],
    score: comparison.score ?? 0,
    threshold: comparison.threshold,
    model: comparison.modelId,
    reasons: comparison.reasons,
    remarks: presentRemarks(comparison.remarks ?? []),
  });
}
