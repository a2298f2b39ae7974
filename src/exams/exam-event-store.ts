import type { Db } from '../storage/index.js';
import type { AlertDecision } from './alerts/alert.js';
import { takeNumbers } from './number-store.js';

/** What changed in an exam. */
export type ExamEventKind =
  | 'ENROLLED'
  | 'IDENTIFIED'
  | 'APPROVAL_REQUESTED'
  | 'APPROVED'
  | 'APPROVAL_WITHDRAWN'
  | 'JOINED'
  | 'LEFT'
  | 'ADMISSION'
  | 'ALERT_RAISED'
  | 'ALERT_ENDED'
  | 'ALERT_DECIDED'
  /** The exam itself, or many of its students at a time. */
  | 'EXAM_CHANGED';

/** Those that say what a person asked for or decided. */
const NOTES: readonly ExamEventKind[] = [
  'APPROVAL_REQUESTED',
  'APPROVED',
  'APPROVAL_WITHDRAWN',
  'ALERT_DECIDED',
];

/** Something that those who watch an exam are told of: what it was about is read when it is told. */
export interface NewExamEvent {
  examId: string;
  kind: ExamEventKind;
  /** The student; null for EXAM_CHANGED. */
  userId: string | null;
  alertId?: string;
  /** The person who did it, where one decided. */
  actorId?: string;
  decision?: AlertDecision;
  /** Their words. */
  note?: string;
  /** UTC milliseconds. */
  at: number;
}

export interface ExamEvent {
  /** From 1, without gaps but for what was erased, in the order of commit. */
  number: number;
  kind: ExamEventKind;
  userId: string | null;
  alertId: string | null;
  actorId: string | null;
  decision: AlertDecision | null;
  note: string;
  at: number;
}

interface ExamEventRow {
  exam_id: string;
  number: number;
  kind: ExamEventKind;
  user_id: string | null;
  alert_id: string | null;
  actor_id: string | null;
  decision: AlertDecision | null;
  note: string;
  at: number;
}

/**
 * Writes an event in the transaction of the change it tells of, as late in it as can be: until it ends, the next event
 * of the exam waits.
 */
export async function appendExamEvent(tx: Db, event: NewExamEvent): Promise<void> {
  const row: ExamEventRow = {
    exam_id: event.examId,
    number: await takeNumbers(tx, 'exam_event_numbers', event.examId),
    kind: event.kind,
    user_id: event.userId,
    alert_id: event.alertId ?? null,
    actor_id: event.actorId ?? null,
    decision: event.decision ?? null,
    note: event.note ?? '',
    at: event.at,
  };
  await tx<ExamEventRow>('exam_events').insert(row);
}

/** Number of the last event that was committed; 0 before the first. */
export async function lastExamEvent(db: Db, examId: string): Promise<number> {
  const row = await db<{ exam_id: string; last: number }>('exam_event_numbers')
    .where('exam_id', examId)
    .first('last');
  return row?.last ?? 0;
}

/** Events of an exam after `number`, in order. */
export async function examEventsAfter(
  db: Db,
  examId: string,
  number: number,
  limit: number,
): Promise<ExamEvent[]> {
  const rows = await db<ExamEventRow>('exam_events')
    .where('exam_id', examId)
    .where('number', '>', number)
    .orderBy('number')
    .limit(limit);
  return rows.map(read);
}

/** What people asked for and decided about one student, until `until`, the newest first. */
export async function notesAbout(
  db: Db,
  { examId, userId }: { examId: string; userId: string },
  until: number,
  limit: number,
): Promise<ExamEvent[]> {
  const rows = await db<ExamEventRow>('exam_events')
    .where({ user_id: userId, exam_id: examId })
    .where('at', '<=', until)
    .whereIn('kind', NOTES)
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'number', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(read);
}

/** Deletes at most `limit` events older than `before`; returns how many. */
export async function deleteExamEvents(tx: Db, before: number, limit: number): Promise<number> {
  const rows = await tx<ExamEventRow>('exam_events')
    .where('at', '<', before)
    .limit(limit)
    .select('exam_id', 'number');
  if (rows.length === 0) return 0;
  const keys = rows.map((row) => [row.exam_id, row.number]);
  return tx('exam_events').whereIn(['exam_id', 'number'], keys).delete();
}

function read(row: ExamEventRow): ExamEvent {
  return {
    number: row.number,
    kind: row.kind,
    userId: row.user_id,
    alertId: row.alert_id,
    actorId: row.actor_id,
    decision: row.decision,
    note: row.note,
    at: row.at,
  };
}
