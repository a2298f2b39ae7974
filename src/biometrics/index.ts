/** Biometrics: findings of pictures, and references of people. Depends on no other domain (`ports.ts`). */
export {
  createBiometrics,
  type Biometrics,
  type BiometricsDependencies,
  type BiometricsOptions,
} from './biometrics.js';
export * from './ports.js';
export type { JudgedSample, ReferenceRegistry, SampleJudge, SubjectData, UserReference } from './registry.js';
export { fuse, ruleFor, score, type EmbeddingModel } from './scoring.js';
export { cosine } from './vectors.js';
export type { Custodian, KeptReference, Parcel } from './custody.js';
export { MODALITY_MESSAGES, SAMPLE_THROTTLE, throttleKey, withPhone } from './references/index.js';
export { findSubject, requireSubject } from './whom.js';
export * from './face/index.js';
export { createHandwritingReader, type HandwritingReader } from './handwriting/index.js';
export * from './voice/index.js';
export * from './engine/index.js';
export { inWords, presentComparison, presentFace } from './presenter.js';
export { presentRemarks, type Remark } from './remark.js';
