import type { Db } from '../../storage/index.js';
import type { Answered, CourseEntry } from '../capabilities.js';
import {
  forget,
  longMissing,
  markMissing,
  mirrored,
  mirroredOfCourse,
  type Mirrored,
  type MirrorKind,
} from './mirror-store.js';
import { DAY_MS, type Pass } from './pass.js';
import type { Provisioner } from './provisioner.js';
import { problem, type Change } from './run.js';

const SWEEP = 400;

/** After all courses were listed: those that are known and are not among them are missing, with all that is in them. */
export async function noteMissingCourses(
  db: Db,
  pass: Pass,
  { found, refused }: Answered<CourseEntry>,
): Promise<void> {
  const { id: connectionId } = pass.connection;
  const accountedFor = new Set([...found.map(({ id }) => id), ...refused]);
  const known = (await mirrored(db, connectionId, 'COURSE')).filter(({ removedAt }) => removedAt === null);
  const missing = known.filter(({ id }) => !accountedFor.has(id));
  if (missing.length === 0) return;
  if (found.length === 0) {
    await pass.report([{ ...problem('COURSE', 'EMPTY_ANSWER', missing.length), action: 'KEPT' }]);
    return;
  }
  for (const { id, data } of missing) {
    const { name: detail } = data as CourseEntry;
    const gone = { kind: 'COURSE', action: 'MISSING', why: 'NOT_LISTED', detail } as const;
    const inCourse = await mirroredOfCourse(db, connectionId, id);
    await pass.write([{ ...gone, courseId: id, id, count: 1 }], async (tx, now) => {
      for (const [kind, things] of Object.entries(inCourse) as [MirrorKind, Mirrored[]][]) {
        const ids = things.map((each) => each.id);
        await markMissing(tx, connectionId, kind, id, ids, now);
      }
    });
  }
}

/** Ends what has been missing for the whole grace period; false where its time was up before the end. */
export async function sweep(
  { db, provisioner }: { db: Db; provisioner: Provisioner },
  pass: Pass,
): Promise<boolean> {
  const { connection, context } = pass;
  const before = pass.now - pass.state.graceDays * DAY_MS;
  for (let more = true; more;) {
    context.signal.throwIfAborted();
    const gone = await longMissing(db, connection.id, before, SWEEP);
    more = gone.length === SWEEP;
    for (const [kind, courseId, things] of grouped(gone)) {
      const ids = things.map(({ id }) => id);
      if (kind === 'MEMBER') await provisioner.release(connection, courseId, ids, context.signal);
      if (kind === 'EXAM') await provisioner.close(connection, ids, context.signal);
      const changes = kind === 'GROUP' ? [] : ids.map((id): Change => ({ ...REMOVED, kind, courseId, id }));
      await pass.write(changes, (tx) => forget(tx, connection.id, kind, things));
    }
    if (more && pass.isOutOfTime) return false;
  }
  return true;
}

const REMOVED = { action: 'REMOVED', why: 'GRACE_OVER', count: 1, detail: '' } as const;

/** By kind and course. */
function grouped(gone: readonly (Mirrored & { kind: MirrorKind })[]): [MirrorKind, string, Mirrored[]][] {
  const groups = new Map<string, [MirrorKind, string, Mirrored[]]>();
  for (const one of gone) {
    const key = `${one.kind}/${one.courseId}`;
    const group = groups.get(key) ?? [one.kind, one.courseId, []];
    group[2].push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}
