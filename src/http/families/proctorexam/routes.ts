import { operation, type Operation } from '../../family.js';
import { examOf, studentOf } from './answers.js';
import { changeExam, changeStudent, createExam, createStudent } from './changes.js';
import { listExams, listStudents } from './lists.js';
import { PAGE_HEADERS } from './paging.js';
import * as schemas from './schemas.js';

const READ = [401, 403, 404, 405, 406, 422, 500];
const WRITE = [400, 401, 403, 404, 405, 406, 415, 422, 500];
/** Where the core names the whole resource, the caller named its last part. */
const IN_PATH = { name: 'id', exam: 'exam_id' };
const EXAM_NAMES = {
  ...{ display_name: 'name', schedule_time: 'start_time', duration: 'duration_minutes' },
  ...{ conditions: 'filter', order: 'sort' },
};
const STUDENT_NAMES = {
  ...{ display_name: 'name', individual_info_html: 'is_individual_info_html' },
  ...{ conditions: 'filter', order: 'sort' },
};

/** The core's names within the message that it is given, and ours. */
function namesIn(message: string, names: Readonly<Record<string, string>>): Record<string, string> {
  const within = Object.entries(names).map(([core, own]) => [`${message}.${core}`, own]);
  return { ...IN_PATH, ...names, ...(Object.fromEntries(within) as Record<string, string>) };
}
const exam = { tag: 'Exams', auth: 'token', fields: namesIn('exam', EXAM_NAMES) } as const;
const student = {
  tag: 'Student sessions',
  auth: 'token',
  fields: namesIn('enrolment', STUDENT_NAMES),
} as const;

const updateExam = {
  ...exam,
  path: '/exams/:id',
  summary: 'Updates an exam that has not started',
  params: schemas.IdPath,
  body: schemas.UpdateExam,
  status: 200,
  success: 'The exam',
  answer: schemas.Exam,
  errors: WRITE,
} as const;

const updateStudent = {
  ...student,
  path: '/student_sessions/:id',
  summary: 'Updates one student',
  params: schemas.IdPath,
  body: schemas.UpdateStudentSession,
  status: 200,
  success: 'The student',
  answer: schemas.Student,
  errors: WRITE,
} as const;

/**
 * The operations of `/api/v3` that Probity serves, in the order of the document's index. That of
 * `PATCH /student_sessions/:id` is to the letter; the statuses 201 and 204 of the others are Rails' habit, and a guess.
 */
export const ROUTES: readonly Operation[] = [
  operation({
    ...exam,
    id: 'listExams',
    method: 'GET',
    path: '/exams',
    summary: 'Lists exams',
    query: schemas.ExamsQuery,
    status: 200,
    success: 'A page of exams',
    headers: PAGE_HEADERS,
    answer: schemas.Exams,
    errors: READ,
    run: ({ query }, call) => listExams(query, call),
  }),
  operation({
    ...exam,
    id: 'showExam',
    method: 'GET',
    path: '/exams/:id',
    summary: 'Shows an exam',
    params: schemas.IdPath,
    query: schemas.Signed,
    status: 200,
    success: 'The exam',
    answer: schemas.Exam,
    errors: READ,
    async run({ params }, { core, options }) {
      return { exam: examOf(await core.exams.getExam({ name: `exams/${params.id}` }, options)) };
    },
  }),
  operation({
    ...exam,
    id: 'createExam',
    method: 'POST',
    path: '/exams',
    summary: 'Creates an exam',
    body: schemas.CreateExam,
    status: 201,
    success: 'The exam',
    answer: schemas.Exam,
    errors: WRITE,
    run: ({ body }, call) => createExam(body, call),
  }),
  operation({
    ...updateExam,
    id: 'updateExam',
    method: 'PATCH',
    run: ({ params, body }, call) => changeExam(params.id, body, call),
  }),
  operation({
    ...updateExam,
    id: 'replaceExam',
    method: 'PUT',
    run: ({ params, body }, call) => changeExam(params.id, body, call),
  }),
  operation({
    ...exam,
    id: 'deleteExam',
    method: 'DELETE',
    path: '/exams/:id',
    summary: 'Deletes an exam that has not started',
    params: schemas.IdPath,
    query: schemas.Signed,
    status: 204,
    success: 'The exam is deleted',
    errors: READ,
    async run({ params }, { core, options }) {
      await core.exams.deleteExam({ name: `exams/${params.id}` }, options);
      return undefined;
    },
  }),

  operation({
    ...student,
    id: 'listStudentSessions',
    method: 'GET',
    path: '/exams/:exam_id/student_sessions',
    summary: 'Lists the students of an exam',
    params: schemas.ExamPath,
    query: schemas.StudentSessionsQuery,
    status: 200,
    success: 'A page of students',
    headers: PAGE_HEADERS,
    answer: schemas.Students,
    errors: READ,
    run: ({ params, query }, call) => listStudents(`exams/${params.exam_id}`, query, call),
  }),
  operation({
    ...student,
    id: 'listAllStudentSessions',
    method: 'GET',
    path: '/student_sessions',
    summary: 'Lists the students of all exams',
    query: schemas.StudentSessionsQuery,
    status: 200,
    success: 'A page of students',
    headers: PAGE_HEADERS,
    answer: schemas.Students,
    errors: READ,
    run: ({ query }, call) => listStudents('', query, call),
  }),
  operation({
    ...student,
    id: 'showStudentSession',
    method: 'GET',
    path: '/student_sessions/:id',
    summary: 'Shows one student',
    params: schemas.IdPath,
    query: schemas.Signed,
    status: 200,
    success: 'The student',
    answer: schemas.Student,
    errors: READ,
    async run({ params }, { core, options }) {
      const name = `enrolments/${params.id}`;
      return { student: studentOf(await core.enrolments.getEnrolment({ name }, options)) };
    },
  }),
  operation({
    ...student,
    id: 'createStudentSession',
    method: 'POST',
    path: '/exams/:exam_id/student_sessions',
    summary: 'Adds a student to an exam',
    params: schemas.ExamPath,
    body: schemas.CreateStudentSession,
    status: 201,
    success: 'The student',
    answer: schemas.Student,
    errors: WRITE,
    run: ({ params, body }, call) => createStudent(params.exam_id, body, call),
  }),
  operation({
    ...updateStudent,
    id: 'updateStudentSession',
    method: 'PATCH',
    run: ({ params, body }, call) => changeStudent(params.id, body, call),
  }),
  operation({
    ...updateStudent,
    id: 'replaceStudentSession',
    method: 'PUT',
    run: ({ params, body }, call) => changeStudent(params.id, body, call),
  }),
  operation({
    ...student,
    id: 'deleteStudentSession',
    method: 'DELETE',
    path: '/student_sessions/:id',
    summary: 'Takes a student who has not joined out of an exam',
    params: schemas.IdPath,
    query: schemas.Signed,
    status: 204,
    success: 'The student is no longer in the exam',
    errors: READ,
    async run({ params }, { core, options }) {
      await core.enrolments.deleteEnrolment({ name: `enrolments/${params.id}` }, options);
      return undefined;
    },
  }),
];
