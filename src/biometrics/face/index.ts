/** Faces: from a picture to findings, and the rules that decide on them. */
export * from './finding.js';
