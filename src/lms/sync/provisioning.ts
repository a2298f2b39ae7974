import { again, type Db, type Storage } from '../../storage/index.js';
import type { Activity } from '../capabilities.js';
import { linkPeople } from '../accounts.js';
import { accountsByExternalIds } from '../account-store.js';
import { examOfActivity } from '../activities.js';
import { lmsExamsOfCourse } from '../activity-store.js';
import type { Connection } from '../connection.js';
import { email, type LmsPerson } from '../launch-claims.js';
import type { Directory, ExternalAccounts, GivenStudent, Provisioning, Span } from '../ports.js';
import type { Provisioner, ProvisionProblem, RosterEntry } from './provisioner.js';

/** People of one transaction. */
const BATCH = 200;

export interface ProvisionerDependencies {
  storage: Storage;
  directory: Directory;
  externalAccounts: ExternalAccounts;
  exams: Provisioning;
  clock: { now(): number };
}

/** Exams and accounts as launches make them, for many people at once. */
export function createProvisioner({
  storage,
  directory,
  externalAccounts,
  exams,
  clock,
}: ProvisionerDependencies): Provisioner {
  /** Those who could not be had, and the users who learn. */
  async function some(
    tx: Db,
    connection: Connection,
    activity: Activity,
    entries: readonly Usable[],
  ): Promise<{ conflicts: string[]; learning: string[] }> {
    const { organisationId } = connection;
    const now = clock.now();
    const people = entries.map(({ person }) => person);
    const users = await linkPeople(tx, externalAccounts, connection, people, now);
    const ids = [...users.values()].filter((id) => id !== null);
    const byId = new Map((await directory.byIds(tx, organisationId, ids)).map((user) => [user.id, user]));
    const { exam } = await examOfActivity(tx, exams, connection, activity, spanOf(activity.times), now);
    const conflicts: string[] = [];
    const students: GivenStudent[] = [];
    for (const { person, times } of entries) {
      const user = byId.get(users.get(person.externalId) ?? '');
      if (!user) conflicts.push(person.externalId);
      else if (!times) await exams.appoint(tx, exam, user.id);
      else {
        const { opensAt: openAt, closesAt: closeAt } = spanOf(times);
        const limitMs = times.limitMs || null;
        students.push({ person: user, externalId: person.externalId, openAt, closeAt, limitMs });
      }
    }
    await exams.enrol(tx, exam, students);
    return { conflicts, learning: students.map(({ person }) => person.id) };
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
      // At least once: an exam is there before anybody is in it.
      for (let at = 0; at === 0 || at < usable.length; at += BATCH) {
        signal.throwIfAborted();
        const batch = usable.slice(at, at + BATCH);
        const done = await again(() => storage.transaction((tx) => some(tx, connection, activity, batch)));
        learning.push(...done.learning);
        problems.push(...done.conflicts.map((personId) => ({ personId, why: 'ACCOUNT_CONFLICT' as const })));
      }
      await again(() =>
        storage.transaction(async (tx) => {
          const span = spanOf(activity.times);
          const { exam } = await examOfActivity(tx, exams, connection, activity, span, clock.now());
          // Who teaches no longer, but learns.
          for (const userId of await exams.staff(tx, exam.id)) {
            if (learning.includes(userId)) await exams.dismiss(tx, exam, userId);
          }
          await exams.keep(tx, exam.id, { displayName: activity.name, span, policy: null });
        }),
      );
      return problems;
    },

    async release(connection, courseId, personIds) {
      await again(() =>
        storage.transaction(async (tx) => {
          const accounts = await accountsByExternalIds(tx, connection.id, personIds);
          const userIds = accounts.map(({ userId }) => userId);
          for (const { examId } of await lmsExamsOfCourse(tx, connection.id, courseId)) {
            const exam = await exams.exam(tx, examId);
            if (!exam) continue;
            for (const userId of userIds) await exams.dismiss(tx, exam, userId);
            await exams.withdraw(tx, exam, userIds);
          }
        }),
      );
    },
  };
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
