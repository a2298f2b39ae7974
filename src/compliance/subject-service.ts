import { principalOf, validate, type Principal } from '../call/index.js';
import type { SubjectServiceService } from '../grpc/gen/probity/compliance/v1/subject_service.js';
import type { Handlers } from '../grpc/index.js';
import type { ComplianceDependencies } from './compliance.js';
import type { Eraser } from './erasure.js';
import { subjectRequest } from './requests.js';
import type { SubjectData } from './subject.js';
import { findUser } from './whom.js';

const AUDIT_PAGE = 500;

/** SubjectService: export and erasure. */
export function subjectService(
  { storage, audit, directory, clock }: ComplianceDependencies,
  parts: readonly SubjectData[],
  eraser: Eraser,
): Handlers<typeof SubjectServiceService> {
  const { db } = storage;

  /** What the audit trail holds about a person, without who else is in it. */
  async function trailOf(caller: Principal, subject: string): Promise<object[]> {
    const entries: object[] = [];
    for (let after = 0; ;) {
      const { organisationId } = caller;
      const page = await audit.list(db, { organisationId, subject, after, limit: AUDIT_PAGE });
      entries.push(...page.map(({ at, action, details }) => ({ at: iso(at), action, details })));
      const last = page.at(-1);
      if (!last || page.length < AUDIT_PAGE) return entries;
      after = last.id;
    }
  }

  return {
    async exportSubject(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(subjectRequest, request);
      const userId = await findUser(db, directory, caller, user);
      const document: Record<string, unknown> = { user: `users/${userId}`, exported: iso(clock.now()) };
      for (const part of parts) document[part.name] = await part.export(db, userId);
      document['audit'] = await trailOf(caller, userId);
      await audit.record(db, {
        organisationId: caller.organisationId,
        actor: caller.userId,
        subject: userId,
        action: 'subject.exported',
        target: null,
        details: { parts: parts.map((part) => part.name) },
      });
      return { document: Buffer.from(JSON.stringify(document, null, 2)), contentType: 'application/json' };
    },

    async eraseSubject(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(subjectRequest, request);
      const { at, erased } = await eraser.erase(caller, await findUser(db, directory, caller, user));
      return { eraseTime: new Date(at), erased };
    },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
