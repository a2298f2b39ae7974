import { z } from 'zod';
import { named } from '../../family.js';
import { time, user } from './schemas.js';
import { launchRole } from './words.js';

export const Launch = named(
  'Launch',
  z.object({
    token: z
      .string('must be a string')
      .min(1, 'must not be empty')
      .max(8192, 'must have at most 8192 characters')
      .meta({ description: 'JSON Web Token that the LMS signed; good once and for five minutes.' }),
  }),
);
export const Launched = named(
  'Launched',
  z.object({
    accessToken: z.string(),
    refreshToken: z.string(),
    expireTime: time,
    user,
    exam: z.string().meta({ description: 'Id of the exam, as in `/exams/{exam}`.' }),
    role: z.enum(launchRole.names).nullable(),
    language: z.string().meta({ description: '`en` or `el`.' }),
    opener: z.string().meta({ description: 'Origin of the LMS, whose window may be told how it goes.' }),
    policy: z.object({
      challenge: z.boolean(),
      interval: z.number().meta({ description: 'Seconds between two frames.' }),
      grace: z.number().meta({ description: 'Seconds that signs of life may be missing.' }),
      monitor: z.boolean(),
    }),
  }),
);
export const SiteKey = named(
  'SiteKey',
  z.object({
    siteKey: z.string().meta({
      description:
        '`probity_`, the id of the connection, `_` and 32 bytes in base64url. It is never told again.',
    }),
  }),
);
