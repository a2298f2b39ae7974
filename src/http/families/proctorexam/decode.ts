import { z } from 'zod';
import { hasBody, readBody, requireMediaType, type Decoder } from '../../body.js';
import { numbersAsText, parseJson } from '../../json.js';

/** How each value of a body was written, which its parsed form has forgotten: `1.0` is signed as `1.0`. */
const WRITTEN = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** A JSON body that `written` can be asked about. */
export const signedJson: Decoder = {
  mediaTypes: ['application/json'],
  async decode(request, limits) {
    if (!hasBody(request)) return {};
    requireMediaType(request, this.mediaTypes);
    const bytes = await readBody(request, limits.maxBodyBytes);
    const body = parseJson(bytes, limits);
    if (typeof body === 'object' && body !== null) {
      WRITTEN.set(body, parseJson(numbersAsText(bytes), limits) as Record<string, unknown>);
    }
    return body;
  },
};

/** The members of a body that `signedJson` decoded, numbers as they were written. */
export function written(body: object): Readonly<Record<string, unknown>> {
  return WRITTEN.get(body) ?? {};
}

/** A JSON number; apipie, which the document is made with, takes its text too. */
export const NUMBER = /^-?\d{1,32}(\.\d{1,32})?([eE][+-]?\d{1,3})?$/;

/** "Must be a String". How long it may be is the core's matter. */
export function text() {
  return z.string({ error: 'Must be a String.' });
}

/** "Must be a number". */
export const number = z.union([z.number(), z.string().regex(NUMBER).transform(Number).pipe(z.number())], {
  error: 'Must be a number.',
});

/** "Must be one of: true, false, 1, 0". */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0']), z.literal([0, 1])], {
    error: 'Must be one of: true, false, 1, 0.',
  })
  .transform((value) => ['true', '1'].includes(String(value)));

/** Seconds have fewer digits than this until the year 5138, milliseconds more since 1973. */
const LEAST_MILLISECONDS = 1e11;
/** The last second that RFC 3339 can write. */
const LAST_TIME = Date.UTC(9999, 11, 31, 23, 59, 59);

/** A time "in EPOCH format": seconds, or milliseconds where it is too great for seconds. */
export function fromEpoch(value: number): Date | null {
  const milliseconds = Math.trunc(value >= LEAST_MILLISECONDS ? value : value * 1000);
  return milliseconds >= 0 && milliseconds <= LAST_TIME ? new Date(milliseconds) : null;
}

/** `fromEpoch` as a field. */
export const epoch = number.transform((value, ctx) => {
  const time = fromEpoch(value);
  if (time) return time;
  ctx.addIssue({ code: 'custom', message: 'Must be a number.' });
  return z.NEVER;
});

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_TIME = z.iso.datetime({ offset: true });

/** A time as clients write it: ISO 8601 with an offset, a date (its midnight in UTC), or EPOCH. Null for anything else. */
export function readTime(value: string): Date | null {
  if (NUMBER.test(value)) return fromEpoch(Number(value));
  const whole = ISO_DATE.test(value) ? `${value}T00:00:00Z` : value;
  return ISO_TIME.safeParse(whole).success ? new Date(whole) : null;
}

/** `readTime` as a field. */
export const time = z
  .union([z.number(), z.string()], { error: 'Must be a time.' })
  .transform((value, ctx) => {
    const read = readTime(String(value));
    if (read) return read;
    ctx.addIssue({ code: 'custom', message: 'Must be a time, such as 2030-01-31T09:00:00Z.' });
    return z.NEVER;
  });
