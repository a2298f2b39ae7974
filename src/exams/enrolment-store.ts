import { bool, compareAndSet, type Db } from '../storage/index.js';
import { NO_DETAILS, type Enrolment, type EnrolmentDetails, type EnrolmentState } from './enrolment.js';
import type { ExamState, Span } from './exam.js';
import { EXAM_IS_ON, EXAM_STATE } from './exam-store.js';
import { takeNumbers } from './number-store.js';
import type { Person } from './ports.js';
import { searchRows } from './search-store.js';
import type { Found, Search } from './search.js';
import { runBy } from './staff-store.js';

/** Ids in one statement: SQLite takes 32,766 values, and a row has thirteen. */
const CHUNK = 500;

export interface EnrolledStudent {
  userId: string;
  /** As it was when enrolled; e-mails do not change. */
  email: string;
}

export async function isEnrolled(db: Db, examId: string, userId: string): Promise<boolean> {
  const row: unknown = await db('exam_students').where({ exam_id: examId, user_id: userId }).first('user_id');
  return row !== undefined;
}

/**
 * Enrols those who are not yet, each under a number; returns their ids.
 * @param details of each; a student is called as the account is where they do not say
 * @throws a unique violation when somebody else enrolled one of them at the same moment
 */
export async function enrol(
  tx: Db,
  exam: { id: string; organisationId: string },
  students: readonly Person[],
  now: number,
  details: (student: Person) => Partial<EnrolmentDetails> = () => ({}),
): Promise<string[]> {
  const added: string[] = [];
  for (let from = 0; from < students.length; from += CHUNK) {
    const chunk = students.slice(from, from + CHUNK);
    const there = (await tx('exam_students')
      .where('exam_id', exam.id)
      .whereIn(
        'user_id',
        chunk.map(({ id }) => id),
      )
      .pluck('user_id')) as string[];
    const known = new Set(there);
    const missing = chunk.filter(({ id }) => !known.has(id));
    if (missing.length === 0) continue;
    await tx('exam_students').insert(
      missing.map(({ id, email }) => ({ exam_id: exam.id, user_id: id, email, enrolled_at: now })),
    );
    const first = await takeNumbers(tx, 'enrolment_numbers', exam.organisationId, missing.length);
    await tx('enrolments').insert(
      missing.map((person, index) => ({
        ...{ exam_id: exam.id, user_id: person.id, organisation_id: exam.organisationId },
        number: first + index,
        ...columns({ displayName: calledBy(person), ...NO_DETAILS, ...details(person) }),
        ...{ created_at: now, updated_at: now, version: 1 },
      })),
    );
    added.push(...missing.map(({ id }) => id));
  }
  return added;
}

/** Students of an exam, by e-mail. */
export async function listStudents(
  db: Db,
  examId: string,
  afterEmail: string | null,
  limit: number,
): Promise<EnrolledStudent[]> {
  const query = db<{ exam_id: string; user_id: string; email: string }>('exam_students').where(
    'exam_id',
    examId,
  );
  if (afterEmail !== null) void query.where('email', '>', afterEmail);
  const rows = await query.orderBy('email').limit(limit).select('user_id', 'email');
  return rows.map((row) => ({ userId: row.user_id, email: row.email }));
}

/** Whose enrolments are meant: of an organisation, of its exams that one person runs, of one exam. */
export interface EnrolmentScope {
  organisationId: string;
  staffId?: string;
  examId?: string;
}

interface EnrolmentRow {
  exam_id: string;
  user_id: string;
  organisation_id: string;
  number: number;
  exam: number;
  exam_state: ExamState;
  email: string;
  display_name: string;
  external_id: string;
  individual_info: string;
  individual_info_html: number;
  skip_requirements: number;
  open_time: number | null;
  close_at: number | null;
  limit_ms: number | null;
  create_time: number;
  update_time: number;
  join_time: number | null;
  leave_time: number | null;
  state: EnrolmentState;
  version: number;
}

/** What is true of an enrolment at `:now`, beside what is stored of it. Sessions are found by `…_by_user`. */
const SESSIONS = 'from proctoring_sessions p where p.user_id = n.user_id and p.exam_id = n.exam_id';
const OVER = `(e.ends_at is not null and e.ends_at <= :now)`;
const JOINED = `(${EXAM_IS_ON} and exists (select 1 ${SESSIONS} and p.left_at is null))`;
const FIRST_JOINED = `(select min(p.joined_at) ${SESSIONS})`;
/** A session that nobody has closed yet ended with its exam. */
const LAST_LEFT = `case when ${JOINED} then null else (select max(coalesce(p.left_at, e.ends_at)) ${SESSIONS}) end`;
/** As `stateAt` of verification.ts has it for a student who never joined. */
const ENTERING = `(not ${OVER} and (v.state = 'APPROVAL_REQUESTED'
  or (v.state = 'VERIFIED' and (v.expires_at > :now or v.approval_request <> ''))))`;
const STATE = `case when ${JOINED} then 'JOINED' when exists (select 1 ${SESSIONS}) then 'LEFT'
  when ${ENTERING} then 'ENTERING' when v.state in ('VERIFIED', 'APPROVAL_REQUESTED') then 'LAPSED'
  else 'ENROLLED' end`;

function rowsOf(db: Db, scope: EnrolmentScope, now: number) {
  const query = db('enrolments as n')
    .join('exams as e', 'e.id', 'n.exam_id')
    .join('exam_students as s', (on) => void on.on('s.exam_id', 'n.exam_id').on('s.user_id', 'n.user_id'))
    .leftJoin('verifications as v', (on) => {
      void on.on('v.exam_id', 'n.exam_id').on('v.user_id', 'n.user_id');
    })
    .where('n.organisation_id', scope.organisationId)
    .select('n.exam_id', 'n.user_id', 'n.organisation_id', 'n.number', 'n.display_name', 'n.external_id')
    .select('n.individual_info', 'n.individual_info_html', 'n.skip_requirements', 'n.version', 's.email')
    .select('n.close_at', 'n.limit_ms')
    .select({ open_time: 'n.open_at', create_time: 'n.created_at', update_time: 'n.updated_at' })
    .select({ exam: 'e.number' })
    .select(db.raw(`${EXAM_STATE} as exam_state`, { now }))
    .select(db.raw(`${FIRST_JOINED} as join_time`))
    .select(db.raw(`${LAST_LEFT} as leave_time`, { now }))
    .select(db.raw(`${STATE} as state`, { now }));
  if (scope.staffId !== undefined) void query.where(runBy(db, scope.staffId));
  if (scope.examId !== undefined) void query.where('n.exam_id', scope.examId);
  return query;
}

export async function searchEnrolments(
  db: Db,
  scope: EnrolmentScope,
  search: Search,
  now: number,
): Promise<Found<Enrolment>> {
  const { page, total } = await searchRows<EnrolmentRow>(db, rowsOf(db, scope, now), search);
  return { page: page.map(read), total };
}

export async function enrolmentByNumber(
  db: Db,
  scope: EnrolmentScope,
  number: number,
  now: number,
): Promise<Enrolment | undefined> {
  const row = (await rowsOf(db, scope, now).where('n.number', number).first()) as EnrolmentRow | undefined;
  return row && read(row);
}

export async function enrolmentOf(
  db: Db,
  exam: { id: string; organisationId: string },
  userId: string,
  now: number,
): Promise<Enrolment | undefined> {
  const scope = { organisationId: exam.organisationId, examId: exam.id };
  const row = (await rowsOf(db, scope, now).where('n.user_id', userId).first()) as EnrolmentRow | undefined;
  return row && read(row);
}

/** The student's own time in the exam. */
export async function spanOf(db: Db, examId: string, userId: string): Promise<Span> {
  return (await spansOf(db, examId, [userId])).get(userId) ?? { opensAt: null, closesAt: null };
}

/** Own times of some students of an exam, by user id; nothing of whom is not enrolled. */
export async function spansOf(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, Span>> {
  const rows: { user_id: string; open_at: number | null; close_at: number | null }[] = await db('enrolments')
    .where('exam_id', examId)
    .whereIn('user_id', userIds)
    .select('user_id', 'open_at', 'close_at');
  return new Map(rows.map((row) => [row.user_id, { opensAt: row.open_at, closesAt: row.close_at }]));
}

/** A student's time as another system has it. */
export type GivenTime = Pick<EnrolmentDetails, 'externalId' | 'openAt' | 'closeAt' | 'limitMs'>;

/** Sets the times of students of an exam, by user; what is so already is not written. How many changed. */
export async function setTimes(
  tx: Db,
  examId: string,
  times: ReadonlyMap<string, GivenTime>,
  now: number,
): Promise<number> {
  const ids = [...times.keys()];
  let changed = 0;
  for (let from = 0; from < ids.length; from += CHUNK) {
    const rows: {
      user_id: string;
      external_id: string;
      open_at: number;
      close_at: number;
      limit_ms: number;
    }[] = await tx('enrolments')
      .where('exam_id', examId)
      .whereIn('user_id', ids.slice(from, from + CHUNK))
      .select('user_id', 'external_id', 'open_at', 'close_at', 'limit_ms');
    for (const { user_id: userId, ...is } of rows) {
      const given = times.get(userId);
      if (!given) continue;
      const { externalId, openAt, closeAt, limitMs } = given;
      const shall = { external_id: externalId, open_at: openAt, close_at: closeAt, limit_ms: limitMs };
      const same = (Object.keys(shall) as (keyof typeof shall)[]).every(
        (column) => is[column] === shall[column],
      );
      if (same) continue;
      await tx('enrolments')
        .where({ exam_id: examId, user_id: userId })
        .update({ ...shall, updated_at: now, version: tx.raw('version + 1') });
      changed++;
    }
  }
  return changed;
}

/** Students of an exam whom another system has enrolled, by user id, those after `after`. */
export async function externalStudents(
  db: Db,
  examId: string,
  after: string | null,
  limit: number,
): Promise<{ userId: string; externalId: string; displayName: string }[]> {
  const query = db('enrolments').where('exam_id', examId).whereNot('external_id', '');
  if (after !== null) void query.where('user_id', '>', after);
  return query
    .orderBy('user_id')
    .limit(limit)
    .select({ userId: 'user_id', externalId: 'external_id', displayName: 'display_name' });
}

/** The time that holds those of all students whom another system has enrolled; null where there are none. */
export async function studentsSpan(db: Db, examId: string): Promise<Span | null> {
  const row = (await db('enrolments')
    .where('exam_id', examId)
    .whereNot('external_id', '')
    .min({ opens: 'open_at' })
    .max({ closes: 'close_at' })
    .count({ students: '*', opening: 'open_at', closing: 'close_at' })
    .first()) as
    { students: number; opening: number; closing: number; opens: number; closes: number } | undefined;
  if (!row || row.students === 0) return null;
  // For whoever has no such time it is open at any time.
  return {
    opensAt: row.opening < row.students ? null : row.opens,
    closesAt: row.closing < row.students ? null : row.closes,
  };
}

/** @throws StatusError VERSION_CONFLICT */
export async function saveEnrolment(tx: Db, enrolment: Enrolment): Promise<void> {
  const key = { exam_id: enrolment.examId, user_id: enrolment.userId };
  const changes = { ...columns(enrolment), updated_at: enrolment.updatedAt };
  await compareAndSet(tx, 'enrolments', key, enrolment.version, changes);
}

/** Gives an enrolment to somebody else. @throws a unique violation where they are enrolled in the exam already */
export async function moveEnrolment(tx: Db, { examId, userId }: Enrolment, to: Person): Promise<void> {
  const key = { exam_id: examId, user_id: userId };
  await tx('admissions').where(key).delete();
  await tx('exam_students').where(key).update({ user_id: to.id, email: to.email });
  await tx('enrolments').where(key).update({ user_id: to.id });
}

function calledBy({ givenName, familyName }: Person): string {
  return `${givenName} ${familyName}`.slice(0, 200);
}

/** What an exam has of a student before they have sat it, in the order in which it may be deleted. */
const BEFORE_SITTING = ['admissions', 'verifications', 'enrolments', 'exam_students'] as const;

/** Where it says that a student has sat an exam: here, or in the LMS that told of it. */
const SITTING = ['proctoring_sessions', 'exam_attempts'] as const;

export async function hasSat(db: Db, examId: string, userId: string): Promise<boolean> {
  for (const table of SITTING) {
    if (await db(table).where({ exam_id: examId, user_id: userId }).first('user_id')) return true;
  }
  return false;
}

/** Takes those of the students out of an exam who have not sat it; returns them. */
export async function withdraw(tx: Db, examId: string, userIds: readonly string[]): Promise<string[]> {
  const gone: string[] = [];
  for (let from = 0; from < userIds.length; from += CHUNK) {
    const chunk = userIds.slice(from, from + CHUNK);
    // Who is about to join changes it: they have joined by now, or find that they are not enrolled.
    await tx('verifications')
      .where('exam_id', examId)
      .whereIn('user_id', chunk)
      .forUpdate()
      .select('user_id');
    const query = tx('exam_students').where('exam_id', examId).whereIn('user_id', chunk);
    for (const table of SITTING) {
      const sat = tx({ p: table }).where('p.exam_id', examId);
      void query.whereNotExists(sat.select(tx.raw('1')).where('p.user_id', tx.ref('exam_students.user_id')));
    }
    const enrolled = (await query.pluck('user_id')) as string[];
    for (const table of BEFORE_SITTING) {
      await tx(table).where('exam_id', examId).whereIn('user_id', enrolled).delete();
    }
    gone.push(...enrolled);
  }
  return gone;
}

function columns(details: EnrolmentDetails) {
  return {
    display_name: details.displayName,
    external_id: details.externalId,
    individual_info: details.individualInfo,
    individual_info_html: details.individualInfoHtml ? 1 : 0,
    skip_requirements: details.skipRequirements ? 1 : 0,
    open_at: details.openAt,
    close_at: details.closeAt,
    limit_ms: details.limitMs,
  };
}

function read(row: EnrolmentRow): Enrolment {
  return {
    examId: row.exam_id,
    userId: row.user_id,
    organisationId: row.organisation_id,
    number: row.number,
    email: row.email,
    displayName: row.display_name,
    externalId: row.external_id,
    individualInfo: row.individual_info,
    individualInfoHtml: bool(row.individual_info_html),
    skipRequirements: bool(row.skip_requirements),
    openAt: row.open_time,
    closeAt: row.close_at,
    limitMs: row.limit_ms,
    createdAt: row.create_time,
    updatedAt: row.update_time,
    version: row.version,
    examNumber: row.exam,
    examState: row.exam_state,
    state: row.state,
    joinedAt: row.join_time,
    leftAt: row.leave_time,
  };
}
