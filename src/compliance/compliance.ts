import type { Logger } from 'pino';
import type { Audit } from '../events/index.js';
import type { AuditServiceService } from '../grpc/gen/probity/compliance/v1/audit_service.js';
import type { ConsentServiceService } from '../grpc/gen/probity/compliance/v1/consent_service.js';
import type { SubjectServiceService } from '../grpc/gen/probity/compliance/v1/subject_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Job } from '../jobs/index.js';
import type { Db, Storage } from '../storage/index.js';
import { auditService } from './audit-service.js';
import { consentData } from './consent-data.js';
import { consentService } from './consent-service.js';
import type { Modality } from './consent.js';
import { createEraser, type Eraser } from './erasure.js';
import { createExporter, type Exporter } from './exporter.js';
import { erasureJob, retentionJob } from './jobs.js';
import { subjectService } from './subject-service.js';
import type { SittingGuard, Subject, SubjectData, SubjectDirectory } from './subject.js';

export interface ComplianceOptions {
  /** Days that a withdrawn consent and the record of a finished erasure are kept, to prove that they were. */
  recordRetentionDays: number;
}

export interface ComplianceDependencies {
  storage: Storage;
  audit: Audit;
  directory: SubjectDirectory;
  /** Every domain's part, in the order of erasure: identity last, so that an erasure cut short can be finished. */
  subjectData: readonly SubjectData[];
  sitting: SittingGuard;
  /** Deletes a person's biometrics of one modality, in the transaction of the withdrawal; returns how many. */
  onRevoke: (tx: Db, subject: Subject, modality: Modality) => Promise<number>;
  /** Told how many things each run of retention deleted, by part; for metrics. */
  onExpired?: (part: string, deleted: number) => void;
  clock: { now(): number };
  log: Logger;
  options: ComplianceOptions;
}

export interface Compliance {
  handlers: {
    consents: Handlers<typeof ConsentServiceService>;
    subjects: Handlers<typeof SubjectServiceService>;
    audit: Handlers<typeof AuditServiceService>;
  };
  /** Export and erasure for callers that are no person: that they may ask is theirs to know. */
  subjects: { export: Exporter; erase: Eraser['erase'] };
  /** Retention, and erasures that a crash cut short. Both are to be woken once at every start as well. */
  jobs: Job[];
}

/** Wires the compliance services. `consents` is this domain's own part of what is held about a person. */
export function createCompliance(dependencies: ComplianceDependencies): Compliance {
  const parts = [consentData(dependencies), ...dependencies.subjectData];
  const eraser = createEraser(dependencies, parts);
  const exporter = createExporter(dependencies, parts);
  return {
    handlers: {
      consents: consentService(dependencies),
      subjects: subjectService(dependencies, exporter, eraser),
      audit: auditService(dependencies),
    },
    subjects: { export: exporter, erase: (caller, userId) => eraser.erase(caller, userId) },
    jobs: [retentionJob(dependencies, parts), erasureJob(eraser)],
  };
}
