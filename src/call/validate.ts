import { z } from 'zod';
import { matchName, type NameParts } from './names.js';
import { invalidFields, type FieldProblem, type FieldViolation } from './status.js';

/**
 * The request as its schema reads it.
 * @throws StatusError INVALID_FIELDS with every problem at once, one entry a field, paths in the names of the
 *   proto file: `given_name`, `students[2].email`
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidFields(violations(result.error, value));
}

/** A schema's issues as field violations. `value` is what was parsed: it tells a missing field from a bad one. */
function violations(error: z.ZodError, value: unknown): FieldViolation[] {
  const byField = new Map<string, FieldViolation>();
  for (const issue of error.issues) {
    const { field, found } = locate(value, issue.path);
    const problem = problemOf(issue, found);
    const description = problem === 'missing' ? 'is required' : issue.message;
    const before = byField.get(field);
    if (!before) byField.set(field, { field, problem, description });
    else if (before.problem !== 'missing' && before.description !== description) {
      byField.set(field, { ...before, description: `${before.description}; ${description}` });
    }
  }
  return [...byField.values()];
}

/** A custom issue may name its problem: `ctx.addIssue({ code: 'custom', params: { problem: 'already_exists' } })`. */
function problemOf(issue: z.core.$ZodIssue, found: unknown): FieldProblem {
  const named: unknown = issue.code === 'custom' ? issue.params?.problem : undefined;
  if (named === 'missing' || named === 'bad_format' || named === 'already_exists') return named;
  return isAbsent(found) ? 'missing' : 'bad_format';
}

/** Whether this is how ts-proto reads a field that the caller left out. */
function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length === 0;
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]*_UNSPECIFIED$/.test(value);
}

/** The proto path of an issue, and the value there. */
function locate(value: unknown, path: readonly PropertyKey[]): { field: string; found: unknown } {
  const field: string[] = [];
  let found = value;
  for (const key of path) {
    const holder = found;
    found = member(holder, key);
    if (typeof key === 'number') {
      field.push(`${field.pop() ?? ''}[${key}]`);
    } else if (key === 'value' && typeof member(holder, '$case') === 'string') {
      // A oneof has no name on the wire, its member has.
      field.splice(-1, 1, snakeCase(member(holder, '$case') as string));
    } else {
      field.push(snakeCase(String(key)));
    }
  }
  return { field: field.join('.'), found };
}

/** A path may lead through null and primitives, which have no members. */
function member(holder: unknown, key: PropertyKey): unknown {
  return (Object(holder) as Record<PropertyKey, unknown>)[key];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * A resource name, read into its parts: `resourceName('users/{user}')` → `{ user: string }`.
 * @param id what every part must match, besides being a resource id
 */
export function resourceName<P extends string>(pattern: P, id?: RegExp): z.ZodType<NameParts<P>, string> {
  return z.string().transform((name, ctx) => {
    const parts = matchName(pattern, name);
    if (parts && (!id || Object.values<string>(parts).every((part) => id.test(part)))) return parts;
    ctx.addIssue({ code: 'custom', message: `must look like ${pattern}` });
    return z.NEVER;
  });
}

/** C0 and C1 controls, lone surrogates, and what reverses or hides text: nothing a person types in one line. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/** Characters of a line as it comes, before it is trimmed and normalised: work that a stranger may ask for. */
const MOST_RAW = 16_384;

/**
 * One line of text for people, trimmed and in Unicode NFC.
 * @param min fewest characters, 1 for a required field
 * @param max most characters, counted as Unicode code points
 */
export function line(min: number, max: number): z.ZodType<string, string> {
  return z
    .string()
    .max(MOST_RAW, lengthMessage(min, max))
    .transform((text) => text.trim().normalize('NFC'))
    .pipe(
      z
        .string()
        .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters')
        .refine((text) => within(text, min, max), lengthMessage(min, max)),
    );
}

function within(text: string, min: number, max: number): boolean {
  if (text.length > max * 2) return false;
  const length = Array.from(text).length;
  return length >= min && length <= max;
}

function lengthMessage(min: number, max: number): string {
  return min === 0 ? `must have at most ${max} characters` : `must have ${min} to ${max} characters`;
}

/** An enum of the proto that must be given, and be one of these. */
export function oneOf<const T extends string>(...values: [T, ...T[]]) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}
