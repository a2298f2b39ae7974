/** References: a person's templates, the rules for replacing and removing them, and where they are kept. */
export { createReferences, type References } from './references.js';
export { referenceData } from './subject-data.js';
export { referenceService } from './service.js';
export { FACE_THROTTLE, throttleKey } from './throttle.js';
