/** References: a person's templates, the rules for replacing and removing them, and where they are kept. */
export { createReferences, type HeldReference, type References } from './references.js';
export { createCustodian } from './custodian.js';
export { MODALITIES as MODALITY_MESSAGES } from './presenter.js';
export { withPhone } from './with-phone.js';
export { referenceData } from './subject-data.js';
export { referenceService } from './service.js';
export { SAMPLE_THROTTLE, throttleKey } from './throttle.js';
export { createEnrol, type Enrol } from './enrol.js';
export { createVerify, usableReference, type Compared, type Verify } from './verify.js';
export { presentReferences } from './presenter.js';
export { samplesOf, voiceMatcher, type VoiceSample } from './voice-matcher.js';
export type { KeptTemplate, Matcher, SampleVerdict } from './enrolment.js';
export type { ReferenceRulesDependencies } from './service-dependencies.js';
