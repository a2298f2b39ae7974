import { numberAt, pageToken, StatusError, validate, type Context } from '../../call/index.js';
import type {
  ProctoringServiceService,
  ProctoringSession,
} from '../../grpc/gen/probity/exams/v1/proctoring_service.js';
import type { Handlers } from '../../grpc/index.js';
import { examForStaff, examForStudent } from '../access.js';
import { again } from '../again.js';
import { alertById, listAlerts, type StoredAlert } from '../alerts/alert-store.js';
import type { Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import type { Notifier } from '../notifier.js';
import { presentAlert } from '../present/alert.js';
import { presentSession } from '../present/monitoring.js';
import * as requests from '../requests.js';
import { review } from '../reviewing/review.js';
import { closeSession } from './closing.js';
import { identityAt } from './fusion.js';
import { join } from './joining.js';
import { latestSession, listSessions } from './session-store.js';
import type { Session } from './session.js';
import { WATCH_POLICY } from './watch.js';

/** ProctoringService: sitting an exam, and what staff see of it. */
export function proctoringService(
  dependencies: ExamsParts,
  notifier: Notifier,
): Handlers<typeof ProctoringServiceService> {
  const { storage, audit, clock, options } = dependencies;
  const { db } = storage;
  const policy = (options.watch ?? WATCH_POLICY).fusion;

  function present(exam: Exam, session: Session): ProctoringSession {
    const at = session.leftAt ?? clock.now();
    return presentSession(exam, session, identityAt(session.watch.fusion, at, policy));
  }

  /** @throws StatusError ALERT_NOT_FOUND, also where the exam is not the caller's */
  async function alertForStaff(
    ctx: Context,
    name: { exam: string; alert: string },
  ): Promise<{ exam: Exam; staffId: string; alert: StoredAlert }> {
    const gone = new StatusError('ALERT_NOT_FOUND', 'There is no such alert.', {
      resource: { type: 'alert', name: `exams/${name.exam}/alerts/${name.alert}` },
    });
    const { exam, principal } = await examForStaff(db, ctx, name.exam).catch((error: unknown) => {
      throw error instanceof StatusError && error.reason === 'EXAM_NOT_FOUND' ? gone : error;
    });
    const alert = await alertById(db, exam.id, name.alert);
    if (!alert) throw gone;
    return { exam, staffId: principal.userId, alert };
  }

  return {
    async joinExam(request, ctx) {
      const wanted = validate(requests.examRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      return present(exam, await join(dependencies, exam, principal.userId));
    },

    async leaveExam(request, ctx) {
      const wanted = validate(requests.examRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      const latest = await latestSession(db, exam.id, principal.userId);
      const end = { actor: principal.userId, why: 'LEFT', at: clock.now() } as const;
      const closed = latest && (await closeSession(dependencies, notifier, latest.id, end));
      if (!closed) throw new StatusError('NOT_JOINED', 'The student has not joined this exam.');
      return present(exam, closed);
    },

    async listSessions(request, ctx) {
      const wanted = validate(requests.listSessionsRequest, request);
      const { exam } = await examForStaff(db, ctx, wanted.exam);
      const { pageSize, pageToken: cursor } = wanted;
      const after = cursor && { joinedAt: numberAt(cursor, 0), id: String(cursor[1]) };
      const sessions = await listSessions(db, exam.id, after, pageSize + 1);
      const page = sessions.slice(0, pageSize);
      const last = sessions.length > pageSize ? page.at(-1) : undefined;
      return {
        sessions: page.map((session) => present(exam, session)),
        nextPageToken: last ? pageToken([last.joinedAt, last.id]) : '',
      };
    },

    async listAlerts(request, ctx) {
      const wanted = validate(requests.listAlertsRequest, request);
      const { exam } = await examForStaff(db, ctx, wanted.exam);
      const { pageSize, pageToken: cursor, user } = wanted;
      const of = { examId: exam.id, ...(user === null ? {} : { userId: user }) };
      const after = cursor && { beganAt: numberAt(cursor, 0), id: String(cursor[1]) };
      const alerts = await listAlerts(db, of, after, pageSize + 1);
      const page = alerts.slice(0, pageSize);
      const last = alerts.length > pageSize ? page.at(-1) : undefined;
      return {
        alerts: page.map((alert) => presentAlert(exam, alert)),
        nextPageToken: last ? pageToken([last.beganAt, last.id]) : '',
      };
    },

    async getEvidence(request, ctx) {
      const wanted = validate(requests.evidenceRequest, request);
      const { alert, staffId } = await alertForStaff(ctx, wanted.alert);
      const blob = alert.evidenceId === null ? undefined : await storage.blobs.get(db, alert.evidenceId);
      if (!blob || blob.expiresAt === null) {
        throw new StatusError('EVIDENCE_NOT_FOUND', 'No frame is kept for this alert, or no longer.');
      }
      await audit.record(db, {
        organisationId: alert.organisationId,
        actor: staffId,
        subject: alert.userId,
        action: 'evidence.read',
        target: `alert/${alert.id}`,
        details: { exam: alert.examId },
      });
      return {
        image: blob.bytes,
        contentType: blob.contentType,
        receiveTime: new Date(blob.createdAt),
        expireTime: new Date(blob.expiresAt),
      };
    },

    async reviewAlert(request, ctx) {
      const wanted = validate(requests.reviewRequest, request);
      const { decision, note } = wanted;
      return again(async () => {
        const { alert, exam, staffId } = await alertForStaff(ctx, wanted.alert);
        const decided = await review(dependencies, exam, alert, { decision, note, staffId });
        notifier.notify(exam.id);
        return presentAlert(exam, decided);
      });
    },
  };
}
