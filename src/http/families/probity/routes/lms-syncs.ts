import type { LmsSync, LmsSyncSettings } from '../../../../grpc/gen/probity/lms/v1/lms_sync_service.js';
import { operation, type Operation } from '../../../family.js';
import { time } from '../answers.js';
import * as syncSchemas from '../lms-sync-schemas.js';
import { paging } from '../paging.js';
import * as schemas from '../schemas.js';
import { lmsSyncAction, lmsSyncKind, lmsSyncMode, lmsSyncState, lmsWatch } from '../words.js';

const READ = {
  tag: 'Learning management systems',
  auth: 'token',
  params: schemas.ConnectionPath,
  errors: [400, 401, 403, 404, 405, 500],
} as const;
const WRITE = { ...READ, errors: [400, 401, 403, 404, 405, 409, 415, 500] } as const;

const connectionName = (id: string): string => `lmsConnections/${id}`;

function settingsAnswer({ schedule, watch, courseIds, graceDays, nextTime }: LmsSyncSettings) {
  return { schedule, watch: lmsWatch.fromCore(watch), courseIds, graceDays, nextTime: time(nextTime) };
}

function syncAnswer({ mode, state, counts, beginTime, endTime, retryTime, ...sync }: LmsSync) {
  return {
    ...sync,
    mode: lmsSyncMode.fromCore(mode),
    state: lmsSyncState.fromCore(state),
    ...{ beginTime: time(beginTime), endTime: time(endTime), retryTime: time(retryTime) },
    counts: counts.map(({ action, count }) => ({ action: lmsSyncAction.fromCore(action), count })),
  };
}

/** How exams are kept as an LMS has them. */
export const LMS_SYNCS: readonly Operation[] = [
  operation({
    ...READ,
    id: 'getSyncSettings',
    method: 'GET',
    path: '/lms-connections/:connection/sync-settings',
    summary: 'How a connection is synchronised (ADMIN)',
    fields: { name: 'connection' },
    status: 200,
    success: 'The settings',
    answer: syncSchemas.SyncSettings,
    async run({ params }, { core, options }) {
      const name = `${connectionName(params.connection)}/syncSettings`;
      return settingsAnswer(await core.lmsSyncs.getSyncSettings({ name }, options));
    },
  }),
  operation({
    ...WRITE,
    id: 'putSyncSettings',
    method: 'PUT',
    path: '/lms-connections/:connection/sync-settings',
    summary: 'Sets how a connection is synchronised; everything is looked at again then (ADMIN)',
    body: syncSchemas.UpdateSyncSettings,
    fields: {
      'settings.name': 'connection',
      'settings.schedule': 'schedule',
      'settings.watch': 'watch',
      'settings.course_ids': 'courseIds',
      'settings.grace_days': 'graceDays',
    },
    status: 200,
    success: 'The settings',
    answer: syncSchemas.SyncSettings,
    async run({ params, body }, { core, options }) {
      const name = `${connectionName(params.connection)}/syncSettings`;
      const settings = { ...body, name, watch: lmsWatch.toCore(body.watch), nextTime: undefined };
      return settingsAnswer(await core.lmsSyncs.updateSyncSettings({ settings }, options));
    },
  }),
  operation({
    ...WRITE,
    id: 'requestSync',
    method: 'POST',
    path: '/lms-connections/:connection/syncs',
    summary: 'Asks for a run, which begins within seconds; an unfinished one goes on (ADMIN)',
    fields: { connection: 'connection' },
    status: 201,
    success: 'The run',
    answer: syncSchemas.Sync,
    async run({ params }, { core, options }) {
      const request = { connection: connectionName(params.connection) };
      return syncAnswer(await core.lmsSyncs.requestSync(request, options));
    },
  }),
  operation({
    ...READ,
    id: 'listSyncs',
    method: 'GET',
    path: '/lms-connections/:connection/syncs',
    summary: 'Runs of a connection, the latest first (ADMIN)',
    query: schemas.Page,
    fields: { connection: 'connection' },
    status: 200,
    success: 'A page of runs',
    answer: syncSchemas.Syncs,
    async run({ params, query }, { core, options }) {
      const request = { connection: connectionName(params.connection), ...paging(query) };
      const { syncs, nextPageToken } = await core.lmsSyncs.listSyncs(request, options);
      return { syncs: syncs.map(syncAnswer), nextPageToken };
    },
  }),
  operation({
    ...READ,
    id: 'listSyncChanges',
    method: 'GET',
    path: '/lms-connections/:connection/syncs/:sync/changes',
    summary: 'What changed in a run, and why (ADMIN)',
    params: syncSchemas.SyncPath,
    query: schemas.Page,
    fields: { sync: 'sync' },
    status: 200,
    success: 'A page of changes',
    answer: syncSchemas.SyncChanges,
    async run({ params, query }, { core, options }) {
      const sync = `${connectionName(params.connection)}/syncs/${params.sync}`;
      const page = await core.lmsSyncs.listSyncChanges({ sync, ...paging(query) }, options);
      const changes = page.changes.map(({ kind, action, findTime, ...change }) => ({
        ...change,
        kind: lmsSyncKind.fromCore(kind),
        action: lmsSyncAction.fromCore(action),
        findTime: time(findTime),
      }));
      return { changes, nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    ...READ,
    id: 'listLmsCourses',
    method: 'GET',
    path: '/lms-connections/:connection/courses',
    summary: 'Courses of an LMS as they were when it was last synchronised (ADMIN)',
    query: schemas.Page,
    fields: { connection: 'connection' },
    status: 200,
    success: 'A page of courses',
    answer: syncSchemas.LmsCourses,
    async run({ params, query }, { core, options }) {
      const request = { connection: connectionName(params.connection), ...paging(query) };
      return core.lmsSyncs.listLmsCourses(request, options);
    },
  }),
  operation({
    ...READ,
    id: 'listLmsActivities',
    method: 'GET',
    path: '/lms-connections/:connection/activities',
    summary: 'Quizzes and assignments of an LMS as they were when it was last synchronised (ADMIN)',
    query: schemas.Page,
    fields: { connection: 'connection' },
    status: 200,
    success: 'A page of activities',
    answer: syncSchemas.LmsActivities,
    async run({ params, query }, { core, options }) {
      const request = { connection: connectionName(params.connection), ...paging(query) };
      const { activities, nextPageToken } = await core.lmsSyncs.listLmsActivities(request, options);
      return {
        activities: activities.map(({ openTime, closeTime, ...activity }) => ({
          ...{ ...activity, openTime: time(openTime), closeTime: time(closeTime) },
        })),
        nextPageToken,
      };
    },
  }),
];
