import { insertIgnore, type Db } from '../storage/index.js';

/** An attempt that an LMS told of. */
export interface AttemptKey {
  examId: string;
  userId: string;
  /** Its id there. */
  attempt: string;
}

const columns = ({ examId, userId, attempt }: AttemptKey) => ({ exam_id: examId, user_id: userId, attempt });

/** It is on, unless it is known already: what began ends once. False where nothing changes. */
export async function beginAttempt(tx: Db, key: AttemptKey, now: number): Promise<boolean> {
  return insertIgnore(tx, 'exam_attempts', { ...columns(key), started_at: now, ended_at: null });
}

/** It is over, also where nobody told that it began. False where nothing changes. */
export async function endAttempt(tx: Db, key: AttemptKey, now: number): Promise<boolean> {
  if (await insertIgnore(tx, 'exam_attempts', { ...columns(key), started_at: now, ended_at: now }))
    return true;
  const open = tx('exam_attempts').where(columns(key)).whereNull('ended_at');
  return (await open.update({ ended_at: now })) > 0;
}

/** When the latest attempt that is on began; null while none is. */
export async function attemptSince(db: Db, examId: string, userId: string): Promise<number | null> {
  const row = await db<{ exam_id: string; user_id: string; started_at: number; ended_at: number | null }>(
    'exam_attempts',
  )
    .where({ exam_id: examId, user_id: userId, ended_at: null })
    .orderBy('started_at', 'desc')
    .first('started_at');
  return row?.started_at ?? null;
}
