import { invalidFields } from './status.js';

/** The variables of a pattern: `'exams/{exam}/alerts/{alert}'` → `'exam' | 'alert'`. */
export type NameVariable<P extends string> = P extends `${string}{${infer V}}${infer Rest}`
  ? V | NameVariable<Rest>
  : never;

/** What the variables of a pattern stand for in one name. */
export type NameParts<P extends string> = { [K in NameVariable<P>]: string };

/**
 * A resource id (AIP-122): letters, digits and `-._~`, at most 64, beginning with a letter or digit. It can hold
 * neither `/` nor anything a URL or a log line would have to escape.
 */
const ID = '[A-Za-z0-9][A-Za-z0-9._~-]{0,63}';

/** As `randomUUID` writes it: an id that the service makes. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const compiled = new Map<string, RegExp>();

/** Patterns are literals of our code, so there are only as many as we wrote. */
function compile(pattern: string): RegExp {
  let regexp = compiled.get(pattern);
  if (!regexp) {
    const body = pattern
      .split('/')
      .map((segment) => {
        const variable = /^\{(\w+)\}$/.exec(segment);
        return variable ? `(?<${variable[1]}>${ID})` : segment;
      })
      .join('/');
    regexp = new RegExp(`^${body}$`);
    compiled.set(pattern, regexp);
  }
  return regexp;
}

/** The parts of `name` by `pattern`, or null where it does not fit. */
export function matchName<P extends string>(pattern: P, name: string): NameParts<P> | null {
  const groups = compile(pattern).exec(name)?.groups;
  return groups ? ({ ...groups } as NameParts<P>) : null;
}

/**
 * The parts of a resource name: `parseName('users/{user}', 'users/me', 'name')` → `{ user: 'me' }`.
 * @param field the request's field that holds the name, for the error
 * @throws StatusError INVALID_FIELDS
 */
export function parseName<P extends string>(pattern: P, name: string, field: string): NameParts<P> {
  const parts = matchName(pattern, name);
  if (parts) return parts;
  throw invalidFields([
    name === ''
      ? { field, problem: 'missing', description: 'is required' }
      : { field, problem: 'bad_format', description: `must look like ${pattern}` },
  ]);
}

/** The resource name that `parseName` reads back. Throws where an id could not be read back: a bug, not input. */
export function formatName<P extends string>(pattern: P, parts: NameParts<P>): string {
  const name = pattern.replace(/\{(\w+)\}/g, (_, variable: string) => parts[variable as NameVariable<P>]);
  if (!compile(pattern).test(name)) throw new Error(`not an id of ${pattern}`);
  return name;
}
