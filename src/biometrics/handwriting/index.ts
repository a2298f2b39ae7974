/** Handwriting: from a pen's trace or a picture of writing to findings, and the rules that decide on them. */
export * from './finding.js';
export { enrolmentThreshold, isCopy, MOST_TEMPLATES } from './decision.js';
export { sampleOf } from './form.js';
export { createHandwritingReader, type HandwritingCall, type HandwritingReader } from './reader.js';
export { inWords, MEANING } from './words.js';
