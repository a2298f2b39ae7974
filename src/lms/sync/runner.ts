import { randomUUID } from 'node:crypto';
import type { Audit } from '../../events/index.js';
import { LeaseLost, type JobContext } from '../../jobs/index.js';
import type { Storage } from '../../storage/index.js';
import { LmsError, type CourseEntry, type Lms } from '../capabilities.js';
import type { Connection } from '../connection.js';
import type { Sites } from '../sites.js';
import { contentHash } from './difference.js';
import { readErased } from './erased.js';
import {
  forget,
  longMissing,
  markMissing,
  mirrored,
  mirroredOfCourse,
  remember,
  somePeople,
  type Mirrored,
  type MirrorKind,
} from './mirror-store.js';
import type { Provisioner, RosterEntry } from './provisioner.js';
import { byCourse, isRoster, readCourses, type Reading } from './reading.js';
import { memberThing, reconcile } from './reconcile.js';
import { insertChanges, saveRun } from './run-store.js';
import { NO_PROGRESS, type Change, type SyncRun } from './run.js';
import { noteFinished } from './settings-store.js';
import type { SyncState } from './settings.js';

const DAY_MS = 86_400_000;
/** Everything is looked at so often, even where the LMS tells changes: it does not tell what was deleted whole. */
const FULL_EVERY_MS = DAY_MS;
/** Courses whose activities are asked for together. */
const PAGE = 50;
/** Courses that are read at a time. */
const AT_ONCE = 4;
/** People of earlier runs whom a site must still show. */
const KNOWN_PEOPLE = 20;
const SWEEP = 400;
/** A site that is down is tried again after so long, and no longer than a day. */
const RETRY_MS = 5 * 60_000;

export interface RunnerDependencies {
  storage: Storage;
  sites: Sites;
  provisioner: Provisioner;
  audit: Pick<Audit, 'pseudonym'>;
  clock: { now(): number };
}

/** One run, as whoever holds its lease has it. */
export type RunContext = Pick<JobContext, 'signal' | 'fence' | 'log'>;

/** A run that has yet to begin. */
export function newRun(state: SyncState, requestedBy: string | null, now: number): SyncRun {
  const { connectionId, organisationId } = state;
  const due = state.fullAt === null || state.fullAt + FULL_EVERY_MS <= now || state.changesSince === null;
  return {
    ...{ id: randomUUID(), organisationId, connectionId, requestedBy, mode: due ? 'FULL' : 'CHANGES' },
    ...{ state: 'RUNNING', beganAt: now, updatedAt: now, retryAt: null, endedAt: null, message: '' },
    progress: NO_PROGRESS,
  };
}

/**
 * Brings what is remembered of an LMS, and the exams that are made of it, up to date. It may be cut off anywhere and
 * called again with the run as it is stored: what is done stays done. Nothing is deleted on what a site fails to say.
 */
export function createRunner({ storage, sites, provisioner, audit, clock }: RunnerDependencies) {
  const { db } = storage;

  /** The run, done, failed or waiting. @throws LeaseLost, or why it was aborted; the stored run is then unfinished */
  async function run(
    connection: Connection,
    state: SyncState,
    unfinished: SyncRun,
    context: RunContext,
  ): Promise<SyncRun> {
    const pass = new Pass(connection, state, unfinished, context);
    try {
      const site = await sites.open(db, connection, () => pass.requests++);
      await pass.through(site);
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof LeaseLost) throw error;
      if (!(error instanceof LmsError)) context.log.error({ err: error }, 'a synchronisation met an error');
      await pass.stop(error instanceof LmsError ? error : ourFault(error));
    }
    return pass.run;
  }

  /** What one call of `run` has in hand. */
  class Pass {
    run: SyncRun;
    requests: number;
    /** Accounts that were asked about in this call: whether they are suspended. */
    private readonly accounts = new Map<string, boolean>();
    private erased: (personIds: readonly string[]) => Promise<Set<string>> = () => Promise.resolve(new Set());

    constructor(
      readonly connection: Connection,
      readonly state: SyncState,
      unfinished: SyncRun,
      readonly context: RunContext,
    ) {
      this.run = { ...unfinished, state: 'RUNNING', retryAt: null, message: '' };
      this.requests = unfinished.progress.requests;
    }

    async through(site: Lms): Promise<void> {
      const { connection, context } = this;
      this.erased = await readErased(db, audit, connection);
      const known = await somePeople(db, connection.id, KNOWN_PEOPLE);
      const { serviceUserId, tellsChanges } = await site.probe(known, context.signal);
      const courses = await this.coursesToRead(site, tellsChanges);
      const after = Number(this.run.progress.after);
      const left = courses.filter(({ id }) => Number(id) > after);
      this.run.progress = { ...this.run.progress, coursesTotal: courses.length };
      for (let at = 0; at < left.length; at += PAGE) {
        await this.page(site, serviceUserId, left.slice(at, at + PAGE));
      }
      await this.finish(courses);
    }

    /** By id. In a run of changes, only those that the LMS says have changed. */
    private async coursesToRead(site: Lms, tellsChanges: boolean): Promise<CourseEntry[]> {
      const { signal } = this.context;
      const changed = tellsChanges ? await this.changedCourses(site) : null;
      const full = this.run.mode === 'FULL' || changed === null;
      if (full) this.run = { ...this.run, mode: 'FULL' };
      else if (changed.length === 0) return [];
      const { found, refused } = await site.courses.list(full ? null : changed, signal);
      if (refused.length > 0) await this.report([problem('COURSE', 'REFUSED', refused.length)]);
      return found.sort((a, b) => Number(a.id) - Number(b.id));
    }

    /** Null where the LMS does not tell them. In a full run none: only the time is kept, for the next. */
    private async changedCourses(site: Lms): Promise<string[] | null> {
      const changed: string[] = [];
      const since = (this.run.mode === 'CHANGES' ? this.state.changesSince : null) ?? FAR_FUTURE;
      try {
        for (let [after, more] = ['', true]; more;) {
          const page = await site.integration.changes(since, after, this.context.signal);
          const changesTime = this.run.progress.changesTime ?? page.time;
          this.run.progress = { ...this.run.progress, changesTime };
          changed.push(...page.courseIds);
          after = page.courseIds.at(-1) ?? after;
          more = page.more;
        }
        return changed;
      } catch (error) {
        if (!(error instanceof LmsError) || error.failure === 'UNAVAILABLE') throw error;
        await this.report([{ ...problem('SITE', 'REFUSED', 1), detail: error.message }]);
        return null;
      }
    }

    private async page(site: Lms, serviceUserId: string, courses: readonly CourseEntry[]): Promise<void> {
      const { signal } = this.context;
      const inScope = courses.filter((course) => this.isInScope(course)).map(({ id }) => id);
      const activities = await site.exams.ofCourses(inScope, signal);
      const toRead = byCourse(courses, activities);
      for (let at = 0; at < toRead.length; at += AT_ONCE) {
        signal.throwIfAborted();
        const some = toRead.slice(at, at + AT_ONCE);
        const readings = await readCourses(site, this.state, serviceUserId, some, this.accounts, signal);
        let changed = false;
        for (const reading of readings)
          changed = (await this.course(await this.withoutErased(reading))) || changed;
        const { progress } = this.run;
        const last = readings.at(-1)?.course.id ?? progress.after;
        const coursesDone = progress.coursesDone + readings.length;
        this.run.progress = { ...progress, after: last, coursesDone, requests: this.requests };
        // What has not changed may be looked at again after a crash.
        if (changed || at + AT_ONCE >= toRead.length) await this.save();
      }
    }

    /** Who was erased here is not remembered again because the LMS still lists them. */
    private async withoutErased(reading: Reading): Promise<Reading> {
      const { roster } = reading;
      if (!isRoster(roster)) return reading;
      const erased = await this.erased(roster.members.map(({ id }) => id));
      if (erased.size === 0) return reading;
      return {
        ...reading,
        roster: { ...roster, members: roster.members.filter(({ id }) => !erased.has(id)) },
      };
    }

    private isInScope({ id }: CourseEntry): boolean {
      return this.state.watch !== 'COURSES' || this.state.courses.includes(id);
    }

    /** Whether anything was written. */
    private async course(reading: Reading): Promise<boolean> {
      const { connection } = this;
      const known = await mirroredOfCourse(db, connection.id, reading.course.id);
      const { edits, changes } = reconcile(reading, known);
      if (edits.length > 0) {
        const now = clock.now();
        await storage.transaction(async (tx) => {
          await this.context.fence(tx);
          for (const { kind, remember: things, missing } of edits) {
            await remember(tx, connection.id, kind, things, now);
            await markMissing(tx, connection.id, kind, reading.course.id, missing, now);
          }
          await insertChanges(tx, this.run, changes, now);
        });
        this.count(changes);
      } else await this.report(changes);
      return (await this.exams(reading, known.EXAM)) || changes.length > 0;
    }

    /** Whether any exam of the course was brought up to date. */
    private async exams(reading: Reading, known: readonly Mirrored[]): Promise<boolean> {
      const { course, roster, watched } = reading;
      if (!isRoster(roster)) return false;
      let changed = false;
      for (const { activity, timesOf } of watched) {
        const { id, name, times, visible } = activity;
        if (timesOf instanceof LmsError) {
          await this.report([
            { ...problem('EXAM', 'REFUSED', 1), courseId: course.id, id, detail: timesOf.message },
          ]);
          continue;
        }
        const entries = roster.members.map((member): RosterEntry => ({
          member,
          times: member.role === 'STUDENT' ? timesOf(member) : null,
        }));
        const content = entries.map((entry) => [memberThing(course.id, entry.member), entry.times]);
        const hash = contentHash([name, times, visible, content]);
        const before = known.find((exam) => exam.id === id);
        if (before?.hash === hash && before.removedAt === null) continue;
        await this.provision(course, activity, entries, hash, before);
        changed = true;
      }
      return changed;
    }

    private async provision(
      course: CourseEntry,
      activity: Reading['watched'][number]['activity'],
      entries: readonly RosterEntry[],
      hash: string,
      before: Mirrored | undefined,
    ): Promise<void> {
      const { connection, context } = this;
      const problems = await provisioner.provision(connection, activity, entries, context.signal);
      const place = { courseId: course.id, id: activity.id, detail: activity.name };
      const did = before
        ? ({ kind: 'EXAM', action: 'CHANGED', why: 'DIFFERENT', count: entries.length } as const)
        : ({ kind: 'EXAM', action: 'ADDED', why: 'LISTED', count: entries.length } as const);
      const changes: Change[] = [
        { ...did, ...place },
        ...problems.map(({ personId, why }): Change =>
          personId
            ? { ...problem('MEMBER', why, 1), courseId: course.id, id: personId, detail: activity.name }
            : { ...problem('EXAM', why, 1), ...place },
        ),
      ];
      const now = clock.now();
      await storage.transaction(async (tx) => {
        await context.fence(tx);
        // Without a hash it is tried again: whoever is in the way may have gone by then.
        const settled = problems.length === 0 ? hash : '';
        const exam = { courseId: course.id, id: activity.id, hash: settled, data: {} };
        await remember(tx, connection.id, 'EXAM', [exam], now);
        await insertChanges(tx, this.run, changes, now);
      });
      this.count(changes);
    }

    private async finish(courses: readonly CourseEntry[]): Promise<void> {
      if (this.run.mode === 'FULL') await this.missingCourses(courses);
      await this.sweep();
      const now = clock.now();
      const { changesTime, ...progress } = this.run.progress;
      this.run = {
        ...{ ...this.run, state: 'DONE', updatedAt: now, endedAt: now },
        progress: { ...progress, changesTime, requests: this.requests },
      };
      const left = {
        changesSince: changesTime,
        fullAt: this.run.mode === 'FULL' ? this.run.beganAt : this.state.fullAt,
      };
      await storage.transaction(async (tx) => {
        await this.context.fence(tx);
        await saveRun(tx, this.run);
        await noteFinished(tx, this.connection.id, this.state.version, left);
      });
    }

    private async missingCourses(courses: readonly CourseEntry[]): Promise<void> {
      const { connection } = this;
      const listed = new Set(courses.map(({ id }) => id));
      const known = (await mirrored(db, connection.id, 'COURSE')).filter(
        ({ removedAt }) => removedAt === null,
      );
      const missing = known.filter(({ id }) => !listed.has(id));
      if (missing.length === 0) return;
      if (courses.length === 0) {
        await this.report([{ ...problem('COURSE', 'EMPTY_ANSWER', missing.length), action: 'KEPT' }]);
        return;
      }
      for (const { id, data } of missing) {
        const detail = (data as CourseEntry).name;
        const gone = { kind: 'COURSE', action: 'MISSING', why: 'NOT_LISTED', detail } as const;
        const now = clock.now();
        const inCourse = await mirroredOfCourse(db, connection.id, id);
        await storage.transaction(async (tx) => {
          await this.context.fence(tx);
          for (const [kind, things] of Object.entries(inCourse) as [MirrorKind, Mirrored[]][]) {
            const ids = things.map((each) => each.id);
            await markMissing(tx, connection.id, kind, id, ids, now);
          }
          await insertChanges(tx, this.run, [{ ...gone, courseId: id, id, count: 1 }], now);
        });
        this.count([{ ...gone, courseId: id, id, count: 1 }]);
      }
    }

    /** Ends what has been missing for the whole grace period. */
    private async sweep(): Promise<void> {
      const { connection, context } = this;
      const before = clock.now() - this.state.graceDays * DAY_MS;
      for (let more = true; more;) {
        context.signal.throwIfAborted();
        const gone = await longMissing(db, connection.id, before, SWEEP);
        more = gone.length === SWEEP;
        for (const [kind, courseId, things] of grouped(gone)) {
          const ids = things.map(({ id }) => id);
          if (kind === 'MEMBER') await provisioner.release(connection, courseId, ids);
          const changes = reported(kind)
            ? ids.map((id): Change => ({
                ...{ kind: reported(kind) ?? 'SITE', action: 'REMOVED', why: 'GRACE_OVER' },
                ...{ courseId, id, count: 1, detail: '' },
              }))
            : [];
          await storage.transaction(async (tx) => {
            await context.fence(tx);
            await forget(tx, connection.id, kind, things);
            await insertChanges(tx, this.run, changes, clock.now());
          });
          this.count(changes);
        }
      }
    }

    /** The site is not usable as it is, or not now. */
    async stop(error: LmsError): Promise<void> {
      const now = clock.now();
      const waits = error.failure === 'UNAVAILABLE' && now - this.run.beganAt < DAY_MS;
      this.run = {
        ...{ ...this.run, updatedAt: now, message: error.message },
        ...(waits ? { state: 'WAITING', retryAt: now + RETRY_MS } : { state: 'FAILED', endedAt: now }),
        progress: { ...this.run.progress, requests: this.requests },
      };
      await this.save();
    }

    private async save(): Promise<void> {
      this.run = { ...this.run, updatedAt: clock.now() };
      await storage.transaction(async (tx) => {
        await this.context.fence(tx);
        await saveRun(tx, this.run);
      });
    }

    private async report(changes: readonly Change[]): Promise<void> {
      if (changes.length === 0) return;
      await insertChanges(db, this.run, changes, clock.now());
      this.count(changes);
    }

    private count(changes: readonly Change[]): void {
      const counts = { ...this.run.progress.counts };
      for (const { action, count } of changes) counts[action] = (counts[action] ?? 0) + count;
      this.run.progress = { ...this.run.progress, counts };
    }
  }

  return { run };
}

function ourFault(cause: unknown): LmsError {
  return new LmsError('UNAVAILABLE', 'Something went wrong here; the log says what.', { cause });
}

/** Nothing has changed since then. Seconds. */
const FAR_FUTURE = 4_102_444_800;

function problem(kind: Change['kind'], why: Change['why'], count: number): Change {
  return { kind, action: 'PROBLEM', why, courseId: '', id: '', count, detail: '' };
}

function reported(kind: MirrorKind): Change['kind'] | null {
  return kind === 'GROUP' || kind === 'EXAM' ? null : kind;
}

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
