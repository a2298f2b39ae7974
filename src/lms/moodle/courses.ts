import { z } from 'zod';
import { batchesOf } from '../batches.js';
import { LmsError, type Course, type CourseDirectory, type CourseStudent } from '../capabilities.js';
import { thingName } from '../names.js';
import { enrolledIn, reachable, roleOf, type Enrolled } from './people.js';
import { refusedCourses, warnings } from './warnings.js';
import type { WebService } from './web-service.js';

/** Courses asked for by id in one request. */
const NAMED = 100;
/** How the front page of a site, which is a course to Moodle, says what it is. */
const FRONT_PAGE = 'site';

const accounts = z.array(
  z.object({ id: z.int(), email: z.string().optional(), suspended: z.boolean().optional() }),
);
const courseList = z.array(z.object({ id: z.int(), fullname: thingName }));
export const coursesByField = z.object({
  courses: z.array(
    z.object({
      id: z.int(),
      fullname: thingName,
      shortname: thingName,
      // Only where the token may change courses, which it need not.
      idnumber: z.string().optional(),
      visible: z.union([z.int(), z.boolean()]).optional(),
      format: z.string().optional(),
      categoryid: z.int().optional(),
    }),
  ),
  warnings,
});
type Listed = z.output<typeof coursesByField>['courses'][number];

/** Courses and their people, over the web service of a site. */
export function moodleCourses(call: WebService, site: string): CourseDirectory {
  return {
    async taughtBy(email, signal) {
      const courses = new Map<number, Course>();
      for (const id of await accountsOf(email, signal)) {
        const parameters = { userid: id, returnusercount: 0 };
        const known = await call('core_enrol_get_users_courses', parameters, courseList, signal);
        const fresh = known.filter((course) => !courses.has(course.id));
        const read = fresh.map(async (course) => ({
          course,
          people: await enrolledIn(call, site, String(course.id), signal),
        }));
        for (const { course, people } of await Promise.all(read)) {
          const teaches = people.some((person) => person.id === id && roleOf(person) === 'TEACHER');
          if (!teaches) continue;
          const students = studentsOf(people, course.fullname);
          courses.set(course.id, { id: String(course.id), name: course.fullname, students });
        }
      }
      return [...courses.values()];
    },

    async list(ids, signal) {
      const batches = ids
        ? batchesOf(ids, NAMED).map((batch) => ({ field: 'ids', value: batch.join() }))
        : [{}];
      const found: Listed[] = [];
      const refused: string[] = [];
      for (const parameters of batches) {
        // Not core_course_get_courses, which fails as a whole where one course may not be seen.
        const answer = await call('core_course_get_courses_by_field', parameters, coursesByField, signal);
        found.push(...answer.courses);
        refused.push(...refusedCourses(answer.warnings));
      }
      const courses = found
        // The signs of the front page differ with the rights of the token.
        .filter((course) => course.format !== FRONT_PAGE && course.categoryid !== 0)
        .sort((a, b) => a.id - b.id)
        .map((course) => ({
          id: String(course.id),
          name: course.fullname,
          shortName: course.shortname,
          idNumber: course.idnumber ?? '',
          visible: Boolean(course.visible ?? true),
        }));
      return { found: courses, refused };
    },
  };

  /** Ids of the accounts with an e-mail. Without the right to see e-mails Moodle shows none, as if there were none. */
  async function accountsOf(email: string, signal: AbortSignal): Promise<number[]> {
    const parameters = { field: 'email', values: [email] };
    const found = await call('core_user_get_users_by_field', parameters, accounts, signal);
    const ids = found
      .filter((account) => account.email?.toLowerCase() === email.toLowerCase() && !account.suspended)
      .map((account) => account.id);
    if (ids.length > 0) return ids;
    const either = 'either you are not there, or the token lacks the right to see e-mails';
    throw new LmsError('REFUSED', `${site} shows nobody with your e-mail: ${either}.`);
  }

  function studentsOf(people: readonly Enrolled[], course: string): CourseStudent[] {
    const students = people.filter((person) => roleOf(person) === 'STUDENT');
    const usable = students.filter(reachable);
    if (students.length > 0 && usable.length === 0) {
      throw new LmsError('REFUSED', `${site} does not let the user of the token see e-mails of “${course}”.`);
    }
    return usable
      .map(({ email = '', firstname: givenName, lastname: familyName }) => ({ email, givenName, familyName }))
      .sort((a, b) => (a.email < b.email ? -1 : 1));
  }
}
