import { z } from 'zod';
import { personName, thingName } from './names.js';
import type { GivenPolicy, Span } from './ports.js';
import { TokenRefused } from './signed-token.js';

/** Somebody as an LMS knows them. */
export interface LmsPerson {
  /** In the LMS. */
  externalId: string;
  email: string;
  givenName: string;
  familyName: string;
  role: 'STUDENT' | 'INSTRUCTOR';
}

/** An activity of an LMS that is an exam here. */
export interface LmsActivity {
  /** `quiz:12`. */
  id: string;
  name: string;
  courseId: string;
}

/** What a launch says: who comes to which activity, with their own time in it. */
export interface Launch {
  person: LmsPerson;
  activity: LmsActivity;
  /** A student's own, a teacher's everybody's. */
  span: Span;
  /** Milliseconds for an attempt; null where it is not limited. */
  limitMs: number | null;
  policy: GivenPolicy;
  language: 'en' | 'el';
}

/** 9999: what the years of a date can be written with. */
const LAST_SECOND = 253_402_300_799;

const seconds = z
  .int()
  .min(0)
  .max(LAST_SECOND)
  .transform((value) => (value === 0 ? null : value * 1000));

/** Of a site: digits in Moodle. */
export const externalId = z.string().regex(/^[0-9A-Za-z]{1,64}$/, 'must be an id of the LMS');
export const activityId = z.string().regex(/^[a-z]{1,20}:[0-9]{1,20}$/, 'must look like quiz:12');
export const email = z.string().trim().pipe(z.email('must be an e-mail address').max(254));

const launchClaims = z
  .object({
    sub: externalId,
    email,
    givenName: personName,
    familyName: personName,
    lang: z.string().max(32),
    role: z.enum(['student', 'teacher']),
    activity: z.object({
      id: activityId,
      name: thingName,
      course: z.object({ id: externalId }),
      opens: seconds,
      closes: seconds,
      limit: seconds,
    }),
    policy: z.object({
      challenge: z.boolean(),
      monitor: z.boolean(),
      interval: z.int().min(1).max(60),
      grace: z.int().min(15).max(600),
    }),
  })
  .transform(({ sub, lang, role, activity, policy, ...person }): Launch => ({
    person: { ...person, externalId: sub, role: role === 'teacher' ? 'INSTRUCTOR' : 'STUDENT' },
    activity: { id: activity.id, name: activity.name, courseId: activity.course.id },
    span: { opensAt: activity.opens, closesAt: activity.closes },
    limitMs: activity.limit,
    policy: {
      challenge: policy.challenge,
      monitor: policy.monitor,
      graceMs: policy.grace * 1000,
      frameIntervalMs: policy.interval * 1000,
    },
    language: /^el\b/.test(lang.toLowerCase().replaceAll('_', '-')) ? 'el' : 'en',
  }));

/** @throws TokenRefused */
export function readLaunch(payload: unknown): Launch {
  const read = launchClaims.safeParse(payload);
  if (read.success) return read.data;
  throw new TokenRefused(`claims ${read.error.issues.map(({ path }) => path.join('.')).join(', ')}`);
}
