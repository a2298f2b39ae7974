/** What the law asks: consent before biometrics, finite retention, export, erasure, and an audit trail to read. */
export { createConsentGuard, type ConsentGuard, type ConsentGuardDependencies } from './guard.js';
export {
  createCompliance,
  type Compliance,
  type ComplianceDependencies,
  type ComplianceOptions,
} from './compliance.js';
export type { Modality, Purpose } from './consent.js';
export type { Subject, SubjectData } from './subject.js';
