import {
  AdmissionReason as ReasonMessage,
  AdmissionState as StateMessage,
} from '../grpc/gen/probity/exams/v1/admission.js';
import type {
  Gate as GateMessage,
  SiteAlert as AlertMessage,
} from '../grpc/gen/probity/lms/v1/site_service.js';
import type { ExamGate, ShownAlert } from './ports.js';

const STATES: Record<ExamGate['state'], StateMessage> = {
  NOT_IDENTIFIED: StateMessage.ADMISSION_STATE_NOT_IDENTIFIED,
  IDENTIFIED: StateMessage.ADMISSION_STATE_IDENTIFIED,
  MONITORED: StateMessage.ADMISSION_STATE_MONITORED,
  APPROVED: StateMessage.ADMISSION_STATE_APPROVED,
  PAUSED: StateMessage.ADMISSION_STATE_PAUSED,
};
const REASONS: Record<ExamGate['reason'], ReasonMessage> = {
  NONE: ReasonMessage.ADMISSION_REASON_NONE,
  NOT_YET: ReasonMessage.ADMISSION_REASON_NOT_YET,
  EXPIRED: ReasonMessage.ADMISSION_REASON_EXPIRED,
  CAPTURE_LOST: ReasonMessage.ADMISSION_REASON_CAPTURE_LOST,
  CAMERA_LOST: ReasonMessage.ADMISSION_REASON_CAMERA_LOST,
  OTHER_PERSON: ReasonMessage.ADMISSION_REASON_OTHER_PERSON,
};

/** Of a student or an activity that nobody has come with yet. */
export const NOT_KNOWN: ExamGate = {
  ...{ admitted: false, state: 'NOT_IDENTIFIED', reason: 'NOT_YET', verifiedUntil: null, monitored: false },
  ...{ lastHeartbeatAt: null, graceUntil: null, approvalRequested: false, openAlerts: 0, undecidedAlerts: 0 },
  revision: 0,
};

export function presentGate(
  gate: ExamGate,
  { externalId, displayName }: { externalId: string; displayName: string },
): GateMessage {
  return {
    admitted: gate.admitted,
    state: STATES[gate.state],
    reason: REASONS[gate.reason],
    verifiedUntil: time(gate.verifiedUntil),
    monitored: gate.monitored,
    lastHeartbeatTime: time(gate.lastHeartbeatAt),
    graceUntil: time(gate.graceUntil),
    approvalRequested: gate.approvalRequested,
    openAlerts: gate.openAlerts,
    undecidedAlerts: gate.undecidedAlerts,
    revision: BigInt(gate.revision),
    student: externalId,
    displayName,
  };
}

export function presentSiteAlert({ alert, decidedAt }: ShownAlert, student: string): AlertMessage {
  return { student, alert, decideTime: time(decidedAt) };
}

function time(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at);
}
