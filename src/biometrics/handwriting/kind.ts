import type { JobKind } from '../engine/index.js';
import type { ImageLimits } from '../face/index.js';
import type { HandwritingForm } from './finding.js';

export interface ReadInput {
  form: HandwritingForm;
  bytes: Uint8Array;
  /** Of a picture. */
  limits: ImageLimits;
}

/** One sample in; its template out, or null where there is too little writing. */
export const HANDWRITING_READ: JobKind<ReadInput, Float32Array | null> = { name: 'handwriting.read' };

export interface CompareInput {
  form: HandwritingForm;
  /** Templates, as the job before made them. */
  probe: Float32Array;
  reference: readonly Float32Array[];
}

/** A sample and a reference in, the score of `decision.ts` out. */
export const HANDWRITING_COMPARE: JobKind<CompareInput, number> = { name: 'handwriting.compare' };
