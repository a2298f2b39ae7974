import { randomUUID } from 'node:crypto';
import type { OnReferenceChanged } from '../../biometrics/index.js';
import { examsNear } from '../exam-store.js';
import { NEAR_MS } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { endMatches } from '../identifying/verification-store.js';
import type { OpenAlert } from './alert.js';
import { writeAlerts } from './raise.js';

const REASONS: Record<Parameters<OnReferenceChanged>[2], string> = {
  REPLACED: 'The face reference was replaced shortly before or during the exam.',
  REMOVED: 'The face reference was removed shortly before or during the exam.',
};

/**
 * Alerts every exam of the user that is on or near, in the transaction that changed the reference. What was matched
 * with the one before proves nothing of who will be compared with the next.
 */
export function onReferenceChanged({
  clock,
  ...parts
}: Pick<ExamsParts, 'audit' | 'admissions' | 'clock'>): OnReferenceChanged {
  return async (tx, userId, what) => {
    const now = clock.now();
    await endMatches(tx, userId, now);
    for (const { id, organisationId } of await examsNear(tx, userId, now, now + NEAR_MS)) {
      // Over as soon as it happened: a later change is another alert.
      const alert: OpenAlert = {
        id: randomUUID(),
        type: 'REFERENCE_CHANGED',
        reason: REASONS[what],
        score: null,
        threshold: null,
        modelId: null,
        beganAt: now,
        lastAt: now,
        endedAt: now,
        occurrences: 1,
        hasEvidence: false,
      };
      const where = { organisationId, examId: id, userId, id: null };
      await writeAlerts(tx, parts, where, [{ change: 'OPENED', alert }], null, now);
    }
  };
}
