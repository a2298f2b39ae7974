import type { Logger } from 'pino';
import type { Handlers } from '../grpc/index.js';
import type { FaceServiceService } from '../grpc/gen/probity/biometrics/v1/face_service.js';
import type { ModelServiceService } from '../grpc/gen/probity/biometrics/v1/model_service.js';
import type { ReferenceServiceService } from '../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Audit } from '../events/index.js';
import type { Storage } from '../storage/index.js';
import type { Engine, Manifest } from './engine/index.js';
import type { FaceAnalyser } from './face/index.js';
import type {
  ConsentGuard,
  OnReferenceChanged,
  SittingGuard,
  SubjectDirectory,
  VerificationThrottle,
} from './ports.js';
import type { ReferenceRegistry, SubjectData } from './registry.js';

export interface BiometricsOptions {
  /** Templates that a face reference keeps at most. */
  maxTemplates: number;
  /** Templates that make a face reference complete. */
  requiredTemplates: number;
  /** Days from enrolment until retention deletes a reference. */
  referenceRetentionDays: number;
}

export interface BiometricsDependencies {
  storage: Storage;
  audit: Audit;
  analyser: FaceAnalyser;
  engine: Engine;
  manifest: Manifest;
  consent: ConsentGuard;
  sitting: SittingGuard;
  directory: SubjectDirectory;
  throttle: VerificationThrottle;
  referenceChanged: OnReferenceChanged;
  clock: { now(): number };
  log: Logger;
  options: BiometricsOptions;
}

export interface Biometrics {
  handlers: {
    faces: Handlers<typeof FaceServiceService>;
    references: Handlers<typeof ReferenceServiceService>;
    models: Handlers<typeof ModelServiceService>;
  };
  references: ReferenceRegistry;
  subjectData: SubjectData;
}
