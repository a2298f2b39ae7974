import { numberAt, pageToken, principalOf, requireRole, StatusError, validate } from '../../call/index.js';
import type { ReviewServiceService, ReviewStudent } from '../../grpc/gen/probity/exams/v1/review_service.js';
import type { Handlers } from '../../grpc/index.js';
import { examForStaff, seenBy } from '../access.js';
import { countUndecided } from '../alerts/alert-store.js';
import { isEnrolled, listStudents } from '../enrolment-store.js';
import { lastExamEvent } from '../exam-event-store.js';
import { listExams } from '../exam-store.js';
import type { Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { decideApproval } from '../identifying/approval.js';
import { countApprovalRequests } from '../identifying/verification-store.js';
import type { Notifier } from '../notifier.js';
import { presentExam } from '../present/exam.js';
import { presentSession } from '../present/monitoring.js';
import { userName } from '../present/names.js';
import { createReviewPresenter } from '../present/review.js';
import * as requests from '../requests.js';
import { identityAt } from '../watching/fusion.js';
import { WATCH_POLICY } from '../watching/watch.js';
import { examStream } from './review-stream.js';
import { StreamLimit } from './stream-limit.js';
import { studentsInReview } from './students-in-review.js';
import { moments, type Moment } from './timeline.js';

/** Streams that one reviewer may hold open on a node: some tabs, and some that were not closed. */
const MOST_STREAMS = 8;

/** ReviewService: what a person looks at who reviews an exam. */
export function reviewService(
  dependencies: ExamsParts,
  notifier: Notifier,
): Handlers<typeof ReviewServiceService> {
  const { storage, audit, directory, clock, options } = dependencies;
  const { db } = storage;
  const policy = (options.watch ?? WATCH_POLICY).fusion;
  const limit = new StreamLimit(MOST_STREAMS);
  const present = createReviewPresenter((exam, session) =>
    presentSession(exam, session, identityAt(session.watch.fusion, session.leftAt ?? clock.now(), policy)),
  );

  /** @throws StatusError USER_NOT_FOUND */
  async function student(exam: Exam, userId: string): Promise<ReviewStudent> {
    const enrolled = await isEnrolled(db, exam.id, userId);
    const [found] = enrolled ? await studentsInReview(dependencies, db, exam, [userId]) : [];
    if (found) return present.student(exam, found);
    throw new StatusError('USER_NOT_FOUND', 'There is no such student in this exam.', {
      resource: { type: 'user', name: `users/${userId}` },
    });
  }

  async function read(exam: Exam, actor: string, action: string, subject: string | null): Promise<void> {
    const { organisationId, id } = exam;
    await audit.record(db, { organisationId, actor, subject, action, target: `exam/${id}`, details: {} });
  }

  return {
    async listReviews(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const { pageSize, pageToken: cursor } = validate(requests.listReviewsRequest, request);
      const after = cursor && { scheduledAt: numberAt(cursor, 0), number: numberAt(cursor, 1) };
      const exams = await listExams(db, seenBy(principalOf(ctx)), after, pageSize + 1);
      const page = exams.slice(0, pageSize);
      const last = exams.length > pageSize ? page.at(-1) : undefined;
      const ids = page.map(({ id }) => id);
      const undecided = await countUndecided(db, ids);
      const approvals = await countApprovalRequests(db, ids);
      const now = clock.now();
      return {
        reviews: page.map((exam) => ({
          exam: presentExam(exam, now),
          undecidedCount: undecided.get(exam.id) ?? 0,
          approvalRequestCount: approvals.get(exam.id) ?? 0,
        })),
        nextPageToken: last ? pageToken([last.scheduledAt, last.number]) : '',
      };
    },

    async listReviewStudents(request, ctx) {
      const wanted = validate(requests.listReviewStudentsRequest, request);
      const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
      // Before the students are read: whatever comes after it is told.
      const lastEvent = await lastExamEvent(db, exam.id);
      const after = wanted.pageToken === null ? null : String(wanted.pageToken[0]);
      const found = await listStudents(db, exam.id, after, wanted.pageSize + 1);
      const page = found.slice(0, wanted.pageSize);
      const last = found.length > wanted.pageSize ? page.at(-1) : undefined;
      const ids = page.map(({ userId }) => userId);
      const students = await studentsInReview(dependencies, db, exam, ids);
      await read(exam, principal.userId, 'students.read', null);
      return {
        students: students.map((each) => present.student(exam, each)),
        nextPageToken: last ? pageToken([last.email]) : '',
        lastEvent,
      };
    },

    async getStudentTimeline(request, ctx) {
      const wanted = validate(requests.timelineRequest, request);
      const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
      const shown = await student(exam, wanted.user);
      const { pageSize, pageToken: cursor } = wanted;
      const after = cursor && { at: numberAt(cursor, 0), key: String(cursor[1]) };
      const of = { examId: exam.id, userId: wanted.user };
      const found = await moments(db, of, after, pageSize + 1);
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      const staff = [...new Set(page.flatMap(staffOf))];
      const people = await directory.byIds(db, exam.organisationId, staff);
      await read(exam, principal.userId, 'timeline.read', wanted.user);
      return {
        student: shown,
        entries: page.map((moment) => present.moment(exam, wanted.user, moment)),
        people: people.map(({ id, givenName, familyName }) => ({
          user: userName(id),
          displayName: `${givenName} ${familyName}`,
        })),
        nextPageToken: last ? pageToken([last.at, last.key]) : '',
      };
    },

    async decideApproval(request, ctx) {
      const { user, approve, note, ...wanted } = validate(requests.decideApprovalRequest, request);
      const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
      await student(exam, user);
      await decideApproval(dependencies, exam, user, { approve, note, staffId: principal.userId });
      notifier.notify(exam.id);
      return student(exam, user);
    },

    watchExam(request, ctx) {
      const wanted = validate(requests.watchExamRequest, request);
      return examStream(dependencies, { notifier, limit, present }, wanted, ctx);
    },
  };
}

/** Who decided or approved in a moment. */
function staffOf(moment: Moment): string[] {
  if (moment.kind === 'NOTE') return moment.note.actorId === null ? [] : [moment.note.actorId];
  if (moment.kind === 'ALERT') return moment.alert.decidedBy === null ? [] : [moment.alert.decidedBy];
  return [];
}
