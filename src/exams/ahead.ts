import type { Db } from '../storage/index.js';
import { examsNear } from './exam-store.js';

const MINUTE_MS = 60_000;

/** Tells when a student's exams are over, for those who keep something until then. */
export function createExamsAhead(): {
  lastEnd(db: Db, userId: string, now: number, until: number): Promise<number | null>;
} {
  return {
    async lastEnd(db, userId, now, until) {
      const near = await examsNear(db, userId, now, until);
      const ends = near.map(
        // One that should have begun before may begin now.
        (exam) => exam.endsAt ?? Math.max(exam.scheduledAt, now) + exam.durationMinutes * MINUTE_MS,
      );
      return ends.length === 0 ? null : Math.max(...ends);
    },
  };
}
