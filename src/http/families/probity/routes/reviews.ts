import { operation, type Operation } from '../../../family.js';
import { paging } from '../paging.js';
import { eventAnswers, examAnswer, studentAnswer, timelineAnswer } from '../review-answers.js';
import * as review from '../review-schemas.js';
import * as schemas from '../schemas.js';
import { READ } from './rows.js';

const row = { tag: 'Review', auth: 'token', status: 200 } as const;

/** Rows for who reviews an exam, beside those of alerts and their evidence. */
export const REVIEWS: readonly Operation[] = [
  operation({
    ...row,
    id: 'listExams',
    method: 'GET',
    path: '/exams',
    summary:
      'Exams that the caller reviews, the latest scheduled first, with what waits for a decision (staff)',
    query: schemas.Page,
    success: 'A page of exams',
    answer: review.Exams,
    errors: [400, 401, 403, 405, 500],
    async run({ query }, { core, options }) {
      const page = await core.reviews.listReviews(paging(query), options);
      return {
        exams: page.reviews.flatMap(({ exam, undecidedCount, approvalRequestCount }) =>
          exam
            ? { exam: examAnswer(exam), undecided: undecidedCount, approvalRequests: approvalRequestCount }
            : [],
        ),
        nextPageToken: page.nextPageToken,
      };
    },
  }),
  operation({
    ...row,
    id: 'getExam',
    method: 'GET',
    path: '/exams/:exam',
    summary: 'An exam: for its staff, and for who is enrolled in it',
    params: schemas.ExamPath,
    fields: { name: 'exam' },
    success: 'The exam',
    answer: review.Exam,
    errors: READ,
    async run({ params }, { core, options }) {
      return examAnswer(await core.exams.getExam({ name: `exams/${params.exam}` }, options));
    },
  }),
  operation({
    ...row,
    id: 'listStudents',
    method: 'GET',
    path: '/exams/:exam/students',
    summary: 'Students of an exam as a reviewer sees them, by e-mail (staff); the read is audited',
    params: schemas.ExamPath,
    query: schemas.Page,
    success: 'A page of students',
    answer: review.Students,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const request = { exam: `exams/${params.exam}`, ...paging(query) };
      const page = await core.reviews.listReviewStudents(request, options);
      return {
        students: page.students.map(studentAnswer),
        nextPageToken: page.nextPageToken,
        lastEventId: String(page.lastEvent),
      };
    },
  }),
  operation({
    ...row,
    id: 'getTimeline',
    method: 'GET',
    path: '/exams/:exam/students/:user/timeline',
    summary: 'What happened with a student in an exam, the newest first (staff); the read is audited',
    params: review.StudentPath,
    query: schemas.Page,
    success: 'The student, and a page of what happened',
    answer: review.Timeline,
    errors: READ,
    async run({ params, query }, { core, options }) {
      const request = { exam: `exams/${params.exam}`, user: `users/${params.user}`, ...paging(query) };
      return timelineAnswer(await core.reviews.getStudentTimeline(request, options));
    },
  }),
  operation({
    ...row,
    id: 'decideApproval',
    method: 'POST',
    path: '/exams/:exam/students/:user/approval',
    summary: 'Approves a student by hand, declines to, or takes an approval back (staff)',
    params: review.StudentPath,
    body: review.DecideApproval,
    success: 'The student. What a server match proved stays, whatever staff decide',
    answer: review.Student,
    errors: [...READ, 409, 415],
    async run({ params, body }, { core, options }) {
      const of = { exam: `exams/${params.exam}`, user: `users/${params.user}` };
      const request = { ...of, approve: body.approve, note: body.note ?? '' };
      return studentAnswer(await core.reviews.decideApproval(request, options));
    },
  }),
  operation({
    ...row,
    id: 'watchExam',
    method: 'GET',
    path: '/exams/:exam/events',
    summary: 'What changes in an exam, as it changes (staff)',
    params: schemas.ExamPath,
    success:
      'Server-sent events, with a comment every 15 s. It ends with the access token: come back with a new one ' +
      'and `Last-Event-ID`',
    events: {
      open: review.OpenEvent,
      alert: review.AlertEvent,
      student: review.StudentEvent,
      exam: review.ExamEvent,
    },
    errors: READ,
    run({ params }, { core, options, lastEventId }) {
      const after = /^[0-9]{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined;
      return Promise.resolve(
        eventAnswers(core.reviews.watchExam({ exam: `exams/${params.exam}`, after }, options)),
      );
    },
  }),
];
