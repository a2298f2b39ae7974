import {
  principalOf,
  requireRole,
  StatusError,
  validate,
  type Context,
  type Principal,
} from '../../call/index.js';
import type { ProcessPolicyServiceService } from '../../grpc/gen/probity/exams/v1/process_policy_service.js';
import type { Handlers } from '../../grpc/index.js';
import type { Db } from '../../storage/index.js';
import { examForReader, examForStaff } from '../access.js';
import { requireNotOver, type Exam } from '../exam.js';
import type { ExamsDependencies } from '../exams.js';
import { journal } from '../journal.js';
import { presentProcessPolicy } from '../present/process-policy.js';
import * as requests from '../requests.js';
import { policyForStudent, policyInForce } from './policy-in-force.js';
import { deletePolicy, savePolicy, type PolicyOwner } from './process-policy-store.js';
import { checkProcesses, operatingSystemOf } from './process-policy.js';

type PolicyName = requests.PolicyName;

/** ProcessPolicyService: which programs may not run during an exam. */
export function processPolicyService({
  storage,
  audit,
  clock,
}: Pick<ExamsDependencies, 'storage' | 'audit' | 'clock'>): Handlers<typeof ProcessPolicyServiceService> {
  const { db } = storage;

  /** Writes a change of who may make it, and answers what is followed from then on. */
  async function change(
    ctx: Context,
    name: PolicyName,
    details: Record<string, unknown>,
    write: (tx: Db, owner: PolicyOwner) => Promise<unknown>,
  ) {
    const principal = requireRole(ctx, 'INSTRUCTOR', 'ADMIN');
    const exam = name.exam === null ? null : (await examForStaff(db, ctx, name.exam)).exam;
    const at = clock.now();
    if (exam) requireNotOver(exam, at);
    else requireAdminOf(principal, name);
    const owner = ownerOf(principal, exam);
    await storage.transaction(async (tx) => {
      await write(tx, owner);
      await journal(tx, audit, {
        ...{ organisationId: owner.organisationId, actor: principal.userId, subject: null, details, at },
        ...{
          action: 'process_policy.changed',
          target: exam ? `exam/${exam.id}` : `organisation/${owner.organisationId}`,
          tell: null,
        },
      });
    });
    return presentProcessPolicy(name, await policyInForce(db, owner));
  }

  return {
    async getProcessPolicy(request, ctx) {
      const { name } = validate(requests.policyNameRequest, request);
      const principal = principalOf(ctx);
      const exam = name.exam === null ? null : await examForReader(db, ctx, name.exam);
      if (!exam) requireMemberOf(principal, name);
      return presentProcessPolicy(name, await policyInForce(db, ownerOf(principal, exam)));
    },

    async updateProcessPolicy(request, ctx) {
      const { name, rules } = validate(requests.updatePolicyRequest, request).policy;
      return change(ctx, name, { rules: rules.length }, (tx, owner) => savePolicy(tx, owner, rules));
    },

    async deleteProcessPolicy(request, ctx) {
      const { name } = validate(requests.policyNameRequest, request);
      return change(ctx, name, { rules: null }, deletePolicy);
    },

    async checkProcesses(request, ctx) {
      const { processes, operatingSystem } = validate(requests.checkProcessesRequest, request);
      const policy = await policyForStudent(db, principalOf(ctx), clock.now());
      return { forbidden: checkProcesses(processes, operatingSystemOf(operatingSystem), policy) };
    },
  };
}

function ownerOf({ organisationId }: Principal, exam: Exam | null): PolicyOwner {
  return { organisationId, examId: exam?.id ?? null };
}

/** @throws StatusError ORGANISATION_NOT_FOUND */
function requireMemberOf({ organisationId }: Principal, { organisation }: PolicyName): void {
  if (organisation === organisationId) return;
  throw new StatusError('ORGANISATION_NOT_FOUND', 'There is no such organisation.', {
    resource: { type: 'organisation', name: `organisations/${organisation ?? ''}` },
  });
}

/** @throws StatusError ORGANISATION_NOT_FOUND, ROLE_REQUIRED */
function requireAdminOf(principal: Principal, name: PolicyName): void {
  requireMemberOf(principal, name);
  if (principal.role === 'ADMIN') return;
  throw new StatusError('ROLE_REQUIRED', 'This needs the role ADMIN.', { metadata: { roles: 'ADMIN' } });
}
