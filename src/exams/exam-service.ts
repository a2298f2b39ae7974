import { randomUUID } from 'node:crypto';
import { numberAt, pageToken, principalOf, requireRole, StatusError, validate } from '../call/index.js';
import type { ExamServiceService } from '../grpc/gen/probity/exams/v1/exam_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Db } from '../storage/index.js';
import { examForReader, examForStaff, seenBy } from './access.js';
import { again } from './again.js';
import { newestReasons } from './alerts/alert-store.js';
import { enrol, listStudents } from './enrolment-store.js';
import { appendExamEvent } from './exam-event-store.js';
import { deleteExam, insertExam, listExams, saveExam, searchExams } from './exam-store.js';
import {
  change,
  NO_ADMISSION_POLICY,
  requireNotOver,
  requireUpcoming,
  start,
  stateAt,
  type Exam,
} from './exam.js';
import type { ExamsDependencies } from './exams.js';
import { verificationsOf } from './identifying/verification-store.js';
import { stateAt as verificationAt } from './identifying/verification.js';
import { journal } from './journal.js';
import { takeNumbers } from './number-store.js';
import { presentExam, presentStudent } from './present/exam.js';
import * as requests from './requests.js';
import { openSessionIds } from './watching/session-store.js';

/** Reasons that a student's line shows. */
const MOST_REASONS = 20;

/** ExamService: exams and who may sit them. */
export function examService({
  storage,
  audit,
  directory,
  clock,
}: ExamsDependencies): Handlers<typeof ExamServiceService> {
  const { db } = storage;

  async function changed(
    tx: Db,
    exam: Exam,
    actor: string,
    action: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    const { organisationId, id, number } = exam;
    const target = `exam/${id}`;
    const at = clock.now();
    await journal(tx, audit, {
      ...{ organisationId, actor, subject: null, action, target, at, tell: id },
      details: { number, ...details },
    });
    if (action === 'exam.deleted') return;
    await appendExamEvent(tx, { examId: id, kind: 'EXAM_CHANGED', userId: null, at });
  }

  return {
    async createExam(request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const details = validate(requests.createExamRequest, request);
      const now = clock.now();
      const exam = await storage.transaction(async (tx) => {
        const created: Exam = {
          ...details,
          id: randomUUID(),
          organisationId,
          number: await takeNumbers(tx, 'exam_numbers', organisationId),
          ownerId: userId,
          automatic: false,
          admission: NO_ADMISSION_POLICY,
          state: 'UPCOMING',
          createdAt: now,
          updatedAt: now,
          startedAt: null,
          endsAt: null,
          version: 1,
        };
        await insertExam(tx, created);
        await changed(tx, created, userId, 'exam.created', {});
        return created;
      });
      return presentExam(exam, now);
    },

    async getExam(request, ctx) {
      const { name } = validate(requests.nameRequest, request);
      return presentExam(await examForReader(db, ctx, name), clock.now());
    },

    async listExams(request, ctx) {
      const whose = seenBy(principalOf(ctx));
      const { pageSize, pageToken: cursor } = validate(requests.listExamsRequest, request);
      const after = cursor && { scheduledAt: numberAt(cursor, 0), number: numberAt(cursor, 1) };
      const exams = await listExams(db, whose, after, pageSize + 1);
      const page = exams.slice(0, pageSize);
      const last = exams.length > pageSize ? page.at(-1) : undefined;
      const now = clock.now();
      return {
        exams: page.map((exam) => presentExam(exam, now)),
        nextPageToken: last ? pageToken([last.scheduledAt, last.number]) : '',
      };
    },

    async searchExams(request, ctx) {
      const whose = seenBy(principalOf(ctx));
      const search = validate(requests.searchExamsRequest, request);
      const now = clock.now();
      const { page, total } = await searchExams(db, whose, search, now);
      return { exams: page.map((exam) => presentExam(exam, now)), totalSize: total };
    },

    async updateExam(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const wanted = validate(requests.updateExamRequest(request.updateMask ?? []), request);
      return again(async () => {
        const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
        const now = clock.now();
        const next = change(exam, wanted.details, now);
        await storage.transaction(async (tx) => {
          await saveExam(tx, next);
          await changed(tx, next, principal.userId, 'exam.updated', { fields: Object.keys(wanted.details) });
        });
        return presentExam(next, now);
      });
    },

    async deleteExam(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const { name } = validate(requests.nameRequest, request);
      return again(async () => {
        const { exam, principal } = await examForStaff(db, ctx, name);
        requireUpcoming(exam, clock.now());
        await storage.transaction(async (tx) => {
          await deleteExam(tx, exam);
          await changed(tx, exam, principal.userId, 'exam.deleted', {});
        });
        return {};
      });
    },

    async startExam(request, ctx) {
      const { name } = validate(requests.nameRequest, request);
      return again(async () => {
        const { exam, principal } = await examForStaff(db, ctx, name);
        if (exam.ownerId !== principal.userId) {
          throw new StatusError('ROLE_REQUIRED', 'Only the owner of an exam starts it.');
        }
        const now = clock.now();
        const started = start(exam, now);
        if (started !== exam) {
          await storage.transaction(async (tx) => {
            await saveExam(tx, started);
            await changed(tx, started, principal.userId, 'exam.started', { endsAt: started.endsAt });
          });
        }
        return presentExam(started, now);
      });
    },

    async batchEnrolStudents(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const wanted = validate(requests.enrolRequest, request);
      return again(async () => {
        const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
        const now = clock.now();
        requireNotOver(exam, now);
        return storage.transaction(async (tx) => {
          const { users, createdCount } = await directory.ensureStudents(
            tx,
            exam.organisationId,
            wanted.students,
          );
          const added = await enrol(tx, exam, users, now);
          if (added.length > 0 || createdCount > 0) {
            const details = { enrolled: added.length, created: createdCount };
            await changed(tx, exam, principal.userId, 'exam.students_enrolled', details);
          }
          return { enrolledCount: added.length, createdUserCount: createdCount };
        });
      });
    },

    async listExamStudents(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const wanted = validate(requests.listStudentsRequest, request);
      const { exam } = await examForStaff(db, ctx, wanted.exam);
      const after = wanted.pageToken === null ? null : String(wanted.pageToken[0]);
      const found = await listStudents(db, exam.id, after, wanted.pageSize + 1);
      const page = found.slice(0, wanted.pageSize);
      const last = found.length > wanted.pageSize ? page.at(-1) : undefined;
      const ids = page.map(({ userId }) => userId);
      const people = await directory.byIds(db, exam.organisationId, ids);
      const verifications = await verificationsOf(db, exam.id, ids);
      const sessions = await openSessionIds(db, exam.id, ids);
      const reasons = await newestReasons(db, exam.id, ids, MOST_REASONS);
      const now = clock.now();
      const on = stateAt(exam, now) === 'STARTED';
      const byId = new Map(people.map((person) => [person.id, person]));
      return {
        students: ids.flatMap((id) => {
          const person = byId.get(id);
          if (!person) return [];
          const open = on ? (sessions.get(id) ?? null) : null;
          const verification = verifications.get(id);
          return presentStudent(person, {
            verification: verification ? verificationAt(verification, now, open) : 'PENDING',
            approvalRequest: verification?.approvalRequest ?? '',
            alerts: reasons.get(id) ?? [],
            joined: open !== null,
          });
        }),
        nextPageToken: last ? pageToken([last.email]) : '',
      };
    },
  };
}
