import { z } from 'zod';
import { LmsError, type Course, type CourseDirectory, type CourseStudent } from '../capabilities.js';
import type { WebService } from './web-service.js';

/** Functions that the directory calls. */
export const COURSE_FUNCTIONS = [
  'core_user_get_users_by_field',
  'core_enrol_get_users_courses',
  'core_enrol_get_enrolled_users',
];

/** Short names of Moodle's standard roles. A site that renames them keeps the short names. */
const TEACHES = new Set(['editingteacher', 'teacher']);
const STUDENT = 'student';
/** People of one answer: some 90 KB, and a second of Moodle's time. */
const PAGE = 500;
/** More people than any course has. */
const MOST_PAGES = 200;

const accounts = z.array(
  z.object({ id: z.int(), email: z.string().optional(), suspended: z.boolean().optional() }),
);
const courseList = z.array(z.object({ id: z.int(), fullname: z.string() }));
const enrolled = z.array(
  z.object({
    id: z.int(),
    firstname: z.string().optional(),
    lastname: z.string().optional(),
    email: z.string().optional(),
    roles: z.array(z.object({ shortname: z.string() })).optional(),
  }),
);
type Enrolled = z.output<typeof enrolled>[number];

/** Courses and their people, over the web service of a site. */
export function moodleCourses(call: WebService, site: string): CourseDirectory {
  return {
    async taughtBy(email, signal) {
      const courses = new Map<number, Course>();
      for (const id of await accountsOf(email, signal)) {
        const known = await call(
          'core_enrol_get_users_courses',
          { userid: String(id), returnusercount: '0' },
          courseList,
          signal,
        );
        const fresh = known.filter((course) => !courses.has(course.id));
        const read = fresh.map(async (course) => ({ course, people: await peopleOf(course.id, signal) }));
        for (const { course, people } of await Promise.all(read)) {
          const teaches = people.some(
            (person) => person.id === id && hasRole(person, (role) => TEACHES.has(role)),
          );
          if (!teaches) continue;
          const students = studentsOf(people, course.fullname);
          courses.set(course.id, { id: String(course.id), name: course.fullname, students });
        }
      }
      return [...courses.values()];
    },
  };

  /** Ids of the accounts with an e-mail. Without the right to see e-mails Moodle shows none, as if there were none. */
  async function accountsOf(email: string, signal: AbortSignal): Promise<number[]> {
    const parameters = { field: 'email', 'values[0]': email };
    const found = await call('core_user_get_users_by_field', parameters, accounts, signal);
    const ids = found
      .filter((account) => account.email?.toLowerCase() === email.toLowerCase() && !account.suspended)
      .map((account) => account.id);
    if (ids.length > 0) return ids;
    const either = 'either you are not there, or the token lacks the right to see e-mails';
    throw new LmsError('REFUSED', `${site} shows nobody with your e-mail: ${either}.`);
  }

  /** Everybody with an active enrolment. Moodle tells no total: a page that is not full is the last. */
  async function peopleOf(courseId: number, signal: AbortSignal): Promise<Enrolled[]> {
    const people: Enrolled[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const options = {
        // Without it, suspended enrolments are listed like any other.
        onlyactive: '1',
        userfields: 'id,firstname,lastname,email,roles',
        sortby: 'id',
        limitfrom: String(people.length),
        limitnumber: String(PAGE),
      };
      const parameters: Record<string, string> = { courseid: String(courseId) };
      for (const [index, [name, value]] of Object.entries(options).entries()) {
        parameters[`options[${index}][name]`] = name;
        parameters[`options[${index}][value]`] = value;
      }
      const next = await call('core_enrol_get_enrolled_users', parameters, enrolled, signal);
      const last = people.at(-1);
      // An option that a site does not know is ignored without a word: the same page would come for ever.
      if (last && next[0] && next[0].id <= last.id) break;
      people.push(...next);
      if (next.length < PAGE) return people;
    }
    throw new LmsError('UNAVAILABLE', `${site} does not come to the end of the people in a course.`);
  }

  function studentsOf(people: readonly Enrolled[], course: string): CourseStudent[] {
    const students = people.filter((person) => hasRole(person, (role) => role === STUDENT));
    // A deleted account has a hash in place of its e-mail.
    const reachable = students.filter((person) => person.email?.includes('@'));
    if (students.length > 0 && reachable.length === 0) {
      throw new LmsError('REFUSED', `${site} does not let the user of the token see e-mails of “${course}”.`);
    }
    return reachable
      .map(({ email = '', firstname = '', lastname = '' }) => ({
        email,
        givenName: firstname,
        familyName: lastname,
      }))
      .sort((a, b) => (a.email < b.email ? -1 : 1));
  }
}

function hasRole({ roles = [] }: Enrolled, wanted: (shortName: string) => boolean): boolean {
  return roles.some(({ shortname }) => wanted(shortname));
}
