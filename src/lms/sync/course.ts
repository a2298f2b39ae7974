import type { Audit } from '../../events/index.js';
import { again, type Db, type Storage } from '../../storage/index.js';
import { LmsError, type Activity } from '../capabilities.js';
import type { Connection } from '../connection.js';
import { contentHash } from './difference.js';
import { erasedOf, requireNoneErased } from './erased.js';
import { markMissing, mirroredOfCourse, remember, type Mirrored } from './mirror-store.js';
import type { Pass } from './pass.js';
import type { Provisioner, RosterEntry } from './provisioner.js';
import { isRoster, type Reading } from './reading.js';
import { memberThing, reconcile } from './reconcile.js';
import { problem, type Change } from './run.js';

export interface CourseParts {
  storage: Pick<Storage, 'db'>;
  provisioner: Provisioner;
  audit: Pick<Audit, 'pseudonym'>;
}

/** Brings what is remembered of one course, and the exams that are made of it, up to date. Whether anything was written. */
export async function bringUpToDate(parts: CourseParts, pass: Pass, reading: Reading): Promise<boolean> {
  const { living, known, changes } = await again(() => rememberCourse(parts, pass, reading));
  return (await bringExamsUpToDate(parts.provisioner, pass, living, known.EXAM)) || changes.length > 0;
}

/** @throws StatusError VERSION_CONFLICT where somebody was erased meanwhile */
async function rememberCourse({ storage: { db }, audit }: CourseParts, pass: Pass, reading: Reading) {
  const { connection } = pass;
  const living = await livingOf(db, audit, connection, reading);
  const known = await mirroredOfCourse(db, connection.id, reading.course.id);
  const { edits, changes } = reconcile(living, known);
  if (edits.length > 0) {
    await pass.write(changes, async (tx, now) => {
      for (const { kind, remember: things, missing } of edits) {
        await remember(tx, connection.id, kind, things, now);
        await markMissing(tx, connection.id, kind, reading.course.id, missing, now);
        if (kind !== 'MEMBER') continue;
        const ids = things.map(({ id }) => id);
        await requireNoneErased(tx, audit, connection, ids);
      }
    });
  } else await pass.report(changes);
  return { living, known, changes };
}

/** Who was erased here is not remembered again because the LMS still lists them. */
async function livingOf(
  db: Db,
  audit: CourseParts['audit'],
  connection: Connection,
  reading: Reading,
): Promise<Reading> {
  const { roster } = reading;
  if (!isRoster(roster)) return reading;
  const ids = roster.members.map(({ id }) => id);
  const erased = await erasedOf(db, audit, connection, ids);
  return { ...reading, roster: { ...roster, members: roster.members.filter(({ id }) => !erased.has(id)) } };
}

/** Whether anything was written. */
async function bringExamsUpToDate(
  provisioner: Provisioner,
  pass: Pass,
  { course, roster, watched }: Reading,
  known: readonly Mirrored[],
): Promise<boolean> {
  if (!isRoster(roster)) return false;
  let changed = false;
  for (const { activity, timesOf } of watched) {
    const { id, name, times, visible } = activity;
    if (timesOf instanceof LmsError) {
      const refused = { ...problem('EXAM', 'REFUSED', 1), courseId: course.id, id, detail: timesOf.message };
      await pass.report([refused]);
      continue;
    }
    const entries = roster.members.map((member): RosterEntry => ({
      member,
      times: member.role === 'STUDENT' ? timesOf(member) : null,
    }));
    const content = entries.map((entry) => [memberThing(course.id, entry.member), entry.times]);
    const hash = contentHash([name, times, visible, content]);
    const before = known.find((exam) => exam.id === id);
    const same = before?.hash === hash && before.removedAt === null;
    // A full run also puts right what was changed here, and tries again who was in the way.
    if (same && pass.run.mode === 'CHANGES') continue;
    const done = await provisioner.provision(pass.connection, activity, entries, pass.context.signal);
    const place = { courseId: course.id, id: activity.id, detail: activity.name };
    const changes = [
      ...(same && !done.changed ? [] : [{ ...(before ? CHANGED : ADDED), ...place, count: entries.length }]),
      ...done.problems.map(({ personId, why }): Change =>
        personId
          ? { ...problem('MEMBER', why, 1), courseId: course.id, id: personId, detail: activity.name }
          : { ...problem('EXAM', why, 1), ...place },
      ),
    ];
    if (same) await pass.report(changes);
    else await pass.write(changes, (tx, now) => rememberExam(tx, pass, activity, hash, now));
    changed ||= changes.length > 0;
  }
  return changed;
}

const ADDED = { kind: 'EXAM', action: 'ADDED', why: 'LISTED' } as const;
const CHANGED = { kind: 'EXAM', action: 'CHANGED', why: 'DIFFERENT' } as const;

function rememberExam(tx: Db, { connection }: Pass, { id, courseId }: Activity, hash: string, now: number) {
  return remember(tx, connection.id, 'EXAM', [{ courseId, id, hash, data: {} }], now);
}
