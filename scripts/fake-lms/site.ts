/** What a small university has in its Moodle: enough of everything that real sites surprise with. */

export interface Account {
  id: number;
  firstname: string;
  lastname: string;
  email: string;
  suspended: boolean;
}

export interface Enrolment {
  userId: number;
  role: 'editingteacher' | 'teacher' | 'student';
  /** A suspended enrolment is listed like any other unless the caller asks for active ones. */
  suspended: boolean;
}

export interface SiteCourse {
  id: number;
  shortname: string;
  fullname: string;
  visible: boolean;
  enrolments: Enrolment[];
}

export interface Site {
  name: string;
  release: string;
  accounts: Account[];
  courses: SiteCourse[];
}

export const TEACHER = 'teacher@ucy.test';

/**
 * Algebra: a teacher, an assistant, four students, one of them suspended from the course, one deleted. Logic: as many
 * students as asked for. History, where the teacher is a student. A course that is hidden.
 */
export function makeSite({ manyStudents = 3 }: { manyStudents?: number } = {}): Site {
  const account = (id: number, firstname: string, email: string): Account => ({
    ...{ id, firstname, lastname: 'Example', email, suspended: false },
  });
  const many = Array.from({ length: manyStudents }, (_, n) =>
    account(100 + n, `Many${n}`, `many${String(n).padStart(5, '0')}@ucy.test`),
  );
  const enrol = (userId: number, role: Enrolment['role'], suspended = false): Enrolment => ({
    ...{ userId, role, suspended },
  });
  return {
    name: 'Moodle of nowhere',
    release: '4.5.6 (Build: 20250811)',
    accounts: [
      account(3, 'Tess', TEACHER),
      account(4, 'Ada', 'ada@ucy.test'),
      account(5, 'Alan', 'alan@ucy.test'),
      account(6, 'Eve', 'eve@ucy.test'),
      // As Moodle leaves a deleted account: no e-mail any more, and no flag.
      account(7, 'Gone', '5d41402abc4b2a76b9719d911017c592'),
      account(8, 'Otto', 'otto@ucy.test'),
      ...many,
    ],
    courses: [
      {
        ...{ id: 2, shortname: 'ALG101', fullname: 'Algebra 101', visible: true },
        enrolments: [
          enrol(3, 'editingteacher'),
          enrol(8, 'teacher'),
          enrol(4, 'student'),
          enrol(5, 'student'),
          enrol(6, 'student', true),
          enrol(7, 'student'),
        ],
      },
      {
        ...{ id: 9, shortname: 'LOG200', fullname: 'Logic 200', visible: true },
        enrolments: [enrol(3, 'editingteacher'), ...many.map(({ id }) => enrol(id, 'student'))],
      },
      {
        ...{ id: 10, shortname: 'HIS100', fullname: 'History 100', visible: true },
        enrolments: [enrol(8, 'editingteacher'), enrol(3, 'student'), enrol(4, 'student')],
      },
      {
        ...{ id: 11, shortname: 'HID300', fullname: 'Hidden 300', visible: false },
        enrolments: [enrol(3, 'editingteacher'), enrol(4, 'student')],
      },
    ],
  };
}
