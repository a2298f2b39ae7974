import type { Audit } from '../../events/index.js';
import { again, type Db, type Storage } from '../../storage/index.js';
import type { Activity } from '../capabilities.js';
import { linkPeople } from '../accounts.js';
import { accountsByExternalIds } from '../account-store.js';
import { examOfActivity } from '../activities.js';
import { lmsExam, lmsExamsOfCourse } from '../activity-store.js';
import { batchesOf } from '../batches.js';
import type { Connection } from '../connection.js';
import { email, type LmsPerson } from '../launch-claims.js';
import type { Directory, ExamRef, ExternalAccounts, GivenStudent, Provisioning, Span } from '../ports.js';
import { withoutErased } from './erased.js';
import type { Provisioner, ProvisionProblem, RosterEntry } from './provisioner.js';

/** People of one transaction. */
const BATCH = 200;

export interface ProvisionerDependencies {
  storage: Storage;
  directory: Directory;
  externalAccounts: ExternalAccounts;
  exams: Provisioning;
  audit: Pick<Audit, 'pseudonym'>;
  clock: { now(): number };
}

/** Exams and accounts as launches make them, for many people at once. */
export function createProvisioner({
  storage,
  directory,
  externalAccounts,
  exams,
  audit,
  clock,
}: ProvisionerDependencies): Provisioner {
  /** Those who could not be had, and the users who learn. Who was erased is left out, and is no problem. */
  async function some(
    tx: Db,
    connection: Connection,
    activity: Activity,
    entries: readonly Usable[],
  ): Promise<{ changes: number; conflicts: string[]; learning: string[] }> {
    const { organisationId } = connection;
    const now = clock.now();
    const people = entries.map(({ person }) => person);
    const users = await linkPeople(tx, externalAccounts, connection, people, now);
    const ids = [...users.values()].filter((id) => id !== null);
    const byId = new Map((await directory.byIds(tx, organisationId, ids)).map((user) => [user.id, user]));
    const { exam } = await examOfActivity(tx, exams, connection, activity, spanOf(activity.times), now);
    const staff = new Set(await exams.staff(tx, exam.id));
    const conflicts: string[] = [];
    const appointed: string[] = [];
    const students: GivenStudent[] = [];
    for (const { person, times } of entries) {
      const user = byId.get(users.get(person.externalId) ?? '');
      if (!user) conflicts.push(person.externalId);
      else if (times) {
        const { opensAt: openAt, closesAt: closeAt } = spanOf(times);
        const limitMs = times.limitMs || null;
        students.push({ person: user, externalId: person.externalId, openAt, closeAt, limitMs });
      } else if (!staff.has(user.id)) appointed.push(user.id);
    }
    for (const userId of appointed) await exams.appoint(tx, exam, userId);
    const changes = appointed.length + (await exams.enrol(tx, exam, students));
    return { changes, conflicts, learning: students.map(({ person }) => person.id) };
  }

  return {
    async provision(connection, activity, entries, signal) {
      const problems: ProvisionProblem[] = [];
      const usable: Usable[] = [];
      for (const entry of entries) {
        const read = usableOf(entry);
        if (read) usable.push(read);
        else problems.push({ personId: entry.member.id, why: 'UNUSABLE_EMAIL' });
      }
      if (!entries.some(({ times }) => times === null)) problems.push({ personId: '', why: 'NO_TEACHER' });
      const learning: string[] = [];
      let changed = false;
      for (const batch of batchesOf(usable, BATCH)) {
        signal.throwIfAborted();
        const ids = batch.map(({ person }) => person.externalId);
        const done = await again(() =>
          storage.transaction((tx) =>
            withoutErased(tx, audit, connection, ids, (erased) => {
              const living = batch.filter(({ person }) => !erased.has(person.externalId));
              return some(tx, connection, activity, living);
            }),
          ),
        );
        changed ||= done.changes > 0;
        learning.push(...done.learning);
        problems.push(...done.conflicts.map((personId) => ({ personId, why: 'ACCOUNT_CONFLICT' as const })));
      }
      const kept = await again(() =>
        storage.transaction(async (tx) => {
          const span = spanOf(activity.times);
          const { exam } = await examOfActivity(tx, exams, connection, activity, span, clock.now());
          // Who teaches no longer, but learns.
          for (const userId of await exams.staff(tx, exam.id)) {
            if (learning.includes(userId)) await exams.dismiss(tx, exam, userId);
          }
          return exams.keep(tx, exam.id, { displayName: activity.name, span, policy: null });
        }),
      );
      return { changed: changed || kept, problems };
    },

    async release(connection, courseId, personIds, signal) {
      const accounts = await accountsByExternalIds(storage.db, connection.id, personIds);
      const userIds = accounts.map(({ userId }) => userId);
      for (const { examId } of await lmsExamsOfCourse(storage.db, connection.id, courseId)) {
        for (const batch of batchesOf(userIds, BATCH)) {
          const takeOut = async (tx: Db, exam: ExamRef): Promise<void> => {
            const staff = await exams.staff(tx, examId);
            for (const userId of batch) if (staff.includes(userId)) await exams.dismiss(tx, exam, userId);
            await exams.withdraw(tx, exam, batch);
          };
          await changeExam(examId, takeOut, signal);
        }
      }
    },

    async close(connection, activityIds, signal) {
      for (const activityId of activityIds) {
        const known = await lmsExam(storage.db, connection.id, activityId);
        if (!known) continue;
        // Who runs it still sees what was seen of those who have sat it.
        for (let after: string | null = null; ;) {
          const students = await exams.students(storage.db, known.examId, after, BATCH);
          await changeExam(known.examId, (tx, exam) => exams.withdraw(tx, exam, students), signal);
          if (students.length < BATCH) break;
          after = students.at(-1) ?? null;
        }
      }
    },
  };

  /** In one transaction; nothing where the exam is gone. */
  async function changeExam(
    examId: string,
    change: (tx: Db, exam: ExamRef) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    await again(() =>
      storage.transaction(async (tx) => {
        const exam = await exams.exam(tx, examId);
        if (exam) await change(tx, exam);
      }),
    );
  }
}

interface Usable {
  person: LmsPerson;
  times: RosterEntry['times'];
}

/** Null where the LMS has an e-mail that is none. */
function usableOf({ member, times }: RosterEntry): Usable | null {
  const address = email.safeParse(member.email);
  if (!address.success) return null;
  return {
    times,
    person: {
      externalId: member.id,
      email: address.data,
      givenName: member.givenName,
      familyName: member.familyName,
      role: times ? 'STUDENT' : 'INSTRUCTOR',
    },
  };
}

/** 0 is no time. */
function spanOf({ opensAt, closesAt }: Span | Activity['times']): Span {
  return { opensAt: opensAt || null, closesAt: closesAt || null };
}
