import type { Db } from '../storage/index.js';
import { insertLmsExam, lmsExam, saveLmsExam, type LmsExam } from './activity-store.js';
import type { Connection } from './connection.js';
import type { LmsActivity } from './launch-claims.js';
import type { ExamRef, Provisioning, Span } from './ports.js';

/**
 * The exam of an activity, made where there is none yet, or none any more.
 * @param span of everybody; null where only somebody's own is known
 * @throws StatusError VERSION_CONFLICT, or a unique violation, where somebody else made or changed it at the same moment
 */
export async function examOfActivity(
  tx: Db,
  exams: Pick<Provisioning, 'exam' | 'make'>,
  connection: Pick<Connection, 'id' | 'organisationId'>,
  { id: activityId, name, courseId }: LmsActivity,
  span: Span | null,
  now: number,
): Promise<{ exam: ExamRef; span: Span | null }> {
  const { id: connectionId, organisationId } = connection;
  const known = await lmsExam(tx, connectionId, activityId);
  const there = known && (await exams.exam(tx, known.examId));
  const exam = there ?? (await exams.make(tx, organisationId, name));
  const next: LmsExam = {
    ...{ connectionId, activityId, organisationId, examId: exam.id, courseId },
    ...{ span: span ?? known?.span ?? null, createdAt: known?.createdAt ?? now },
    version: known?.version ?? 1,
  };
  if (!known) await insertLmsExam(tx, next);
  else if (!isSame(known, next)) await saveLmsExam(tx, next);
  return { exam, span: next.span };
}

function isSame(a: LmsExam, b: LmsExam): boolean {
  return (
    a.examId === b.examId &&
    a.courseId === b.courseId &&
    a.span?.opensAt === b.span?.opensAt &&
    a.span?.closesAt === b.span?.closesAt
  );
}
