import type { Audit } from '../../events/index.js';
import type { Storage } from '../../storage/index.js';
import type { RecogniserEntry } from '../engine/index.js';
import type { FaceAnalyser, FaceParts } from '../face/index.js';
import type { ConsentGuard, SittingGuard, SubjectDirectory, VerificationThrottle } from '../ports.js';
import type { References } from './references.js';

export interface ReferenceServiceDependencies {
  storage: Storage;
  audit: Audit;
  analyser: FaceAnalyser;
  recogniser: RecogniserEntry;
  references: References;
  consent: ConsentGuard;
  sitting: SittingGuard;
  directory: SubjectDirectory;
  throttle: VerificationThrottle;
  clock: { now(): number };
  /** Templates that a reference keeps at most. */
  maxTemplates: number;
}

/** Liveness is told, never a gate here: its window does not fit in most pictures. */
export const ALL_PARTS: FaceParts = {
  embedding: true,
  pose: true,
  eyes: true,
  quality: true,
  liveness: true,
};
