import type { Sitter, Times } from '../capabilities.js';

/** An exception of a quiz: for one person, or for one group. Null where it leaves the quiz's own value alone. */
export interface Override {
  for: { person: string } | { group: string };
  opensAt: number | null;
  closesAt: number | null;
  limitMs: number | null;
}

/**
 * The times of one student, as Moodle has them (`quiz_update_effective_access` in mod/quiz/lib.php, the same from 2.0
 * to 5.1). Each value by itself: what the student's own exception sets counts; otherwise the most generous of what the
 * exceptions of their groups set, where "none" (0) is the most generous end and limit; otherwise the quiz's own.
 */
export function effectiveTimes(base: Times, overrides: readonly Override[], sitter: Sitter): Times {
  const own = overrides.find((each) => 'person' in each.for && each.for.person === sitter.id);
  const groups = overrides.filter((each) => 'group' in each.for && sitter.groups.includes(each.for.group));
  const set = (key: 'opensAt' | 'closesAt' | 'limitMs'): number[] =>
    groups.map((each) => each[key]).filter((value) => value !== null);
  const [opens, closes, limits] = [set('opensAt'), set('closesAt'), set('limitMs')];
  return {
    opensAt: own?.opensAt ?? (opens.length > 0 ? Math.min(...opens) : base.opensAt),
    closesAt: own?.closesAt ?? longest(closes) ?? base.closesAt,
    limitMs: own?.limitMs ?? longest(limits) ?? base.limitMs,
  };
}

/** The most generous of ends or limits, of which 0 is none at all. */
function longest(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.includes(0) ? 0 : Math.max(...values);
}
