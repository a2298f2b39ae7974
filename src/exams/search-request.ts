import { z } from 'zod';
import { oneOf, paging } from '../call/index.js';
import type { Comparison, Condition, FieldKind, Search } from './search.js';

const MOST_CONDITIONS = 20;
const MOST_ORDERS = 5;
const { pageSize } = paging({ standard: 100, most: 1000 });

const number = z
  .string()
  .regex(/^-?\d{1,15}$/, 'must be a whole number')
  .transform(Number);
const time = z.iso
  .datetime({ offset: true, error: 'must be a time in RFC 3339' })
  .transform((text) => Date.parse(text));
const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((word) => (word === 'true' ? 1 : 0));

/** A value of a field's kind, as a store compares it. */
function valueOf(kind: FieldKind): z.ZodType<string | number, string> {
  switch (kind) {
    case 'text':
      return z.string().max(1000, 'must have at most 1000 characters');
    case 'number':
      return number;
    case 'time':
      return time;
    case 'flag':
      return flag;
    default:
      return z
        .enum(
          kind.values.map((value) => kind.prefix + value),
          `must be one of ${kind.values.map((value) => kind.prefix + value).join(', ')}`,
        )
        .transform((value) => value.slice(kind.prefix.length));
  }
}

const comparison = oneOf(
  'COMPARISON_EQUAL',
  'COMPARISON_NOT_EQUAL',
  'COMPARISON_GREATER',
  'COMPARISON_GREATER_OR_EQUAL',
  'COMPARISON_LESS',
  'COMPARISON_LESS_OR_EQUAL',
).transform((value) => value.slice('COMPARISON_'.length) as Comparison);

/** The fields of a request that searches a list with these fields. */
export function searchFields(fields: Readonly<Record<string, FieldKind>>) {
  const names = Object.keys(fields);
  const field = z.enum(names, `must be one of ${names.join(', ')}`);
  const condition = z.object({ field, comparison, value: z.string() }).transform((given, ctx): Condition => {
    const read = valueOf(fields[given.field] ?? 'text').safeParse(given.value);
    if (read.success) return { ...given, value: read.data };
    const message = read.error.issues[0]?.message ?? 'is not a value of this field';
    ctx.addIssue({ code: 'custom', path: ['value'], message, params: { problem: 'bad_format' } });
    return z.NEVER;
  });
  return {
    conditions: z.array(condition).max(MOST_CONDITIONS, `takes at most ${MOST_CONDITIONS} conditions`),
    order: z
      .array(z.object({ field, descending: z.boolean() }))
      .max(MOST_ORDERS, `takes at most ${MOST_ORDERS} fields`),
    pageSize,
    skip: z.int('must be a whole number').min(0, 'must not be negative'),
  };
}

/** What such a request asks. */
export function asSearch(asked: Omit<Search, 'limit'> & { pageSize: number }): Search {
  const { conditions, order, pageSize: limit, skip } = asked;
  return { conditions, order, limit, skip };
}
