import type { Db } from '../../storage/index.js';
import { appendExamEvent } from '../exam-event-store.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import { appendEvent } from '../watching/event-store.js';
import type { Session } from '../watching/session.js';
import { insertAlert, prolongAlert } from './alert-store.js';
import type { AlertChange, AlertType } from './alert.js';

/** Where the frame that an alert rests on is kept. */
export interface KeptEvidence {
  id: string;
  /** UTC milliseconds. */
  expiresAt: number;
}

/** Writes what became of a session's alerts, in the transaction of what changed them. */
export async function writeAlerts(
  tx: Db,
  { audit, admissions }: Pick<ExamsParts, 'audit' | 'admissions'>,
  session: Pick<Session, 'organisationId' | 'examId' | 'userId'> & { id: string | null },
  changes: readonly AlertChange[],
  evidence: KeptEvidence | null,
  at: number,
): Promise<void> {
  const { organisationId, examId, userId, id: sessionId } = session;
  for (const { change, alert } of changes) {
    if (change === 'OPENED') {
      await insertAlert(tx, alert, { organisationId, examId, userId, sessionId }, evidence);
    } else {
      await prolongAlert(tx, alert);
    }
    if (change === 'CONTINUED') continue;
    const { type, score, threshold, modelId, occurrences } = alert;
    await journal(tx, audit, {
      organisationId,
      actor: null,
      subject: userId,
      action: change === 'OPENED' ? 'alert.raised' : 'alert.ended',
      target: `alert/${alert.id}`,
      details: { exam: examId, session: sessionId, type, score, threshold, model: modelId, occurrences },
      at,
      tell: sessionId ?? examId,
    });
    if (AT_THE_DOOR.has(type)) await admissions.refresh(tx, examId, userId);
    const kind = change === 'OPENED' ? 'ALERT_RAISED' : 'ALERT_ENDED';
    await appendExamEvent(tx, { examId, kind, userId, alertId: alert.id, at });
  }
}

/** Alerts that may open or shut the door for a student. */
const AT_THE_DOOR: ReadonlySet<AlertType> = new Set<AlertType>(['DIFFERENT_PERSON', 'REFERENCE_CHANGED']);

/** Writes alerts that changed without a frame or a sample, and tells the session's stream of them. */
export async function tellAlerts(
  tx: Db,
  parts: Pick<ExamsParts, 'audit' | 'admissions'>,
  session: Session,
  changes: readonly AlertChange[],
  at: number,
): Promise<void> {
  for (const [index, { alert }] of changes.entries()) {
    const number = session.lastEvent + index + 1;
    await appendEvent(tx, session.id, { number, kind: 'ALERT', alert, at });
  }
  await writeAlerts(tx, parts, session, changes, null, at);
}
