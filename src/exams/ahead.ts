import type { Db } from '../storage/index.js';
import { examsNear } from './exam-store.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Tells when a student's exams are over, for those who keep something until then. */
export function createExamsAhead(): {
  lastEnd(db: Db, userId: string, now: number): Promise<number | null>;
} {
  return {
    async lastEnd(db, userId, now) {
      const near = await examsNear(db, userId, now, now + DAY_MS);
      const ends = near.map(
        // One that should have begun before may begin now.
        (exam) => exam.endsAt ?? Math.max(exam.scheduledAt, now) + exam.durationMinutes * MINUTE_MS,
      );
      return ends.length === 0 ? null : Math.max(...ends);
    },
  };
}
