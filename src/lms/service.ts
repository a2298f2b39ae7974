import { randomUUID } from 'node:crypto';
import { invalidFields, requireRole, StatusError, validate, type Reason } from '../call/index.js';
import type { LmsServiceService } from '../grpc/gen/probity/lms/v1/lms_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Db } from '../storage/index.js';
import { LmsError, type LmsFailure } from './capabilities.js';
import { tokenPurpose, type Connection } from './connection.js';
import { connectionsOf, deleteConnection, insertConnection, setSiteKey } from './connection-store.js';
import { coursesTaughtBy } from './courses.js';
import type { LmsDependencies } from './lms.js';
import { connectionForAdmin } from './connection-for-admin.js';
import { connectionName, presentConnection, presentCourse, presentReport } from './presenter.js';
import * as requests from './requests.js';
import { newSiteSecret, siteKeyPurpose, siteKeyText } from './site-key.js';
import type { Sites } from './sites.js';

const REASONS: Record<LmsFailure, Reason> = { REFUSED: 'LMS_REFUSED', UNAVAILABLE: 'LMS_UNAVAILABLE' };
const RETRY_MS = 30_000;

/** LmsService: learning management systems of an organisation. */
export function lmsService(
  { storage, audit, directory, clock }: LmsDependencies,
  sites: Sites,
): Handlers<typeof LmsServiceService> {
  const { db, containers } = storage;

  async function recordKey(tx: Db, connection: Connection, actor: string, action: string): Promise<void> {
    const { id, organisationId } = connection;
    const target = `lms/${id}`;
    await audit.record(tx, { organisationId, actor, subject: null, action, target, details: {} });
  }

  return {
    async connectLms(request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'ADMIN');
      const { token, ...said } = validate(requests.connectRequest, request);
      const id = randomUUID();
      const connection = await storage.transaction(async (tx) => {
        const containerId = await containers.create(tx, { organisationId, kind: 'lms', ownerId: id });
        const sealed =
          token === ''
            ? null
            : await containers.seal(tx, containerId, tokenPurpose({ id }), Buffer.from(token));
        const made: Connection = {
          ...{
            id,
            organisationId,
            ...said,
            containerId,
            token: sealed,
            siteKey: null,
            createdAt: clock.now(),
          },
        };
        if (!(await insertConnection(tx, made))) {
          const description = 'is connected already';
          throw invalidFields([{ field: 'address', problem: 'already_exists', description }]);
        }
        await audit.record(tx, {
          ...{ organisationId, actor: userId, subject: null, action: 'lms.connected', target: `lms/${id}` },
          details: { kind: made.kind, address: made.address },
        });
        return made;
      });
      return presentConnection(connection);
    },

    async listConnections(_request, ctx) {
      const { organisationId } = requireRole(ctx, 'ADMIN');
      return { connections: (await connectionsOf(db, organisationId)).map(presentConnection) };
    },

    async deleteConnection(request, ctx) {
      requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.connectionRequest, request);
      const { connection, actor } = await connectionForAdmin(db, ctx, name);
      const { id, organisationId, containerId, kind, address } = connection;
      await storage.transaction(async (tx) => {
        await deleteConnection(tx, id);
        await containers.destroy(tx, containerId);
        await containers.forget(tx, organisationId, id);
        await audit.record(tx, {
          ...{ organisationId, actor, subject: null, action: 'lms.disconnected', target: `lms/${id}` },
          details: { kind, address },
        });
      });
      return {};
    },

    async testConnection(request, ctx) {
      requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.connectionRequest, request);
      const { connection } = await connectionForAdmin(db, ctx, name);
      const site = await sites.open(db, connection).catch(rethrow);
      return presentReport(await site.report(ctx.signal).catch(rethrow));
    },

    async createSiteKey(request, ctx) {
      requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.connectionRequest, request);
      const { connection, actor } = await connectionForAdmin(db, ctx, name);
      const secret = newSiteSecret();
      await storage.transaction(async (tx) => {
        const { containerId } = connection;
        const sealed = await containers.seal(tx, containerId, siteKeyPurpose(connection), secret);
        await setSiteKey(tx, connection.id, { secret: sealed, createdAt: clock.now() });
        await recordKey(tx, connection, actor, 'lms.site_key_created');
      });
      return { siteKey: siteKeyText(connection, secret) };
    },

    async revokeSiteKey(request, ctx) {
      requireRole(ctx, 'ADMIN');
      const { name } = validate(requests.connectionRequest, request);
      const { connection, actor } = await connectionForAdmin(db, ctx, name);
      if (connection.siteKey) {
        await storage.transaction(async (tx) => {
          await setSiteKey(tx, connection.id, null);
          await recordKey(tx, connection, actor, 'lms.site_key_revoked');
        });
      }
      return {};
    },

    async listCourses(_request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const connections = (await connectionsOf(db, organisationId)).filter(({ token }) => token !== null);
      if (connections.length === 0) {
        throw new StatusError(
          'LMS_NOT_CONNECTED',
          'No learning management system is connected that may be asked. An ADMIN connects one.',
        );
      }
      const [caller] = await directory.byIds(db, organisationId, [userId]);
      if (!caller) throw new Error('The caller is not in the register.');
      const { courses, problems } = await coursesTaughtBy(db, sites, connections, caller.email, ctx.signal);
      const [first] = problems;
      if (first && problems.length === connections.length) rethrow(first.error);
      const students = courses.reduce((sum, { course }) => sum + course.students.length, 0);
      await audit.record(db, {
        ...{ organisationId, actor: userId, subject: null, action: 'lms.courses_read', target: null },
        details: { courses: courses.length, students },
      });
      for (const { connection, error } of problems) {
        ctx.log.warn({ connection: connection.id, err: error }, 'an LMS gave no answer');
      }
      return {
        courses: courses.map(({ connection, course }) => presentCourse(connection, course)),
        problems: problems.map(({ connection, error }) => ({
          connection: connectionName(connection.id),
          reason: REASONS[error.failure],
          message: error.message,
        })),
      };
    },
  };
}

/** What an LMS did not do, as a call tells it. */
function rethrow(error: unknown): never {
  if (!(error instanceof LmsError)) throw error;
  const details = error.failure === 'UNAVAILABLE' ? { retryAfterMs: RETRY_MS } : {};
  throw new StatusError(REASONS[error.failure], error.message, details, { cause: error });
}
