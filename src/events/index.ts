/** What happened: the outbox that tells others, and the audit trail that proves it. */
export { deleteBefore, emit, pseudonymiseOutbox, readAfter, type Event, type NewEvent } from './outbox.js';
export { createAudit, type Audit, type AuditEntry, type AuditQuery, type NewAuditEntry } from './audit.js';
export { sealAudit, verifyAuditChain, type ChainReport, type Seal } from './seals.js';
export { auditSealJob, outboxRetentionJob } from './jobs.js';
