import type { z } from 'zod';
import type { FieldViolation } from '../call/index.js';

/**
 * Every issue of a schema as a field violation, in JSON's terms: a member that is not there is missing, and one that
 * is `null`, empty or of another type is badly formatted (in proto an empty field and an absent one are the same, so
 * the core's own helper cannot tell them apart). Needs issues parsed with `reportInput`.
 */
export function fieldViolations(error: z.ZodError): FieldViolation[] {
  return error.issues.map((issue) => {
    // JSON has no undefined: it is what zod finds where a member is not there.
    const missing = issue.input === undefined && issue.code !== 'custom';
    return {
      field: fieldPath(issue.path),
      problem: missing ? 'missing' : 'bad_format',
      description: missing ? 'This field is required.' : issue.message,
    };
  });
}

/** `['students', 2, 'email']` → `students[2].email`. */
function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, '');
}

/**
 * The path of a field of the core's request as the caller knows it.
 * @param names core path → the family's; the longest one that begins `path` counts. What is inside of it is the
 *   core's own structure and dropped, unless it is an element of a list
 * @param style how the family writes every other field
 */
export function renameField(
  path: string,
  names: Readonly<Record<string, string>>,
  style: (path: string) => string,
): string {
  const known = Object.keys(names)
    .filter((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`))
    .sort((a, b) => b.length - a.length)[0];
  if (known === undefined) return style(path);
  const inside = path.slice(known.length);
  return `${names[known] ?? ''}${inside.startsWith('[') ? style(inside) : ''}`;
}
