import type { Db } from '../storage/index.js';

/** Ids in one statement: SQLite takes 32,766 values, and a row has four. */
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
 * Enrols those who are not yet; returns their ids.
 * @throws a unique violation when somebody else enrolled one of them at the same moment
 */
export async function enrol(
  tx: Db,
  examId: string,
  students: readonly { id: string; email: string }[],
  now: number,
): Promise<string[]> {
  const added: string[] = [];
  for (let from = 0; from < students.length; from += CHUNK) {
    const chunk = students.slice(from, from + CHUNK);
    const there = (await tx('exam_students')
      .where('exam_id', examId)
      .whereIn(
        'user_id',
        chunk.map(({ id }) => id),
      )
      .pluck('user_id')) as string[];
    const known = new Set(there);
    const missing = chunk.filter(({ id }) => !known.has(id));
    if (missing.length === 0) continue;
    await tx('exam_students').insert(
      missing.map(({ id, email }) => ({ exam_id: examId, user_id: id, email, enrolled_at: now })),
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
