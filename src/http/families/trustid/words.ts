import { Modality } from '../../../grpc/gen/probity/biometrics/v1/reference_service.js';
import { ExamState, ExamType, VerificationState } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import { CheatMode } from '../../../grpc/gen/probity/exams/v1/feedback_service.js';
import { Role } from '../../../grpc/gen/probity/identity/v1/user_service.js';

/** TRUSTID's vocabulary, and the core's for the same things. */
export const BIOMETRICS = ['Face', 'Voice', 'Handwriting'] as const;
export const EXAM_TYPES = ['Oral', 'Written'] as const;
export const EXAM_STATUSES = ['Upcoming', 'Started', 'Completed'] as const;
export const CHEAT_MODES = ['Communication', 'Impersonation'] as const;
export const CONDITIONS = ['Join', 'Leave', 'Start'] as const;
/** When a biometric is verified. */
export const MONITORING_TYPES = ['Identification', 'Checkup Process', 'Exam Monitoring'] as const;
export const ROLES = ['INSTRUCTOR', 'STUDENT'] as const;
export const VERIFICATION_STATUSES = ['Pending', 'Requested Manual Approval', 'Verified'] as const;

/** What `resource_name` may be where the document has an enum for it. */
export const RESOURCE = { user: 'user', examination: 'examination' } as const;

export type Biometric = (typeof BIOMETRICS)[number];

export const EXAM_TYPE: Record<(typeof EXAM_TYPES)[number], ExamType> = {
  Oral: ExamType.EXAM_TYPE_ORAL,
  Written: ExamType.EXAM_TYPE_WRITTEN,
};

export const CHEAT_MODE: Record<(typeof CHEAT_MODES)[number], CheatMode> = {
  Communication: CheatMode.CHEAT_MODE_COMMUNICATION,
  Impersonation: CheatMode.CHEAT_MODE_IMPERSONATION,
};

export const ROLE: Record<(typeof ROLES)[number], Role> = {
  INSTRUCTOR: Role.ROLE_INSTRUCTOR,
  STUDENT: Role.ROLE_STUDENT,
};

/** Null for a modality that TRUSTID has no word for. */
export function biometric(modality: Modality): Biometric | null {
  switch (modality) {
    case Modality.MODALITY_FACE:
      return 'Face';
    case Modality.MODALITY_VOICE:
      return 'Voice';
    case Modality.MODALITY_HANDWRITING:
      return 'Handwriting';
    default:
      return null;
  }
}

export function examStatus(state: ExamState): (typeof EXAM_STATUSES)[number] {
  switch (state) {
    case ExamState.EXAM_STATE_STARTED:
      return 'Started';
    case ExamState.EXAM_STATE_COMPLETED:
      return 'Completed';
    default:
      return 'Upcoming';
  }
}

/** Anything the core may say that is not a proof counts as Pending. */
export function verificationStatus(
  state: VerificationState | undefined,
): (typeof VERIFICATION_STATUSES)[number] {
  switch (state) {
    case VerificationState.VERIFICATION_STATE_VERIFIED:
      return 'Verified';
    case VerificationState.VERIFICATION_STATE_APPROVAL_REQUESTED:
      return 'Requested Manual Approval';
    default:
      return 'Pending';
  }
}
