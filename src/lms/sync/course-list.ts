import { LmsError, type Answered, type CourseEntry, type Lms } from '../capabilities.js';
import type { Pass } from './pass.js';
import { problem } from './run.js';

/** Nothing has changed since then. Seconds. */
const FAR_FUTURE = 4_102_444_800;
/** More pages of changed courses than any site has. */
const MOST_PAGES = 200;

/**
 * The courses that a run is about, by id: in a run of changes only those that the LMS says have changed. Where it does not
 * say, the run becomes a full one, from its beginning.
 */
export async function coursesToRead(
  site: Pick<Lms, 'courses' | 'integration'>,
  pass: Pass,
  tellsChanges: boolean,
): Promise<Answered<CourseEntry>> {
  const { signal } = pass.context;
  const changed = tellsChanges ? await changedCourses(site, pass) : null;
  if (pass.run.mode === 'CHANGES' && changed === null) {
    pass.run = { ...pass.run, mode: 'FULL' };
    pass.advance({ after: '', coursesDone: 0 });
  }
  const named = pass.run.mode === 'CHANGES' ? changed : null;
  if (named?.length === 0) return { found: [], refused: [] };
  const { found, refused } = await site.courses.list(named, signal);
  if (refused.length > 0 && pass.isFirstTurn)
    await pass.report([problem('COURSE', 'REFUSED', refused.length)]);
  return { found: found.sort((a, b) => Number(a.id) - Number(b.id)), refused };
}

/** Null where the LMS does not tell them. In a full run none: only the time is kept, for the next. */
async function changedCourses(site: Pick<Lms, 'integration'>, pass: Pass): Promise<string[] | null> {
  const changed: string[] = [];
  const since = (pass.run.mode === 'CHANGES' ? pass.state.changesSince : null) ?? FAR_FUTURE;
  try {
    for (let [pages, after] = [0, '']; pages < MOST_PAGES; pages++) {
      const page = await site.integration.changes(since, after, pass.context.signal);
      pass.advance({ changesTime: pass.run.progress.changesTime ?? page.time });
      changed.push(...page.courseIds);
      if (!page.more) return changed;
      const last = page.courseIds.at(-1) ?? '';
      if (Number(last) <= Number(after)) break;
      after = last;
    }
    throw new LmsError('REFUSED', 'The site does not come to the end of what has changed.');
  } catch (error) {
    if (!(error instanceof LmsError) || error.failure === 'UNAVAILABLE') throw error;
    if (pass.isFirstTurn || pass.run.mode === 'CHANGES')
      await pass.report([{ ...problem('SITE', 'REFUSED', 1), detail: error.message }]);
    return null;
  }
}
