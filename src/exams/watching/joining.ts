import { randomUUID } from 'node:crypto';
import { StatusError } from '../../call/index.js';
import { again } from '../again.js';
import { spanOf } from '../enrolment-store.js';
import { requireOpen } from '../enrolment.js';
import { appendExamEvent } from '../exam-event-store.js';
import { requireStarted, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { saveVerification, verificationOf } from '../identifying/verification-store.js';
import { stateAt } from '../identifying/verification.js';
import { journal } from '../journal.js';
import { insertSession, openSession } from './session-store.js';
import { joined, type Session } from './session.js';

/**
 * Opens the student's session, or answers the one that is open.
 * @throws StatusError EXAM_STATE, NOT_VERIFIED
 */
export async function join(
  { storage, audit, admissions, clock }: ExamsParts,
  exam: Exam,
  userId: string,
): Promise<Session> {
  const { db } = storage;
  return again(async () => {
    const at = clock.now();
    requireStarted(exam, at);
    const open = await openSession(db, exam.id, userId);
    if (open) return open;
    requireOpen(await spanOf(db, exam.id, userId), at);
    const verification = await verificationOf(db, exam.id, userId);
    if (stateAt(verification, at, null) !== 'VERIFIED') {
      throw new StatusError('NOT_VERIFIED', 'The student is not verified for this exam, or no longer.');
    }
    const { organisationId } = exam;
    const monitored = verification.method === 'SERVER_MATCH';
    const session = joined({ id: randomUUID(), organisationId, examId: exam.id, userId, monitored }, at);
    return storage.transaction(async (tx) => {
      if (!(await insertSession(tx, session))) {
        throw new StatusError('VERSION_CONFLICT', 'The exam was joined at the same moment.');
      }
      // It now holds for as long as this session does.
      await saveVerification(tx, { ...verification, sessionId: session.id });
      await journal(tx, audit, {
        ...{ organisationId, actor: userId, subject: userId, action: 'session.joined' },
        ...{ target: `session/${session.id}`, details: { exam: exam.id, monitored }, at, tell: session.id },
      });
      await admissions.refresh(tx, exam, userId);
      await appendExamEvent(tx, { examId: exam.id, kind: 'JOINED', userId, at });
      return session;
    });
  });
}
