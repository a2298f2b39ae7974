import type { Audit } from '../events/index.js';
import type { Storage } from '../storage/index.js';
import { again } from './again.js';
import { appendEvent } from './event-store.js';
import { journal } from './journal.js';
import type { Notifier } from './notifier.js';
import { writeAlerts } from './raise.js';
import type { Session } from './session.js';
import { saveSession, sessionById } from './session-store.js';
import { closeWatch } from './watch.js';

/** Ends a session and with it every alert that lasts. A closed session stays as it is. */
export async function closeSession(
  { storage, audit }: { storage: Storage; audit: Audit },
  notifier: Notifier,
  sessionId: string,
  { actor, why, at }: { actor: string | null; why: 'LEFT' | 'EXAM_COMPLETED' | 'ATTEMPT_ENDED'; at: number },
): Promise<Session | undefined> {
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
      for (const [index, { alert }] of changes.entries()) {
        const number = session.lastEvent + index + 1;
        await appendEvent(tx, session.id, { number, kind: 'ALERT', alert, at });
      }
      await writeAlerts(tx, audit, session, changes, null, at);
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
      return saved;
    });
  });
  notifier.notify(sessionId);
  return closed;
}
