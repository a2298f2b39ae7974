import type { Db } from '../storage/index.js';
import { LmsError, type Course } from './capabilities.js';
import type { Connection } from './connection.js';
import type { Sites } from './sites.js';

export interface TaughtCourses {
  courses: { connection: Connection; course: Course }[];
  /** Sites that could not be asked. */
  problems: { connection: Connection; error: LmsError }[];
}

/** The courses that somebody teaches, in every site, by name. One site that fails costs the others nothing. */
export async function coursesTaughtBy(
  db: Db,
  sites: Sites,
  connections: readonly Connection[],
  email: string,
  signal: AbortSignal,
): Promise<TaughtCourses> {
  const found: TaughtCourses = { courses: [], problems: [] };
  const ask = async (connection: Connection): Promise<void> => {
    try {
      const site = await sites.open(db, connection);
      for (const course of await site.courses.taughtBy(email, signal))
        found.courses.push({ connection, course });
    } catch (error) {
      if (!(error instanceof LmsError)) throw error;
      found.problems.push({ connection, error });
    }
  };
  await Promise.all(connections.map(ask));
  found.courses.sort(
    (a, b) => a.course.name.localeCompare(b.course.name) || (a.course.id < b.course.id ? -1 : 1),
  );
  return found;
}
