import {
  type Alert as AlertMessage,
  AlertDecision as DecisionMessage,
  AlertType as AlertTypeMessage,
} from '../../grpc/gen/probity/exams/v1/proctoring_service.js';
import type { StoredAlert } from '../alerts/alert-store.js';
import type { AlertDecision, AlertType, OpenAlert } from '../alerts/alert.js';
import type { Exam } from '../exam.js';
import { presentContribution } from './confidence.js';
import { alertName, sessionName, userName } from './names.js';
import { time } from './time.js';

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

const DECISIONS: Record<AlertDecision, DecisionMessage> = {
  DISMISSED: DecisionMessage.ALERT_DECISION_DISMISSED,
  CONFIRMED: DecisionMessage.ALERT_DECISION_CONFIRMED,
};

export function presentAlertType(type: AlertType): AlertTypeMessage {
  return ALERT_TYPES[type];
}

export function presentDecision(decision: AlertDecision | null): DecisionMessage {
  return decision ? DECISIONS[decision] : DecisionMessage.ALERT_DECISION_UNSPECIFIED;
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
