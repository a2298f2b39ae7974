import type { Assurance } from '../../biometrics/index.js';
import { Assurance as AssuranceMessage } from '../../grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  type Exam as ExamMessage,
  ExamState as StateMessage,
  type ExamStudent as ExamStudentMessage,
  ExamType as TypeMessage,
  LivenessPolicy as LivenessMessage,
} from '../../grpc/gen/probity/exams/v1/exam_service.js';
import { type Exam, type ExamState, type ExamType, type LivenessPolicy, stateAt } from '../exam.js';
import type { VerificationState } from '../identifying/verification.js';
import type { Person } from '../ports.js';
import { examName, userName } from './names.js';
import { presentDuration, time } from './time.js';
import { VERIFICATION_STATES } from './verification.js';

export const EXAM_STATES: Record<ExamState, StateMessage> = {
  UPCOMING: StateMessage.EXAM_STATE_UPCOMING,
  STARTED: StateMessage.EXAM_STATE_STARTED,
  COMPLETED: StateMessage.EXAM_STATE_COMPLETED,
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

/** @param now the state is that of this moment */
export function presentExam(exam: Exam, now: number): ExamMessage {
  return {
    name: examName(exam),
    displayName: exam.displayName,
    type: TYPES[exam.type],
    state: EXAM_STATES[stateAt(exam, now)],
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
