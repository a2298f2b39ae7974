/** Faces: from a picture to findings, and the rules that decide on them. */
export * from './finding.js';
export { ADVICE, type Advice } from './advice.js';
export { createFaceAnalyser, DEFAULT_LIMITS, type FaceAnalyser } from './analyser.js';
export { compare } from './comparison.js';
export { fingerprintDistance, nearIdentical } from './fingerprint.js';
export { applyGate, GATES, type GateFinding, type GatePurpose } from './gate.js';
export { SECOND_FACE } from './prominence.js';
