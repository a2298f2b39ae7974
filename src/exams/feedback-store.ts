import type { Db } from '../storage/index.js';

export type CheatMode = 'COMMUNICATION' | 'IMPERSONATION';

/** What a student says of an exam. Never read to decide anything. */
export interface Feedback {
  id: string;
  examId: string;
  userId: string;
  cheatMode: CheatMode;
  text: string;
  /** UTC milliseconds. */
  at: number;
}

interface FeedbackRow {
  id: string;
  exam_id: string;
  user_id: string;
  cheat_mode: string;
  feedback: string;
  at: number;
}

/** Where a page ended: time and id of its last report. */
export interface FeedbackCursor {
  at: number;
  id: string;
}

export async function insertFeedback(
  tx: Db,
  { id, examId, userId, cheatMode, text, at }: Feedback,
): Promise<void> {
  const row: FeedbackRow = {
    id,
    exam_id: examId,
    user_id: userId,
    cheat_mode: cheatMode,
    feedback: text,
    at,
  };
  await tx<FeedbackRow>('exam_feedback').insert(row);
}

/** What was said of an exam, the newest first. */
export async function listFeedback(
  db: Db,
  examId: string,
  after: FeedbackCursor | null,
  limit: number,
): Promise<Feedback[]> {
  const query = db<FeedbackRow>('exam_feedback').where('exam_id', examId);
  if (after) {
    void query.where((page) => {
      void page
        .where('at', '<', after.at)
        .orWhere((same) => void same.where('at', after.at).where('id', '<', after.id));
    });
  }
  const rows = await query
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return rows.map((row) => ({
    id: row.id,
    examId: row.exam_id,
    userId: row.user_id,
    cheatMode: row.cheat_mode as CheatMode,
    text: row.feedback,
    at: row.at,
  }));
}
