import { requireRole, StatusError, validate } from '../../call/index.js';
import type {
  IdentificationServiceService,
  Verification as VerificationMessage,
} from '../../grpc/gen/probity/exams/v1/identification_service.js';
import type { Handlers } from '../../grpc/index.js';
import { examForStaff, examForStudent } from '../access.js';
import { insertClaim } from '../alerts/claim-store.js';
import { isEnrolled } from '../enrolment-store.js';
import { requireNotOver, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import { presentComparison, presentVerification } from '../present/verification.js';
import * as requests from '../requests.js';
import { decideApproval, requestApproval } from './approval.js';
import { attemptsLeft, identify, standingOf, type Standing } from './identification.js';
import { stateAt } from './verification.js';

/** IdentificationService: proving, before an exam, that the person is the enrolled student. */
export function identificationService(
  dependencies: ExamsParts,
): Handlers<typeof IdentificationServiceService> {
  const { storage, audit, directory, clock } = dependencies;
  const { db } = storage;

  function present(exam: Exam, { verification, check, sessionId }: Standing): VerificationMessage {
    const now = clock.now();
    const state = stateAt(verification, now, sessionId);
    return presentVerification(exam, verification, state, attemptsLeft(check, now));
  }

  return {
    async identifyStudent(request, ctx) {
      const wanted = validate(requests.identifyRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      const done = await identify(dependencies, exam, principal.userId, wanted, ctx);
      return {
        comparison: presentComparison(done.comparison),
        finding: done.finding,
        verification: present(exam, done.standing),
      };
    },

    async getVerification(request, ctx) {
      const wanted = validate(requests.examRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      return present(exam, await standingOf(db, exam, principal.userId));
    },

    async recordClaim(request, ctx) {
      const wanted = validate(requests.claimRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      const { userId, organisationId } = principal;
      const at = clock.now();
      requireNotOver(exam, at);
      const { subject, value } = wanted;
      await storage.transaction(async (tx) => {
        await insertClaim(tx, { examId: exam.id, userId, subject, value, at });
        await journal(tx, audit, {
          ...{ organisationId, actor: userId, subject: userId, action: 'claim.recorded' },
          // What about is the client's own text: it stays in its row, which erasure deletes.
          ...{ target: `exam/${exam.id}`, details: {}, at, tell: null },
        });
      });
      return present(exam, await standingOf(db, exam, userId));
    },

    async requestApproval(request, ctx) {
      const wanted = validate(requests.requestApprovalRequest, request);
      const { exam, principal } = await examForStudent(db, ctx, wanted.exam);
      const { userId } = principal;
      await requestApproval(dependencies, exam, userId, { kind: wanted.approvalType, note: wanted.note });
      return present(exam, await standingOf(db, exam, userId));
    },

    async approveStudent(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const wanted = validate(requests.approveRequest, request);
      const { exam, principal } = await examForStaff(db, ctx, wanted.exam);
      const { organisationId, userId: staffId } = principal;
      const person = await directory.byEmail(db, organisationId, wanted.email);
      if (!person || !(await isEnrolled(db, exam.id, person.id))) {
        throw new StatusError('USER_NOT_FOUND', 'No student of this exam has that e-mail.', {
          resource: { type: 'user', name: wanted.email },
        });
      }
      await decideApproval(dependencies, exam, person.id, { approve: true, note: '', staffId });
      return present(exam, await standingOf(db, exam, person.id));
    },
  };
}
