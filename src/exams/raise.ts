import { insertAlert, prolongAlert } from './alert-store.js';
import type { Audit } from '../events/index.js';
import type { Db } from '../storage/index.js';
import { journal } from './journal.js';
import type { Session } from './session.js';
import type { AlertChange } from './alert.js';

/** Where the frame that an alert rests on is kept. */
export interface KeptEvidence {
  id: string;
  /** UTC milliseconds. */
  expiresAt: number;
}

/** Writes what became of a session's alerts, in the transaction of what changed them. */
export async function writeAlerts(
  tx: Db,
  audit: Audit,
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
  }
}
