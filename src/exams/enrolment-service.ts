import {
  requireRole,
  splitName,
  StatusError,
  validate,
  type Context,
  type Principal,
} from '../call/index.js';
import type { EnrolmentServiceService } from '../grpc/gen/probity/exams/v1/enrolment_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Db } from '../storage/index.js';
import { examForStaff } from './access.js';
import { again } from './again.js';
import * as store from './enrolment-store.js';
import { enrolledAlready, type Enrolment } from './enrolment.js';
import { appendExamEvent } from './exam-event-store.js';
import { examById } from './exam-store.js';
import { requireNotOver } from './exam.js';
import type { ExamsDependencies } from './exams.js';
import { deleteVerification, verificationOf } from './identifying/verification-store.js';
import { stateAt } from './identifying/verification.js';
import { journal } from './journal.js';
import { presentEnrolment } from './present/enrolment.js';
import * as requests from './requests.js';

/** EnrolmentService: a student's part in one exam, for the staff of the exam. */
export function enrolmentService({
  storage,
  audit,
  directory,
  clock,
}: ExamsDependencies): Handlers<typeof EnrolmentServiceService> {
  const { db } = storage;

  /** @throws StatusError ROLE_REQUIRED, ENROLMENT_NOT_FOUND (not there, or in somebody else's exam) */
  async function find(ctx: Context, number: number): Promise<{ enrolment: Enrolment; principal: Principal }> {
    const principal = requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
    const enrolment = await store.enrolmentByNumber(db, runBy(principal), number, clock.now());
    if (!enrolment) throw notFound(number);
    return { enrolment, principal };
  }

  async function changed(
    tx: Db,
    { examId, userId, organisationId, number }: Enrolment,
    actor: string,
    action: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    await journal(tx, audit, {
      ...{ organisationId, actor, subject: userId, action, target: `exam/${examId}` },
      ...{ details: { enrolment: number, ...details }, at: clock.now(), tell: examId },
    });
    // Another student may be meant than before, or none: the list says.
    await appendExamEvent(tx, { examId, kind: 'EXAM_CHANGED', userId: null, at: clock.now() });
  }

  /** What was seen of a student is about that person: neither may they be exchanged afterwards, nor taken out. */
  async function requireNotSat(tx: Db, { examId, userId }: Enrolment): Promise<void> {
    if (await store.hasSat(tx, examId, userId)) throw satAlready();
  }

  async function move(tx: Db, enrolment: Enrolment, email: string, displayName: string): Promise<Enrolment> {
    const { examId, userId, organisationId } = enrolment;
    const exam = await examById(tx, examId);
    if (!exam) throw notFound(enrolment.number);
    requireNotOver(exam, clock.now());
    const entry = { email, ...splitName(displayName) };
    const [person] = (await directory.ensureStudents(tx, organisationId, [entry])).users;
    if (!person) throw new Error('a student was not made');
    if (await store.isEnrolled(tx, examId, person.id)) throw enrolledAlready();
    if (stateAt(await verificationOf(tx, examId, userId), clock.now(), null) === 'VERIFIED') {
      throw new StatusError('EXAM_STATE', 'The student is verified for the exam.');
    }
    // It goes first: a `JoinExam` at this moment has either stored its session by now, or finds no verification.
    await deleteVerification(tx, examId, userId);
    await requireNotSat(tx, enrolment);
    await store.moveEnrolment(tx, enrolment, person);
    return { ...enrolment, userId: person.id, email: person.email };
  }

  return {
    async createEnrolment(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const { exam: name, email, details } = validate(requests.createEnrolmentRequest, request);
      return again(async () => {
        const { exam, principal } = await examForStaff(db, ctx, name);
        const now = clock.now();
        requireNotOver(exam, now);
        const made = await storage.transaction(async (tx) => {
          const entry = { email, ...splitName(details.displayName) };
          const { users } = await directory.ensureStudents(tx, exam.organisationId, [entry]);
          const [id] = await store.enrol(tx, exam, users, now, () => details);
          if (id === undefined) throw enrolledAlready();
          const enrolment = await store.enrolmentOf(tx, exam, id, now);
          if (!enrolment) throw new Error('The enrolment that was just made is gone.');
          await changed(tx, enrolment, principal.userId, 'enrolment.created', {});
          return enrolment;
        });
        return presentEnrolment(made);
      });
    },

    async getEnrolment(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const { enrolment } = await find(ctx, validate(requests.enrolmentRequest, request).name);
      return presentEnrolment(enrolment);
    },

    async searchEnrolments(request, ctx) {
      const principal = requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const { exam: name, search } = validate(requests.searchEnrolmentsRequest, request);
      const examId = name === null ? undefined : (await examForStaff(db, ctx, name)).exam.id;
      const scope = { ...runBy(principal), ...(examId === undefined ? {} : { examId }) };
      const { page, total } = await store.searchEnrolments(db, scope, search, clock.now());
      return { enrolments: page.map(presentEnrolment), totalSize: total };
    },

    async updateEnrolment(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const wanted = validate(requests.updateEnrolmentRequest(request.updateMask ?? []), request);
      return again(async () => {
        const { enrolment, principal } = await find(ctx, wanted.name);
        const { email = enrolment.email, details } = wanted;
        await storage.transaction(async (tx) => {
          const named = { ...enrolment, ...details };
          const next = email === enrolment.email ? named : await move(tx, named, email, named.displayName);
          await store.saveEnrolment(tx, { ...next, updatedAt: clock.now() });
          await changed(tx, next, principal.userId, 'enrolment.updated', { fields: wanted.fields });
        });
        return presentEnrolment((await find(ctx, wanted.name)).enrolment);
      });
    },

    async deleteEnrolment(request, ctx) {
      requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
      const { name } = validate(requests.enrolmentRequest, request);
      return again(async () => {
        const { enrolment, principal } = await find(ctx, name);
        const { examId, userId } = enrolment;
        await storage.transaction(async (tx) => {
          const gone = await store.withdraw(tx, examId, [userId]);
          if (gone.length === 0) throw satAlready();
          await changed(tx, enrolment, principal.userId, 'enrolment.deleted', {});
        });
        return {};
      });
    },
  };
}

function satAlready(): StatusError {
  return new StatusError(
    'EXAM_STATE',
    'The student has joined the exam, or has an attempt in the course site.',
  );
}

/** The exams that staff run: INSTRUCTORs their own, ADMINs all of the organisation. */
function runBy({ organisationId, userId, role }: Principal): store.EnrolmentScope {
  return { organisationId, ...(role === 'ADMIN' ? {} : { staffId: userId }) };
}

function notFound(number: number): StatusError {
  const name = `enrolments/${number}`;
  return new StatusError('ENROLMENT_NOT_FOUND', 'There is no such enrolment.', {
    resource: { type: 'enrolment', name },
  });
}
