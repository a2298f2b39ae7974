import { decideAlert, type StoredAlert } from '../alerts/alert-store.js';
import type { AlertDecision } from '../alerts/alert.js';
import { appendExamEvent } from '../exam-event-store.js';
import type { Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';

/**
 * Records a person's decision on an alert. One that is dismissed shuts no door any more.
 * @throws StatusError VERSION_CONFLICT
 */
export async function review(
  { storage, audit, admissions, clock }: Pick<ExamsParts, 'storage' | 'audit' | 'admissions' | 'clock'>,
  exam: Exam,
  alert: StoredAlert,
  { decision, note, staffId }: { decision: AlertDecision; note: string; staffId: string },
): Promise<StoredAlert> {
  const at = clock.now();
  const decided = { ...alert, decision, decisionNote: note, decidedBy: staffId, decidedAt: at };
  await storage.transaction(async (tx) => {
    await decideAlert(tx, decided);
    await journal(tx, audit, {
      ...{ organisationId: exam.organisationId, actor: staffId, subject: alert.userId },
      ...{ action: 'alert.reviewed', target: `alert/${alert.id}` },
      details: { exam: exam.id, type: alert.type, decision },
      ...{ at, tell: alert.sessionId ?? exam.id },
    });
    await admissions.refresh(tx, exam, alert.userId);
    await appendExamEvent(tx, {
      ...{ examId: exam.id, kind: 'ALERT_DECIDED', userId: alert.userId, alertId: alert.id },
      ...{ actorId: staffId, decision, note, at },
    });
  });
  return decided;
}
