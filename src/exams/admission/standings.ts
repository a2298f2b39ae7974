import type { Db } from '../../storage/index.js';
import { otherPersonSince } from '../alerts/alert-store.js';
import { spansOf } from '../enrolment-store.js';
import { stateAt, type Exam } from '../exam.js';
import { verificationsOf } from '../identifying/verification-store.js';
import { unverified } from '../identifying/verification.js';
import { openSessions } from '../watching/session-store.js';
import type { Session } from '../watching/session.js';
import { storedAdmissions, type StoredAdmission } from './admission-store.js';
import type { AdmissionFacts } from './admission.js';
import { attemptSince } from './attempt-store.js';

/** What is stored of a student that the door goes by. */
export interface Standing {
  facts: AdmissionFacts & { session: Session | null };
  /** Their admission as it was last told; null where it never was. */
  stored: StoredAdmission | null;
  /**
   * Whether the exam is over for them. What was so then stays so: a late submission is not refused for want of a camera.
   */
  over: boolean;
}

/** Reads the standings at `now` of some students of an exam: one query a table, however many they are. */
export async function standingsOf(
  db: Db,
  exam: Exam,
  userIds: readonly string[],
  now: number,
): Promise<(userId: string) => Standing> {
  const sessions = await openSessions(db, exam.id, userIds);
  const verifications = await verificationsOf(db, exam.id, userIds);
  const attempts = await attemptSince(db, exam.id, userIds);
  const others = await otherPersonSince(db, exam.id, userIds);
  const stored = await storedAdmissions(db, exam.id, userIds);
  const spans = await spansOf(db, exam.id, userIds);
  const completed = stateAt(exam, now) === 'COMPLETED';
  return (userId) => {
    const session = sessions.get(userId);
    const closesAt = spans.get(userId)?.closesAt ?? null;
    return {
      facts: {
        verification: verifications.get(userId) ?? unverified(exam.id, userId),
        policy: exam.admission,
        session: session ? { ...session, frameIntervalMs: exam.frameIntervalMs } : null,
        attemptSince: attempts.get(userId) ?? null,
        otherPersonSince: others.get(userId) ?? null,
      },
      stored: stored.get(userId) ?? null,
      over: completed || (closesAt !== null && closesAt <= now),
    };
  };
}
