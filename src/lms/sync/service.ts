import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  numberAt,
  pageToken,
  requireRole,
  StatusError,
  validate,
  type Context,
  type Cursor,
} from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import type { LmsSyncServiceService } from '../../grpc/gen/probity/lms/v1/lms_sync_service.js';
import type { Handlers } from '../../grpc/index.js';
import { nextRun } from '../../jobs/index.js';
import type { Storage } from '../../storage/index.js';
import type { Connection } from '../connection.js';
import { connectionForAdmin } from '../connection-for-admin.js';
import type { SyncEngine } from './engine.js';
import { knownIds, mirrorPage, type MirrorKind, type Mirrored } from './mirror-store.js';
import {
  presentChange,
  presentLmsActivity,
  presentLmsCourse,
  presentSettings,
  presentSync,
} from './presenter.js';
import * as requests from './requests.js';
import { changesOf, runById, runsOf } from './run-store.js';
import { isOpen, type SyncRun } from './run.js';
import { saveSettings } from './settings-store.js';

/** How often somebody who follows a run is told. */
const TOLD_EVERY_MS = 500;

/** LmsSyncService: exams as an LMS has them. */
export function lmsSyncService(
  { storage, audit }: { storage: Storage; audit: Audit },
  engine: SyncEngine,
): Handlers<typeof LmsSyncServiceService> {
  const { db } = storage;

  /** @throws StatusError as connectionForAdmin; LMS_NOT_CONNECTED */
  async function request(ctx: Context, id: string): Promise<SyncRun> {
    const { connection, actor } = await connectionForAdmin(db, ctx, id);
    if (connection.token === null) {
      throw new StatusError(
        'LMS_NOT_CONNECTED',
        'The connection has no token, so that nothing can be asked of it.',
      );
    }
    const run = await engine.request(await engine.stateOf(connection), actor);
    const { organisationId } = connection;
    await audit.record(db, {
      ...{ organisationId, actor, subject: null, action: 'lms.sync_requested', target: `lms/${id}` },
      details: { sync: run.id },
    });
    return run;
  }

  async function mirror(
    ctx: Context,
    kind: MirrorKind,
    asked: { connection: string; pageSize: number; pageToken: Cursor | null },
  ): Promise<{ connection: Connection; page: Mirrored[]; nextPageToken: string }> {
    const { connection } = await connectionForAdmin(db, ctx, asked.connection);
    const after = asked.pageToken
      ? ([String(asked.pageToken[0]), String(asked.pageToken[1])] as const)
      : null;
    const found = await mirrorPage(db, connection.id, kind, after ?? ['', ''], asked.pageSize + 1);
    const page = found.slice(0, asked.pageSize);
    const last = found.length > asked.pageSize ? page.at(-1) : undefined;
    return { connection, page, nextPageToken: last ? pageToken([last.courseId, last.id]) : '' };
  }

  return {
    async getSyncSettings(given, ctx) {
      requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.settingsRequest, given);
      const { connection } = await connectionForAdmin(db, ctx, name);
      return presentSettings(await engine.stateOf(connection));
    },

    async updateSyncSettings(given, ctx) {
      requireRole(ctx, 'ADMIN');
      const {
        name,
        courseIds: courses,
        ...settings
      } = validate(requests.updateSettingsRequest, given).settings;
      const { connection, actor } = await connectionForAdmin(db, ctx, name);
      const { id, organisationId } = connection;
      const before = await engine.stateOf(connection);
      const nextAt = settings.schedule === '' ? null : nextRun(settings.schedule);
      await storage.transaction(async (tx) => {
        await saveSettings(tx, before, { ...settings, courses, nextAt });
        await audit.record(tx, {
          ...{
            organisationId,
            actor,
            subject: null,
            action: 'lms.sync_settings_changed',
            target: `lms/${id}`,
          },
          details: { ...settings, courses: courses.length },
        });
      });
      return presentSettings(await engine.stateOf(connection));
    },

    async requestSync(given, ctx) {
      requireRole(ctx, 'ADMIN');
      return presentSync(await request(ctx, validate(requests.syncRequest, given).connection));
    },

    async *syncConnection(given, ctx) {
      requireRole(ctx, 'ADMIN');
      let run = await request(ctx, validate(requests.syncRequest, given).connection);
      yield { sync: presentSync(run) };
      // This node works at it while the caller stays, unless another does already; the schedule finishes what is left.
      const abort = new AbortController();
      const worked = engine.work(run, abort).catch((error: unknown) => {
        if (!abort.signal.aborted) ctx.log.error({ err: error }, 'a synchronisation failed');
      });
      // Ends at once where another node is at it: from then on only the time tells when to look.
      const here = new Set([worked]);
      void worked.finally(() => here.clear());
      try {
        for (let told = run; ;) {
          await Promise.race([...here, wait(TOLD_EVERY_MS, undefined, { signal: ctx.signal })]);
          run = (await runById(db, run.organisationId, run.id)) ?? run;
          if (!isDeepStrictEqual(run, told)) yield { sync: presentSync(run) };
          told = run;
          if (!isOpen(run) || run.state === 'WAITING') return;
        }
      } finally {
        abort.abort(new Error('Nobody waits for it any more.'));
        await worked;
      }
    },

    async listSyncs(given, ctx) {
      requireRole(ctx, 'ADMIN');
      const asked = validate(requests.listSyncsRequest, given);
      const { connection } = await connectionForAdmin(db, ctx, asked.connection);
      const after = asked.pageToken;
      const before = after && ([numberAt(after, 0), String(after[1])] as const);
      const found = await runsOf(db, connection.id, before, asked.pageSize + 1);
      const page = found.slice(0, asked.pageSize);
      const last = found.length > asked.pageSize ? page.at(-1) : undefined;
      return {
        syncs: page.map(presentSync),
        nextPageToken: last ? pageToken([last.beganAt, last.id]) : '',
      };
    },

    async listSyncChanges(given, ctx) {
      requireRole(ctx, 'ADMIN');
      const { sync, pageSize, pageToken: cursor } = validate(requests.listChangesRequest, given);
      const { connection } = await connectionForAdmin(db, ctx, sync.connection);
      const run = await runById(db, connection.organisationId, sync.sync);
      if (run?.connectionId !== connection.id) {
        throw new StatusError('SYNC_NOT_FOUND', 'There is no such run.');
      }
      const found = await changesOf(db, run.id, cursor ? numberAt(cursor, 0) : 0, pageSize + 1);
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      return { changes: page.map(presentChange), nextPageToken: last ? pageToken([last.number]) : '' };
    },

    async listLmsCourses(given, ctx) {
      requireRole(ctx, 'ADMIN');
      const { page, nextPageToken } = await mirror(
        ctx,
        'COURSE',
        validate(requests.listMirrorRequest, given),
      );
      return { courses: page.map(presentLmsCourse), nextPageToken };
    },

    async listLmsActivities(given, ctx) {
      requireRole(ctx, 'ADMIN');
      const asked = validate(requests.listMirrorRequest, given);
      const { connection, page, nextPageToken } = await mirror(ctx, 'ACTIVITY', asked);
      const ids = page.map(({ id }) => id);
      const exams = await knownIds(db, connection.id, 'EXAM', ids);
      return { activities: page.map((each) => presentLmsActivity(each, exams.has(each.id))), nextPageToken };
    },
  };
}
