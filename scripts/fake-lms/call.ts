import { z } from 'zod';
import type { Site, SiteCourse } from './site.js';

/** A refusal as Moodle makes it: with status 200. */
export class MoodleException extends Error {
  constructor(
    readonly exception: string,
    readonly errorcode: string,
    message: string,
  ) {
    super(message);
  }
}

export const MOODLE = 'core\\exception\\moodle_exception';

export const noRecord = (table: string): MoodleException =>
  new MoodleException(
    'dml_missing_record_exception',
    'invalidrecord',
    `Can't find data record in database table ${table}.`,
  );
export const noPermission = (what: string): MoodleException =>
  new MoodleException(
    'core\\exception\\required_capability_exception',
    'nopermissions',
    `Sorry, but you do not currently have permissions to do that (${what}).`,
  );
export const invalidParameter = (): MoodleException =>
  new MoodleException(
    'core\\exception\\invalid_parameter_exception',
    'invalidparameter',
    'Invalid parameter value detected',
  );

/** Rights of Moodle that the functions here ask for. */
export const CAPABILITIES = [
  'moodle/course:view',
  'moodle/course:viewhiddencourses',
  'moodle/course:enrolreview',
  'moodle/course:managegroups',
  'moodle/course:update',
  'moodle/user:viewdetails',
  'moodle/user:viewalldetails',
  'moodle/site:viewuseridentity',
  'mod/quiz:view',
  'mod/quiz:viewoverrides',
  'mod/quiz:manageoverrides',
  'mod/assign:view',
  'quizaccess/probity:sync',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** One call: by whom, of what. */
export interface Call {
  site: Site;
  may: (capability: Capability) => boolean;
  /** Names of the functions that the service of the token has. */
  functions: readonly string[];
}

/** A function: how its parameters are, and what it answers. */
export interface WebFunction {
  answer(call: Call, parameters: unknown): unknown;
}

/** @param parameters of which none may be missing, and no other may come */
export function webFunction<S extends z.ZodType>(
  parameters: S,
  answer: (call: Call, parameters: z.output<S>) => unknown,
): WebFunction {
  return {
    answer(call, given) {
      const read = parameters.safeParse(given);
      if (!read.success) throw invalidParameter();
      return answer(call, read.data);
    },
  };
}

export const int = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number);
export const flag = z.enum(['0', '1']).transform((value) => value === '1');
export const nothing = z.strictObject({});

type Nested = string | Nested[] | { [key: string]: Nested };

/** `courseids[0]=2` as `{courseids: ['2']}`. */
export function nested(form: ReadonlyMap<string, string>): Nested {
  const root: Record<string, Nested> = {};
  for (const [key, value] of form) {
    const path = key.replaceAll(']', '').split('[');
    let at = root;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, Nested>;
    at[path.at(-1) ?? ''] = value;
  }
  return lists(root);
}

function lists(value: Nested): Nested {
  if (typeof value === 'string') return value;
  const entries = Object.entries(value).map(([key, each]) => [key, lists(each)] as const);
  const isList = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
  return isList ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** @throws as Moodle does where a course is not there, or not for the caller to see */
export function courseFor({ site, may }: Call, id: number): SiteCourse {
  const course = site.courses.find((each) => each.id === id);
  if (!course) throw noRecord('course');
  if (!may('moodle/course:view') || (!course.visible && !may('moodle/course:viewhiddencourses'))) {
    throw new MoodleException(
      MOODLE,
      'errorcoursecontextnotvalid',
      `You cannot execute functions in the course context (course id:${id}).`,
    );
  }
  return course;
}

/** What some functions say of courses that they leave out. */
export function courseWarning(itemid: number, warningcode: string, message: string) {
  return { item: 'course', itemid, warningcode, message };
}
