import { z } from 'zod';
import { invalidFields } from '../../../call/index.js';
import { Comparison, type Condition, type Order } from '../../../grpc/gen/probity/exams/v1/search.js';
import { ExamState } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import { parseJson } from '../../json.js';
import { readTime } from './decode.js';
import { ENROLMENT_STATE, EXAM_STATUSES, STUDENT_STATUSES, type ExamStatus } from './words.js';

/*
 * `filter={"start_time":{"gte":"2030-02-01"}}` and `sort=[{"start_time":"desc"}]`. `gte` and `desc` are what the document
 * shows; the other comparisons, and which fields there are, is a guess.
 */

/** Nothing in either nests deeper. */
const LIMITS = { maxJsonDepth: 3, maxJsonValues: 100 };

const COMPARISONS = {
  eq: Comparison.COMPARISON_EQUAL,
  not_eq: Comparison.COMPARISON_NOT_EQUAL,
  gt: Comparison.COMPARISON_GREATER,
  gte: Comparison.COMPARISON_GREATER_OR_EQUAL,
  lt: Comparison.COMPARISON_LESS,
  lte: Comparison.COMPARISON_LESS_OR_EQUAL,
} as const;
type Compared = keyof typeof COMPARISONS;

/** A field of the document: what the core calls it, and how a value is written for it; null for no value of it. */
interface Field {
  name: string;
  value(text: string): string | null;
}
export type Fields = Readonly<Record<string, Field>> & { status: Field };

const as = (name: string, value: Field['value'] = (text) => text): Field => ({ name, value });
const whole = (text: string): string | null => (/^\d{1,15}$/.test(text) ? text : null);
const time = (text: string): string | null => readTime(text)?.toISOString() ?? null;
const truth = (text: string): string | null =>
  ['true', '1'].includes(text) ? 'true' : ['false', '0'].includes(text) ? 'false' : null;

/** What nothing is: numbers begin at 1. */
const NOTHING: Condition = { field: 'number', comparison: Comparison.COMPARISON_EQUAL, value: '0' };
const equal = (field: string, value: string): Condition => ({
  ...{ field, value },
  comparison: Comparison.COMPARISON_EQUAL,
});

export const STUDENT_FIELDS: Fields = {
  id: as('number', whole),
  exam_id: as('exam', whole),
  name: as('display_name'),
  email: as('email'),
  external_id: as('external_id'),
  skip_requirements: as('skip_requirements', truth),
  open_time: as('open_time', time),
  start_time: as('join_time', time),
  end_time: as('leave_time', time),
  created_at: as('create_time', time),
  updated_at: as('update_time', time),
  status: as('state'),
};
export const EXAM_FIELDS: Fields = {
  id: as('number', whole),
  name: as('display_name'),
  duration_minutes: as('duration', whole),
  start_time: as('schedule_time', time),
  end_time: as('end_time', time),
  created_at: as('create_time', time),
  updated_at: as('update_time', time),
  status: as('state'),
};

/** Students of one status. */
export function studentStatusIs(status: string): Condition | null {
  const known = STUDENT_STATUSES.find((each) => each === status);
  if (!known) return null;
  const state = ENROLMENT_STATE[known];
  return state === null ? NOTHING : equal('state', state);
}

/** Exams of one status: an open one may have started or not. */
export function examStatusIs(status: string): Condition | null {
  const known: ExamStatus | undefined = EXAM_STATUSES.find((each) => each === status);
  if (!known) return null;
  if (known === 'closed') return equal('state', ExamState.EXAM_STATE_COMPLETED);
  if (known !== 'open') return NOTHING;
  const over = ExamState.EXAM_STATE_COMPLETED;
  return { field: 'state', comparison: Comparison.COMPARISON_NOT_EQUAL, value: over };
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const compared = z.union([
  z.partialRecord(z.enum(Object.keys(COMPARISONS) as [Compared, ...Compared[]]), scalar),
  scalar.transform((eq): Partial<Record<Compared, string>> => ({ eq })),
]);
const filterSchema = z.record(z.string(), compared);
const sortSchema = z.array(z.record(z.string(), z.enum(['asc', 'desc'])));

/**
 * The conditions of a `filter`.
 * @param status a status as a condition; null where there is no such status
 * @throws StatusError INVALID_FIELDS
 */
export function conditionsOf(
  filter: string | undefined,
  fields: Fields,
  status: (word: string) => Condition | null,
): Condition[] {
  const asked = read('filter', filter, filterSchema) ?? {};
  return Object.entries(asked).flatMap(([name, comparisons]) =>
    Object.entries(comparisons).map(([comparison, text]) => {
      const field = fieldOf('filter', name, fields);
      if (field === fields.status) {
        const condition = comparison === 'eq' ? status(text) : null;
        return condition ?? refuse('filter', 'status can be compared by eq with one of its words.');
      }
      const value = field.value(text) ?? refuse('filter', `${text} is no value of ${name}.`);
      return { field: field.name, comparison: COMPARISONS[comparison as Compared], value };
    }),
  );
}

/** The order of a `sort`. @throws StatusError INVALID_FIELDS */
export function orderOf(sort: string | undefined, fields: Fields): Order[] {
  const asked = read('sort', sort, sortSchema) ?? [];
  return asked.flatMap((each) =>
    Object.entries(each).map(([name, direction]) => ({
      field: fieldOf('sort', name, fields).name,
      descending: direction === 'desc',
    })),
  );
}

function read<T>(parameter: 'filter' | 'sort', text: string | undefined, schema: z.ZodType<T>): T | null {
  if (text === undefined) return null;
  let json: unknown;
  try {
    json = parseJson(Buffer.from(text), LIMITS);
  } catch {
    return refuse(parameter, 'Must be JSON.');
  }
  const result = schema.safeParse(json);
  return result.success ? result.data : refuse(parameter, 'Must look like the example.');
}

function fieldOf(parameter: 'filter' | 'sort', name: string, fields: Fields): Field {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return field ?? refuse(parameter, `Fields are ${Object.keys(fields).join(', ')}.`);
}

function refuse(field: 'filter' | 'sort', description: string): never {
  throw invalidFields([{ field, problem: 'bad_format', description }]);
}
