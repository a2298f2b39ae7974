import type { Db } from '../../storage/index.js';
import { storedAdmissions, type StoredAdmission } from '../admission/admission-store.js';
import { tallyAlerts, type AlertTally } from '../alerts/alert-store.js';
import { stateAt, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { verificationsOf } from '../identifying/verification-store.js';
import {
  stateAt as verificationAt,
  unverified,
  type Verification,
  type VerificationState,
} from '../identifying/verification.js';
import type { Person } from '../ports.js';
import { sessionsOf } from '../watching/session-store.js';
import type { Session } from '../watching/session.js';

/** A student as a reviewer sees them. */
export interface StudentInReview {
  person: Person;
  verification: Verification;
  /** Of this moment. */
  state: VerificationState;
  /** The latest. */
  session: Session | null;
  alerts: readonly AlertTally[];
  /** As it was last told. */
  admission: StoredAdmission | null;
}

/** Some students of an exam, in the order asked for; those that nobody knows any more are left out. */
export async function studentsInReview(
  { directory, clock }: Pick<ExamsParts, 'directory' | 'clock'>,
  db: Db,
  exam: Exam,
  userIds: readonly string[],
): Promise<StudentInReview[]> {
  if (userIds.length === 0) return [];
  const people = new Map(
    (await directory.byIds(db, exam.organisationId, userIds)).map((person) => [person.id, person]),
  );
  const verifications = await verificationsOf(db, exam.id, userIds);
  const sessions = new Map<string, Session>();
  for (const session of await sessionsOf(db, exam.id, userIds)) {
    if (!sessions.has(session.userId)) sessions.set(session.userId, session);
  }
  const alerts = await tallyAlerts(db, exam.id, userIds);
  const admissions = await storedAdmissions(db, exam.id, userIds);
  const now = clock.now();
  const on = stateAt(exam, now) === 'STARTED';
  return userIds.flatMap((id) => {
    const person = people.get(id);
    if (!person) return [];
    const verification = verifications.get(id) ?? unverified(exam.id, id);
    const session = sessions.get(id) ?? null;
    const open = on && session?.leftAt === null ? session.id : null;
    const state = verificationAt(verification, now, open);
    return {
      ...{ person, verification, state, session },
      alerts: alerts.get(id) ?? [],
      admission: admissions.get(id) ?? null,
    };
  });
}
