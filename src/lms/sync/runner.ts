import type { Audit } from '../../events/index.js';
import { LeaseLost } from '../../jobs/index.js';
import { LmsError, type Answered, type CourseEntry, type Lms } from '../capabilities.js';
import type { Connection } from '../connection.js';
import type { Sites } from '../sites.js';
import { coursesToRead } from './course-list.js';
import { bringUpToDate } from './course.js';
import { noteMissingCourses, sweep } from './ending.js';
import { somePeople } from './mirror-store.js';
import { Pass, type PassParts, type RunContext } from './pass.js';
import type { Provisioner } from './provisioner.js';
import { byCourse, readCourses } from './reading.js';
import { saveRun } from './run-store.js';
import type { SyncRun } from './run.js';
import { noteFinished } from './settings-store.js';
import type { SyncState } from './settings.js';

/** Courses whose activities are asked for together. */
const PAGE = 50;
/** Courses that are read at a time. */
const AT_ONCE = 4;
/** People of earlier runs whom a site must still show. */
const KNOWN_PEOPLE = 20;

export interface RunnerDependencies extends PassParts {
  sites: Sites;
  provisioner: Provisioner;
  audit: Pick<Audit, 'pseudonym'>;
}

/**
 * Brings what is remembered of an LMS, and the exams that are made of it, up to date. It may be cut off anywhere and
 * called again with the run as it is stored: what is done stays done. Nothing is deleted on what a site fails to say.
 */
export function createRunner(parts: RunnerDependencies) {
  const { sites, provisioner } = parts;
  const { db } = parts.storage;

  /**
   * The run: done, failed, waiting, or running where its time was up.
   * @throws LeaseLost, or why it was aborted; the stored run is then unfinished
   */
  async function run(
    connection: Connection,
    state: SyncState,
    unfinished: SyncRun,
    context: RunContext,
  ): Promise<SyncRun> {
    const pass = new Pass(parts, connection, state, unfinished, context);
    try {
      await through(await sites.open(db, connection, () => pass.requests++), pass);
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof LeaseLost) throw error;
      if (!(error instanceof LmsError)) context.log.error({ err: error }, 'a synchronisation met an error');
      await pass.stop(error instanceof LmsError ? error : ourFault(error));
    }
    return pass.run;
  }

  async function through(site: Lms, pass: Pass): Promise<void> {
    const { connection, context } = pass;
    const known = await somePeople(db, connection.id, KNOWN_PEOPLE);
    const { serviceUserId, tellsChanges } = await site.probe(known, context.signal);
    const courses = await coursesToRead(site, pass, tellsChanges);
    const after = Number(pass.run.progress.after);
    const left = courses.found.filter(({ id }) => Number(id) > after);
    pass.advance({ coursesTotal: courses.found.length });
    for (let at = 0; at < left.length; at += PAGE) {
      await page(site, serviceUserId, left.slice(at, at + PAGE), pass);
      if (pass.isOutOfTime) return;
    }
    await finish(courses, pass);
  }

  async function page(
    site: Lms,
    serviceUserId: string,
    courses: readonly CourseEntry[],
    pass: Pass,
  ): Promise<void> {
    const { state, accounts, context } = pass;
    const inScope = courses.map(({ id }) => id).filter((id) => isInScope(state, id));
    const activities = await site.exams.ofCourses(inScope, context.signal);
    const toRead = byCourse(courses, activities);
    for (let at = 0; at < toRead.length; at += AT_ONCE) {
      context.signal.throwIfAborted();
      const some = toRead.slice(at, at + AT_ONCE);
      const readings = await readCourses(site, state, serviceUserId, some, accounts, context.signal);
      let changed = false;
      for (const reading of readings) {
        changed = (await bringUpToDate(parts, pass, reading)) || changed;
      }
      const { after, coursesDone } = pass.run.progress;
      pass.advance({
        after: readings.at(-1)?.course.id ?? after,
        coursesDone: coursesDone + readings.length,
      });
      // What has not changed may be looked at again after a crash.
      const stops = pass.isOutOfTime;
      if (changed || stops || at + AT_ONCE >= toRead.length) await pass.save();
      if (stops) return;
    }
  }

  async function finish(courses: Answered<CourseEntry>, pass: Pass): Promise<void> {
    const isFull = pass.run.mode === 'FULL';
    if (isFull) await noteMissingCourses(db, pass, courses);
    if (!(await sweep({ db, provisioner }, pass))) {
      await pass.save();
      return;
    }
    pass.advance({ requests: pass.requests });
    pass.run = { ...pass.run, state: 'DONE', updatedAt: pass.now, endedAt: pass.now };
    const left = {
      changesSince: pass.run.progress.changesTime,
      fullAt: isFull ? pass.run.beganAt : pass.state.fullAt,
    };
    await pass.write([], async (tx) => {
      await saveRun(tx, pass.run);
      await noteFinished(tx, pass.connection.id, pass.state.version, left);
    });
  }

  return { run };
}

function isInScope({ watch, courses }: SyncState, courseId: string): boolean {
  return watch !== 'COURSES' || courses.includes(courseId);
}

function ourFault(cause: unknown): LmsError {
  return new LmsError('UNAVAILABLE', 'Something went wrong here; the log says what.', { cause });
}
