import { fromJson, insertIgnore, toJson, type Db } from '../../storage/index.js';
import {
  isOpen,
  type Change,
  type ChangeAction,
  type ChangeKind,
  type Progress,
  type RunMode,
  type RunState,
  type SyncRun,
  type Why,
} from './run.js';

interface RunRow {
  id: string;
  organisation_id: string;
  connection_id: string;
  mode: string;
  state: string;
  requested_by: string | null;
  began_at: number;
  updated_at: number;
  retry_at: number | null;
  ended_at: number | null;
  progress: string;
  message: string;
}

interface ChangeRow {
  id: number;
  sync_id: string;
  connection_id: string;
  kind: string;
  action: string;
  why: string;
  course_id: string;
  external_id: string;
  count: number;
  detail: string;
  at: number;
}

const BATCH = 400;

/** False when a run of the connection is unfinished. */
export async function insertRun(tx: Db, run: SyncRun): Promise<boolean> {
  return insertIgnore(tx, 'lms_syncs', {
    id: run.id,
    organisation_id: run.organisationId,
    connection_id: run.connectionId,
    requested_by: run.requestedBy,
    began_at: run.beganAt,
    ...changing(run),
  });
}

export async function saveRun(tx: Db, run: SyncRun): Promise<void> {
  await tx('lms_syncs').where('id', run.id).update(changing(run));
}

export async function unfinishedRun(db: Db, connectionId: string): Promise<SyncRun | undefined> {
  const row = await db<RunRow>('lms_syncs').where('open_key', connectionId).first();
  return row && read(row);
}

/** Those that nobody has worked at for the longest first. */
export async function unfinishedRuns(db: Db): Promise<SyncRun[]> {
  return (await db<RunRow>('lms_syncs').whereNotNull('open_key').orderBy(['updated_at', 'id'])).map(read);
}

/** A run that waits goes on at once. How far it is is not touched: somebody may be at it by now. */
export async function wakeRun(tx: Db, id: string): Promise<void> {
  await tx<RunRow>('lms_syncs').where({ id, state: 'WAITING' }).update({ state: 'RUNNING', retry_at: null });
}

export async function runById(db: Db, organisationId: string, id: string): Promise<SyncRun | undefined> {
  const row = await db<RunRow>('lms_syncs').where({ organisation_id: organisationId, id }).first();
  return row && read(row);
}

/** The latest first. */
export async function runsOf(
  db: Db,
  connectionId: string,
  before: readonly [beganAt: number, id: string] | null,
  limit: number,
): Promise<SyncRun[]> {
  const query = db<RunRow>('lms_syncs').where('connection_id', connectionId);
  if (before) {
    void query.where((page) => {
      void page
        .where('began_at', '<', before[0])
        .orWhere((same) => void same.where('began_at', before[0]).where('id', '<', before[1]));
    });
  }
  const rows = await query
    .orderBy([
      { column: 'began_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(read);
}

export async function insertChanges(
  tx: Db,
  run: Pick<SyncRun, 'id' | 'connectionId'>,
  changes: readonly Change[],
  at: number,
): Promise<void> {
  for (let from = 0; from < changes.length; from += BATCH) {
    await tx('lms_sync_changes').insert(
      changes.slice(from, from + BATCH).map((change) => ({
        ...{ sync_id: run.id, connection_id: run.connectionId },
        ...{ kind: change.kind, action: change.action, why: change.why },
        ...{ course_id: change.courseId, external_id: change.id, count: change.count },
        ...{ detail: change.detail.slice(0, 500), at },
      })),
    );
  }
}

export interface ReportedChange extends Change {
  number: number;
  at: number;
}

export async function changesOf(
  db: Db,
  runId: string,
  after: number,
  limit: number,
): Promise<ReportedChange[]> {
  const rows = await db<ChangeRow>('lms_sync_changes')
    .where('sync_id', runId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit);
  return rows.map(readChange);
}

/** What reports say of an account of the LMS. */
export async function changesAbout(
  db: Db,
  connectionId: string,
  personId: string,
): Promise<ReportedChange[]> {
  const rows = await db<ChangeRow>('lms_sync_changes')
    .where({ connection_id: connectionId, kind: 'MEMBER', external_id: personId })
    .orderBy('id');
  return rows.map(readChange);
}

export async function deleteChangesAbout(tx: Db, connectionId: string, personId: string): Promise<number> {
  return tx('lms_sync_changes')
    .where({ connection_id: connectionId, kind: 'MEMBER', external_id: personId })
    .delete();
}

/** Forgets who asked for runs; how many. */
export async function forgetRequester(tx: Db, userId: string): Promise<number> {
  return tx('lms_syncs').where('requested_by', userId).update({ requested_by: null });
}

/** Deletes at most `limit` runs that ended before `before`, with their reports; how many. */
export async function deleteRunsBefore(tx: Db, before: number, limit: number): Promise<number> {
  const ids = (await tx('lms_syncs').where('ended_at', '<', before).limit(limit).pluck('id')) as string[];
  if (ids.length === 0) return 0;
  await tx('lms_sync_changes').whereIn('sync_id', ids).delete();
  return tx('lms_syncs').whereIn('id', ids).delete();
}

function changing(run: SyncRun) {
  return {
    open_key: isOpen(run) ? run.connectionId : null,
    mode: run.mode,
    state: run.state,
    updated_at: run.updatedAt,
    retry_at: run.retryAt,
    ended_at: run.endedAt,
    progress: toJson(run.progress),
    message: run.message,
  };
}

function read(row: RunRow): SyncRun {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    connectionId: row.connection_id,
    mode: row.mode as RunMode,
    state: row.state as RunState,
    requestedBy: row.requested_by,
    beganAt: row.began_at,
    updatedAt: row.updated_at,
    retryAt: row.retry_at,
    endedAt: row.ended_at,
    progress: fromJson(row.progress) as Progress,
    message: row.message,
  };
}

function readChange(row: ChangeRow): ReportedChange {
  return {
    number: row.id,
    kind: row.kind as ChangeKind,
    action: row.action as ChangeAction,
    why: row.why as Why,
    courseId: row.course_id,
    id: row.external_id,
    count: row.count,
    detail: row.detail,
    at: row.at,
  };
}
