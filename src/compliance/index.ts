/** What the law asks: consent before biometrics, finite retention, export, erasure, and an audit trail to read. */
export { createConsentGuard, type ConsentGuard } from './guard.js';
export { createCompliance, type Compliance, type ComplianceDependencies } from './compliance.js';
export type { Modality, Purpose } from './consent.js';
export type { Subject, SubjectData } from './subject.js';
