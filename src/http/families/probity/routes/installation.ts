import { operation, type Operation } from '../../../family.js';
import { auditAnswer } from '../answers.js';
import { paging } from '../paging.js';
import * as schemas from '../schemas.js';
import { READ } from './rows.js';

export const INSTALLATION: readonly Operation[] = [
  operation({
    id: 'listModels',
    method: 'GET',
    path: '/models',
    summary: 'The models in use and how they are',
    tag: 'Operation',
    auth: 'token',
    status: 200,
    success: 'Models by role, and the inference pool',
    answer: schemas.Models,
    errors: [401, 405, 500],
    async run(_input, { core, options }) {
      return core.models.listModels({}, options);
    },
  }),
  operation({
    id: 'listAuditEntries',
    method: 'GET',
    path: '/audit',
    summary: 'The audit trail, the oldest first (ADMIN)',
    tag: 'Operation',
    auth: 'token',
    query: schemas.AuditQuery,
    status: 200,
    success: 'A page of entries; people are pseudonyms',
    answer: schemas.AuditEntries,
    errors: READ,
    async run({ query }, { core, options }) {
      const request = { user: query.user ?? '', ...paging(query) };
      const page = await core.audit.listAuditEntries(request, options);
      return { entries: page.entries.map(auditAnswer), nextPageToken: page.nextPageToken };
    },
  }),
  operation({
    id: 'verifyAuditTrail',
    method: 'GET',
    path: '/audit/verification',
    summary: 'Recomputes the hash chain over all sealed entries (ADMIN)',
    tag: 'Operation',
    auth: 'token',
    status: 200,
    success: 'Whether every sealed entry is as it was sealed',
    answer: schemas.AuditVerification,
    errors: READ,
    async run(_input, { core, options }) {
      const { intact, firstBrokenId, checked } = await core.audit.verifyAuditTrail({}, options);
      return {
        intact,
        firstBrokenId: intact ? null : firstBrokenId.toString(),
        checked: checked.toString(),
      };
    },
  }),
];
