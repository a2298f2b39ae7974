import {
  AdmissionReason as AdmissionReasonMessage,
  AdmissionState as AdmissionStateMessage,
} from '../../grpc/gen/probity/exams/v1/admission.js';
import type { Admission as AdmissionMessage } from '../../grpc/gen/probity/exams/v1/capture_service.js';
import type { Admission } from '../admission/admission.js';

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

export function presentAdmission({
  admitted,
  state,
  reason,
}: Pick<Admission, 'admitted' | 'state' | 'reason'>): AdmissionMessage {
  return { admitted, state: ADMISSION_STATES[state], reason: ADMISSION_REASONS[reason] };
}
