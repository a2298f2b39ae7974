import type { z } from 'zod';
import {
  numberAt,
  pageToken,
  siteOf,
  splitName,
  StatusError,
  validate,
  type Context,
} from '../call/index.js';
import type { SiteServiceService } from '../grpc/gen/probity/lms/v1/site_service.js';
import type { Handlers } from '../grpc/index.js';
import { again } from '../storage/index.js';
import { accountsByExternalIds, accountsByUserIds } from './account-store.js';
import { linkPeople } from './accounts.js';
import { lmsExam } from './activity-store.js';
import type { Connection } from './connection.js';
import { connectionById } from './connection-store.js';
import type { LmsDependencies } from './lms.js';
import { NOT_KNOWN, presentGate, presentSiteAlert } from './site-presenter.js';
import { connectionName } from './presenter.js';
import * as requests from './site-requests.js';

/** The oldest version of the plugin (`$plugin->release`) that speaks as this does. */
const MINIMUM_PLUGIN = '0.1.0';

/** SiteService: what an LMS asks and tells in its own name. */
export function siteService(dependencies: LmsDependencies): Handlers<typeof SiteServiceService> {
  const { storage, audit, directory, externalAccounts, exams, door, subjects, clock, options } = dependencies;
  const { db } = storage;

  /** What a site asks; whoever is none is not told what they would have to ask. */
  function asked<S extends z.ZodType>(ctx: Context, schema: S, request: unknown): z.output<S> {
    siteOf(ctx);
    return validate(schema, request);
  }

  async function connectionOf(ctx: Context): Promise<Connection> {
    const { organisationId, connectionId } = siteOf(ctx);
    const connection = await connectionById(db, organisationId, connectionId);
    if (!connection) throw new StatusError('CONNECTION_NOT_FOUND', 'This site is not connected any more.');
    return connection;
  }

  /** The exam of an activity of the calling site; null for one that nobody has come to yet. */
  async function examOf(ctx: Context, activity: string): Promise<string | null> {
    const known = await lmsExam(db, siteOf(ctx).connectionId, activity);
    return known && (await exams.exam(db, known.examId)) ? known.examId : null;
  }

  async function userOf(ctx: Context, externalId: string): Promise<string | null> {
    const [account] = await accountsByExternalIds(db, siteOf(ctx).connectionId, [externalId]);
    return account?.userId ?? null;
  }

  /** @throws StatusError USER_NOT_FOUND */
  async function studentIn(
    ctx: Context,
    { activity, student }: { activity: string; student: string },
  ): Promise<{ examId: string; userId: string }> {
    const examId = await examOf(ctx, activity);
    const userId = await userOf(ctx, student);
    if (examId === null || userId === null) throw unknown(student);
    return { examId, userId };
  }

  /**
   * The user whom a teacher of the LMS is. The LMS vouches for this one decision: it may be of somebody who sees some
   * groups only, and running the exam shows everybody in it.
   * @throws StatusError ACCOUNT_CONFLICT
   */
  async function staffOf(
    ctx: Context,
    { id: externalId, email, displayName }: { id: string; email: string; displayName: string },
  ): Promise<string> {
    const { connectionId: id, organisationId } = siteOf(ctx);
    const teacher = { externalId, email, ...splitName(displayName), role: 'INSTRUCTOR' as const };
    return again(() =>
      storage.transaction(async (tx) => {
        const linked = await linkPeople(tx, externalAccounts, { id, organisationId }, [teacher], clock.now());
        const userId = linked.get(externalId);
        if (!userId) {
          throw new StatusError(
            'ACCOUNT_CONFLICT',
            'The teacher’s e-mail belongs to an account of their own here.',
          );
        }
        return userId;
      }),
    );
  }

  /** Whose data it is, as the LMS asks for somebody it knows. @throws StatusError USER_NOT_FOUND */
  async function personOf(ctx: Context, externalId: string): Promise<string> {
    const userId = await userOf(ctx, externalId);
    if (userId === null) throw unknown(externalId);
    return userId;
  }

  /** The site as who asks: its connection is nobody's user. */
  const callerOf = (ctx: Context) => ({ ...siteOf(ctx), userId: siteOf(ctx).connectionId });

  return {
    async getSite(_request, ctx) {
      const { id, organisationId, address } = await connectionOf(ctx);
      return {
        ...{ organisation: organisationId, connection: connectionName(id), address },
        ...{ serverTime: new Date(clock.now()), publicUrl: options.publicUrl },
        minimumPluginVersion: MINIMUM_PLUGIN,
      };
    },

    async getGate(request, ctx) {
      const { activity, student } = asked(ctx, requests.gateRequest, request);
      const examId = await examOf(ctx, activity);
      const userId = await userOf(ctx, student);
      const gate = examId === null || userId === null ? NOT_KNOWN : await door.gate(examId, userId);
      return presentGate(gate, { externalId: student, displayName: '' });
    },

    async listGates(request, ctx) {
      const { activity, pageSize, pageToken: cursor } = asked(ctx, requests.listGatesRequest, request);
      const examId = await examOf(ctx, activity);
      const after = cursor === null ? null : String(cursor[0]);
      const found = examId === null ? [] : await door.gates(examId, after, pageSize + 1);
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      return {
        gates: page.map(({ gate, ...student }) => presentGate(gate, student)),
        nextPageToken: last ? pageToken([last.userId]) : '',
      };
    },

    async listSiteAlerts(request, ctx) {
      const wanted = asked(ctx, requests.listAlertsRequest, request);
      const { organisationId, connectionId } = siteOf(ctx);
      const { pageSize, pageToken: cursor } = wanted;
      const examId = await examOf(ctx, wanted.activity);
      const userId = wanted.student === null ? null : await userOf(ctx, wanted.student);
      if (examId === null || (wanted.student !== null && userId === null)) {
        return { alerts: [], nextPageToken: '' };
      }
      const after = cursor && { beganAt: numberAt(cursor, 0), id: String(cursor[1]) };
      const found = await door.alerts(examId, userId, after, pageSize + 1);
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      const people = await accountsByUserIds(db, connectionId, [...new Set(page.map((each) => each.userId))]);
      const byUser = new Map(people.map((person) => [person.userId, person.externalId]));
      await audit.record(db, {
        ...{ organisationId, actor: connectionId, subject: userId, action: 'lms.alerts_read' },
        ...{ target: `exam/${examId}`, details: { alerts: page.length } },
      });
      return {
        alerts: page.map((each) => presentSiteAlert(each, byUser.get(each.userId) ?? '')),
        nextPageToken: last ? pageToken([last.cursor.beganAt, last.cursor.id]) : '',
      };
    },

    async decideApproval(request, ctx) {
      const { actor, approve, note, ...of } = asked(ctx, requests.decideRequest, request);
      const { examId, userId } = await studentIn(ctx, of);
      const staffId = await staffOf(ctx, actor);
      const gate = await door.decideApproval(examId, userId, { approve, note, staffId });
      return presentGate(gate, { externalId: of.student, displayName: '' });
    },

    async requestSiteApproval(request, ctx) {
      const { note, ...of } = asked(ctx, requests.askRequest, request);
      const { examId, userId } = await studentIn(ctx, of);
      const gate = await door.requestApproval(examId, userId, note);
      return presentGate(gate, { externalId: of.student, displayName: '' });
    },

    async reviewSiteAlert(request, ctx) {
      const { activity, alert, decision, note, actor } = asked(ctx, requests.reviewRequest, request);
      const examId = await examOf(ctx, activity);
      if (examId === null) throw new StatusError('ALERT_NOT_FOUND', 'There is no such alert.');
      const staffId = await staffOf(ctx, actor);
      const decided = await door.review(examId, alert, { decision, note, staffId });
      const [person] = await accountsByUserIds(db, siteOf(ctx).connectionId, [decided.userId]);
      return presentSiteAlert(decided, person?.externalId ?? '');
    },

    async recordAttempt(request, ctx) {
      const { attempt, event, eventTime, ...of } = asked(ctx, requests.attemptRequest, request);
      const { examId, userId } = await studentIn(ctx, of);
      const now = clock.now();
      // By a clock that is ahead, nothing else would be believed until then.
      const at = Math.min(eventTime?.getTime() ?? now, now);
      await door.attempt(examId, userId, { id: attempt, on: event === 'STARTED', at });
      return {};
    },

    async exportPerson(request, ctx) {
      const { person } = asked(ctx, requests.personRequest, request);
      const userId = await personOf(ctx, person);
      const document = await subjects.export(callerOf(ctx), userId);
      return { document, contentType: 'application/json' };
    },

    async erasePerson(request, ctx) {
      const { person } = asked(ctx, requests.personRequest, request);
      const caller = callerOf(ctx);
      const userId = await personOf(ctx, person);
      if (await directory.hasPassword(db, caller.organisationId, userId)) {
        throw new StatusError(
          'ACCOUNT_CONFLICT',
          'This account has a password: its owner or an ADMIN erases it.',
        );
      }
      const { at, erased } = await subjects.erase(caller, userId);
      return { eraseTime: new Date(at), erased };
    },
  };
}

function unknown(person: string): StatusError {
  return new StatusError('USER_NOT_FOUND', 'Nobody has come from the LMS under that id.', {
    resource: { type: 'lms_account', name: person },
  });
}
