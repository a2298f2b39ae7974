import { again } from '../again.js';
import { appendExamEvent } from '../exam-event-store.js';
import { examById, examsDue, saveExam } from '../exam-store.js';
import { settle } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import type { Notifier } from '../notifier.js';
import { closeSession } from './closing.js';
import { sessionsToClose } from './session-store.js';

const BATCH = 100;

/**
 * Stores as started and as completed what is so by its times, and ends the sessions in what is over. Cut off anywhere,
 * it finishes when run again.
 */
export async function settleExams(
  dependencies: Pick<ExamsParts, 'storage' | 'audit' | 'admissions' | 'clock'>,
  notifier: Notifier,
  signal: AbortSignal,
): Promise<void> {
  const { storage, clock } = dependencies;
  for (const { id } of await examsDue(storage.db, clock.now(), BATCH)) {
    if (signal.aborted) return;
    await settleExam(dependencies, id);
  }
  for (const { id, endsAt } of await sessionsToClose(storage.db, clock.now(), BATCH)) {
    if (signal.aborted) return;
    await closeSession(dependencies, notifier, id, { actor: null, why: 'EXAM_COMPLETED', at: endsAt });
  }
}

async function settleExam(
  { storage, audit, clock }: Pick<ExamsParts, 'storage' | 'audit' | 'clock'>,
  id: string,
): Promise<void> {
  await again(async () => {
    const now = clock.now();
    const exam = await examById(storage.db, id);
    const next = exam && settle(exam, now);
    if (!next || next === exam) return;
    await storage.transaction(async (tx) => {
      await saveExam(tx, next);
      await journal(tx, audit, {
        organisationId: next.organisationId,
        actor: null,
        subject: null,
        action: next.state === 'STARTED' ? 'exam.started' : 'exam.completed',
        target: `exam/${next.id}`,
        details: { number: next.number },
        at: now,
        tell: next.id,
      });
      await appendExamEvent(tx, { examId: next.id, kind: 'EXAM_CHANGED', userId: null, at: now });
    });
  });
}
