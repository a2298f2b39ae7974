import { createHash } from 'node:crypto';

/** What is remembered of a thing of the LMS. */
export interface Known {
  hash: string;
  /** UTC milliseconds; null while the LMS lists it. */
  removedAt: number | null;
}

/** Ids, each in one list at most. What is in none is as it was. */
export interface Difference {
  added: string[];
  changed: string[];
  /** Listed again after it was missing. */
  restored: string[];
  /** No longer listed, for the first time. */
  missing: string[];
}

/** What the LMS lists now, compared with what is remembered. */
export function difference(known: ReadonlyMap<string, Known>, seen: ReadonlyMap<string, string>): Difference {
  const found: Difference = { added: [], changed: [], restored: [], missing: [] };
  for (const [id, hash] of seen) {
    const before = known.get(id);
    if (!before) found.added.push(id);
    else if (before.removedAt !== null) found.restored.push(id);
    else if (before.hash !== hash) found.changed.push(id);
  }
  for (const [id, { removedAt }] of known) if (removedAt === null && !seen.has(id)) found.missing.push(id);
  return found;
}

/**
 * Whether an answer may be believed about what it does not list. An empty one may not where there was something: that
 * is how Moodle answers when a right is missing.
 */
export function believable(known: ReadonlyMap<string, Known>, seen: ReadonlyMap<string, string>): boolean {
  return seen.size > 0 || [...known.values()].every(({ removedAt }) => removedAt !== null);
}

/** Of a value's content; the order of the members of objects counts. */
export function contentHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
