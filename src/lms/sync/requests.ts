import { z } from 'zod';
import { oneOf, paging, resourceName, UUID } from '../../call/index.js';
import { isSchedule } from '../../jobs/index.js';
import { connection } from '../requests.js';
import type { Watch } from './settings.js';

const settingsName = resourceName('lmsConnections/{connection}/syncSettings', UUID).transform(
  (name) => name.connection,
);

export const settingsRequest = z.object({ name: settingsName });

export const updateSettingsRequest = z.object({
  settings: z.object({
    name: settingsName,
    schedule: z
      .string()
      .trim()
      .max(100, 'must have at most 100 characters')
      .refine((text) => text === '' || isSchedule(text), 'must be five cron fields, or empty'),
    watch: oneOf('LMS_WATCH_PLUGIN', 'LMS_WATCH_COURSES', 'LMS_WATCH_ALL').transform(
      (value) => value.slice('LMS_WATCH_'.length) as Watch,
    ),
    courseIds: z
      .array(z.string().regex(/^[1-9][0-9]{0,18}$/, 'must be the id of a course in the LMS'))
      .max(5000, 'must be at most 5000'),
    graceDays: z.int('must be a whole number').min(0, 'must be 0 to 365').max(365, 'must be 0 to 365'),
  }),
});

export const syncRequest = z.object({ connection });

export const listSyncsRequest = z.object({ connection, ...paging({ standard: 50, most: 500 }) });

export const listMirrorRequest = z.object({ connection, ...paging({ standard: 100, most: 1000 }) });

export const listChangesRequest = z.object({
  sync: resourceName('lmsConnections/{connection}/syncs/{sync}', UUID),
  ...paging({ standard: 100, most: 1000 }),
});
