import { principalOf, requireRole, StatusError, type Context, type Principal } from '../call/index.js';
import type { Db } from '../storage/index.js';
import { isEnrolled } from './enrolment-store.js';
import { examByNumber, type ExamScope } from './exam-store.js';
import type { Exam } from './exam.js';
import { isStaff } from './staff-store.js';
import { examsJoined } from './watching/session-store.js';

/** The most that an exam's number can be: int32, as TRUSTID's clients hold it. */
const NUMBER_MAX = 2 ** 31 - 1;
/** Exams that are named where a student has joined several. */
const MOST_NAMED = 5;

/**
 * The exam, for those who run it: its owner, staff whom its LMS names, or an ADMIN of the organisation.
 * @throws StatusError ROLE_REQUIRED, EXAM_NOT_FOUND (not there, or not theirs)
 */
export async function examForStaff(
  db: Db,
  ctx: Context,
  exam: string,
): Promise<{ exam: Exam; principal: Principal }> {
  const principal = requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
  const found = await find(db, principal, exam);
  if (!found || !(await runs(db, principal, found))) throw notFound(exam);
  return { exam: found, principal };
}

async function runs(db: Db, { role, userId }: Principal, exam: Exam): Promise<boolean> {
  return role === 'ADMIN' || exam.ownerId === userId || isStaff(db, exam.id, userId);
}

/**
 * The exam, for a student who is enrolled in it.
 * @throws StatusError EXAM_NOT_FOUND (not there, or not enrolled)
 */
export async function examForStudent(
  db: Db,
  ctx: Context,
  exam: string,
): Promise<{ exam: Exam; principal: Principal }> {
  const principal = principalOf(ctx);
  const found = await find(db, principal, exam);
  if (!found || !(await isEnrolled(db, found.id, principal.userId))) throw notFound(exam);
  return { exam: found, principal };
}

/**
 * The exam, for a student who is enrolled in it; `null` stands for the one that they have joined.
 * @throws StatusError EXAM_NOT_FOUND, NOT_JOINED (none), EXAM_STATE (several, by name)
 */
export async function examForSitter(
  db: Db,
  ctx: Context,
  exam: string | null,
  now: number,
): Promise<{ exam: Exam; principal: Principal }> {
  if (exam !== null) return examForStudent(db, ctx, exam);
  const joined = await examsJoined(db, principalOf(ctx).userId, now, MOST_NAMED);
  const [only] = joined;
  if (only === undefined) throw new StatusError('NOT_JOINED', 'The student has not joined any exam.');
  if (joined.length > 1) {
    const names = joined.map((number) => `exams/${number}`).join(' and ');
    throw new StatusError('EXAM_STATE', `The student has joined ${names}: leave all but one, or say which.`);
  }
  return examForStudent(db, ctx, String(only));
}

/**
 * The exam, for whoever may know of it.
 * @throws StatusError EXAM_NOT_FOUND
 */
export async function examForReader(db: Db, ctx: Context, exam: string): Promise<Exam> {
  const principal = principalOf(ctx);
  const found = await find(db, principal, exam);
  // Who teaches one course may be a student in another.
  const may =
    found &&
    ((principal.role !== 'STUDENT' && (await runs(db, principal, found))) ||
      (await isEnrolled(db, found.id, principal.userId)));
  if (!may) throw notFound(exam);
  return found;
}

/** The exams that somebody may see: students those they are enrolled in, INSTRUCTORs those they run, ADMINs all. */
export function seenBy({ organisationId, userId, role }: Principal): ExamScope {
  return {
    organisationId,
    ...(role === 'INSTRUCTOR' ? { staffId: userId } : {}),
    ...(role === 'STUDENT' ? { studentId: userId } : {}),
  };
}

async function find(db: Db, { organisationId }: Principal, exam: string): Promise<Exam | undefined> {
  const number = /^[1-9][0-9]{0,9}$/.test(exam) ? Number(exam) : 0;
  if (number < 1 || number > NUMBER_MAX) return undefined;
  return examByNumber(db, organisationId, number);
}

function notFound(exam: string): StatusError {
  const name = `exams/${exam}`;
  return new StatusError('EXAM_NOT_FOUND', 'There is no such exam.', { resource: { type: 'exam', name } });
}
