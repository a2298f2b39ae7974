/** What a university has in its Moodle: enough of everything that real sites surprise with. */

export interface Account {
  id: number;
  username: string;
  firstname: string;
  lastname: string;
  email: string;
  idnumber: string;
  /** In the whole site. Lists of people do not tell it. */
  suspended: boolean;
  /** What stays of a deleted account is found by its id alone. */
  deleted: boolean;
}

export interface Enrolment {
  userId: number;
  role: 'editingteacher' | 'teacher' | 'student' | 'manager';
  /** A suspended enrolment is listed like any other unless the caller asks for active ones. */
  suspended: boolean;
}

export interface Group {
  id: number;
  name: string;
  userIds: number[];
}

/** Seconds; null leaves the quiz's own value. */
export interface Override {
  id: number;
  userid: number | null;
  groupid: number | null;
  timeopen: number | null;
  timeclose: number | null;
  timelimit: number | null;
  attempts: number | null;
  password: string | null;
}

export interface Quiz {
  id: number;
  name: string;
  visible: boolean;
  /** Epoch seconds, 0 for none. */
  timeopen: number;
  timeclose: number;
  /** Seconds, 0 for none. */
  timelimit: number;
  /** Names of the access rules that are on beside Moodle's own. */
  rules: string[];
  overrides: Override[];
}

export interface Assignment {
  id: number;
  name: string;
  allowsubmissionsfromdate: number;
  duedate: number;
  cutoffdate: number;
  timelimit: number;
}

export interface SiteCourse {
  id: number;
  shortname: string;
  fullname: string;
  idnumber: string;
  visible: boolean;
  enrolments: Enrolment[];
  groups: Group[];
  quizzes: Quiz[];
  assignments: Assignment[];
  /** Epoch seconds of the last change that the plugin's feed tells of. */
  changed: number;
}

/** What the plugin was told of a student in a quiz. */
export interface StoredState {
  admitted: boolean;
  state: string;
  reason: string;
  revision: bigint;
}

export interface Site {
  name: string;
  release: string;
  /** Whether Probity's plugin is installed, with its functions in the service. */
  plugin: boolean;
  /** Epoch seconds. */
  now: () => number;
  accounts: Account[];
  courses: SiteCourse[];
  /** By `quiz/user`. */
  states: Map<string, StoredState>;
}

export const TEACHER = 'teacher@ucy.test';
/** The user that the tokens belong to. */
export const SERVICE_USER = 2;
/** The access rule that is Probity's. */
export const PLUGIN_RULE = 'quizaccess_probity';
const START = 1_795_000_000;
const HOUR = 3_600;

export function account(id: number, firstname: string, email: string): Account {
  return {
    ...{ id, username: email.split('@')[0] ?? email, firstname, lastname: 'Example', email },
    ...{ idnumber: `SIS-${id}`, suspended: false, deleted: false },
  };
}

/** It has no number of the university's. */
const SERVICE: Account = { ...account(SERVICE_USER, 'Service', 'wsuser@ucy.test'), idnumber: '' };

export function enrol(userId: number, role: Enrolment['role'], suspended = false): Enrolment {
  return { userId, role, suspended };
}

export function course(id: number, shortname: string, fullname: string, enrolments: Enrolment[]): SiteCourse {
  return {
    ...{ id, shortname, fullname, idnumber: `SIS-${shortname}`, visible: true, enrolments },
    ...{ groups: [], quizzes: [], assignments: [], changed: START - HOUR },
  };
}

export function quiz(id: number, name: string, more: Partial<Quiz> = {}): Quiz {
  return {
    ...{ id, name, visible: true, timeopen: START, timeclose: START + HOUR, timelimit: HOUR },
    ...{ rules: [PLUGIN_RULE], overrides: [] },
    ...more,
  };
}

export function override(
  id: number,
  whom: { userid: number } | { groupid: number },
  more: Partial<Override>,
): Override {
  return {
    ...{ id, userid: null, groupid: null, timeopen: null, timeclose: null, timelimit: null },
    ...{ attempts: null, password: null },
    ...whom,
    ...more,
  };
}

/** Notes that something in a course has changed, as the plugin's observers do. */
export function touch(site: Site, courseId: number): void {
  const found = site.courses.find(({ id }) => id === courseId);
  if (found) found.changed = site.now();
}

/**
 * Algebra: a teacher, an assistant, four students, one of them suspended from the course, one deleted; two groups, a
 * quiz with exceptions, an essay. Logic: as many students as asked for. History, where the teacher is a student. A
 * course that is hidden.
 */
export function makeSite({ manyStudents = 3 }: { manyStudents?: number } = {}): Site {
  const many = Array.from({ length: manyStudents }, (_, n) =>
    account(100 + n, `Many${n}`, `many${String(n).padStart(5, '0')}@ucy.test`),
  );
  const algebra = course(2, 'ALG101', 'Algebra 101', [
    enrol(3, 'editingteacher'),
    enrol(8, 'teacher'),
    enrol(4, 'student'),
    enrol(5, 'student'),
    enrol(6, 'student', true),
    enrol(7, 'student'),
  ]);
  algebra.groups = [
    { id: 1, name: 'Group A', userIds: [4] },
    { id: 2, name: 'Group B', userIds: [5] },
  ];
  algebra.quizzes = [
    quiz(1, 'Midterm exam', {
      overrides: [
        override(1, { userid: 5 }, { timelimit: HOUR + 1800, attempts: 2 }),
        override(2, { groupid: 1 }, { timeclose: START + 2 * HOUR }),
      ],
    }),
    quiz(2, 'Practice quiz', { timeopen: 0, timeclose: 0, timelimit: 0, rules: [] }),
  ];
  algebra.assignments = [
    {
      ...{ id: 1, name: 'Essay 1', allowsubmissionsfromdate: START, duedate: START + 120 * HOUR },
      ...{ cutoffdate: START + 144 * HOUR, timelimit: 0 },
    },
  ];
  const logic = course(9, 'LOG200', 'Logic 200', [
    enrol(3, 'editingteacher'),
    ...many.map(({ id }) => enrol(id, 'student')),
  ]);
  logic.quizzes = [quiz(3, 'Final')];
  const history = course(10, 'HIS100', 'History 100', [
    enrol(8, 'editingteacher'),
    enrol(3, 'student'),
    enrol(4, 'student'),
  ]);
  const hidden = course(11, 'HID300', 'Hidden 300', [enrol(3, 'editingteacher'), enrol(4, 'student')]);
  hidden.visible = false;
  return {
    ...{ name: 'Moodle of nowhere', release: '4.5.6 (Build: 20250811)', plugin: false },
    now: () => Math.floor(Date.now() / 1000),
    accounts: [
      SERVICE,
      account(3, 'Tess', TEACHER),
      account(4, 'Ada', 'ada@ucy.test'),
      account(5, 'Alan', 'alan@ucy.test'),
      account(6, 'Eve', 'eve@ucy.test'),
      // As Moodle leaves a deleted account: no e-mail any more, and no flag that anybody sees.
      { ...account(7, 'Gone', '5d41402abc4b2a76b9719d911017c592'), deleted: true },
      account(8, 'Otto', 'otto@ucy.test'),
      ...many,
    ],
    courses: [algebra, logic, history, hidden],
    states: new Map(),
  };
}

/** A university: every course has a teacher, a quiz with the plugin on and one exception in it, and an essay. */
export function makeUniversity({
  courses = 200,
  students = 20_000,
  coursesEach = 2,
}: { courses?: number; students?: number; coursesEach?: number } = {}): Site {
  const TEACHERS = 100;
  const STUDENTS = 10_000;
  const people = Array.from({ length: students }, (_, n) =>
    account(STUDENTS + n, `Student${n}`, `student${String(n).padStart(6, '0')}@ucy.test`),
  );
  const teachers = Array.from({ length: courses }, (_, n) =>
    account(TEACHERS + n, `Teacher${n}`, `teacher${String(n).padStart(4, '0')}@ucy.test`),
  );
  const made = Array.from({ length: courses }, (_, n) =>
    course(2 + n, `C${n}`, `Course ${n}`, [enrol(TEACHERS + n, 'editingteacher')]),
  );
  for (const [n, { id }] of people.entries()) {
    for (let nth = 0; nth < coursesEach; nth++) {
      made[(n + nth * 7) % courses]?.enrolments.push(enrol(id, 'student'));
    }
  }
  for (const one of made) {
    const [first = 0, second = 0] = one.enrolments.slice(1).map(({ userId }) => userId);
    one.groups = [{ id: one.id, name: 'Group A', userIds: [first] }];
    const exceptions = [
      override(2 * one.id, { userid: second }, { timelimit: 2 * HOUR }),
      override(2 * one.id + 1, { groupid: one.id }, { timeclose: START + 2 * HOUR }),
    ];
    one.quizzes = [quiz(one.id, `Final of ${one.fullname}`, { overrides: exceptions })];
    one.assignments = [
      {
        ...{ id: one.id, name: 'Essay', allowsubmissionsfromdate: START, duedate: START + 120 * HOUR },
        ...{ cutoffdate: 0, timelimit: 0 },
      },
    ];
  }
  return {
    ...makeSite({ manyStudents: 0 }),
    accounts: [SERVICE, ...teachers, ...people],
    courses: made,
  };
}
