import { bool, compareAndSet, fromJson, insertIgnore, toJson, type Db } from '../../storage/index.js';
import { EXAM_IS_ON } from '../exam-store.js';
import type { Signs } from './interruption.js';
import type { Session } from './session.js';
import { readWatch } from './watch.js';

interface SessionRow {
  id: string;
  organisation_id: string;
  exam_id: string;
  user_id: string;
  open_key: string | null;
  joined_at: number;
  left_at: number | null;
  container_id: string | null;
  frame_count: number;
  last_frame: number;
  next_frame: number;
  sample_count: number;
  last_sample: number;
  next_sample: number;
  last_event: number;
  monitored: number;
  stream_id: string | null;
  last_frame_at: number | null;
  last_heartbeat_at: number | null;
  camera_lost_at: number | null;
  interrupted: number;
  watch: string;
  version: number;
}

/** Below every key of an open session. SQLite has no use of an index for `IS NOT NULL`. */
const NEVER_OPEN = '';

/** Where a page ended: joining time and id of its last session. */
export interface SessionCursor {
  joinedAt: number;
  id: string;
}

/** False when the student has an open session in the exam already. */
export async function insertSession(tx: Db, session: Session): Promise<boolean> {
  return insertIgnore(tx, 'proctoring_sessions', {
    id: session.id,
    organisation_id: session.organisationId,
    exam_id: session.examId,
    user_id: session.userId,
    joined_at: session.joinedAt,
    last_heartbeat_at: session.lastHeartbeatAt,
    camera_lost_at: session.cameraLostAt,
    stream_id: session.streamId,
    monitored: session.monitored ? 1 : 0,
    version: session.version,
    ...changing(session),
  });
}

/**
 * Stores what a frame, a sample, the end or an interruption changed; not what is written beside the row version.
 * @throws StatusError VERSION_CONFLICT
 */
export async function saveSession(tx: Db, session: Session): Promise<Session> {
  const version = await compareAndSet(
    tx,
    'proctoring_sessions',
    { id: session.id },
    session.version,
    changing(session),
  );
  return { ...session, version };
}

/** Signs of life: written beside the row version, for they race with nothing and come every second or so. */
export async function touch(
  db: Db,
  sessionId: string,
  signs: { lastHeartbeatAt?: number | null; cameraLostAt?: number | null },
): Promise<void> {
  await db('proctoring_sessions')
    .where({ id: sessionId })
    .update({
      ...(signs.lastHeartbeatAt === undefined ? {} : { last_heartbeat_at: signs.lastHeartbeatAt }),
      ...(signs.cameraLostAt === undefined ? {} : { camera_lost_at: signs.cameraLostAt }),
    });
}

/** Beside the row version: a stream that takes over at the same moment is not to be undone by what was read before. */
export async function setMonitored(tx: Db, sessionId: string, monitored: boolean): Promise<void> {
  await tx('proctoring_sessions')
    .where({ id: sessionId })
    .update({ monitored: monitored ? 1 : 0 });
}

/** Gives the session to a stream. Whoever had it before finds out when it looks. */
export async function takeOver(db: Db, sessionId: string, streamId: string, now: number): Promise<void> {
  await db('proctoring_sessions')
    .where({ id: sessionId })
    .update({ stream_id: streamId, last_heartbeat_at: now, monitored: 1 });
}

export async function sessionById(db: Db, id: string): Promise<Session | undefined> {
  const row = await db<SessionRow>('proctoring_sessions').where({ id }).first();
  return row && read(row);
}

/** What a stream looks at while it waits. */
export async function holderOf(
  db: Db,
  id: string,
): Promise<{ streamId: string | null; leftAt: number | null } | undefined> {
  const row = await db<SessionRow>('proctoring_sessions').where({ id }).first('stream_id', 'left_at');
  return row && { streamId: row.stream_id, leftAt: row.left_at };
}

export async function openSession(db: Db, examId: string, userId: string): Promise<Session | undefined> {
  const row = await db<SessionRow>('proctoring_sessions')
    .where({ open_key: openKey(examId, userId) })
    .first();
  return row && read(row);
}

/** Open sessions of some students of an exam, by user id. */
export async function openSessions(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, Session>> {
  const rows = await db<SessionRow>('proctoring_sessions').whereIn('open_key', openKeys(examId, userIds));
  return new Map(rows.map((row) => [row.user_id, read(row)]));
}

/** The student's latest session in an exam, open or not. */
export async function latestSession(db: Db, examId: string, userId: string): Promise<Session | undefined> {
  const row = await db<SessionRow>('proctoring_sessions')
    .where({ user_id: userId, exam_id: examId })
    .orderBy([
      { column: 'joined_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first();
  return row && read(row);
}

/** A student's sessions in an exam, the newest first; students in the order of their users' ids. */
export async function sessionsOf(db: Db, examId: string, userIds: readonly string[]): Promise<Session[]> {
  const rows = await db<SessionRow>('proctoring_sessions')
    .whereIn('user_id', userIds)
    .where('exam_id', examId)
    .orderBy([
      { column: 'user_id' },
      { column: 'joined_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
  return rows.map(read);
}

/** Ids of open sessions by user, for some students of an exam. */
export async function openSessionIds(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db<SessionRow>('proctoring_sessions')
    .whereIn('open_key', openKeys(examId, userIds))
    .select('id', 'user_id');
  return new Map(rows.map((row) => [row.user_id, row.id]));
}

/** Whether the user is in any exam that is on at `now`. */
export async function hasOpenSession(db: Db, userId: string, now: number): Promise<boolean> {
  const row: unknown = await db('proctoring_sessions as s')
    .join('exams as e', 'e.id', 's.exam_id')
    .where('s.user_id', userId)
    .where('s.open_key', '>', NEVER_OPEN)
    .whereRaw(EXAM_IS_ON, { now })
    .first('s.id');
  return row !== undefined;
}

/** Numbers of the exams that are on at `now` and that the user has joined, at most `limit`. */
export async function examsJoined(db: Db, userId: string, now: number, limit: number): Promise<number[]> {
  return db('proctoring_sessions as s')
    .join('exams as e', 'e.id', 's.exam_id')
    .where('s.user_id', userId)
    .where('s.open_key', '>', NEVER_OPEN)
    .whereRaw(EXAM_IS_ON, { now })
    .orderBy('e.number')
    .limit(limit)
    .pluck('e.number');
}

/** Sessions of an exam, the newest first. */
export async function listSessions(
  db: Db,
  examId: string,
  after: SessionCursor | null,
  limit: number,
): Promise<Session[]> {
  const query = db<SessionRow>('proctoring_sessions').where('exam_id', examId);
  if (after) {
    void query.where((page) => {
      void page
        .where('joined_at', '<', after.joinedAt)
        .orWhere((same) => void same.where('joined_at', after.joinedAt).where('id', '<', after.id));
    });
  }
  const rows = await query
    .orderBy([
      { column: 'joined_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(read);
}

/** When the exam is over for the student of a session; a session of an LMS stays open for the grace time behind it. */
const OWN_END = `case when n.close_at < coalesce(e.ends_at, n.close_at + 1) then n.close_at else e.ends_at end`;
const SLACK = `case when e.automatic = 1 then e.grace_ms else 0 end`;
const LAST_SIGN = `coalesce(s.last_heartbeat_at, s.last_frame_at, s.joined_at)`;
/** A session in an exam without an end is over when it was silent for so long. */
const SILENT_MS = 12 * 3_600_000;

/** Sessions that are open although the exam is over for their student. */
export async function sessionsToClose(
  db: Db,
  now: number,
  limit: number,
): Promise<{ id: string; endsAt: number }[]> {
  const rows: { id: string; ends_at: number }[] = await db('proctoring_sessions as s')
    .join('exams as e', 'e.id', 's.exam_id')
    .leftJoin('enrolments as n', (on) => void on.on('n.exam_id', 's.exam_id').on('n.user_id', 's.user_id'))
    .where('s.open_key', '>', NEVER_OPEN)
    .whereRaw(`(${OWN_END} + ${SLACK} <= :now or (${OWN_END} is null and ${LAST_SIGN} <= :silent))`, {
      now,
      silent: now - SILENT_MS,
    })
    .limit(limit)
    .select('s.id', db.raw(`coalesce(${OWN_END}, ${LAST_SIGN}) as ends_at`));
  return rows.map((row) => ({ id: row.id, endsAt: row.ends_at }));
}

/** The signs of life of every monitored session that is open in an exam that is on. */
export async function signsOfOpenSessions(
  db: Db,
  now: number,
): Promise<(Signs & { id: string; interrupted: boolean })[]> {
  const rows: (SessionRow & { frame_interval_ms: number })[] = await db('proctoring_sessions as s')
    .join('exams as e', 'e.id', 's.exam_id')
    .where('s.open_key', '>', NEVER_OPEN)
    .where('s.monitored', 1)
    .whereRaw(EXAM_IS_ON, { now })
    .select(
      's.id',
      's.joined_at',
      's.last_frame_at',
      's.last_heartbeat_at',
      's.camera_lost_at',
      's.interrupted',
      'e.frame_interval_ms',
    );
  return rows.map((row) => ({
    id: row.id,
    joinedAt: row.joined_at,
    lastFrameAt: row.last_frame_at,
    lastHeartbeatAt: row.last_heartbeat_at,
    cameraLostAt: row.camera_lost_at,
    frameIntervalMs: row.frame_interval_ms,
    interrupted: bool(row.interrupted),
  }));
}

function openKey(examId: string, userId: string): string {
  return `${examId}/${userId}`;
}

function openKeys(examId: string, userIds: readonly string[]): string[] {
  return userIds.map((userId) => openKey(examId, userId));
}

function changing(session: Session) {
  return {
    open_key: session.leftAt === null ? openKey(session.examId, session.userId) : null,
    left_at: session.leftAt,
    container_id: session.containerId,
    frame_count: session.frameCount,
    last_frame: session.lastFrame,
    next_frame: session.nextFrame,
    sample_count: session.sampleCount,
    last_sample: session.lastSample,
    next_sample: session.nextSample,
    last_event: session.lastEvent,
    last_frame_at: session.lastFrameAt,
    interrupted: session.watch.interruption ? 1 : 0,
    watch: toJson(session.watch),
  };
}

function read(row: SessionRow): Session {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    examId: row.exam_id,
    userId: row.user_id,
    joinedAt: row.joined_at,
    leftAt: row.left_at,
    containerId: row.container_id,
    frameCount: row.frame_count,
    lastFrame: row.last_frame,
    nextFrame: row.next_frame,
    sampleCount: row.sample_count,
    lastSample: row.last_sample,
    nextSample: row.next_sample,
    lastEvent: row.last_event,
    monitored: bool(row.monitored),
    streamId: row.stream_id,
    lastFrameAt: row.last_frame_at,
    lastHeartbeatAt: row.last_heartbeat_at,
    cameraLostAt: row.camera_lost_at,
    // `changing` is the only writer of this column.
    watch: readWatch(fromJson(row.watch) as Parameters<typeof readWatch>[0]),
    version: row.version,
  };
}
