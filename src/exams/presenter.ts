import { formatName } from '../call/index.js';
import { ComparisonFinding, FaceFinding, Outcome } from '../grpc/gen/probity/biometrics/v1/finding.js';
import {
  Assurance as AssuranceMessage,
  Modality as ModalityMessage,
} from '../grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  ChallengeState as ChallengeStateMessage,
  ChallengeStep as ChallengeStepMessage,
  ReferenceState as ReferenceStateMessage,
  type Challenge as ChallengeMessage,
  type Admission as AdmissionMessage,
  type Capture as CaptureMessage,
} from '../grpc/gen/probity/exams/v1/capture_service.js';
import {
  AdmissionReason as AdmissionReasonMessage,
  AdmissionState as AdmissionStateMessage,
} from '../grpc/gen/probity/exams/v1/admission.js';
import {
  EnrolmentState as EnrolmentStateMessage,
  type Enrolment as EnrolmentMessage,
} from '../grpc/gen/probity/exams/v1/enrolment_service.js';
import {
  ExamState as StateMessage,
  ExamType as TypeMessage,
  LivenessPolicy as LivenessMessage,
  VerificationState as VerificationStateMessage,
  type Exam as ExamMessage,
  type ExamStudent as ExamStudentMessage,
} from '../grpc/gen/probity/exams/v1/exam_service.js';
import type {
  IdentityConfidence as IdentityMessage,
  IdentityContribution as ContributionMessage,
} from '../grpc/gen/probity/exams/v1/identity.js';
import {
  CheatMode as CheatModeMessage,
  type Feedback as FeedbackMessage,
} from '../grpc/gen/probity/exams/v1/feedback_service.js';
import {
  VerificationMethod as MethodMessage,
  type Verification as VerificationMessage,
} from '../grpc/gen/probity/exams/v1/identification_service.js';
import {
  CaptureAnomaly as AnomalyMessage,
  type FrameFinding,
  type SampleFinding,
} from '../grpc/gen/probity/exams/v1/monitor_service.js';
import {
  AlertDecision as DecisionMessage,
  AlertType as AlertTypeMessage,
  type Alert as AlertMessage,
  type ProctoringSession,
} from '../grpc/gen/probity/exams/v1/proctoring_service.js';
import {
  OperatingSystem as SystemMessage,
  ProcessPolicySource as SourceMessage,
  type ProcessPolicy as PolicyMessage,
} from '../grpc/gen/probity/exams/v1/process_policy_service.js';
import { presentRemarks, type Assurance, type Remark, type UserReference } from '../biometrics/index.js';
import { stateAt as checkAt, type CheckState } from '../checks/index.js';
import type { Admission } from './admission.js';
import type { AlertDecision, AlertType, OpenAlert } from './alert.js';
import type { StoredAlert } from './alert-store.js';
import type { CaptureAnomaly } from './capture.js';
import { CHALLENGE_POLICY, shareDone, type ChallengeStep } from './challenge.js';
import type { Challenge } from './challenging.js';
import type { Contribution, IdentityConfidence, WatchedModality } from './fusion.js';
import type { Enrolment, EnrolmentState } from './enrolment.js';
import {
  needsChallenge,
  stateAt,
  type Exam,
  type ExamState,
  type ExamType,
  type LivenessPolicy,
  type Span,
} from './exam.js';
import type { CheatMode, Feedback } from './feedback-store.js';
import { HEARTBEAT_MS } from './heartbeat.js';
import type { Observation, SampleObservation } from './observation.js';
import type { PolicySource } from './policy-in-force.js';
import { PROCESS_POLICY_VERSION } from './process-defaults.js';
import type { Person } from './ports.js';
import type { OperatingSystem, ProcessPolicy } from './process-policy.js';
import type { PolicyName } from './requests.js';
import type { Session } from './session.js';
import type { Comparison, Verification, VerificationMethod, VerificationState } from './verification.js';

const STATES: Record<ExamState, StateMessage> = {
  UPCOMING: StateMessage.EXAM_STATE_UPCOMING,
  STARTED: StateMessage.EXAM_STATE_STARTED,
  COMPLETED: StateMessage.EXAM_STATE_COMPLETED,
};
const ENROLMENT_STATES: Record<EnrolmentState, EnrolmentStateMessage> = {
  ENROLLED: EnrolmentStateMessage.ENROLMENT_STATE_ENROLLED,
  ENTERING: EnrolmentStateMessage.ENROLMENT_STATE_ENTERING,
  LAPSED: EnrolmentStateMessage.ENROLMENT_STATE_LAPSED,
  JOINED: EnrolmentStateMessage.ENROLMENT_STATE_JOINED,
  LEFT: EnrolmentStateMessage.ENROLMENT_STATE_LEFT,
};
const TYPES: Record<ExamType, TypeMessage> = {
  ORAL: TypeMessage.EXAM_TYPE_ORAL,
  WRITTEN: TypeMessage.EXAM_TYPE_WRITTEN,
};
const LIVENESS: Record<LivenessPolicy, LivenessMessage> = {
  NEVER_BLOCK: LivenessMessage.LIVENESS_POLICY_NEVER_BLOCK,
  ASK_AGAIN: LivenessMessage.LIVENESS_POLICY_ASK_AGAIN,
  CHALLENGE: LivenessMessage.LIVENESS_POLICY_CHALLENGE,
};
const ASSURANCES: Record<Assurance, AssuranceMessage> = {
  SELF_ASSERTED: AssuranceMessage.ASSURANCE_SELF_ASSERTED,
  SINGLE_SIGN_ON: AssuranceMessage.ASSURANCE_SINGLE_SIGN_ON,
  STAFF_APPROVED: AssuranceMessage.ASSURANCE_STAFF_APPROVED,
  DOCUMENT: AssuranceMessage.ASSURANCE_DOCUMENT,
};
const VERIFICATION_STATES: Record<VerificationState, VerificationStateMessage> = {
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
const ANOMALIES: Record<CaptureAnomaly, AnomalyMessage> = {
  SAME_BYTES: AnomalyMessage.CAPTURE_ANOMALY_SAME_BYTES,
  NEAR_IDENTICAL: AnomalyMessage.CAPTURE_ANOMALY_NEAR_IDENTICAL,
  STALE_TIME: AnomalyMessage.CAPTURE_ANOMALY_STALE_TIME,
  SEQUENCE_JUMP: AnomalyMessage.CAPTURE_ANOMALY_SEQUENCE_JUMP,
  UNREADABLE: AnomalyMessage.CAPTURE_ANOMALY_UNREADABLE,
};
const ALERT_TYPES: Record<AlertType, AlertTypeMessage> = {
  NO_FACE: AlertTypeMessage.ALERT_TYPE_NO_FACE,
  SEVERAL_FACES: AlertTypeMessage.ALERT_TYPE_SEVERAL_FACES,
  DIFFERENT_PERSON: AlertTypeMessage.ALERT_TYPE_DIFFERENT_PERSON,
  SPOOF_SUSPECTED: AlertTypeMessage.ALERT_TYPE_SPOOF_SUSPECTED,
  REPLAYED_FRAME: AlertTypeMessage.ALERT_TYPE_REPLAYED_FRAME,
  REPLAYED_SAMPLE: AlertTypeMessage.ALERT_TYPE_REPLAYED_SAMPLE,
  INCONCLUSIVE_TOO_LONG: AlertTypeMessage.ALERT_TYPE_INCONCLUSIVE_TOO_LONG,
  STREAM_INTERRUPTED: AlertTypeMessage.ALERT_TYPE_STREAM_INTERRUPTED,
  REFERENCE_CHANGED: AlertTypeMessage.ALERT_TYPE_REFERENCE_CHANGED,
  FORBIDDEN_PROCESS: AlertTypeMessage.ALERT_TYPE_FORBIDDEN_PROCESS,
};
const ADMISSION_STATES: Record<Admission['state'], AdmissionStateMessage> = {
  NOT_IDENTIFIED: AdmissionStateMessage.ADMISSION_STATE_NOT_IDENTIFIED,
  IDENTIFIED: AdmissionStateMessage.ADMISSION_STATE_IDENTIFIED,
  MONITORED: AdmissionStateMessage.ADMISSION_STATE_MONITORED,
  APPROVED: AdmissionStateMessage.ADMISSION_STATE_APPROVED,
  PAUSED: AdmissionStateMessage.ADMISSION_STATE_PAUSED,
};
const ADMISSION_REASONS: Record<Admission['reason'], AdmissionReasonMessage> = {
  NONE: AdmissionReasonMessage.ADMISSION_REASON_NONE,
  NOT_YET: AdmissionReasonMessage.ADMISSION_REASON_NOT_YET,
  EXPIRED: AdmissionReasonMessage.ADMISSION_REASON_EXPIRED,
  CAPTURE_LOST: AdmissionReasonMessage.ADMISSION_REASON_CAPTURE_LOST,
  CAMERA_LOST: AdmissionReasonMessage.ADMISSION_REASON_CAMERA_LOST,
  OTHER_PERSON: AdmissionReasonMessage.ADMISSION_REASON_OTHER_PERSON,
};
const CHALLENGE_STEPS: Record<ChallengeStep, ChallengeStepMessage> = {
  LOOK_STRAIGHT: ChallengeStepMessage.CHALLENGE_STEP_LOOK_STRAIGHT,
  TURN_LEFT: ChallengeStepMessage.CHALLENGE_STEP_TURN_LEFT,
  TURN_RIGHT: ChallengeStepMessage.CHALLENGE_STEP_TURN_RIGHT,
  BLINK: ChallengeStepMessage.CHALLENGE_STEP_BLINK,
  SMILE: ChallengeStepMessage.CHALLENGE_STEP_SMILE,
};
const CHALLENGE_STATES: Record<CheckState, ChallengeStateMessage> = {
  OPEN: ChallengeStateMessage.CHALLENGE_STATE_OPEN,
  PASSED: ChallengeStateMessage.CHALLENGE_STATE_PASSED,
  FAILED: ChallengeStateMessage.CHALLENGE_STATE_FAILED,
  EXPIRED: ChallengeStateMessage.CHALLENGE_STATE_EXPIRED,
};
const SYSTEMS: Record<OperatingSystem, SystemMessage> = {
  WINDOWS: SystemMessage.OPERATING_SYSTEM_WINDOWS,
  MACOS: SystemMessage.OPERATING_SYSTEM_MACOS,
  LINUX: SystemMessage.OPERATING_SYSTEM_LINUX,
};
const SOURCES: Record<PolicySource, SourceMessage> = {
  SHIPPED: SourceMessage.PROCESS_POLICY_SOURCE_SHIPPED,
  ORGANISATION: SourceMessage.PROCESS_POLICY_SOURCE_ORGANISATION,
  EXAM: SourceMessage.PROCESS_POLICY_SOURCE_EXAM,
};
const MODALITIES: Record<WatchedModality, ModalityMessage> = {
  FACE: ModalityMessage.MODALITY_FACE,
  VOICE: ModalityMessage.MODALITY_VOICE,
  INTERACTION: ModalityMessage.MODALITY_INTERACTION,
};
const CHEAT_MODES: Record<CheatMode, CheatModeMessage> = {
  COMMUNICATION: CheatModeMessage.CHEAT_MODE_COMMUNICATION,
  IMPERSONATION: CheatModeMessage.CHEAT_MODE_IMPERSONATION,
};
const DECISIONS: Record<AlertDecision, DecisionMessage> = {
  DISMISSED: DecisionMessage.ALERT_DECISION_DISMISSED,
  CONFIRMED: DecisionMessage.ALERT_DECISION_CONFIRMED,
};

function examName({ number }: Pick<Exam, 'number'>): string {
  return formatName('exams/{exam}', { exam: String(number) });
}

export function userName(userId: string): string {
  return formatName('users/{user}', { user: userId });
}

export function sessionName({ number }: Pick<Exam, 'number'>, sessionId: string): string {
  return formatName('exams/{exam}/sessions/{session}', { exam: String(number), session: sessionId });
}

export function alertName({ number }: Pick<Exam, 'number'>, alertId: string): string {
  return formatName('exams/{exam}/alerts/{alert}', { exam: String(number), alert: alertId });
}

export function presentAlertType(type: AlertType): AlertTypeMessage {
  return ALERT_TYPES[type];
}

export function presentDecision(decision: AlertDecision | null): DecisionMessage {
  return decision ? DECISIONS[decision] : DecisionMessage.ALERT_DECISION_UNSPECIFIED;
}

export function presentOutcome(outcome: Comparison['outcome']): Outcome {
  return OUTCOMES[outcome];
}

/** google.protobuf.Duration. */
export function presentDuration(ms: number): { seconds: bigint; nanos: number } {
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

/** @param now the state is that of this moment */
export function presentExam(exam: Exam, now: number): ExamMessage {
  return {
    name: examName(exam),
    displayName: exam.displayName,
    type: TYPES[exam.type],
    state: STATES[stateAt(exam, now)],
    scheduleTime: new Date(exam.scheduledAt),
    duration: presentDuration(exam.durationMinutes * 60_000),
    privacyPolicy: exam.privacyPolicy,
    additionalMaterial: exam.additionalMaterial,
    monitoring: {
      frameInterval: presentDuration(exam.frameIntervalMs),
      liveness: LIVENESS[exam.livenessPolicy],
      minimumAssurance: ASSURANCES[exam.minimumAssurance],
    },
    owner: exam.ownerId === '' ? '' : userName(exam.ownerId),
    startTime: time(exam.startedAt),
    endTime: time(exam.endsAt),
    createTime: new Date(exam.createdAt),
    updateTime: new Date(exam.updatedAt),
  };
}

export function presentEnrolment(enrolment: Enrolment): EnrolmentMessage {
  return {
    name: formatName('enrolments/{enrolment}', { enrolment: String(enrolment.number) }),
    exam: examName({ number: enrolment.examNumber }),
    user: userName(enrolment.userId),
    email: enrolment.email,
    displayName: enrolment.displayName,
    externalId: enrolment.externalId,
    individualInfo: enrolment.individualInfo,
    individualInfoHtml: enrolment.individualInfoHtml,
    skipRequirements: enrolment.skipRequirements,
    openTime: time(enrolment.openAt),
    state: ENROLMENT_STATES[enrolment.state],
    createTime: new Date(enrolment.createdAt),
    updateTime: new Date(enrolment.updatedAt),
    joinTime: time(enrolment.joinedAt),
    leaveTime: time(enrolment.leftAt),
    examState: STATES[enrolment.examState],
  };
}

export function presentStudent(
  person: Person,
  part: {
    verification: VerificationState;
    approvalRequest: string;
    alerts: readonly string[];
    joined: boolean;
  },
): ExamStudentMessage {
  return {
    user: userName(person.id),
    email: person.email,
    givenName: person.givenName,
    familyName: person.familyName,
    verification: VERIFICATION_STATES[part.verification],
    approvalRequest: part.approvalRequest,
    alerts: [...part.alerts],
    joined: part.joined,
  };
}

/** @param state of this moment; when and how it was proven is shown only while it is VERIFIED */
export function presentVerification(
  exam: Exam,
  verification: Verification,
  state: VerificationState,
  attemptsLeft: number,
): VerificationMessage {
  const proven = state === 'VERIFIED';
  const { method, verifiedAt, expiresAt, userId, approvalRequest } = verification;
  return {
    exam: examName(exam),
    user: userName(userId),
    state: VERIFICATION_STATES[state],
    method: proven && method ? METHODS[method] : MethodMessage.VERIFICATION_METHOD_UNSPECIFIED,
    verifyTime: proven ? time(verifiedAt) : undefined,
    expireTime: proven ? time(expiresAt) : undefined,
    attemptsLeft,
    approvalRequested: approvalRequest !== '' && !(proven && method === 'STAFF'),
  };
}

/** What a student still has to do. */
export function presentCapture(
  exam: Exam,
  now: number,
  part: {
    span: Span;
    consentNeeded: boolean;
    reference: UserReference | null;
    wanted: number;
    verification: VerificationMessage;
    session: Session | undefined;
    challengePassed: boolean;
    admission: Admission;
    /** UTC milliseconds. */
    replaceableUntil: number | null;
  },
): CaptureMessage {
  const { reference, session } = part;
  return {
    exam: examName(exam),
    displayName: exam.displayName,
    state: STATES[stateAt(exam, now)],
    startTime: new Date(part.span.opensAt ?? exam.startedAt ?? exam.scheduledAt),
    endTime: time(part.span.closesAt ?? exam.endsAt),
    consentNeeded: part.consentNeeded,
    referenceState: reference
      ? reference.complete
        ? ReferenceStateMessage.REFERENCE_STATE_COMPLETE
        : ReferenceStateMessage.REFERENCE_STATE_INCOMPLETE
      : ReferenceStateMessage.REFERENCE_STATE_NONE,
    referencePictures: reference?.templateCount ?? 0,
    referenceWanted: part.wanted,
    verification: part.verification,
    session: session ? sessionName(exam, session.id) : '',
    nextFrame: session?.nextFrame ?? 0,
    frameInterval: presentDuration(exam.frameIntervalMs),
    heartbeatInterval: presentDuration(HEARTBEAT_MS),
    grace: presentDuration(exam.admission.graceMs),
    challengeRequired: needsChallenge(exam),
    challengePassed: part.challengePassed,
    admission: presentAdmission(part.admission),
    replacementExpireTime: time(part.replaceableUntil),
  };
}

export function presentAdmission({
  admitted,
  state,
  reason,
}: Pick<Admission, 'admitted' | 'state' | 'reason'>): AdmissionMessage {
  return { admitted, state: ADMISSION_STATES[state], reason: ADMISSION_REASONS[reason] };
}

/** A challenge, as it stands. */
export function presentChallenge(
  { number }: Pick<Exam, 'number'>,
  { check, stored }: Challenge,
  remarks: readonly Remark[],
  now: number,
): ChallengeMessage {
  const parts = { exam: String(number), challenge: check.id };
  return {
    name: formatName('exams/{exam}/challenges/{challenge}', parts),
    // `drawSteps` is the only maker of a challenge's steps.
    steps: (check.required as ChallengeStep[]).map((step) => CHALLENGE_STEPS[step]),
    state: CHALLENGE_STATES[checkAt(check, now)],
    step: check.passed.length,
    progress: shareDone(stored.progress, check.required.length, CHALLENGE_POLICY),
    expireTime: new Date(check.expiresAt),
    remarks: presentRemarks(remarks),
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

/** @param identity of this moment, or of the one at which the student left */
export function presentSession(
  exam: Exam,
  session: Session,
  identity: IdentityConfidence,
): ProctoringSession {
  return {
    name: sessionName(exam, session.id),
    user: userName(session.userId),
    joinTime: new Date(session.joinedAt),
    leaveTime: time(session.leftAt),
    frameCount: session.frameCount,
    identity: presentIdentity(identity),
    sampleCount: session.sampleCount,
  };
}

function presentIdentity({ contributions, ...same }: IdentityConfidence): IdentityMessage {
  return { ...same, contributions: contributions.map(presentContribution) };
}

function presentContribution({ modality, latest, ...shown }: Contribution): ContributionMessage {
  return {
    modality: MODALITIES[modality],
    evidence: shown.evidence,
    observations: shown.observations,
    score: latest?.score,
    threshold: latest?.threshold,
    logLikelihoodRatio: latest?.logLikelihoodRatio,
    model: latest?.modelId ?? '',
    lastTime: new Date(shown.at),
  };
}

/** An alert as a stream tells of it: nobody has decided on it yet, as far as the student is told. */
export function presentOpenAlert(
  exam: Pick<Exam, 'number'>,
  of: { sessionId: string | null; userId: string },
  alert: OpenAlert,
): AlertMessage {
  return {
    name: alertName(exam, alert.id),
    session: of.sessionId === null ? '' : sessionName(exam, of.sessionId),
    user: userName(of.userId),
    type: ALERT_TYPES[alert.type],
    reason: alert.reason,
    score: alert.score ?? undefined,
    threshold: alert.threshold ?? undefined,
    model: alert.modelId ?? '',
    beginTime: new Date(alert.beganAt),
    lastTime: new Date(alert.lastAt),
    endTime: time(alert.endedAt),
    occurrences: alert.occurrences,
    hasEvidence: alert.hasEvidence,
    decision: DecisionMessage.ALERT_DECISION_UNSPECIFIED,
    decisionNote: '',
    decidedBy: '',
    decideTime: undefined,
    contributions: (alert.contributions ?? []).map(presentContribution),
  };
}

/** An alert as staff see it. */
export function presentAlert(exam: Pick<Exam, 'number'>, alert: StoredAlert): AlertMessage {
  return {
    ...presentOpenAlert(exam, alert, alert),
    decision: presentDecision(alert.decision),
    decisionNote: alert.decisionNote,
    decidedBy: alert.decidedBy === null ? '' : userName(alert.decidedBy),
    decideTime: time(alert.decidedAt),
  };
}

export function presentFrame(
  exam: Pick<Exam, 'number'>,
  of: { sessionId: string; userId: string },
  observation: Observation,
): FrameFinding {
  return {
    frame: observation.frame,
    receiveTime: new Date(observation.receivedAt),
    comparison: presentComparison(observation.comparison),
    // It may have been stored by an earlier version of the contract.
    finding: observation.finding ? FaceFinding.fromPartial(observation.finding) : undefined,
    anomalies: observation.anomalies.map((each) => ANOMALIES[each]),
    impostorEvidence: observation.impostorEvidence,
    alerts: observation.alerts.map((alert) => presentOpenAlert(exam, of, alert)),
    identity: observation.identity && presentIdentity(observation.identity),
  };
}

export function presentSample(
  exam: Pick<Exam, 'number'>,
  of: { sessionId: string; userId: string },
  observation: SampleObservation,
): SampleFinding {
  return {
    number: observation.number,
    session: sessionName(exam, of.sessionId),
    modality: MODALITIES[observation.modality],
    receiveTime: new Date(observation.receivedAt),
    comparison: presentComparison(observation.comparison),
    anomalies: observation.anomalies.map((each) => ANOMALIES[each]),
    identity: presentIdentity(observation.identity),
    alerts: observation.alerts.map((alert) => presentOpenAlert(exam, of, alert)),
  };
}

export function presentFeedback(exam: Pick<Exam, 'number'>, feedback: Feedback): FeedbackMessage {
  return {
    name: formatName('exams/{exam}/feedback/{feedback}', {
      exam: String(exam.number),
      feedback: feedback.id,
    }),
    user: userName(feedback.userId),
    cheatMode: CHEAT_MODES[feedback.cheatMode],
    text: feedback.text,
    createTime: new Date(feedback.at),
  };
}

export function presentProcessPolicy(
  name: PolicyName,
  { policy, source }: { policy: ProcessPolicy; source: PolicySource },
): PolicyMessage {
  return {
    name:
      name.exam === null
        ? formatName('organisations/{organisation}/processPolicy', { organisation: name.organisation })
        : formatName('exams/{exam}/processPolicy', { exam: name.exam }),
    rules: policy.map(({ pattern, operatingSystem }) => ({
      pattern,
      operatingSystem: operatingSystem
        ? SYSTEMS[operatingSystem]
        : SystemMessage.OPERATING_SYSTEM_UNSPECIFIED,
    })),
    source: SOURCES[source],
    version: source === 'SHIPPED' ? PROCESS_POLICY_VERSION : '',
  };
}

function time(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at);
}
