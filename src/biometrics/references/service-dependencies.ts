import type { Audit } from '../../events/index.js';
import type { Storage } from '../../storage/index.js';
import type { RecogniserEntry } from '../engine/index.js';
import type { FaceAnalyser, FaceParts } from '../face/index.js';
import type { ConsentGuard, SittingGuard, SubjectDirectory, VerificationThrottle } from '../ports.js';
import type { Enrol } from './enrol.js';
import type { References } from './references.js';
import type { Verify } from './verify.js';

/** What the rules about references need, whatever the modality. */
export interface ReferenceRulesDependencies {
  storage: Storage;
  audit: Audit;
  references: References;
  consent: ConsentGuard;
  sitting: SittingGuard;
  directory: SubjectDirectory;
  throttle: VerificationThrottle;
  clock: { now(): number };
}

export interface ReferenceServiceDependencies extends ReferenceRulesDependencies {
  analyser: FaceAnalyser;
  recogniser: RecogniserEntry;
  /** Templates that a face reference keeps at most. */
  maxTemplates: number;
  enrol: Enrol;
  verify: Verify;
}

/** Liveness is told, never a gate here: its window does not fit in most pictures. */
export const ALL_PARTS: FaceParts = {
  embedding: true,
  pose: true,
  eyes: true,
  quality: true,
  liveness: true,
};
