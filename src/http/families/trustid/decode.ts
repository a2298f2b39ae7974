import { z } from 'zod';
import { parseJson } from '../../json.js';

const INT32_MAX = 2 ** 31 - 1;

/**
 * Base64 (RFC 4648 section 4) with its padding, of which the length says whether it is whole; line breaks as in MIME
 * are dropped first. Without groups: repeated ones take stack, and pictures have millions of characters.
 */
const DATA_URL = /^data:[\w.+/-]*(?:;[\w.+/=-]+)*;base64,/i;
/** Characters that what a data URL says of its picture may take. */
const DATA_URL_HEAD = 256;
/** A list of pictures: nothing in it nests. */
const LIST = { maxJsonDepth: 1, maxJsonValues: 10 };
/** Of processes likewise; the most that the core takes. */
const PROCESSES = { maxJsonDepth: 1, maxJsonValues: 2000 };

/** The document's Integer, 32 bits, as a number or as its decimal digits; always a number from here on. */
export function integer(min: number, max = INT32_MAX) {
  const error = `This field must be a whole number from ${min} to ${max}.`;
  const inRange = z.int({ error }).min(min, { error }).max(max, { error });
  const digits = z.string().regex(/^\d{1,10}$/);
  return z.union([inRange, digits.transform(Number).pipe(inRange)], { error });
}

const DECIMAL_ERROR = { error: 'This field must be a decimal number.' };
/** The document's BigDecimal, as a number or as its decimal digits; as text from here on. */
export const decimal = z
  .union(
    [z.number(), z.string().regex(/^-?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?$/i, DECIMAL_ERROR)],
    DECIMAL_ERROR,
  )
  .transform(String);

/** The document's String, of `min` to `max` characters, counted as Unicode code points. */
export function text(max: number, min = 1) {
  return z
    .string({ error: 'This field must be a string.' })
    .refine((value) => min === 0 || value !== '', 'This field may not be blank.')
    .refine(
      (value) => value === '' || codePoints(value.slice(0, 2 * min)) >= min,
      `This field must have at least ${min} characters.`,
    )
    .refine(
      (value) => value.length <= max || (value.length <= 2 * max && codePoints(value) <= max),
      `This field may have at most ${max} characters.`,
    )
    .meta({ minLength: min, maxLength: max });
}

function codePoints(value: string): number {
  return Array.from(value).length;
}

/** The document's date-time, RFC 3339. A time without an offset is no time, and refused. */
export const dateTime = z.iso
  .datetime({
    offset: true,
    error: 'This field must be a date-time with an offset, such as 2030-01-31T09:00:00Z.',
  })
  .transform((value) => new Date(value));

/** The document's Enum. */
export function choice<const T extends string>(values: readonly T[]) {
  return z.enum(values, { error: `This field must be one of ${values.join(', ')}.` });
}

/** A picture as a string: base64 or a data URL. Its bytes; what they are, the engine says. */
export const picture = z
  .string({ error: 'This field must be a string.' })
  .transform((value, ctx) => {
    const bytes = decodeBase64(value);
    if (bytes) return bytes;
    ctx.addIssue({ code: 'custom', message: 'This field must be a picture in base64 or a data URL.' });
    return z.NEVER;
  })
  .meta({ description: 'A picture (JPEG, PNG or WebP) in base64, or a data URL.' });

/** One to ten pictures: one as `picture` takes it, or a string that holds a JSON array of them. */
export const pictures = z
  .string({ error: 'This field must be a string.' })
  .transform((value, ctx) => {
    const parts = value.trimStart().startsWith('[') ? parseList(value, LIST) : [value];
    const decoded = parts?.map(decodeBase64);
    if (decoded && decoded.length > 0 && decoded.length <= 10 && decoded.every((bytes) => bytes !== null)) {
      return decoded;
    }
    const message =
      'This field must be a picture in base64, a data URL, or a JSON array of one to ten of them.';
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({
    description: 'A picture (JPEG, PNG or WebP) in base64, a data URL, or a JSON array of up to ten.',
  });

/** Bytes as base64 or a data URL in a form, which sends all its fields: blank counts as absent. */
export const encoded = z
  .string({ error: 'This field must be a string.' })
  .transform((value, ctx) => {
    if (value.trim() === '') return undefined;
    const bytes = decodeBase64(value);
    if (bytes) return bytes;
    ctx.addIssue({ code: 'custom', message: 'This field must be base64 or a data URL.' });
    return z.NEVER;
  })
  .meta({ description: 'Base64, or a data URL.' });

const SOURCE_ERROR = 'This field must be a file, a data: URI in base64, or a trace in JSON.';

/**
 * The document's `src`: a file of the form, or a `data:` URI; a handwriting trace, which is JSON, also as it is. No
 * address elsewhere is followed.
 */
export const source = z
  .unknown()
  .transform((value, ctx) => {
    if (value instanceof Uint8Array) return value.length > 0 ? value : undefined;
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) return undefined;
    const bytes = typeof value === 'string' ? bytesOf(value) : null;
    if (bytes) return bytes;
    ctx.addIssue({ code: 'custom', message: SOURCE_ERROR });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    format: 'binary',
    description: 'A file, a data: URI in base64, or a handwriting trace in JSON.',
  });

function bytesOf(text: string): Buffer | null {
  if (/^\s*data:/i.test(text)) return decodeBase64(text);
  return /^\s*\{/.test(text) ? Buffer.from(text) : null;
}

const PROCESSES_ERROR =
  'This field must be a list of at most 2000 names: an array, or a string that holds one, or lines.';

/** Names of running processes, which the document has as an array here and as a String there: either is read anywhere. */
export const processes = z
  .union([z.array(z.string()).max(PROCESSES.maxJsonValues), z.string()], { error: PROCESSES_ERROR })
  .transform((value, ctx) => {
    if (typeof value !== 'string') return value;
    const names = value.trimStart().startsWith('[') ? parseList(value, PROCESSES) : value.split(/\r?\n/);
    const given = names?.filter((name) => name.trim() !== '');
    if (given && given.length <= PROCESSES.maxJsonValues) return given;
    ctx.addIssue({ code: 'custom', message: PROCESSES_ERROR });
    return z.NEVER;
  })
  .meta({
    description: 'Names of processes: an array, a string that holds a JSON array, or one name a line.',
  });

/** What the wallet was sent, in base64; empty for a no. */
export const walletModel = z
  .string({ error: 'This field must be a string.' })
  .transform((value, ctx) => {
    const bytes = value.trim() === '' ? Buffer.alloc(0) : decodeBase64(value);
    if (bytes) return bytes;
    ctx.addIssue({ code: 'custom', message: 'This field must be what the wallet was sent, or empty.' });
    return z.NEVER;
  })
  .meta({ description: 'What `wallet/…` answered, unchanged; empty: denied.' });

function parseList(value: string, limits: typeof LIST): string[] | null {
  try {
    return z.array(z.string()).parse(parseJson(Buffer.from(value), limits));
  } catch {
    return null;
  }
}

function decodeBase64(value: string): Buffer | null {
  const trimmed = value.trim();
  const head = DATA_URL.exec(trimmed.slice(0, DATA_URL_HEAD))?.[0] ?? '';
  const text = trimmed.slice(head.length);
  const encoded = text.includes('\n') ? text.replace(/[\r\n]+/g, '') : text;
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer skips over what is no base64: only text that comes back the same was all of it.
  return bytes.length > 0 && bytes.toString('base64') === encoded ? bytes : null;
}
