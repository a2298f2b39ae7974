import { again } from './again.js';
import { closeSession } from './closing.js';
import { complete } from './exam.js';
import { examById, examsDue, saveExam } from './exam-store.js';
import type { ExamsDependencies } from './exams.js';
import { journal } from './journal.js';
import type { Notifier } from './notifier.js';
import { sessionsToClose } from './session-store.js';

const BATCH = 100;

/** Stores as completed what is over, and ends the sessions in it. Cut off anywhere, it finishes when run again. */
export async function completeExams(
  dependencies: Pick<ExamsDependencies, 'storage' | 'audit' | 'clock'>,
  notifier: Notifier,
  signal: AbortSignal,
): Promise<void> {
  const { storage, clock } = dependencies;
  for (const { id } of await examsDue(storage.db, clock.now(), BATCH)) {
    if (signal.aborted) return;
    await completeExam(dependencies, id);
  }
  for (const { id, endsAt } of await sessionsToClose(storage.db, clock.now(), BATCH)) {
    if (signal.aborted) return;
    await closeSession(dependencies, notifier, id, { actor: null, why: 'EXAM_COMPLETED', at: endsAt });
  }
}

async function completeExam(
  { storage, audit, clock }: Pick<ExamsDependencies, 'storage' | 'audit' | 'clock'>,
  id: string,
): Promise<void> {
  await again(async () => {
    const now = clock.now();
    const exam = await examById(storage.db, id);
    const over = exam && complete(exam, now);
    if (!over || over === exam) return;
    await storage.transaction(async (tx) => {
      await saveExam(tx, over);
      await journal(tx, audit, {
        organisationId: over.organisationId,
        actor: null,
        subject: null,
        action: 'exam.completed',
        target: `exam/${over.id}`,
        details: { number: over.number },
        at: now,
        tell: over.id,
      });
    });
  });
}
