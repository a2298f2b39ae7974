import type { Member } from '../capabilities.js';
import { believable, contentHash, difference, type Difference } from './difference.js';
import type { Mirrored, MirrorKind } from './mirror-store.js';
import { isRoster, type Reading } from './reading.js';
import type { Change, ChangeKind, Why } from './run.js';

/** A thing to be remembered. */
export interface Thing {
  courseId: string;
  id: string;
  hash: string;
  data: unknown;
}

/** What is to be written of one kind of things in one course. */
export interface Edit {
  kind: MirrorKind;
  remember: Thing[];
  missing: string[];
}

export interface Reconciled {
  edits: Edit[];
  changes: Change[];
}

/** What a member is remembered by: who they are to people is only in the hash. */
export interface MemberData {
  role: Member['role'];
  groups: string[];
}

export function memberThing(courseId: string, member: Member): Thing {
  const { id, role, groups, email, givenName, familyName } = member;
  const data: MemberData = { role, groups };
  return { courseId, id, hash: contentHash([role, groups, email, givenName, familyName]), data };
}

function thing(courseId: string, id: string, data: object): Thing {
  return { courseId, id, hash: contentHash(data), data };
}

/**
 * What has changed in one course since it was last read, and what the report says of it. What the site did not answer
 * for, or answers emptily where there was something, stays as it is.
 */
export function reconcile(
  reading: Reading,
  known: Readonly<Record<MirrorKind, readonly Mirrored[]>>,
): Reconciled {
  const { course, activities, roster, suspended } = reading;
  const done: Reconciled = { edits: [], changes: [] };
  const compare = (kind: MirrorKind & ChangeKind, seen: readonly Thing[], how: How): void => {
    add(done, kind, course.id, known[kind], seen, how);
  };
  compare('COURSE', [thing(course.id, course.id, course)], NAMED);
  if (activities) {
    const things = activities.map(({ id, ...data }) => thing(course.id, id, data));
    // Where a right is missing, Moodle says of which course: an empty answer without that is one.
    compare('ACTIVITY', things, { ...NAMED, emptied: true });
  }
  if (roster === 'NOT_WATCHED') {
    const gone: How = { detail: () => '', each: true, why: () => 'NOT_WATCHED', emptied: true };
    compare('MEMBER', [], gone);
    compare('GROUP', [], { ...gone, each: false });
  } else if (isRoster(roster)) {
    const members = roster.members.map((member) => memberThing(course.id, member));
    // Who cannot be read now is not gone: their e-mail may only be hidden.
    const unusable = known.MEMBER.filter(
      (each) => each.removedAt === null && roster.unusable.includes(each.id),
    );
    compare('MEMBER', [...members, ...unusable], {
      detail: memberDetail,
      each: false,
      why: (id) => (suspended.has(id) ? 'SUSPENDED' : 'NOT_LISTED'),
      // All of them suspended is an answer.
      emptied: suspended.size > 0,
    });
    const groups = roster.groups.map(({ id, name }) => thing(course.id, id, { name }));
    // The last group of a course may go; a right that went would have taken the members as well.
    compare('GROUP', groups, { detail: () => '', each: false, why: () => 'NOT_LISTED', emptied: true });
    if (roster.unusable.length > 0) {
      const problem = { kind: 'MEMBER', action: 'PROBLEM', why: 'UNUSABLE_EMAIL', detail: '' } as const;
      done.changes.push({ ...problem, courseId: course.id, id: '', count: roster.unusable.length });
    }
  } else {
    const refused = { kind: 'MEMBER', action: 'KEPT', why: 'REFUSED', detail: roster.message } as const;
    done.changes.push({ ...refused, courseId: course.id, id: '', count: 1 });
  }
  if (roster === 'NOT_WATCHED' || isRoster(roster)) endExams(done, reading, known.EXAM);
  return done;
}

/** Exams whose activity is no more, or is watched no longer. Those that are there are brought up to date one by one. */
function endExams(
  done: Reconciled,
  { course, activities, watched }: Reading,
  exams: readonly Mirrored[],
): void {
  const on = new Set(watched.map(({ activity }) => activity.id));
  const missing = exams.filter(({ id, removedAt }) => removedAt === null && !on.has(id)).map(({ id }) => id);
  if (missing.length === 0) return;
  const listed = new Map(activities?.map(({ id, name }) => [id, name]));
  done.edits.push({ kind: 'EXAM', remember: [], missing });
  for (const id of missing) {
    const why = listed.has(id) ? 'NOT_WATCHED' : 'NOT_LISTED';
    const gone = { kind: 'EXAM', action: 'MISSING', why, courseId: course.id, id, count: 1 } as const;
    done.changes.push({ ...gone, detail: listed.get(id) ?? '' });
  }
}

interface How {
  /** What the report says of a thing, from what is remembered and what is new. */
  detail: (before: unknown, after: unknown) => string;
  /** Whether even what is new is reported one by one. */
  each: boolean;
  why: (id: string) => Why;
  /** Whether an empty answer may be believed. */
  emptied?: boolean;
}

/** What has a name is reported one by one, by it. */
const NAMED: How = {
  detail: (before, after) => ((after ?? before) as { name: string }).name,
  each: true,
  why: () => 'NOT_LISTED',
};

function memberDetail(before: unknown, after: unknown): string {
  if (!before || !after) return '';
  const [old, now] = [before as MemberData, after as MemberData];
  const parts = [
    ...(old.role === now.role ? [] : [`role: ${old.role} → ${now.role}`]),
    ...(old.groups.join() === now.groups.join() ? [] : ['groups']),
  ];
  return parts.length > 0 ? parts.join(', ') : 'name or e-mail';
}

function add(
  done: Reconciled,
  kind: MirrorKind & ChangeKind,
  courseId: string,
  knownThings: readonly Mirrored[],
  seenThings: readonly Thing[],
  { detail, each, why, emptied = false }: How,
): void {
  const known = new Map(knownThings.map((one) => [one.id, one]));
  const seen = new Map(seenThings.map((one) => [one.id, one]));
  const hashes = new Map(seenThings.map(({ id, hash }) => [id, hash]));
  const found: Difference = difference(known, hashes);
  const change = (action: Change['action'], reason: Why, id: string, count = 1): void => {
    const words = id ? detail(known.get(id)?.data, seen.get(id)?.data) : '';
    done.changes.push({ kind, action, why: reason, courseId, id, count, detail: words });
  };
  if (!emptied && !believable(known, hashes)) {
    change('KEPT', 'EMPTY_ANSWER', '', found.missing.length);
    return;
  }
  if (each) for (const id of found.added) change('ADDED', 'LISTED', id);
  else if (found.added.length > 0) change('ADDED', 'LISTED', '', found.added.length);
  for (const id of found.changed) change('CHANGED', 'DIFFERENT', id);
  for (const id of found.restored) change('RESTORED', 'LISTED_AGAIN', id);
  for (const id of found.missing) change('MISSING', why(id), id);
  const remember = [...found.added, ...found.changed, ...found.restored].flatMap((id) => seen.get(id) ?? []);
  if (remember.length + found.missing.length > 0) done.edits.push({ kind, remember, missing: found.missing });
}
