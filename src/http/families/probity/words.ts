import { Outcome } from '../../../grpc/gen/probity/biometrics/v1/finding.js';
import { Assurance, Modality } from '../../../grpc/gen/probity/biometrics/v1/reference_service.js';
import { Purpose } from '../../../grpc/gen/probity/compliance/v1/consent_service.js';
import {
  CameraState,
  ChallengeState,
  ChallengeStep,
  ReferenceState,
} from '../../../grpc/gen/probity/exams/v1/capture_service.js';
import {
  OperatingSystem,
  ProcessPolicySource,
} from '../../../grpc/gen/probity/exams/v1/process_policy_service.js';
import { ExamState, ExamType, VerificationState } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import { VerificationMethod } from '../../../grpc/gen/probity/exams/v1/identification_service.js';
import { CaptureAnomaly } from '../../../grpc/gen/probity/exams/v1/monitor_service.js';
import { ApprovalStep } from '../../../grpc/gen/probity/exams/v1/review_service.js';
import { AlertDecision, AlertType } from '../../../grpc/gen/probity/exams/v1/proctoring_service.js';
import { CheatMode } from '../../../grpc/gen/probity/exams/v1/feedback_service.js';
import { AdmissionReason, AdmissionState } from '../../../grpc/gen/probity/exams/v1/admission.js';
import { AttemptEvent } from '../../../grpc/gen/probity/lms/v1/site_service.js';
import { LaunchRole } from '../../../grpc/gen/probity/lms/v1/launch_service.js';
import { LmsCapability, LmsCapabilityState, LmsKind } from '../../../grpc/gen/probity/lms/v1/lms_service.js';
import {
  LmsSyncAction,
  LmsSyncKind,
  LmsSyncMode,
  LmsSyncState,
  LmsWatch,
} from '../../../grpc/gen/probity/lms/v1/lms_sync_service.js';
import { Provisioning } from '../../../grpc/gen/probity/identity/v1/identity_provider_service.js';
import { Role } from '../../../grpc/gen/probity/identity/v1/user_service.js';

/** A vocabulary of the contract without the prefix that proto needs, and the way back. */
function vocabulary<E extends string, const W extends string>(words: Record<W, E>) {
  const names = Object.keys(words) as [W, ...W[]];
  return {
    names,
    toCore: (word: W): E => words[word],
    /** Null for what the vocabulary does not have. */
    fromCore: (value: string): W | null => names.find((name) => words[name] === value) ?? null,
  };
}

export const modality = vocabulary({
  FACE: Modality.MODALITY_FACE,
  VOICE: Modality.MODALITY_VOICE,
  HANDWRITING: Modality.MODALITY_HANDWRITING,
  INTERACTION: Modality.MODALITY_INTERACTION,
});
export const purpose = vocabulary({ EXAM_IDENTITY: Purpose.PURPOSE_EXAM_IDENTITY });
export const role = vocabulary({
  STUDENT: Role.ROLE_STUDENT,
  INSTRUCTOR: Role.ROLE_INSTRUCTOR,
  ADMIN: Role.ROLE_ADMIN,
});
export const assurance = vocabulary({
  SELF_ASSERTED: Assurance.ASSURANCE_SELF_ASSERTED,
  SINGLE_SIGN_ON: Assurance.ASSURANCE_SINGLE_SIGN_ON,
  STAFF_APPROVED: Assurance.ASSURANCE_STAFF_APPROVED,
  DOCUMENT: Assurance.ASSURANCE_DOCUMENT,
});
export const alertType = vocabulary({
  NO_FACE: AlertType.ALERT_TYPE_NO_FACE,
  SEVERAL_FACES: AlertType.ALERT_TYPE_SEVERAL_FACES,
  DIFFERENT_PERSON: AlertType.ALERT_TYPE_DIFFERENT_PERSON,
  SPOOF_SUSPECTED: AlertType.ALERT_TYPE_SPOOF_SUSPECTED,
  REPLAYED_FRAME: AlertType.ALERT_TYPE_REPLAYED_FRAME,
  REPLAYED_SAMPLE: AlertType.ALERT_TYPE_REPLAYED_SAMPLE,
  STREAM_INTERRUPTED: AlertType.ALERT_TYPE_STREAM_INTERRUPTED,
  INCONCLUSIVE_TOO_LONG: AlertType.ALERT_TYPE_INCONCLUSIVE_TOO_LONG,
  REFERENCE_CHANGED: AlertType.ALERT_TYPE_REFERENCE_CHANGED,
  FORBIDDEN_PROCESS: AlertType.ALERT_TYPE_FORBIDDEN_PROCESS,
});
export const examType = vocabulary({ ORAL: ExamType.EXAM_TYPE_ORAL, WRITTEN: ExamType.EXAM_TYPE_WRITTEN });
export const examState = vocabulary({
  UPCOMING: ExamState.EXAM_STATE_UPCOMING,
  STARTED: ExamState.EXAM_STATE_STARTED,
  COMPLETED: ExamState.EXAM_STATE_COMPLETED,
});
export const verificationState = vocabulary({
  PENDING: VerificationState.VERIFICATION_STATE_PENDING,
  APPROVAL_REQUESTED: VerificationState.VERIFICATION_STATE_APPROVAL_REQUESTED,
  VERIFIED: VerificationState.VERIFICATION_STATE_VERIFIED,
});
export const verificationMethod = vocabulary({
  SERVER_MATCH: VerificationMethod.VERIFICATION_METHOD_SERVER_MATCH,
  STAFF: VerificationMethod.VERIFICATION_METHOD_STAFF,
});
export const outcome = vocabulary({
  MATCH: Outcome.OUTCOME_MATCH,
  NO_MATCH: Outcome.OUTCOME_NO_MATCH,
  INCONCLUSIVE: Outcome.OUTCOME_INCONCLUSIVE,
});
export const captureAnomaly = vocabulary({
  SAME_BYTES: CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES,
  NEAR_IDENTICAL: CaptureAnomaly.CAPTURE_ANOMALY_NEAR_IDENTICAL,
  STALE_TIME: CaptureAnomaly.CAPTURE_ANOMALY_STALE_TIME,
  SEQUENCE_JUMP: CaptureAnomaly.CAPTURE_ANOMALY_SEQUENCE_JUMP,
  UNREADABLE: CaptureAnomaly.CAPTURE_ANOMALY_UNREADABLE,
});
export const approvalStep = vocabulary({
  REQUESTED: ApprovalStep.APPROVAL_STEP_REQUESTED,
  APPROVED: ApprovalStep.APPROVAL_STEP_APPROVED,
  WITHDRAWN: ApprovalStep.APPROVAL_STEP_WITHDRAWN,
});
export const alertDecision = vocabulary({
  DISMISSED: AlertDecision.ALERT_DECISION_DISMISSED,
  CONFIRMED: AlertDecision.ALERT_DECISION_CONFIRMED,
});
export const cheatMode = vocabulary({
  COMMUNICATION: CheatMode.CHEAT_MODE_COMMUNICATION,
  IMPERSONATION: CheatMode.CHEAT_MODE_IMPERSONATION,
});
export const launchRole = vocabulary({
  STUDENT: LaunchRole.LAUNCH_ROLE_STUDENT,
  TEACHER: LaunchRole.LAUNCH_ROLE_TEACHER,
});
export const admissionState = vocabulary({
  NOT_IDENTIFIED: AdmissionState.ADMISSION_STATE_NOT_IDENTIFIED,
  IDENTIFIED: AdmissionState.ADMISSION_STATE_IDENTIFIED,
  MONITORED: AdmissionState.ADMISSION_STATE_MONITORED,
  APPROVED: AdmissionState.ADMISSION_STATE_APPROVED,
  PAUSED: AdmissionState.ADMISSION_STATE_PAUSED,
});
export const admissionReason = vocabulary({
  NONE: AdmissionReason.ADMISSION_REASON_NONE,
  NOT_YET: AdmissionReason.ADMISSION_REASON_NOT_YET,
  EXPIRED: AdmissionReason.ADMISSION_REASON_EXPIRED,
  CAPTURE_LOST: AdmissionReason.ADMISSION_REASON_CAPTURE_LOST,
  CAMERA_LOST: AdmissionReason.ADMISSION_REASON_CAMERA_LOST,
  OTHER_PERSON: AdmissionReason.ADMISSION_REASON_OTHER_PERSON,
});
export const attemptEvent = vocabulary({
  STARTED: AttemptEvent.ATTEMPT_EVENT_STARTED,
  SUBMITTED: AttemptEvent.ATTEMPT_EVENT_SUBMITTED,
  ABANDONED: AttemptEvent.ATTEMPT_EVENT_ABANDONED,
});
export const lmsKind = vocabulary({ MOODLE: LmsKind.LMS_KIND_MOODLE });
export const lmsCapability = vocabulary({
  COURSES: LmsCapability.LMS_CAPABILITY_COURSES,
  PEOPLE: LmsCapability.LMS_CAPABILITY_PEOPLE,
  GROUPS: LmsCapability.LMS_CAPABILITY_GROUPS,
  EXAMS: LmsCapability.LMS_CAPABILITY_EXAMS,
  OVERRIDES: LmsCapability.LMS_CAPABILITY_OVERRIDES,
  CHANGES: LmsCapability.LMS_CAPABILITY_CHANGES,
  ADMISSION: LmsCapability.LMS_CAPABILITY_ADMISSION,
});
export const lmsCapabilityState = vocabulary({
  USABLE: LmsCapabilityState.LMS_CAPABILITY_STATE_USABLE,
  UNUSABLE: LmsCapabilityState.LMS_CAPABILITY_STATE_UNUSABLE,
  UNTRIED: LmsCapabilityState.LMS_CAPABILITY_STATE_UNTRIED,
});
export const lmsWatch = vocabulary({
  PLUGIN: LmsWatch.LMS_WATCH_PLUGIN,
  COURSES: LmsWatch.LMS_WATCH_COURSES,
  ALL: LmsWatch.LMS_WATCH_ALL,
});
export const lmsSyncMode = vocabulary({
  FULL: LmsSyncMode.LMS_SYNC_MODE_FULL,
  CHANGES: LmsSyncMode.LMS_SYNC_MODE_CHANGES,
});
export const lmsSyncState = vocabulary({
  RUNNING: LmsSyncState.LMS_SYNC_STATE_RUNNING,
  WAITING: LmsSyncState.LMS_SYNC_STATE_WAITING,
  DONE: LmsSyncState.LMS_SYNC_STATE_DONE,
  FAILED: LmsSyncState.LMS_SYNC_STATE_FAILED,
});
export const lmsSyncAction = vocabulary({
  ADDED: LmsSyncAction.LMS_SYNC_ACTION_ADDED,
  CHANGED: LmsSyncAction.LMS_SYNC_ACTION_CHANGED,
  RESTORED: LmsSyncAction.LMS_SYNC_ACTION_RESTORED,
  MISSING: LmsSyncAction.LMS_SYNC_ACTION_MISSING,
  REMOVED: LmsSyncAction.LMS_SYNC_ACTION_REMOVED,
  KEPT: LmsSyncAction.LMS_SYNC_ACTION_KEPT,
  PROBLEM: LmsSyncAction.LMS_SYNC_ACTION_PROBLEM,
});
export const lmsSyncKind = vocabulary({
  COURSE: LmsSyncKind.LMS_SYNC_KIND_COURSE,
  GROUP: LmsSyncKind.LMS_SYNC_KIND_GROUP,
  ACTIVITY: LmsSyncKind.LMS_SYNC_KIND_ACTIVITY,
  MEMBER: LmsSyncKind.LMS_SYNC_KIND_MEMBER,
  EXAM: LmsSyncKind.LMS_SYNC_KIND_EXAM,
  SITE: LmsSyncKind.LMS_SYNC_KIND_SITE,
});
export const operatingSystem = vocabulary({
  ANY: OperatingSystem.OPERATING_SYSTEM_UNSPECIFIED,
  WINDOWS: OperatingSystem.OPERATING_SYSTEM_WINDOWS,
  MACOS: OperatingSystem.OPERATING_SYSTEM_MACOS,
  LINUX: OperatingSystem.OPERATING_SYSTEM_LINUX,
});
export const policySource = vocabulary({
  SHIPPED: ProcessPolicySource.PROCESS_POLICY_SOURCE_SHIPPED,
  ORGANISATION: ProcessPolicySource.PROCESS_POLICY_SOURCE_ORGANISATION,
  EXAM: ProcessPolicySource.PROCESS_POLICY_SOURCE_EXAM,
});
export const provisioning = vocabulary({
  OFF: Provisioning.PROVISIONING_OFF,
  STUDENTS: Provisioning.PROVISIONING_STUDENTS,
  ALL: Provisioning.PROVISIONING_ALL,
});
export const comparisonOutcome = vocabulary({
  MATCH: Outcome.OUTCOME_MATCH,
  NO_MATCH: Outcome.OUTCOME_NO_MATCH,
  INCONCLUSIVE: Outcome.OUTCOME_INCONCLUSIVE,
});
export const referenceState = vocabulary({
  NONE: ReferenceState.REFERENCE_STATE_NONE,
  INCOMPLETE: ReferenceState.REFERENCE_STATE_INCOMPLETE,
  COMPLETE: ReferenceState.REFERENCE_STATE_COMPLETE,
});
export const challengeStep = vocabulary({
  LOOK_STRAIGHT: ChallengeStep.CHALLENGE_STEP_LOOK_STRAIGHT,
  TURN_LEFT: ChallengeStep.CHALLENGE_STEP_TURN_LEFT,
  TURN_RIGHT: ChallengeStep.CHALLENGE_STEP_TURN_RIGHT,
  BLINK: ChallengeStep.CHALLENGE_STEP_BLINK,
  SMILE: ChallengeStep.CHALLENGE_STEP_SMILE,
});
export const challengeState = vocabulary({
  OPEN: ChallengeState.CHALLENGE_STATE_OPEN,
  PASSED: ChallengeState.CHALLENGE_STATE_PASSED,
  FAILED: ChallengeState.CHALLENGE_STATE_FAILED,
  EXPIRED: ChallengeState.CHALLENGE_STATE_EXPIRED,
});
export const cameraState = vocabulary({
  LIVE: CameraState.CAMERA_STATE_LIVE,
  LOST: CameraState.CAMERA_STATE_LOST,
});
