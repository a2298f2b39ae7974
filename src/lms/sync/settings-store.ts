import { compareAndSet, fromJson, insertIgnore, toJson, type Db } from '../../storage/index.js';
import type { SyncSettings, SyncState, Watch } from './settings.js';

interface SettingsRow {
  connection_id: string;
  organisation_id: string;
  schedule: string;
  watch: string;
  courses: string;
  grace_days: number;
  changes_since: number | null;
  full_at: number | null;
  next_at: number | null;
  version: number;
}

export async function syncStateOf(db: Db, connectionId: string): Promise<SyncState | undefined> {
  const row = await db<SettingsRow>('lms_sync_settings').where('connection_id', connectionId).first();
  return row && read(row);
}

/** Of the connections whose time has come. */
export async function syncsDue(db: Db, now: number, limit: number): Promise<SyncState[]> {
  const rows = await db<SettingsRow>('lms_sync_settings')
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(limit);
  return rows.map(read);
}

/** False when there are settings already. */
export async function insertSyncState(tx: Db, state: SyncState): Promise<boolean> {
  return insertIgnore(tx, 'lms_sync_settings', {
    connection_id: state.connectionId,
    organisation_id: state.organisationId,
    ...settingsColumns(state),
    changes_since: state.changesSince,
    full_at: state.fullAt,
    next_at: state.nextAt,
    version: state.version,
  });
}

/** Everything has to be looked at again: what is watched may be something else now. @throws VERSION_CONFLICT */
export async function saveSettings(
  tx: Db,
  { connectionId, version }: SyncState,
  to: SyncSettings & Pick<SyncState, 'nextAt'>,
): Promise<void> {
  const changes = { ...settingsColumns(to), next_at: to.nextAt, full_at: null };
  await compareAndSet(tx, 'lms_sync_settings', { connection_id: connectionId }, version, changes);
}

export async function saveNext(tx: Db, connectionId: string, nextAt: number | null): Promise<void> {
  await tx('lms_sync_settings').where('connection_id', connectionId).update({ next_at: nextAt });
}

/**
 * Keeps what the next run begins with, unless the settings were changed meanwhile: then everything is to be looked at
 * again. @param version of the settings that the run followed
 */
export async function noteFinished(
  tx: Db,
  connectionId: string,
  version: number,
  left: { changesSince: number | null; fullAt: number | null },
): Promise<void> {
  await tx('lms_sync_settings')
    .where({ connection_id: connectionId, version })
    .update({ changes_since: left.changesSince, full_at: left.fullAt });
}

function settingsColumns({ schedule, watch, courses, graceDays }: SyncSettings) {
  return { schedule, watch, courses: toJson(courses), grace_days: graceDays };
}

function read(row: SettingsRow): SyncState {
  return {
    connectionId: row.connection_id,
    organisationId: row.organisation_id,
    schedule: row.schedule,
    watch: row.watch as Watch,
    courses: fromJson(row.courses) as string[],
    graceDays: row.grace_days,
    changesSince: row.changes_since,
    fullAt: row.full_at,
    nextAt: row.next_at,
    version: row.version,
  };
}
