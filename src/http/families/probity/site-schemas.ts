import { z } from 'zod';
import { named } from '../../family.js';
import { alert as alertSchema, id, pageOf, time } from './schemas.js';
import { admissionReason, admissionState, alertDecision, attemptEvent } from './words.js';

/*
 * What a Moodle asks and tells in its own name. Ids are its own; what they must look like is the core's to say.
 */

const string = (max: number) => z.string('must be a string').max(max, `must have at most ${max} characters`);
const actor = z.object({ sub: string(64), email: string(254), name: string(200) });
const note = string(2000).optional();

export const ActivityPath = z.object({ activity: id.meta({ description: '`quiz:12`.' }) });
export const StudentPath = z.object({ activity: id, sub: id });
export const SiteAlertPath = z.object({ activity: id, alert: id });
export const PersonPath = z.object({ sub: id });
export const SiteAlertsQuery = z.object({ ...pageOf, sub: z.string().max(64).optional() });

export const Site = named(
  'Site',
  z.object({
    organisation: z.string(),
    connection: z.string(),
    address: z.string(),
    serverTime: time,
    publicUrl: z.string(),
    plugin: z.object({ minimumVersion: z.string() }),
  }),
);

const gate = z.object({
  sub: z.string(),
  displayName: z.string().nullable().meta({ description: 'Only in lists.' }),
  admitted: z.boolean(),
  state: z.enum(admissionState.names).nullable(),
  reason: z.enum(admissionReason.names).nullable().meta({ description: 'Why not; NONE when admitted.' }),
  verifiedUntil: time.meta({ description: 'Null while the proof holds for the session, and without one.' }),
  monitored: z.boolean(),
  lastHeartbeatTime: time,
  graceUntil: time.meta({ description: 'When signs of life will have been missing for too long.' }),
  approvalRequested: z.boolean(),
  openAlerts: z.number().meta({ description: 'Alerts that last and that nobody dismissed.' }),
  undecidedAlerts: z.number().meta({ description: 'Alerts on which nobody has decided.' }),
  revision: z.string().meta({ description: 'A 64-bit number: an answer with a lower one is out of date.' }),
});
export const Gate = named('Gate', gate);
export const Gates = named('Gates', z.object({ students: z.array(gate), nextPageToken: z.string() }));

const siteAlert = z.object({
  id: z.string(),
  sub: z.string().nullable(),
  type: alertSchema.shape.type,
  reason: z.string(),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  modelId: z.string().nullable(),
  beganTime: time,
  lastTime: time,
  endedTime: time,
  occurrences: z.number(),
  hasEvidence: z.boolean(),
  decision: z.enum(alertDecision.names).nullable(),
  decisionNote: z.string().nullable(),
  decidedTime: time,
});
export const SiteAlert = named('SiteAlert', siteAlert);
export const SiteAlerts = named(
  'SiteAlerts',
  z.object({ alerts: z.array(siteAlert), nextPageToken: z.string() }),
);

export const DecideApproval = named(
  'DecideApproval',
  z.object({
    approve: z.boolean('must be true or false').meta({
      description: 'False declines, and takes an approval back.',
    }),
    note,
    actor,
  }),
);
export const RequestSiteApproval = named('RequestSiteApproval', z.object({ note }));
export const ReviewSiteAlert = named(
  'ReviewSiteAlert',
  z.object({ decision: z.enum(alertDecision.names, 'must be DISMISSED or CONFIRMED'), note, actor }),
);
export const Attempt = named(
  'Attempt',
  z.object({
    activity: string(64),
    sub: string(64),
    attempt: string(64),
    event: z.enum(attemptEvent.names, `must be one of ${attemptEvent.names.join(', ')}`),
    time: z.iso
      .datetime()
      .optional()
      .meta({ description: 'By the clock of the site; what is older than what is known changes nothing.' }),
  }),
);
