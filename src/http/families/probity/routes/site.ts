import type {
  Gate as GateMessage,
  SiteAlert as AlertMessage,
} from '../../../../grpc/gen/probity/lms/v1/site_service.js';
import { operation, type Operation } from '../../../family.js';
import { alertAnswer, time } from '../answers.js';
import { paging } from '../paging.js';
import * as schemas from '../schemas.js';
import * as site from '../site-schemas.js';
import { admissionReason, admissionState, alertDecision, attemptEvent } from '../words.js';
import { WRITE } from './rows.js';

const ROW = { tag: 'Moodle', auth: 'token' } as const;
const READ = [400, 401, 405, 500];
/** The core's names of what the path calls otherwise. */
const FIELDS = { student: 'sub', person: 'sub', 'actor.id': 'actor.sub', 'actor.display_name': 'actor.name' };

/** What a Moodle calls in its own name: the bearer token is a JWT that it signed by its site key for this one call. */
export const SITE: readonly Operation[] = [
  operation({
    ...ROW,
    id: 'getSite',
    method: 'GET',
    path: '/site',
    summary: 'Which connection the key belongs to: the plugin’s “test connection”',
    status: 200,
    success: 'The connection and this installation',
    answer: site.Site,
    errors: [401, 404, 405, 500],
    async run(_input, { core, options }) {
      const { minimumPluginVersion, serverTime, ...same } = await core.site.getSite({}, options);
      return { ...same, serverTime: time(serverTime), plugin: { minimumVersion: minimumPluginVersion } };
    },
  }),
  operation({
    ...ROW,
    id: 'getGate',
    method: 'GET',
    path: '/site/activities/:activity/students/:sub',
    summary: 'Whether a student may start or go on',
    params: site.StudentPath,
    fields: FIELDS,
    status: 200,
    success: 'The gate. Somebody unknown is NOT_IDENTIFIED',
    answer: site.Gate,
    errors: READ,
    async run({ params }, { core, options }) {
      return gateAnswer(await core.site.getGate({ activity: params.activity, student: params.sub }, options));
    },
  }),
  operation({
    ...ROW,
    id: 'listGates',
    method: 'GET',
    path: '/site/activities/:activity/students',
    summary: 'The gates of all students of an activity',
    params: site.ActivityPath,
    query: schemas.Page,
    status: 200,
    success: 'A page of gates',
    answer: site.Gates,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const page = await core.site.listGates({ ...params, ...paging(query) }, options);
      return { students: page.gates.map(gateAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    ...ROW,
    id: 'listSiteAlerts',
    method: 'GET',
    path: '/site/activities/:activity/alerts',
    summary: 'Alerts of an activity or of one student in it, the newest first; the read is audited',
    params: site.ActivityPath,
    query: site.SiteAlertsQuery,
    fields: FIELDS,
    status: 200,
    success: 'A page of alerts',
    answer: site.SiteAlerts,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const request = { ...params, student: query.sub ?? '', ...paging(query) };
      const page = await core.site.listSiteAlerts(request, options);
      return { alerts: page.alerts.map(siteAlertAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    ...ROW,
    id: 'decideSiteApproval',
    method: 'POST',
    path: '/site/activities/:activity/students/:sub/approval',
    summary: 'Passes on that a teacher approves a student by hand, or declines',
    params: site.StudentPath,
    body: site.DecideApproval,
    fields: FIELDS,
    status: 200,
    success: 'The gate as it now is',
    answer: site.Gate,
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      const { approve, note = '', actor } = body;
      const request = { activity: params.activity, student: params.sub, approve, note, actor: who(actor) };
      return gateAnswer(await core.site.decideApproval(request, options));
    },
  }),
  operation({
    ...ROW,
    id: 'requestSiteApproval',
    method: 'POST',
    path: '/site/activities/:activity/students/:sub/approval-request',
    summary: 'Passes on that a student asks for approval by hand',
    params: site.StudentPath,
    body: site.RequestSiteApproval,
    fields: FIELDS,
    status: 200,
    success: 'The gate as it now is',
    answer: site.Gate,
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      const request = { activity: params.activity, student: params.sub, note: body.note ?? '' };
      return gateAnswer(await core.site.requestSiteApproval(request, options));
    },
  }),
  operation({
    ...ROW,
    id: 'reviewSiteAlert',
    method: 'POST',
    path: '/site/activities/:activity/alerts/:alert/review',
    summary: 'Passes on a teacher’s decision on an alert',
    params: site.SiteAlertPath,
    body: site.ReviewSiteAlert,
    fields: FIELDS,
    status: 200,
    success: 'The alert with its decision',
    answer: site.SiteAlert,
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      const { decision, note = '', actor } = body;
      const request = { ...params, decision: alertDecision.toCore(decision), note, actor: who(actor) };
      return siteAlertAnswer(await core.site.reviewSiteAlert(request, options));
    },
  }),
  operation({
    ...ROW,
    id: 'recordAttempt',
    method: 'POST',
    path: '/site/attempts',
    summary: 'Tells that an attempt began or is over; with its end, watching ends',
    body: site.Attempt,
    fields: FIELDS,
    status: 204,
    success: 'It is known; telling it again changes nothing',
    errors: WRITE,
    async run({ body }, { core, options }) {
      const { activity, sub: student, attempt, event, time } = body;
      const eventTime = time === undefined ? undefined : new Date(time);
      await core.site.recordAttempt(
        { activity, student, attempt, event: attemptEvent.toCore(event), eventTime },
        options,
      );
      return undefined;
    },
  }),
  operation({
    ...ROW,
    id: 'exportPerson',
    method: 'GET',
    path: '/site/people/:sub/export',
    summary: 'Everything held about somebody whom the site has sent',
    params: site.PersonPath,
    fields: FIELDS,
    status: 200,
    success: 'A JSON document, with the tables it came from as keys',
    binary: 'application/json',
    errors: [...READ, 404],
    async run({ params }, { core, options }) {
      const { document, contentType } = await core.site.exportPerson({ person: params.sub }, options);
      return { bytes: document, contentType };
    },
  }),
  operation({
    ...ROW,
    id: 'erasePerson',
    method: 'DELETE',
    path: '/site/people/:sub',
    summary: 'Erases somebody whom the site has sent, whole',
    params: site.PersonPath,
    fields: FIELDS,
    status: 200,
    success: 'What was erased',
    answer: schemas.Erasure,
    errors: [...READ, 403, 404, 409],
    async run({ params }, { core, options }) {
      const done = await core.site.erasePerson({ person: params.sub }, options);
      return { eraseTime: time(done.eraseTime), erased: done.erased };
    },
  }),
];

function who({ sub, email, name }: { sub: string; email: string; name: string }) {
  return { id: sub, email, displayName: name };
}

function gateAnswer({ student, displayName, ...gate }: GateMessage) {
  return {
    ...gate,
    sub: student,
    displayName: displayName === '' ? null : displayName,
    state: admissionState.fromCore(gate.state),
    reason: admissionReason.fromCore(gate.reason),
    verifiedUntil: time(gate.verifiedUntil),
    lastHeartbeatTime: time(gate.lastHeartbeatTime),
    graceUntil: time(gate.graceUntil),
    revision: gate.revision.toString(),
  };
}

function siteAlertAnswer({ student, alert, decideTime }: AlertMessage) {
  if (!alert) throw new Error('the core answered no alert');
  const shown = alertAnswer(alert);
  return {
    id: shown.name.slice(shown.name.lastIndexOf('/') + 1),
    sub: student === '' ? null : student,
    ...{ type: shown.type, reason: shown.reason, score: shown.score, threshold: shown.threshold },
    ...{
      modelId: shown.model,
      beganTime: shown.beginTime,
      lastTime: shown.lastTime,
      endedTime: shown.endTime,
    },
    ...{ occurrences: shown.occurrences, hasEvidence: shown.hasEvidence, decision: shown.decision },
    ...{ decisionNote: shown.decisionNote, decidedTime: time(decideTime) },
  };
}
