import { LmsKind } from '../../../src/grpc/gen/probity/lms/v1/lms_service.js';
import { LmsSyncState, LmsWatch } from '../../../src/grpc/gen/probity/lms/v1/lms_sync_service.js';
import { signerOf } from '../../support/moodle-site.js';
import { collect } from '../harness.js';
import { anyTime, FIRST, NOBODY, some, type Row, type World } from './world.js';

const NO_CONNECTION = `lmsConnections/${NOBODY}`;
const settings = ({ connection }: World, schedule: string) => ({
  ...{ name: `${connection}/syncSettings`, schedule, watch: LmsWatch.LMS_WATCH_ALL, courseIds: [] },
  ...{ graceDays: 7, nextTime: undefined },
});

/** An LMS is connected. */
export const CONNECTING: Record<string, Row> = {
  'lms.connectLms': {
    works: async (w) => {
      const kind = LmsKind.LMS_KIND_MOODLE;
      const made = await w.core.lms.connectLms(
        { kind, displayName: 'Moodle', address: w.fake.url, token: 'fake-token' },
        w.admin,
      );
      w.connection = made.name;
      return made;
    },
    says: (w) => ({ address: w.fake.url, hasToken: true, kind: LmsKind.LMS_KIND_MOODLE }),
    fails: (w) =>
      w.core.lms.connectLms(
        { kind: LmsKind.LMS_KIND_MOODLE, displayName: 'x', address: 'ftp://x', token: '' },
        w.admin,
      ),
    reason: 'INVALID_FIELDS',
  },
  'lms.listConnections': {
    works: (w) => w.core.lms.listConnections({}, w.admin),
    says: (w) => ({ connections: some({ name: w.connection }) }),
    fails: (w) => w.core.lms.listConnections({}),
    reason: 'CREDENTIALS_MISSING',
  },
  'lms.testConnection': {
    works: (w) => w.core.lms.testConnection({ name: w.connection }, w.admin),
    says: () => ({ capabilities: some({ usable: true, missing: [] }) }),
    fails: (w) => w.core.lms.testConnection({ name: NO_CONNECTION }, w.admin),
    reason: 'CONNECTION_NOT_FOUND',
  },
  'lms.createSiteKey': {
    works: async (w) => {
      const made = await w.core.lms.createSiteKey({ name: w.connection }, w.admin);
      w.signer = signerOf(made.siteKey, w.fake.url);
      return made;
    },
    says: () => ({ siteKey: expect.stringMatching(/^probity_/) as string }),
    fails: (w) => w.core.lms.createSiteKey({ name: NO_CONNECTION }, w.admin),
    reason: 'CONNECTION_NOT_FOUND',
  },
};

/** What a connected LMS has becomes exams. */
export const SYNCING: Record<string, Row> = {
  'lmsSyncs.getSyncSettings': {
    works: (w) => w.core.lmsSyncs.getSyncSettings({ name: `${w.connection}/syncSettings` }, w.admin),
    says: () => ({ watch: LmsWatch.LMS_WATCH_PLUGIN, graceDays: 7 }),
    fails: (w) => w.core.lmsSyncs.getSyncSettings({ name: `${NO_CONNECTION}/syncSettings` }, w.admin),
    reason: 'CONNECTION_NOT_FOUND',
  },
  'lmsSyncs.updateSyncSettings': {
    works: (w) => w.core.lmsSyncs.updateSyncSettings({ settings: settings(w, '0 3 * * *') }, w.admin),
    says: () => ({ schedule: '0 3 * * *', nextTime: anyTime() }),
    fails: (w) => w.core.lmsSyncs.updateSyncSettings({ settings: settings(w, 'daily') }, w.admin),
    reason: 'INVALID_FIELDS',
  },
  'lmsSyncs.requestSync': {
    works: async (w) => {
      const run = await w.core.lmsSyncs.requestSync({ connection: w.connection }, w.admin);
      w.sync = run.name;
      return run;
    },
    says: () => ({ state: LmsSyncState.LMS_SYNC_STATE_RUNNING }),
    fails: (w) => w.core.lmsSyncs.requestSync({ connection: NO_CONNECTION }, w.admin),
    reason: 'CONNECTION_NOT_FOUND',
  },
  'lmsSyncs.syncConnection': {
    works: async (w) =>
      (await collect(w.core.lmsSyncs.syncConnection({ connection: w.connection }, w.admin))).at(-1),
    says: (w) => ({ sync: { name: w.sync, state: LmsSyncState.LMS_SYNC_STATE_DONE } }),
    fails: (w) => collect(w.core.lmsSyncs.syncConnection({ connection: w.connection }, w.teacher)),
    reason: 'ROLE_REQUIRED',
  },
  'lmsSyncs.listSyncs': {
    works: (w) => w.core.lmsSyncs.listSyncs({ connection: w.connection, ...FIRST }, w.admin),
    says: (w) => ({ syncs: [{ name: w.sync }] }),
    fails: (w) => w.core.lmsSyncs.listSyncs({ connection: 'lmsConnections/x', ...FIRST }, w.admin),
    reason: 'INVALID_FIELDS',
  },
  'lmsSyncs.listSyncChanges': {
    works: (w) => w.core.lmsSyncs.listSyncChanges({ sync: w.sync, ...FIRST }, w.admin),
    says: () => ({ changes: some({ courseId: '2', reason: 'LISTED' }) }),
    fails: (w) =>
      w.core.lmsSyncs.listSyncChanges({ sync: `${w.connection}/syncs/${NOBODY}`, ...FIRST }, w.admin),
    reason: 'SYNC_NOT_FOUND',
  },
  'lmsSyncs.listLmsCourses': {
    works: (w) => w.core.lmsSyncs.listLmsCourses({ connection: w.connection, ...FIRST }, w.admin),
    says: () => ({ courses: some({ courseId: '2', displayName: 'Algebra 101' }) }),
    fails: (w) => w.core.lmsSyncs.listLmsCourses({ connection: NO_CONNECTION, ...FIRST }, w.admin),
    reason: 'CONNECTION_NOT_FOUND',
  },
  'lmsSyncs.listLmsActivities': {
    works: (w) => w.core.lmsSyncs.listLmsActivities({ connection: w.connection, ...FIRST }, w.admin),
    says: () => ({ activities: some({ activityId: 'quiz:1', openTime: anyTime() }) }),
    fails: (w) => w.core.lmsSyncs.listLmsActivities({ connection: w.connection, ...FIRST }, w.student),
    reason: 'ROLE_REQUIRED',
  },
};

/** It is connected no longer. */
export const PARTING: Record<string, Row> = {
  'lms.revokeSiteKey': {
    works: (w) => w.core.lms.revokeSiteKey({ name: w.connection }, w.admin),
    says: () => ({}),
    fails: (w) => w.core.lms.revokeSiteKey({ name: NO_CONNECTION }, w.admin),
    reason: 'CONNECTION_NOT_FOUND',
  },
  'lms.deleteConnection': {
    works: (w) => w.core.lms.deleteConnection({ name: w.connection }, w.admin),
    says: () => ({}),
    fails: (w) => w.core.lms.deleteConnection({ name: w.connection }, w.admin),
    reason: 'CONNECTION_NOT_FOUND',
  },
};
