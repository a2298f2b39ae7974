import { z } from 'zod';
import {
  LmsError,
  type Member,
  type MemberRole,
  type People,
  type Roster,
  type Sitter,
} from '../capabilities.js';
import { batchesOf } from '../batches.js';
import { personName, thingName } from '../names.js';
import type { WebService } from './web-service.js';

/** Short names of Moodle's standard roles. A site that renames them keeps the short names. */
const TEACHES = new Set(['editingteacher', 'teacher']);
const STUDENT = 'student';
/** People of one answer: some 90 KB, and a second of Moodle's time. */
const PAGE = 500;
/** More people than any course has. */
const MOST_PAGES = 200;
/** Accounts of one answer, each with all that Moodle shows of it: some 0.7 KB. */
const ACCOUNTS = 250;

const enrolled = z.array(
  z.object({
    id: z.int(),
    firstname: personName.prefault(''),
    lastname: personName.prefault(''),
    email: z.string().optional(),
    roles: z.array(z.object({ shortname: z.string() })).optional(),
    groups: z.array(z.object({ id: z.int(), name: thingName })).optional(),
  }),
);
export type Enrolled = z.output<typeof enrolled>[number];

const accounts = z.array(z.object({ id: z.int(), suspended: z.boolean().optional() }));

/** People of courses, over the web service of a site. */
export function moodlePeople(call: WebService, site: string): People {
  return {
    async ofCourse(courseId, signal) {
      const people = await enrolledIn(call, site, courseId, signal);
      return rosterOf(people);
    },

    async suspended(ids, signal) {
      const found = new Set<string>();
      let shown = 0;
      for (const values of batchesOf(ids, ACCOUNTS)) {
        // Asked for the field, the list of people does not tell it: only this does.
        const known = await call('core_user_get_users_by_field', { field: 'id', values }, accounts, signal);
        shown += known.length;
        for (const { id, suspended } of known) if (suspended) found.add(String(id));
      }
      if (ids.length > 0 && shown === 0) {
        throw new LmsError('REFUSED', `${site} does not let the user of the token see accounts.`);
      }
      return found;
    },
  };
}

/** Everybody with an active enrolment, by id. Moodle tells no total: a page that is not full is the last. */
export async function enrolledIn(
  call: WebService,
  site: string,
  courseId: string,
  signal: AbortSignal,
): Promise<Enrolled[]> {
  const people: Enrolled[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const options = {
      // Without it, suspended enrolments are listed like any other.
      onlyactive: 1,
      // Without it, every row carries all courses of its person.
      userfields: 'id,firstname,lastname,email,roles,groups',
      sortby: 'id',
      limitfrom: people.length,
      limitnumber: PAGE,
    };
    const parameters = {
      courseid: courseId,
      options: Object.entries(options).map(([name, value]) => ({ name, value })),
    };
    const next = await call('core_enrol_get_enrolled_users', parameters, enrolled, signal);
    const last = people.at(-1);
    // An option that a site does not know is ignored without a word: the same page would come for ever.
    if (last && next[0] && next[0].id <= last.id) break;
    people.push(...next);
    if (next.length < PAGE) return people;
  }
  throw new LmsError('UNAVAILABLE', `${site} does not come to the end of the people in a course.`);
}

/** A deleted account has a hash in place of its e-mail, and no flag. */
export function reachable({ email }: Enrolled): boolean {
  return email?.includes('@') ?? false;
}

export function roleOf({ roles = [] }: Enrolled): MemberRole | null {
  if (roles.some(({ shortname }) => TEACHES.has(shortname))) return 'TEACHER';
  return roles.some(({ shortname }) => shortname === STUDENT) ? 'STUDENT' : null;
}

function groupsOf({ groups = [] }: Enrolled): string[] {
  return groups.map(({ id }) => String(id)).sort();
}

function rosterOf(people: readonly Enrolled[]): Roster {
  const members: Member[] = [];
  const groups = new Map<string, string>();
  const unusable: string[] = [];
  const others: Sitter[] = [];
  for (const person of people) {
    const role = roleOf(person);
    if (!role) {
      others.push({ id: String(person.id), groups: groupsOf(person) });
      continue;
    }
    if (!reachable(person)) {
      if (person.email === undefined) unusable.push(String(person.id));
      continue;
    }
    for (const group of person.groups ?? []) groups.set(String(group.id), group.name);
    members.push({
      id: String(person.id),
      email: person.email ?? '',
      givenName: person.firstname,
      familyName: person.lastname,
      role,
      groups: groupsOf(person),
    });
  }
  return { members, groups: [...groups].map(([id, name]) => ({ id, name })), unusable, others };
}
