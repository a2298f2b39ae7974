import { randomUUID } from 'node:crypto';
import { numberAt, pageToken, validate } from '../call/index.js';
import type { FeedbackServiceService } from '../grpc/gen/probity/exams/v1/feedback_service.js';
import type { Handlers } from '../grpc/index.js';
import { examForStaff, examForStudent } from './access.js';
import { requireBegun } from './exam.js';
import type { ExamsDependencies } from './exams.js';
import { insertFeedback, listFeedback } from './feedback-store.js';
import { journal } from './journal.js';
import { presentFeedback } from './present/feedback.js';
import * as requests from './requests.js';

/** FeedbackService: what students say of an exam. */
export function feedbackService({
  storage,
  audit,
  clock,
}: Pick<ExamsDependencies, 'storage' | 'audit' | 'clock'>): Handlers<typeof FeedbackServiceService> {
  const { db } = storage;

  return {
    async submitFeedback(request, ctx) {
      const { exam: number, ...said } = validate(requests.submitFeedbackRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, number);
      const at = clock.now();
      requireBegun(exam, at);
      const { organisationId, userId } = principal;
      const feedback = { id: randomUUID(), examId: exam.id, userId, ...said, at };
      await storage.transaction(async (tx) => {
        await insertFeedback(tx, feedback);
        await journal(tx, audit, {
          ...{ organisationId, actor: userId, subject: userId, action: 'feedback.submitted' },
          ...{ target: `exam/${exam.id}`, details: { cheat_mode: said.cheatMode }, at, tell: exam.id },
        });
      });
      return presentFeedback(exam, feedback);
    },

    async listFeedback(request, ctx) {
      const wanted = validate(requests.listFeedbackRequest, request);
      const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
      const { pageSize, pageToken: cursor } = wanted;
      const after = cursor && { at: numberAt(cursor, 0), id: String(cursor[1]) };
      const found = await listFeedback(db, exam.id, after, pageSize + 1);
      const page = found.slice(0, pageSize);
      const last = found.length > pageSize ? page.at(-1) : undefined;
      await audit.record(db, {
        ...{ organisationId: exam.organisationId, actor: principal.userId, subject: null },
        ...{ action: 'feedback.read', target: `exam/${exam.id}`, details: { reports: page.length } },
      });
      return {
        feedback: page.map((each) => presentFeedback(exam, each)),
        nextPageToken: last ? pageToken([last.at, last.id]) : '',
      };
    },
  };
}
