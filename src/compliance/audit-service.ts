import { requireRole, pageToken, validate } from '../call/index.js';
import { verifyAuditChain } from '../events/index.js';
import type { AuditServiceService } from '../grpc/gen/probity/compliance/v1/audit_service.js';
import type { Handlers } from '../grpc/index.js';
import type { ComplianceDependencies } from './compliance.js';
import { listAuditRequest } from './requests.js';

/** AuditService: reading and checking the trail. */
export function auditService({
  storage,
  audit,
}: ComplianceDependencies): Handlers<typeof AuditServiceService> {
  return {
    async listAuditEntries(request, ctx) {
      const { organisationId, userId } = requireRole(ctx, 'ADMIN');
      const { user, pageSize, pageToken: cursor } = validate(listAuditRequest, request);
      // An erased user's entries are still found by who knows the id: the directory is not asked.
      const subject = user?.user === 'me' ? userId : user?.user;
      const entries = await audit.list(storage.db, {
        organisationId,
        ...(subject === undefined ? {} : { subject }),
        after: typeof cursor?.[0] === 'number' ? cursor[0] : 0,
        limit: pageSize,
      });
      await audit.record(storage.db, {
        organisationId,
        actor: userId,
        subject: subject ?? null,
        action: 'audit.read',
        target: null,
        details: { entries: entries.length },
      });
      const last = entries.at(-1);
      return {
        entries: entries.map(({ id, at, actor, subject: about, action, target, details }) => ({
          id: BigInt(id),
          time: new Date(at),
          actor: actor ?? '',
          subject: about ?? '',
          action,
          target: target ?? '',
          detailsJson: JSON.stringify(details),
        })),
        nextPageToken: last && entries.length === pageSize ? pageToken([last.id]) : '',
      };
    },

    async verifyAuditTrail(_request, ctx) {
      requireRole(ctx, 'ADMIN');
      const { sealedThrough, entries, broken } = await verifyAuditChain(storage, storage.db);
      return {
        intact: broken === null,
        // The first number that the broken seal covers: its own entry may be what is missing.
        firstBrokenId: broken === null ? 0n : BigInt(sealedThrough + 1),
        checked: BigInt(entries),
      };
    },
  };
}
