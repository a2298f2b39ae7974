import { insertIgnore, type Db } from '../../storage/index.js';

/** What an LMS says of an attempt. */
export interface AttemptWord {
  examId: string;
  userId: string;
  /** Its id there. */
  attempt: string;
  /** By the clock of the LMS: words may arrive in another order than they were true in. UTC milliseconds. */
  toldAt: number;
}

interface AttemptRow {
  exam_id: string;
  user_id: string;
  attempt: string;
  /** By our own clock, like the end. */
  started_at: number;
  /** NULL while it is on. */
  ended_at: number | null;
  told_at: number | null;
}

const key = ({ examId, userId, attempt }: AttemptWord) => ({ exam_id: examId, user_id: userId, attempt });

/** It is on, for the first time or again. False where nothing changes: it is on already, or ended after this word. */
export async function beginAttempt(tx: Db, word: AttemptWord, now: number): Promise<boolean> {
  const on = { started_at: now, ended_at: null, told_at: word.toldAt };
  if (await insertIgnore(tx, 'exam_attempts', { ...key(word), ...on })) return true;
  if ((await toldBefore(tx, word, '<').whereNotNull('ended_at').update(on)) > 0) return true;
  await confirm(tx, word);
  return false;
}

/** It is over, also where nobody told that it began. False where nothing changes: it is over, or began after this word. */
export async function endAttempt(tx: Db, word: AttemptWord, now: number): Promise<boolean> {
  const over = { ended_at: now, told_at: word.toldAt };
  if (await insertIgnore(tx, 'exam_attempts', { ...key(word), started_at: now, ...over })) return true;
  if ((await toldBefore(tx, word, '<=').whereNull('ended_at').update(over)) > 0) return true;
  await confirm(tx, word);
  return false;
}

/** It is so already: a word from between then and now comes too late all the same. */
async function confirm(tx: Db, word: AttemptWord): Promise<void> {
  await toldBefore(tx, word, '<').update({ told_at: word.toldAt });
}

/** The attempt, where what is known of it is older than a word. */
function toldBefore(tx: Db, word: AttemptWord, older: '<' | '<=') {
  return tx<AttemptRow>('exam_attempts')
    .where(key(word))
    .where((told) => void told.whereNull('told_at').orWhere('told_at', older, word.toldAt));
}

/** When the latest attempt of each of some students of an exam began that is on; nothing where none is. */
export async function attemptSince(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  const rows: { user_id: string; since: number }[] = await db('exam_attempts')
    .where({ exam_id: examId, ended_at: null })
    .whereIn('user_id', userIds)
    .groupBy('user_id')
    .select('user_id')
    .max({ since: 'started_at' });
  return new Map(rows.map((row) => [row.user_id, row.since]));
}

/** When the last attempt ended; null while one is on, and before the first. */
export async function attemptsOverSince(db: Db, examId: string, userId: string): Promise<number | null> {
  if ((await attemptSince(db, examId, [userId])).has(userId)) return null;
  const row = await db<AttemptRow>('exam_attempts')
    .where({ exam_id: examId, user_id: userId })
    .orderBy('ended_at', 'desc')
    .first('ended_at');
  return row?.ended_at ?? null;
}
