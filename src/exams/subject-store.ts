import type { Db } from '../storage/index.js';

/** Tables that hold something about a student by `user_id`, in the order in which they may be deleted. */
const BY_USER = [
  'exam_events',
  'alerts',
  'challenges',
  'exam_claims',
  'exam_feedback',
  'verifications',
  'admissions',
  'exam_attempts',
  'exam_staff',
  'enrolments',
  'exam_students',
] as const;
/** Tables that hang on a session. */
const BY_SESSION = ['client_events', 'session_events', 'observations', 'sample_observations'] as const;

type Row = Record<string, unknown>;

/** What is stored about a student, by table. */
export async function exportRows(db: Db, userId: string): Promise<Record<string, Row[]>> {
  const enrolled: Row[] = await db<Row>('exam_students as s')
    .join<Row, Row[]>('exams as e', 'e.id', 's.exam_id')
    .where('s.user_id', userId)
    .select('e.number', 'e.display_name', 's.email', 's.enrolled_at');
  const enrolments = await db<Row>('enrolments').where('user_id', userId).orderBy('number');
  const verifications = await db<Row>('verifications').where('user_id', userId);
  const admissions = await db<Row>('admissions').where('user_id', userId);
  const attempts = await db<Row>('exam_attempts').where('user_id', userId).orderBy('started_at');
  const staff = await db<Row>('exam_staff').where('user_id', userId);
  const challenges = await db<Row>('challenges').where('user_id', userId).orderBy('expires_at');
  const claims = await db<Row>('exam_claims').where('user_id', userId).orderBy('id');
  const feedback = await db<Row>('exam_feedback').where('user_id', userId).orderBy(['at', 'id']);
  const alerts = await db<Row>('alerts').where('user_id', userId).orderBy(['began_at', 'id']);
  const sessions = await db<Row>('proctoring_sessions')
    .where('user_id', userId)
    .select('id', 'exam_id', 'joined_at', 'left_at', 'frame_count', 'sample_count');
  const observations = await db<Row>('observations')
    .whereIn('session_id', sessionsOf(db, userId))
    .orderBy(['session_id', 'frame'])
    .select('session_id', 'frame', 'received_at', 'outcome', 'score', 'finding');
  const samples = await db<Row>('sample_observations')
    .whereIn('session_id', sessionsOf(db, userId))
    .orderBy(['session_id', 'number'])
    .select('session_id', 'number', 'modality', 'received_at', 'outcome', 'score', 'finding');
  const clientEvents = await db<Row>('client_events')
    .whereIn('session_id', sessionsOf(db, userId))
    .orderBy('id');
  const events = await db<Row>('exam_events').where('user_id', userId).orderBy(['at', 'number']);
  return {
    exam_students: enrolled,
    enrolments,
    verifications,
    admissions,
    exam_attempts: attempts,
    exam_staff: staff,
    challenges,
    exam_claims: claims,
    exam_feedback: feedback,
    exam_events: events,
    alerts,
    proctoring_sessions: sessions,
    observations,
    sample_observations: samples,
    client_events: clientEvents,
  };
}

/** Evidence frames of a student, by alert. */
export async function evidenceOf(db: Db, userId: string): Promise<{ alertId: string; blobId: string }[]> {
  const rows: { id: string; evidence_id: string }[] = await db('alerts')
    .where('user_id', userId)
    .whereNotNull('evidence_id')
    .select('id', 'evidence_id');
  return rows.map((row) => ({ alertId: row.id, blobId: row.evidence_id }));
}

/** Containers of a student's sessions, with what makes their frames unreadable when destroyed. */
export async function containersOf(db: Db, userId: string): Promise<string[]> {
  return db('proctoring_sessions')
    .where('user_id', userId)
    .whereNotNull('container_id')
    .pluck('container_id');
}

/** Deletes every row about a user, and forgets what they decided about others; returns how many rows, by table. */
export async function eraseRows(tx: Db, userId: string): Promise<Record<string, number>> {
  const erased: Record<string, number> = {};
  for (const table of BY_SESSION) {
    erased[table] = await tx(table).whereIn('session_id', sessionsOf(tx, userId)).delete();
  }
  erased['proctoring_sessions'] = await tx('proctoring_sessions').where('user_id', userId).delete();
  for (const table of BY_USER) erased[table] = await tx(table).where('user_id', userId).delete();
  // The audit trail says by a pseudonym that it was one and the same person.
  await tx('alerts').where('decided_by', userId).update({ decided_by: null });
  await tx('exam_events').where('actor_id', userId).update({ actor_id: null });
  await tx('verifications').where('approved_by', userId).update({ approved_by: null });
  return erased;
}

/** Alerts whose evidence frame is to be removed by `now`. */
export async function expiredEvidence(
  db: Db,
  now: number,
  limit: number,
): Promise<{ alertId: string; blobId: string }[]> {
  const rows: { id: string; evidence_id: string }[] = await db('alerts')
    .where('evidence_expires_at', '<=', now)
    .limit(limit)
    .select('id', 'evidence_id');
  return rows.map((row) => ({ alertId: row.id, blobId: row.evidence_id }));
}

export async function forgetEvidence(tx: Db, alertIds: readonly string[]): Promise<void> {
  await tx('alerts').whereIn('id', alertIds).update({ evidence_id: null, evidence_expires_at: null });
}

/** Sessions that ended before `before`, at most `limit`, with the containers of their evidence. */
export async function endedSessions(
  db: Db,
  before: number,
  limit: number,
): Promise<{ id: string; containerId: string | null }[]> {
  const rows: { id: string; container_id: string | null }[] = await db('proctoring_sessions')
    .where('left_at', '<', before)
    .limit(limit)
    .select('id', 'container_id');
  return rows.map((row) => ({ id: row.id, containerId: row.container_id }));
}

/** Deletes sessions with all that hangs on them. */
export async function deleteSessions(tx: Db, ids: readonly string[]): Promise<void> {
  for (const table of BY_SESSION) await tx(table).whereIn('session_id', ids).delete();
  await tx('alerts').whereIn('session_id', ids).delete();
  await tx('proctoring_sessions').whereIn('id', ids).delete();
}

/** Deletes at most `limit` claims older than `before`; returns how many. */
export function deleteClaims(tx: Db, before: number, limit: number): Promise<number> {
  return deleteOlder(tx, 'exam_claims', before, limit);
}

/** Deletes at most `limit` reports of students older than `before`; returns how many. */
export function deleteFeedback(tx: Db, before: number, limit: number): Promise<number> {
  return deleteOlder(tx, 'exam_feedback', before, limit);
}

async function deleteOlder(tx: Db, table: string, before: number, limit: number): Promise<number> {
  const ids = (await tx(table).where('at', '<', before).limit(limit).pluck('id')) as (number | string)[];
  return ids.length === 0 ? 0 : tx(table).whereIn('id', ids).delete();
}

/** Deletes at most `limit` alerts outside any session that are older than `before`; returns how many. */
export async function deleteLooseAlerts(tx: Db, before: number, limit: number): Promise<number> {
  const ids = (await tx('alerts')
    .whereNull('session_id')
    .where('began_at', '<', before)
    .limit(limit)
    .pluck('id')) as string[];
  return ids.length === 0 ? 0 : tx('alerts').whereIn('id', ids).delete();
}

/**
 * Deletes at most `limit` students' parts in exams that ended before `before`, or that have no end although they were
 * due before it; returns how many.
 */
export async function deleteParts(tx: Db, before: number, limit: number): Promise<number> {
  const rows: { exam_id: string; user_id: string }[] = await tx('exam_students as s')
    .join('exams as e', 'e.id', 's.exam_id')
    .where((over) => {
      void over.where('e.ends_at', '<', before).orWhere((endless) => {
        void endless
          .whereNull('e.ends_at')
          .where('e.scheduled_at', '<', before)
          .where('s.enrolled_at', '<', before);
      });
    })
    .limit(limit)
    .select('s.exam_id', 's.user_id');
  if (rows.length === 0) return 0;
  const keys = rows.map((row) => [row.exam_id, row.user_id]);
  for (const table of ['verifications', 'admissions', 'exam_attempts']) {
    await tx(table).whereIn(['exam_id', 'user_id'], keys).delete();
  }
  await tx('enrolments').whereIn(['exam_id', 'user_id'], keys).delete();
  return tx('exam_students').whereIn(['exam_id', 'user_id'], keys).delete();
}

function sessionsOf(db: Db, userId: string) {
  return db('proctoring_sessions').where('user_id', userId).select('id');
}
