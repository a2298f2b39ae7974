import { principalOf, validate } from '../call/index.js';
import type { SubjectServiceService } from '../grpc/gen/probity/compliance/v1/subject_service.js';
import type { Handlers } from '../grpc/index.js';
import type { ComplianceDependencies } from './compliance.js';
import type { Eraser } from './erasure.js';
import type { Exporter } from './exporter.js';
import { subjectRequest } from './requests.js';
import { findUser } from './whom.js';

/** SubjectService: export and erasure. */
export function subjectService(
  { storage: { db }, directory }: ComplianceDependencies,
  exporter: Exporter,
  eraser: Eraser,
): Handlers<typeof SubjectServiceService> {
  return {
    async exportSubject(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(subjectRequest, request);
      const userId = await findUser(db, directory, caller, user);
      return { document: await exporter(caller, userId), contentType: 'application/json' };
    },

    async eraseSubject(request, ctx) {
      const caller = principalOf(ctx);
      const { user } = validate(subjectRequest, request);
      const { at, erased } = await eraser.erase(caller, await findUser(db, directory, caller, user));
      return { eraseTime: new Date(at), erased };
    },
  };
}
