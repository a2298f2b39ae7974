import { throttleKey } from '../../biometrics/index.js';
import type { Db } from '../../storage/index.js';
import { again } from '../again.js';
import { tellAlerts } from '../alerts/raise.js';
import { appendExamEvent } from '../exam-event-store.js';
import { requireNotOver, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import { openSession, saveSession, setMonitored } from '../watching/session-store.js';
import { vouchedFor } from '../watching/watch.js';
import { challengeKey } from './challenging.js';
import { saveVerification, verificationOf } from './verification-store.js';
import { approvalRequested, approved, declined, VERIFICATION_POLICY } from './verification.js';

type Parts = Pick<ExamsParts, 'storage' | 'audit' | 'admissions' | 'throttle' | 'clock'>;

/**
 * A student asks staff to decide. Always possible, also without any biometric.
 * @throws StatusError EXAM_STATE when the exam is over
 */
export async function requestApproval(
  { storage, audit, admissions, clock }: Parts,
  exam: Exam,
  userId: string,
  { kind, note }: { kind: string; note: string },
): Promise<void> {
  await again(async () => {
    const at = clock.now();
    requireNotOver(exam, at);
    const verification = await verificationOf(storage.db, exam.id, userId);
    const session = await openSession(storage.db, exam.id, userId);
    const next = approvalRequested(verification, kind, at, session?.id ?? null, note);
    await storage.transaction(async (tx) => {
      await saveVerification(tx, next);
      await journal(tx, audit, {
        ...{ organisationId: exam.organisationId, actor: userId, subject: userId },
        ...{
          action: 'student.approval_requested',
          target: `exam/${exam.id}`,
          details: {},
          at,
          tell: exam.id,
        },
      });
      await admissions.refresh(tx, exam, userId);
      const asked = [kind, note].filter((each) => each !== '').join(': ');
      await appendExamEvent(tx, {
        ...{ examId: exam.id, kind: 'APPROVAL_REQUESTED', userId, note: asked, at },
      });
    });
  });
}

/**
 * Staff approve a student, or decline, which also takes an approval back. What the server matched stands.
 * @throws StatusError EXAM_STATE when the exam is over
 */
export async function decideApproval(
  { storage, audit, admissions, throttle, clock }: Parts,
  exam: Exam,
  userId: string,
  { approve, note, staffId }: { approve: boolean; note: string; staffId: string },
): Promise<void> {
  await again(async () => {
    const at = clock.now();
    requireNotOver(exam, at);
    const verification = await verificationOf(storage.db, exam.id, userId);
    const next = approve
      ? approved(verification, staffId, at, VERIFICATION_POLICY, note)
      : declined(verification, note);
    await storage.transaction(async (tx) => {
      await saveVerification(tx, next);
      // A person vouched: whoever failed before may try again.
      if (approve) {
        await throttle.clear(tx, throttleKey(userId, 'FACE'));
        await throttle.clear(tx, challengeKey(userId));
        await owesNothing(tx, { audit, admissions }, exam, userId, at);
      }
      await journal(tx, audit, {
        ...{ organisationId: exam.organisationId, actor: staffId, subject: userId },
        action: approve ? 'student.verified' : 'student.approval_declined',
        ...{ target: `exam/${exam.id}`, details: approve ? { method: 'STAFF' } : {}, at, tell: exam.id },
      });
      await admissions.refresh(tx, exam, userId);
      const kind = approve ? 'APPROVED' : 'APPROVAL_WITHDRAWN';
      await appendExamEvent(tx, { examId: exam.id, kind, userId, actorId: staffId, note, at });
    });
  });
}

/** Whom staff vouch for owes no signs of life, also in a session that was joined by a match. */
async function owesNothing(
  tx: Db,
  parts: Pick<ExamsParts, 'audit' | 'admissions'>,
  exam: Exam,
  userId: string,
  at: number,
): Promise<void> {
  const session = await openSession(tx, exam.id, userId);
  if (!session) return;
  const { watch, changes } = vouchedFor(session.watch, at);
  const lastEvent = session.lastEvent + changes.length;
  await saveSession(tx, { ...session, watch, lastEvent });
  await setMonitored(tx, session.id, false);
  await tellAlerts(tx, parts, session, changes, at);
}
