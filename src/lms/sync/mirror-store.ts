import { fromJson, toJson, type Db } from '../../storage/index.js';
import type { Known } from './difference.js';

/**
 * What is remembered of the LMS. COURSE: data is a `CourseEntry`. GROUP, ACTIVITY: of a course. MEMBER: somebody in a
 * course, by the id of their account, with role and groups; names and e-mails are in the hash alone. EXAM: that the
 * people and times of an activity with this hash are in its exam.
 */
export type MirrorKind = 'COURSE' | 'GROUP' | 'ACTIVITY' | 'MEMBER' | 'EXAM';

export interface Mirrored extends Known {
  courseId: string;
  id: string;
  data: unknown;
  addedAt: number;
}

interface MirrorRow {
  connection_id: string;
  kind: string;
  course_id: string;
  external_id: string;
  hash: string;
  data: string;
  added_at: number;
  removed_at: number | null;
}

/** Rows a statement: knex writes an SQLite insert as a compound select, which SQLite limits to 500 terms. */
const BATCH = 400;
const KEY = ['connection_id', 'kind', 'course_id', 'external_id'];

/** Things of one kind, of one course or of all, by id. */
export async function mirrored(
  db: Db,
  connectionId: string,
  kind: MirrorKind,
  courseId?: string,
): Promise<Mirrored[]> {
  const query = db<MirrorRow>('lms_mirror').where({ connection_id: connectionId, kind });
  if (courseId !== undefined) void query.where('course_id', courseId);
  return (await query.orderBy(['course_id', 'external_id'])).map(read);
}

/** All that is remembered of one course. */
export async function mirroredOfCourse(
  db: Db,
  connectionId: string,
  courseId: string,
): Promise<Record<MirrorKind, Mirrored[]>> {
  const found: Record<MirrorKind, Mirrored[]> = { COURSE: [], GROUP: [], ACTIVITY: [], MEMBER: [], EXAM: [] };
  for (const kind of Object.keys(found) as MirrorKind[]) {
    found[kind] = await mirrored(db, connectionId, kind, courseId);
  }
  return found;
}

/** A page of courses or activities that are listed now, after an id. */
export async function mirrorPage(
  db: Db,
  connectionId: string,
  kind: MirrorKind,
  after: readonly [courseId: string, id: string],
  limit: number,
): Promise<Mirrored[]> {
  const rows = await db<MirrorRow>('lms_mirror')
    .where({ connection_id: connectionId, kind, removed_at: null })
    .where((page) => {
      void page
        .where('course_id', '>', after[0])
        .orWhere((same) => void same.where('course_id', after[0]).where('external_id', '>', after[1]));
    })
    .orderBy(['course_id', 'external_id'])
    .limit(limit);
  return rows.map(read);
}

/** Some people whom the LMS lists, as far as is remembered. */
export async function somePeople(db: Db, connectionId: string, limit: number): Promise<string[]> {
  return db('lms_mirror')
    .where({ connection_id: connectionId, kind: 'MEMBER', removed_at: null })
    .distinct('external_id')
    .limit(limit)
    .pluck('external_id') as Promise<string[]>;
}

/** Remembers things as they are now; they are listed. */
export async function remember(
  tx: Db,
  connectionId: string,
  kind: MirrorKind,
  things: readonly { courseId: string; id: string; hash: string; data: unknown }[],
  now: number,
): Promise<void> {
  for (let at = 0; at < things.length; at += BATCH) {
    const rows = things.slice(at, at + BATCH).map(({ courseId, id, hash, data }) => ({
      ...{ connection_id: connectionId, kind, course_id: courseId, external_id: id, hash },
      ...{ data: toJson(data), added_at: now, removed_at: null },
    }));
    await tx('lms_mirror').insert(rows).onConflict(KEY).merge(['hash', 'data', 'removed_at']);
  }
}

/** Notes that things are listed no longer. */
export async function markMissing(
  tx: Db,
  connectionId: string,
  kind: MirrorKind,
  courseId: string,
  ids: readonly string[],
  now: number,
): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    await tx('lms_mirror')
      .where({ connection_id: connectionId, kind, course_id: courseId, removed_at: null })
      .whereIn('external_id', ids.slice(at, at + BATCH))
      .update({ removed_at: now });
  }
}

/** What has been missing since `before` or longer. */
export async function longMissing(
  db: Db,
  connectionId: string,
  before: number,
  limit: number,
): Promise<(Mirrored & { kind: MirrorKind })[]> {
  const rows = await db<MirrorRow>('lms_mirror')
    .where('connection_id', connectionId)
    .where('removed_at', '<=', before)
    .orderBy(['kind', 'course_id', 'external_id'])
    .limit(limit);
  return rows.map((row) => ({ ...read(row), kind: row.kind as MirrorKind }));
}

export async function forget(
  tx: Db,
  connectionId: string,
  kind: MirrorKind,
  things: readonly { courseId: string; id: string }[],
): Promise<void> {
  for (let at = 0; at < things.length; at += BATCH) {
    await tx('lms_mirror')
      .where({ connection_id: connectionId, kind })
      .whereIn(
        ['course_id', 'external_id'],
        things.slice(at, at + BATCH).map(({ courseId, id }) => [courseId, id]),
      )
      .delete();
  }
}

/** Where an account is a member, listed or missing. */
export async function membershipsOf(db: Db, connectionId: string, personId: string): Promise<Mirrored[]> {
  const rows = await db<MirrorRow>('lms_mirror')
    .where({ connection_id: connectionId, kind: 'MEMBER', external_id: personId })
    .orderBy('course_id');
  return rows.map(read);
}

export async function forgetPerson(tx: Db, connectionId: string, personId: string): Promise<number> {
  return tx('lms_mirror')
    .where({ connection_id: connectionId, kind: 'MEMBER', external_id: personId })
    .delete();
}

/** Those of the ids of which something of this kind is remembered and listed. */
export async function knownIds(
  db: Db,
  connectionId: string,
  kind: MirrorKind,
  ids: readonly string[],
): Promise<Set<string>> {
  const found = (await db('lms_mirror')
    .where({ connection_id: connectionId, kind, removed_at: null })
    .whereIn('external_id', ids)
    .pluck('external_id')) as string[];
  return new Set(found);
}

function read(row: MirrorRow): Mirrored {
  return {
    courseId: row.course_id,
    id: row.external_id,
    hash: row.hash,
    data: fromJson(row.data),
    addedAt: row.added_at,
    removedAt: row.removed_at,
  };
}
