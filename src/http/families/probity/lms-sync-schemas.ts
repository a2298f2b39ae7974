import { z } from 'zod';
import { named } from '../../family.js';
import { time } from './schemas.js';
import { lmsSyncAction, lmsSyncKind, lmsSyncMode, lmsSyncState, lmsWatch } from './words.js';

const id = z.string().min(1).max(100);
export const SyncPath = z.object({ connection: id, sync: id });

const settings = {
  schedule: z
    .string('must be a string')
    .max(100, 'must have at most 100 characters')
    .meta({ description: 'Five cron fields in UTC; empty for never by itself.' }),
  watch: z.enum(lmsWatch.names, `must be one of ${lmsWatch.names.join(', ')}`).meta({
    description:
      'Which activities become exams: quizzes with the plugin on, those of the courses that are named, or all.',
  }),
  courseIds: z.array(z.string('must be a string').max(64)).max(5000, 'must be at most 5000'),
  graceDays: z
    .int('must be a whole number')
    .min(0, 'must be 0 to 365')
    .max(365, 'must be 0 to 365')
    .meta({ description: 'Days that somebody who is listed no longer stays in exams.' }),
};
export const UpdateSyncSettings = named('UpdateSyncSettings', z.object(settings));
export const SyncSettings = named(
  'SyncSettings',
  z.object({ ...settings, watch: z.enum(lmsWatch.names).nullable(), nextTime: time }),
);

const sync = z.object({
  name: z.string(),
  mode: z.enum(lmsSyncMode.names).nullable(),
  state: z.enum(lmsSyncState.names).nullable(),
  requester: z.string().meta({ description: 'A user; empty for the schedule.' }),
  beginTime: time,
  endTime: time,
  retryTime: time,
  coursesTotal: z.int(),
  coursesDone: z.int(),
  requests: z.int().meta({ description: 'Made of the LMS.' }),
  counts: z.array(z.object({ action: z.enum(lmsSyncAction.names).nullable(), count: z.int() })),
  message: z.string().meta({ description: 'Why it failed or waits.' }),
});
export const Sync = named('Sync', sync);
export const Syncs = named('Syncs', z.object({ syncs: z.array(sync), nextPageToken: z.string() }));

export const SyncChanges = named(
  'SyncChanges',
  z.object({
    changes: z.array(
      z.object({
        kind: z.enum(lmsSyncKind.names).nullable(),
        action: z.enum(lmsSyncAction.names).nullable(),
        reason: z.string(),
        courseId: z.string(),
        externalId: z.string(),
        count: z.int(),
        detail: z.string(),
        findTime: time,
      }),
    ),
    nextPageToken: z.string(),
  }),
);

export const LmsCourses = named(
  'LmsCourses',
  z.object({
    courses: z.array(
      z.object({
        ...{ courseId: z.string(), displayName: z.string(), shortName: z.string() },
        ...{ idNumber: z.string(), visible: z.boolean() },
      }),
    ),
    nextPageToken: z.string(),
  }),
);
export const LmsActivities = named(
  'LmsActivities',
  z.object({
    activities: z.array(
      z.object({
        ...{ activityId: z.string(), courseId: z.string(), displayName: z.string(), visible: z.boolean() },
        openTime: time,
        closeTime: time,
        limitSeconds: z.int(),
        watched: z.boolean().meta({ description: 'Whether it is an exam here.' }),
      }),
    ),
    nextPageToken: z.string(),
  }),
);
