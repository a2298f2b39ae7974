import { StatusError } from '../../call/index.js';
import type { Alert as AlertMessage } from '../../grpc/gen/probity/exams/v1/proctoring_service.js';
import { again } from '../again.js';
import { alertById, countOpen, listAlerts, type AlertCursor } from '../alerts/alert-store.js';
import type { AlertDecision } from '../alerts/alert.js';
import { externalStudents, isEnrolled } from '../enrolment-store.js';
import { appendExamEvent } from '../exam-event-store.js';
import { examById } from '../exam-store.js';
import type { Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { decideApproval, requestApproval } from '../identifying/approval.js';
import { isAsked, stateAt } from '../identifying/verification.js';
import { journal } from '../journal.js';
import type { Notifier } from '../notifier.js';
import { presentAlert } from '../present/alert.js';
import { review } from '../reviewing/review.js';
import { closeSession } from '../watching/closing.js';
import { openSession } from '../watching/session-store.js';
import type { AdmissionReason, AdmissionState } from './admission.js';
import { attemptsOverSince, beginAttempt, endAttempt } from './attempt-store.js';

/** Whether a student may go on, as their LMS asks for it. Times are UTC milliseconds. */
export interface Gate {
  admitted: boolean;
  state: AdmissionState;
  reason: AdmissionReason;
  verifiedUntil: number | null;
  /** Whether frames or signs of life come, as far as the open session knows. */
  monitored: boolean;
  lastHeartbeatAt: number | null;
  graceUntil: number | null;
  approvalRequested: boolean;
  /** Alerts that last and that nobody dismissed. */
  openAlerts: number;
  /** Alerts on which nobody has decided, whether they last or not. */
  undecidedAlerts: number;
  revision: number;
}

/** What an LMS asks about students of its exams, and what it passes on. Who says it was proven by the caller. */
export interface Door {
  gate(examId: string, userId: string): Promise<Gate>;
  /** Students whom the LMS enrolled, by user id, those after `after`. */
  gates(
    examId: string,
    after: string | null,
    limit: number,
  ): Promise<{ userId: string; externalId: string; displayName: string; gate: Gate }[]>;
  /** Alerts of all students or of one, the newest first. */
  alerts(
    examId: string,
    userId: string | null,
    after: AlertCursor | null,
    limit: number,
  ): Promise<{ alert: AlertMessage; userId: string; cursor: AlertCursor; decidedAt: number | null }[]>;
  /** @throws StatusError USER_NOT_FOUND, EXAM_STATE */
  decideApproval(
    examId: string,
    userId: string,
    decision: { approve: boolean; note: string; staffId: string },
  ): Promise<Gate>;
  /** @throws StatusError USER_NOT_FOUND, EXAM_STATE */
  requestApproval(examId: string, userId: string, note: string): Promise<Gate>;
  /** @throws StatusError ALERT_NOT_FOUND */
  review(
    examId: string,
    alertId: string,
    decision: { decision: AlertDecision; note: string; staffId: string },
  ): Promise<{ alert: AlertMessage; userId: string; decidedAt: number | null }>;
  /**
   * An attempt began, again perhaps, or is over; when none is on any more, the student has left. Telling it again changes
   * nothing.
   * @param attempt `at`: when it was so, by the clock of the LMS; what is older than what is known is not believed
   */
  attempt(examId: string, userId: string, attempt: { id: string; on: boolean; at: number }): Promise<void>;
}

/** What kind of approval is asked for through an LMS. */
const APPROVAL = 'MANUAL';

export function createDoor(parts: ExamsParts, notifier: Notifier): Door {
  const { storage, audit, admissions, clock } = parts;
  const { db } = storage;

  async function examOf(id: string): Promise<Exam> {
    const exam = await examById(db, id);
    if (!exam) throw new StatusError('EXAM_NOT_FOUND', 'There is no such exam.');
    return exam;
  }

  async function enrolledIn(examId: string, userId: string): Promise<Exam> {
    const exam = await examOf(examId);
    if (await isEnrolled(db, examId, userId)) return exam;
    throw new StatusError('USER_NOT_FOUND', 'This exam has no such student.');
  }

  /** Reads all about some students at once, to tell the gate of each. */
  async function gatesOf(exam: Exam, userIds: readonly string[]): Promise<(userId: string) => Promise<Gate>> {
    const admission = await admissions.among(exam, userIds);
    const alerts = await countOpen(db, exam.id, userIds);
    const now = clock.now();
    return async (userId) => {
      const told = await admission(userId);
      const { admitted, state, reason, verifiedUntil, graceUntil, revision } = told;
      const { session, verification } = told.facts;
      const { lasting, undecided } = alerts.get(userId) ?? { lasting: 0, undecided: 0 };
      return {
        ...{ admitted, state, reason, verifiedUntil, graceUntil, revision },
        monitored: session?.monitored ?? false,
        lastHeartbeatAt: session?.lastHeartbeatAt ?? session?.lastFrameAt ?? null,
        approvalRequested: isAsked(verification, stateAt(verification, now, session?.id ?? null)),
        ...{ openAlerts: lasting, undecidedAlerts: undecided },
      };
    };
  }

  const gateOf = async (exam: Exam, userId: string): Promise<Gate> => (await gatesOf(exam, [userId]))(userId);

  return {
    gate: async (examId, userId) => gateOf(await examOf(examId), userId),

    async gates(examId, after, limit) {
      const exam = await examOf(examId);
      const students = await externalStudents(db, examId, after, limit);
      const gate = await gatesOf(
        exam,
        students.map(({ userId }) => userId),
      );
      const told: Awaited<ReturnType<Door['gates']>> = [];
      for (const student of students) told.push({ ...student, gate: await gate(student.userId) });
      return told;
    },

    async alerts(examId, userId, after, limit) {
      const exam = await examOf(examId);
      const of = { examId, ...(userId === null ? {} : { userId }) };
      const found = await listAlerts(db, of, after, limit);
      return found.map((alert) => ({
        ...{ alert: presentAlert(exam, alert), userId: alert.userId, decidedAt: alert.decidedAt },
        cursor: { beganAt: alert.beganAt, id: alert.id },
      }));
    },

    async decideApproval(examId, userId, decision) {
      const exam = await enrolledIn(examId, userId);
      await decideApproval(parts, exam, userId, decision);
      return gateOf(exam, userId);
    },

    async requestApproval(examId, userId, note) {
      const exam = await enrolledIn(examId, userId);
      await requestApproval(parts, exam, userId, { kind: APPROVAL, note });
      return gateOf(exam, userId);
    },

    async review(examId, alertId, decision) {
      const exam = await examOf(examId);
      return again(async () => {
        const alert = await alertById(db, examId, alertId);
        if (!alert) throw new StatusError('ALERT_NOT_FOUND', 'There is no such alert.');
        const decided = await review(parts, exam, alert, decision);
        return {
          ...{ alert: presentAlert(exam, decided), userId: decided.userId, decidedAt: decided.decidedAt },
        };
      });
    },

    async attempt(examId, userId, { id: attempt, on, at: toldAt }) {
      const exam = await enrolledIn(examId, userId);
      const { organisationId } = exam;
      await again(() =>
        storage.transaction(async (tx) => {
          const at = clock.now();
          const word = { examId, userId, attempt, toldAt };
          const changed = await (on ? beginAttempt : endAttempt)(tx, word, at);
          if (!changed) return;
          await journal(tx, audit, {
            ...{
              organisationId,
              actor: userId,
              subject: userId,
              action: on ? 'attempt.began' : 'attempt.ended',
            },
            ...{ target: `exam/${examId}`, details: { attempt }, at, tell: examId },
          });
          await admissions.refresh(tx, exam, userId);
          await appendExamEvent(tx, { examId: exam.id, kind: 'ADMISSION', userId, at: clock.now() });
        }),
      );
      if (on) return;
      // Also where nothing changed: whoever told it first may have been cut off here. A later session is not meant.
      const over = await attemptsOverSince(db, examId, userId);
      const session = await openSession(db, examId, userId);
      if (over === null || !session || session.joinedAt > over) return;
      await closeSession(parts, notifier, session.id, {
        actor: userId,
        why: 'ATTEMPT_ENDED',
        at: clock.now(),
      });
    },
  };
}
