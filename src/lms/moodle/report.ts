import {
  LmsError,
  type Activity,
  type Capability,
  type CapabilityReport,
  type CourseEntry,
  type Lms,
  type Roster,
} from '../capabilities.js';
import { GET_CHANGES, SET_STATES } from './integration.js';

/** Functions that each capability calls. */
export const FUNCTIONS: Record<Capability, readonly string[]> = {
  COURSES: ['core_course_get_courses_by_field', 'core_enrol_get_users_courses'],
  PEOPLE: ['core_enrol_get_enrolled_users', 'core_user_get_users_by_field'],
  GROUPS: ['core_enrol_get_enrolled_users'],
  EXAMS: [
    'mod_quiz_get_quizzes_by_courses',
    'mod_quiz_get_quiz_access_information',
    'mod_assign_get_assignments',
  ],
  OVERRIDES: ['mod_quiz_get_overrides'],
  CHANGES: [GET_CHANGES],
  ADMISSION: [SET_STATES],
};

/** Courses that are looked into until one has people, and one a quiz. */
const COURSES_TRIED = 20;

/** What an error of Moodle's says of the rights of the token's user, by capability (reference: moodledev.io, tried on 4.5). */
const RIGHTS: Partial<Record<Capability, Partial<Record<string, string[]>>>> = {
  PEOPLE: {
    errorcoursecontextnotvalid: ['moodle/course:view'],
    nopermissions: ['moodle/course:enrolreview'],
  },
  EXAMS: {
    errorcoursecontextnotvalid: ['moodle/course:view'],
    requireloginerror: ['moodle/course:view'],
    nopermissions: ['mod/quiz:view'],
  },
  OVERRIDES: {
    requireloginerror: ['moodle/course:view', 'mod/quiz:view'],
    nopermissions: ['mod/quiz:viewoverrides'],
  },
  CHANGES: { nopermissions: ['quizaccess/probity:sync'] },
};

/** What the tries of one capability need of those before. */
interface Seen {
  courses: CourseEntry[];
  roster: Roster | null;
  activities: Activity[];
  serviceUserId: string;
}

type Verdict = Pick<CapabilityReport, 'usable' | 'missingRights' | 'explanation'>;
const works: Verdict = { usable: true, missingRights: [], explanation: '' };
const untried = (explanation: string): Verdict => ({ usable: null, missingRights: [], explanation });
const lacks = (missingRights: string[], explanation: string): Verdict => ({
  ...{ usable: false, missingRights, explanation },
});

/**
 * Tries every capability by calling the site: the list of functions alone does not tell, for Moodle checks rights at
 * each call, and answers nothing where some are missing.
 */
export async function tryAll(
  lms: Omit<Lms, 'report' | 'probe'>,
  allowed: ReadonlySet<string>,
  serviceUserId: string,
  signal: AbortSignal,
): Promise<CapabilityReport[]> {
  const seen: Seen = { courses: [], roster: null, activities: [], serviceUserId };
  const tries: Record<Capability, () => Promise<Verdict> | Verdict> = {
    COURSES: async () => {
      seen.courses = (await lms.courses.list(null, signal)).found;
      return seen.courses.length > 0
        ? works
        : untried('The site shows no course: it has none, or the token may not see them.');
    },
    PEOPLE: () => tryPeople(lms, seen, signal),
    GROUPS: () => {
      if (seen.roster?.groups.length) return works;
      return untried(
        'No group was seen: there is none in the course that was looked at, or it may not be seen.',
      );
    },
    EXAMS: () => tryExams(lms, seen, signal),
    OVERRIDES: async () => {
      const quiz = seen.activities.find(({ kind }) => kind === 'QUIZ');
      if (!quiz) return untried('There is no quiz to try it on.');
      await lms.exams.times(quiz, { id: seen.serviceUserId, groups: [] }, signal);
      return works;
    },
    CHANGES: async () => {
      await lms.integration.changes(Math.floor(Date.now() / 1000), '', signal);
      return works;
    },
    ADMISSION: () =>
      untried('Not tried: it would change who may go on. It needs quizaccess/probity:sync, as CHANGES.'),
  };

  const reports: CapabilityReport[] = [];
  for (const [capability, attempt] of Object.entries(tries) as [Capability, () => Promise<Verdict>][]) {
    const missingFunctions = FUNCTIONS[capability].filter((name) => !allowed.has(name));
    const verdict =
      missingFunctions.length > 0
        ? lacks([], 'The service of the token lacks functions.')
        : await verdictOf(capability, attempt);
    reports.push({ capability, missingFunctions, ...verdict });
  }
  return reports;
}

async function verdictOf(
  capability: Capability,
  attempt: () => Promise<Verdict> | Verdict,
): Promise<Verdict> {
  try {
    return await attempt();
  } catch (error) {
    // A site that is down has no rights to tell of.
    if (!(error instanceof LmsError) || error.failure === 'UNAVAILABLE') throw error;
    return lacks(RIGHTS[capability]?.[error.code] ?? [], error.message);
  }
}

async function tryPeople({ people }: Pick<Lms, 'people'>, seen: Seen, signal: AbortSignal): Promise<Verdict> {
  if (seen.courses.length === 0) return untried('There is no course to try it on.');
  for (const { id } of seen.courses.slice(0, COURSES_TRIED)) {
    const roster = await people.ofCourse(id, signal);
    seen.roster ??= roster;
    if (roster.members.length + roster.unusable.length === 0) continue;
    seen.roster = roster;
    const [member] = roster.members;
    if (!member)
      return lacks(['moodle/site:viewuseridentity'], 'People are listed, but without their e-mails.');
    const hidden = await people.suspended([member.id], signal).then(
      () => null,
      (error: unknown) => {
        // Moodle says nothing where accounts may not be seen; with a code it has said something else.
        if (error instanceof LmsError && !error.code) return error;
        throw error;
      },
    );
    if (!hidden) return works;
    return lacks(['moodle/user:viewdetails', 'moodle/site:viewuseridentity'], hidden.message);
  }
  return lacks(
    ['moodle/course:view', 'moodle/user:viewdetails'],
    'No course that was looked at has anybody in it: either nobody is enrolled, or these rights are missing.',
  );
}

async function tryExams({ exams }: Pick<Lms, 'exams'>, seen: Seen, signal: AbortSignal): Promise<Verdict> {
  const ids = seen.courses.slice(0, COURSES_TRIED).map(({ id }) => id);
  if (ids.length === 0) return untried('There is no course to try it on.');
  const { found, refused } = await exams.ofCourses(ids, signal);
  seen.activities = found;
  if (refused.length > 0) {
    return lacks(
      ['moodle/course:view', 'mod/quiz:view', 'mod/assign:view'],
      `Of ${ids.length} courses ${refused.length} do not show their quizzes or assignments: one of these rights is missing.`,
    );
  }
  const quiz = found.find(({ kind }) => kind === 'QUIZ');
  if (!quiz) return untried('No quiz or assignment was seen in the courses that were looked at.');
  await exams.watched(quiz, signal);
  return works;
}
