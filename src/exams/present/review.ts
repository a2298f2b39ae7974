import { AdmissionReason, AdmissionState } from '../../grpc/gen/probity/exams/v1/admission.js';
import type { ProctoringSession } from '../../grpc/gen/probity/exams/v1/proctoring_service.js';
import {
  ApprovalStep,
  type ReviewStudent,
  type TimelineEntry,
} from '../../grpc/gen/probity/exams/v1/review_service.js';
import type { ExamEvent } from '../exam-event-store.js';
import type { Exam } from '../exam.js';
import type { StudentInReview } from '../reviewing/students-in-review.js';
import type { Moment } from '../reviewing/timeline.js';
import type { Session } from '../watching/session.js';
import { presentAdmission } from './admission.js';
import { presentAlert, presentAlertType, presentDecision } from './alert.js';
import { presentFrame } from './monitoring.js';
import { alertName, sessionName, userName } from './names.js';
import { presentOutcome, presentVerification } from './verification.js';

/** What a reviewer sees, in the contract's words. */
export interface ReviewPresenter {
  student(exam: Exam, student: StudentInReview): ReviewStudent;
  moment(exam: Exam, userId: string, moment: Moment): TimelineEntry;
}

/** @param presentSession with the confidence of this moment */
export function createReviewPresenter(
  presentSession: (exam: Exam, session: Session) => ProctoringSession,
): ReviewPresenter {
  return {
    student(exam, { person, verification, state, session, alerts, admission }) {
      const shown = presentVerification(exam, verification, state, 0);
      const door = admission && presentAdmission(admission);
      return {
        user: userName(person.id),
        email: person.email,
        givenName: person.givenName,
        familyName: person.familyName,
        verification: shown.state,
        method: shown.method,
        verifyTime: shown.verifyTime,
        approvalRequest: verification.approvalRequest,
        session: session ? presentSession(exam, session) : undefined,
        lastFrameTime: time(session?.lastFrameAt),
        lastHeartbeatTime: time(session?.lastHeartbeatAt),
        alerts: alerts.map((tally) => ({
          type: presentAlertType(tally.type),
          count: tally.count,
          openCount: tally.open,
          undecidedCount: tally.undecided,
          confirmedCount: tally.confirmed,
        })),
        admission: door?.state ?? AdmissionState.ADMISSION_STATE_UNSPECIFIED,
        admissionReason: door?.reason ?? AdmissionReason.ADMISSION_REASON_UNSPECIFIED,
      };
    },

    moment: (exam, userId, moment) => ({ time: new Date(moment.at), what: whatOf(exam, userId, moment) }),
  };

  function whatOf(exam: Exam, userId: string, moment: Moment): TimelineEntry['what'] {
    switch (moment.kind) {
      case 'ATTEMPT': {
        const { outcome, score, threshold, modelId } = moment.attempt;
        const value = { outcome: presentOutcome(outcome), model: modelId ?? '' };
        const compared = { score: score ?? undefined, threshold: threshold ?? undefined };
        return { $case: 'attempt', value: { ...value, ...compared } };
      }
      case 'SESSION':
        return { $case: 'session', value: presentSession(exam, moment.session) };
      case 'FRAME': {
        const { sessionId, observation } = moment;
        const { frame, finding, anomalies } = presentFrame(exam, { sessionId, userId }, observation);
        const { outcome, score, threshold, modelId: model, reasons } = observation.comparison;
        const value = {
          ...{ session: sessionName(exam, sessionId), frame, faceCount: finding?.faceCount, anomalies },
          ...{ outcome: presentOutcome(outcome), score: score ?? undefined, threshold, model, reasons },
        };
        return { $case: 'frame', value };
      }
      case 'ALERT':
        return { $case: 'alert', value: presentAlert(exam, moment.alert) };
      case 'NOTE':
        return noteOf(exam, moment.note);
    }
  }
}

const STEPS = {
  APPROVAL_REQUESTED: ApprovalStep.APPROVAL_STEP_REQUESTED,
  APPROVED: ApprovalStep.APPROVAL_STEP_APPROVED,
  APPROVAL_WITHDRAWN: ApprovalStep.APPROVAL_STEP_WITHDRAWN,
} as const;

function noteOf(exam: Exam, { kind, alertId, decision, note, actorId }: ExamEvent): TimelineEntry['what'] {
  const by = actorId === null ? '' : userName(actorId);
  if (kind === 'ALERT_DECIDED') {
    const alert = alertId === null ? '' : alertName(exam, alertId);
    return { $case: 'decision', value: { alert, decision: presentDecision(decision), note, decidedBy: by } };
  }
  const step = kind in STEPS ? STEPS[kind as keyof typeof STEPS] : ApprovalStep.APPROVAL_STEP_UNSPECIFIED;
  return { $case: 'approval', value: { step, note, by } };
}

function time(at: number | null | undefined): Date | undefined {
  return at === null || at === undefined ? undefined : new Date(at);
}
