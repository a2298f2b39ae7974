import { bool, type Db } from '../storage/index.js';
import type { AdmissionChange, ExamGate } from './ports.js';

/** What an LMS is still to be told: the newest state of one student in one exam. */
export interface Push {
  connectionId: string;
  examId: string;
  userId: string;
  admitted: boolean;
  state: ExamGate['state'];
  reason: ExamGate['reason'];
  revision: number;
  /** Times it was sent in vain. */
  attempts: number;
}

interface PushRow {
  connection_id: string;
  exam_id: string;
  user_id: string;
  admitted: number;
  state: string;
  reason: string;
  revision: number;
  attempts: number;
}

/** What is newer takes the place of what was not sent yet. */
export async function putPush(
  tx: Db,
  connectionId: string,
  { examId, userId, admitted, state, reason, revision, at }: AdmissionChange,
): Promise<void> {
  await tx('lms_pushes')
    .insert({
      ...{ connection_id: connectionId, exam_id: examId, user_id: userId, admitted: admitted ? 1 : 0 },
      ...{ state, reason, revision, attempts: 0, due_at: at },
    })
    .onConflict(['exam_id', 'user_id'])
    .merge();
}

/** Connections to which something is to be sent by `now`. */
export async function connectionsDue(db: Db, now: number): Promise<string[]> {
  const due = db('lms_pushes').where('due_at', '<=', now);
  return due.distinct('connection_id').pluck('connection_id') as Promise<string[]>;
}

/** What is to be sent to one of them, the longest waiting first. */
export async function pushesDue(db: Db, connectionId: string, now: number, limit: number): Promise<Push[]> {
  const rows = await db<PushRow & { due_at: number }>('lms_pushes')
    .where('connection_id', connectionId)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit);
  return rows.map((row) => ({
    ...{ connectionId: row.connection_id, examId: row.exam_id, userId: row.user_id },
    admitted: bool(row.admitted),
    state: row.state as Push['state'],
    reason: row.reason as Push['reason'],
    ...{ revision: row.revision, attempts: row.attempts },
  }));
}

/** It was sent, or is given up; a newer one stays. */
export async function deletePush(tx: Db, { examId, userId, revision }: Push): Promise<void> {
  await tx('lms_pushes').where({ exam_id: examId, user_id: userId, revision }).delete();
}

/** It is sent again later; a newer one is sent as it is. */
export async function postponePush(
  tx: Db,
  { examId, userId, revision, attempts }: Push,
  dueAt: number,
): Promise<void> {
  await tx('lms_pushes')
    .where({ exam_id: examId, user_id: userId, revision })
    .update({ attempts: attempts + 1, due_at: dueAt });
}

export async function deletePushesOf(tx: Db, userId: string): Promise<number> {
  return tx('lms_pushes').where('user_id', userId).delete();
}

/** Deletes at most `limit` that nobody could be told of since `before`; how many. */
export async function deletePushesBefore(tx: Db, before: number, limit: number): Promise<number> {
  const rows: { exam_id: string; user_id: string }[] = await tx('lms_pushes')
    .where('due_at', '<', before)
    .limit(limit)
    .select('exam_id', 'user_id');
  if (rows.length === 0) return 0;
  return tx('lms_pushes')
    .whereIn(
      ['exam_id', 'user_id'],
      rows.map((row) => [row.exam_id, row.user_id]),
    )
    .delete();
}
