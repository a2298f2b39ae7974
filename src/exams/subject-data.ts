import { throttleKey, type SubjectData } from '../biometrics/index.js';
import { checksOf, deleteChecksBefore, deleteChecksOf } from '../checks/index.js';
import { deleteExamEvents } from './exam-event-store.js';
import type { ExamsDependencies } from './exams.js';
import { deleteChallenges } from './identifying/challenge-store.js';
import { challengeKey } from './identifying/challenging.js';
import {
  containersOf,
  deleteClaims,
  deleteFeedback,
  deleteLooseAlerts,
  deleteParts,
  deleteSessions,
  endedSessions,
  eraseRows,
  evidenceOf,
  expiredEvidence,
  exportRows,
  forgetEvidence,
} from './subject-store.js';

const DAY_MS = 86_400_000;

/** What exams hold about a student: for export, erasure and retention alike. */
export function examsData({
  storage,
  throttle,
  options,
}: Pick<ExamsDependencies, 'storage' | 'throttle' | 'options'>): SubjectData {
  const { blobs, containers } = storage;
  return {
    name: 'exams',

    async export(db, userId) {
      const evidence: Record<string, unknown>[] = [];
      for (const { alertId, blobId } of await evidenceOf(db, userId)) {
        const blob = await blobs.get(db, blobId);
        if (blob) {
          const { contentType, bytes } = blob;
          evidence.push({ alert_id: alertId, content_type: contentType, image: bytes.toString('base64') });
        }
      }
      return { ...(await exportRows(db, userId)), evidence, checks: await checksOf(db, userId) };
    },

    async erase(tx, userId) {
      let evidence = 0;
      for (const container of await containersOf(tx, userId)) {
        if (await containers.destroy(tx, container)) evidence++;
      }
      const rows = await eraseRows(tx, userId);
      const checks = await deleteChecksOf(tx, userId);
      const throttles =
        (await throttle.remove(tx, throttleKey(userId, 'FACE'))) +
        (await throttle.remove(tx, challengeKey(userId)));
      return { ...rows, checks, throttles, evidence_containers: evidence };
    },

    async expire(now, limit) {
      const before = now - options.findingRetentionDays * DAY_MS;
      let deleted = await expireEvidence(now, limit);
      if (deleted < limit) deleted += await expireSessions(before, limit - deleted);
      for (const remove of [
        deleteChallenges,
        deleteClaims,
        deleteFeedback,
        deleteLooseAlerts,
        deleteExamEvents,
        deleteChecksBefore,
        deleteParts,
      ]) {
        if (deleted < limit) {
          const left = limit - deleted;
          deleted += await storage.transaction((tx) => remove(tx, before, left));
        }
      }
      return deleted;
    },
  };

  function expireEvidence(now: number, limit: number): Promise<number> {
    return storage.transaction(async (tx) => {
      const expired = await expiredEvidence(tx, now, limit);
      // Alerts that opened with the same frame share it.
      for (const blobId of new Set(expired.map((each) => each.blobId))) await blobs.delete(tx, blobId);
      await forgetEvidence(
        tx,
        expired.map(({ alertId }) => alertId),
      );
      return expired.length;
    });
  }

  function expireSessions(before: number, limit: number): Promise<number> {
    return storage.transaction(async (tx) => {
      const ended = await endedSessions(tx, before, limit);
      for (const { containerId } of ended)
        if (containerId !== null) await containers.destroy(tx, containerId);
      await deleteSessions(
        tx,
        ended.map(({ id }) => id),
      );
      return ended.length;
    });
  }
}
