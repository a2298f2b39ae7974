import { randomUUID } from 'node:crypto';
import type { Audit } from '../events/index.js';
import type { Db } from '../storage/index.js';
import {
  enrol,
  externalStudents,
  setTimes,
  studentsSpan,
  withdraw,
  type GivenTime,
} from './enrolment-store.js';
import { appendExamEvent } from './exam-event-store.js';
import {
  hull,
  NO_ADMISSION_POLICY,
  reschedule,
  settle,
  type AdmissionPolicy,
  type Exam,
  type Span,
} from './exam.js';
import { examById, insertExam, saveExam } from './exam-store.js';
import { journal } from './journal.js';
import { takeNumbers } from './number-store.js';
import type { Person } from './ports.js';
import { addStaff, removeStaff, staffOf } from './staff-store.js';

const MINUTE_MS = 60_000;
/** Of an exam of which no length is known. */
const SOME_MINUTES = 60;
const MOST_MINUTES = 1440;
/** Until the LMS says another one. */
const FRAME_INTERVAL_MS = 2_000;

/** What an LMS says of one of its activities. */
export interface GivenExam {
  displayName: string;
  /** The time of everybody, as far as it is known. */
  span: Span | null;
  /** What is asked of its students; null where that is not said. */
  policy: (AdmissionPolicy & { frameIntervalMs: number }) | null;
}

/** A student of an exam, as an LMS has them. */
export interface GivenStudent extends GivenTime {
  person: Person;
}

/** What an LMS makes and keeps up to date. Everything is written in the caller's transaction, and only where it changes. */
export interface Provisioning {
  /** The exam, unless it was deleted. */
  exam(db: Db, id: string): Promise<Pick<Exam, 'id' | 'organisationId' | 'number'> | undefined>;
  /** An exam that starts and completes by itself and that nobody owns. Its details are set by `keep`. */
  make(tx: Db, organisationId: string, displayName: string): Promise<Exam>;
  /** Enrols students who are not yet, and sets their times. Of how many anything changed. */
  enrol(
    tx: Db,
    exam: Pick<Exam, 'id' | 'organisationId'>,
    students: readonly GivenStudent[],
  ): Promise<number>;
  /** Lets somebody run the exam. */
  appoint(tx: Db, exam: Pick<Exam, 'id' | 'organisationId'>, userId: string): Promise<void>;
  dismiss(tx: Db, exam: Pick<Exam, 'id' | 'organisationId'>, userId: string): Promise<void>;
  /** Who runs the exam beside its owner. */
  staff(db: Db, examId: string): Promise<string[]>;
  /** Whom an LMS has enrolled, by user id, those after `after`. */
  students(db: Db, examId: string, after: string | null, limit: number): Promise<string[]>;
  /** Takes students out who have not sat the exam: what was seen of those who have stays. How many were taken out. */
  withdraw(tx: Db, exam: Pick<Exam, 'id' | 'organisationId'>, userIds: readonly string[]): Promise<number>;
  /**
   * Sets what an LMS says of an exam, which is on for as long as it is for any of its students: to be called after `enrol`.
   * Whether anything changed.
   * @throws StatusError VERSION_CONFLICT
   */
  keep(tx: Db, id: string, given: GivenExam): Promise<boolean>;
}

export function createProvisioning({
  audit,
  clock,
}: {
  audit: Audit;
  clock: { now(): number };
}): Provisioning {
  async function tell(
    tx: Db,
    { id, organisationId }: Pick<Exam, 'id' | 'organisationId'>,
    action: string,
    subject: string | null,
    details: Record<string, unknown>,
  ): Promise<void> {
    await journal(tx, audit, {
      ...{ organisationId, actor: null, subject, action, target: `exam/${id}` },
      ...{ details: { ...details, by: 'LMS' }, at: clock.now(), tell: id },
    });
  }

  /** The exam, or who sits it. */
  async function changed(tx: Db, examId: string): Promise<void> {
    await appendExamEvent(tx, { examId, kind: 'EXAM_CHANGED', userId: null, at: clock.now() });
  }

  return {
    exam: examById,

    async make(tx, organisationId, displayName) {
      const now = clock.now();
      const exam: Exam = {
        ...{ id: randomUUID(), organisationId, ownerId: '', displayName, type: 'WRITTEN', privacyPolicy: '' },
        number: await takeNumbers(tx, 'exam_numbers', organisationId),
        ...{ scheduledAt: now, durationMinutes: SOME_MINUTES, additionalMaterial: false },
        ...{
          frameIntervalMs: FRAME_INTERVAL_MS,
          livenessPolicy: 'NEVER_BLOCK',
          minimumAssurance: 'SELF_ASSERTED',
        },
        ...{
          automatic: true,
          admission: NO_ADMISSION_POLICY,
          state: 'UPCOMING',
          createdAt: now,
          updatedAt: now,
        },
        ...{ startedAt: null, endsAt: null, version: 1 },
      };
      await insertExam(tx, exam);
      await tell(tx, exam, 'exam.created', null, { number: exam.number });
      return exam;
    },

    async enrol(tx, exam, students) {
      const now = clock.now();
      const times = new Map(students.map(({ person, ...time }) => [person.id, time]));
      const added = await enrol(
        tx,
        exam,
        students.map(({ person }) => person),
        now,
        ({ id }) => times.get(id) ?? {},
      );
      const changes = added.length + (await setTimes(tx, exam.id, times, now));
      const [only] = added;
      if (only === undefined) return changes;
      await tell(tx, exam, 'exam.students_enrolled', null, { enrolled: added.length });
      if (added.length > 1) await changed(tx, exam.id);
      else await appendExamEvent(tx, { examId: exam.id, kind: 'ENROLLED', userId: only, at: now });
      return changes;
    },

    async appoint(tx, exam, userId) {
      if (await addStaff(tx, exam.id, userId, clock.now()))
        await tell(tx, exam, 'exam.staff_added', userId, {});
    },

    async dismiss(tx, exam, userId) {
      if (await removeStaff(tx, exam.id, userId)) await tell(tx, exam, 'exam.staff_removed', userId, {});
    },

    staff: staffOf,

    students: async (db, examId, after, limit) =>
      (await externalStudents(db, examId, after, limit)).map(({ userId }) => userId),

    async withdraw(tx, exam, userIds) {
      const gone = await withdraw(tx, exam.id, userIds);
      for (const userId of gone) await tell(tx, exam, 'exam.student_withdrawn', userId, {});
      if (gone.length > 0) await changed(tx, exam.id);
      return gone.length;
    },

    async keep(tx, id, { displayName, span, policy }) {
      const exam = await examById(tx, id);
      if (!exam) throw new Error('An exam that is kept up to date is gone.');
      const spans = [span, await studentsSpan(tx, id)].filter((each) => each !== null);
      const time = spans.length > 0 ? hull(spans) : { opensAt: null, closesAt: null };
      const { frameIntervalMs, ...admission } = policy ?? {
        ...exam.admission,
        frameIntervalMs: exam.frameIntervalMs,
      };
      const next: Exam = {
        ...settle(reschedule(exam, time, clock.now()), clock.now()),
        ...{ displayName, frameIntervalMs, admission, durationMinutes: minutesOf(time) },
      };
      if (isSame(exam, next)) return false;
      await saveExam(tx, { ...next, updatedAt: clock.now() });
      await tell(tx, exam, 'exam.updated', null, { number: exam.number, state: next.state });
      await changed(tx, id);
      return true;
    },
  };
}

/** How long an exam is on, as far as that can be told. */
function minutesOf({ opensAt, closesAt }: Span): number {
  if (opensAt === null || closesAt === null) return SOME_MINUTES;
  return Math.min(Math.max(Math.ceil((closesAt - opensAt) / MINUTE_MS), 1), MOST_MINUTES);
}

/** The state that time alone has brought about is stored, and told of, by a job. */
function isSame(a: Exam, b: Exam): boolean {
  const plain = ['displayName', 'durationMinutes', 'frameIntervalMs', 'scheduledAt', 'endsAt'] as const;
  const policy = ['challenge', 'monitor', 'graceMs'] as const;
  return (
    plain.every((key) => a[key] === b[key]) && policy.every((key) => a.admission[key] === b.admission[key])
  );
}
