import { again } from '../again.js';
import { tellAlerts } from '../alerts/raise.js';
import { appendExamEvent } from '../exam-event-store.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import type { Notifier } from '../notifier.js';
import { saveSession, sessionById } from './session-store.js';
import type { Session } from './session.js';
import { closeWatch } from './watch.js';

/** Ends a session and with it every alert that lasts. A closed session stays as it is. */
export async function closeSession(
  parts: Pick<ExamsParts, 'storage' | 'audit' | 'admissions'>,
  notifier: Notifier,
  sessionId: string,
  { actor, why, at }: { actor: string | null; why: 'LEFT' | 'EXAM_COMPLETED' | 'ATTEMPT_ENDED'; at: number },
): Promise<Session | undefined> {
  const { storage, audit, admissions } = parts;
  const closed = await again(async () => {
    const session = await sessionById(storage.db, sessionId);
    if (!session || session.leftAt !== null) return session;
    const { watch, changes } = closeWatch(session.watch, at);
    return storage.transaction(async (tx) => {
      const saved = await saveSession(tx, {
        ...session,
        leftAt: at,
        watch,
        lastEvent: session.lastEvent + changes.length,
      });
      await tellAlerts(tx, parts, session, changes, at);
      await journal(tx, audit, {
        organisationId: session.organisationId,
        actor,
        subject: session.userId,
        action: 'session.left',
        target: `session/${session.id}`,
        details: { exam: session.examId, why, frames: session.frameCount },
        at,
        tell: session.id,
      });
      await admissions.refresh(tx, session.examId, session.userId);
      await appendExamEvent(tx, { examId: session.examId, kind: 'LEFT', userId: session.userId, at });
      return saved;
    });
  });
  notifier.notify(sessionId);
  if (closed) notifier.notify(closed.examId);
  return closed;
}
