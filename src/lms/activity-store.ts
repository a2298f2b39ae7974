import { compareAndSet, type Db } from '../storage/index.js';
import type { Span } from './ports.js';

/** An exam that follows an activity of an LMS. */
export interface LmsExam {
  connectionId: string;
  activityId: string;
  organisationId: string;
  examId: string;
  courseId: string;
  /** What the LMS says for everybody; null while only students' own times are known. */
  span: Span | null;
  createdAt: number;
  version: number;
}

interface ExamRow {
  connection_id: string;
  activity_id: string;
  organisation_id: string;
  exam_id: string;
  course_id: string;
  opens_at: number | null;
  closes_at: number | null;
  created_at: number;
  version: number;
}

export async function lmsExam(
  db: Db,
  connectionId: string,
  activityId: string,
): Promise<LmsExam | undefined> {
  const row = await db<ExamRow>('lms_exams')
    .where({ connection_id: connectionId, activity_id: activityId })
    .first();
  return row && read(row);
}

export async function lmsExamOf(db: Db, examId: string): Promise<LmsExam | undefined> {
  const row = await db<ExamRow>('lms_exams').where({ exam_id: examId }).first();
  return row && read(row);
}

/** Of a course. */
export async function lmsExamsOfCourse(db: Db, connectionId: string, courseId: string): Promise<LmsExam[]> {
  const rows = await db<ExamRow>('lms_exams')
    .where({ connection_id: connectionId, course_id: courseId })
    .orderBy('activity_id');
  return rows.map(read);
}

/** The activities of exams of a connection, by exam. */
export async function activitiesOf(
  db: Db,
  connectionId: string,
  examIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db<ExamRow>('lms_exams')
    .whereIn('exam_id', examIds)
    .where('connection_id', connectionId)
    .select('exam_id', 'activity_id');
  return new Map(rows.map((row) => [row.exam_id, row.activity_id]));
}

/** @throws a unique violation where somebody else made it at the same moment */
export async function insertLmsExam(tx: Db, exam: LmsExam): Promise<void> {
  await tx('lms_exams').insert({
    connection_id: exam.connectionId,
    activity_id: exam.activityId,
    organisation_id: exam.organisationId,
    created_at: exam.createdAt,
    version: exam.version,
    ...changing(exam),
  });
}

/** @throws StatusError VERSION_CONFLICT */
export async function saveLmsExam(tx: Db, exam: LmsExam): Promise<void> {
  const key = { connection_id: exam.connectionId, activity_id: exam.activityId };
  await compareAndSet(tx, 'lms_exams', key, exam.version, changing(exam));
}

function changing({ examId, courseId, span }: LmsExam) {
  // 0 is no time, NULL is not known.
  const known = (at: number | null): number | null => (span ? (at ?? 0) : null);
  return {
    exam_id: examId,
    course_id: courseId,
    opens_at: known(span?.opensAt ?? null),
    closes_at: known(span?.closesAt ?? null),
  };
}

function read(row: ExamRow): LmsExam {
  const { opens_at: opens, closes_at: closes } = row;
  return {
    connectionId: row.connection_id,
    activityId: row.activity_id,
    organisationId: row.organisation_id,
    examId: row.exam_id,
    courseId: row.course_id,
    span: opens === null || closes === null ? null : { opensAt: opens || null, closesAt: closes || null },
    createdAt: row.created_at,
    version: row.version,
  };
}
