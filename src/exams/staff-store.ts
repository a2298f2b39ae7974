import { insertIgnore, type Db } from '../storage/index.js';

/** Who runs an exam beside its owner: teachers, as the LMS says that it was made from. */
export async function isStaff(db: Db, examId: string, userId: string): Promise<boolean> {
  const row: unknown = await db('exam_staff').where({ exam_id: examId, user_id: userId }).first('user_id');
  return row !== undefined;
}

export async function staffOf(db: Db, examId: string): Promise<string[]> {
  return db('exam_staff').where('exam_id', examId).orderBy('user_id').pluck('user_id') as Promise<string[]>;
}

/** True when they did not run it before. */
export async function addStaff(tx: Db, examId: string, userId: string, now: number): Promise<boolean> {
  return insertIgnore(tx, 'exam_staff', { exam_id: examId, user_id: userId, since: now });
}

/** True when they ran it until now. */
export async function removeStaff(tx: Db, examId: string, userId: string): Promise<boolean> {
  return (await tx('exam_staff').where({ exam_id: examId, user_id: userId }).delete()) > 0;
}

/** That an exam is run by somebody; `e` is the table's alias. */
export function runBy(db: Db, userId: string) {
  return db.raw(
    '(e.owner_id = :user or e.id in (select s.exam_id from exam_staff s where s.user_id = :user))',
    { user: userId },
  );
}
