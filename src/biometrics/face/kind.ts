import type { JobKind } from '../engine/index.js';
import type { FaceAnalysis, FaceParts, ImageLimits } from './finding.js';

export interface FaceInput {
  /** The picture as it came. */
  image: Uint8Array;
  want: FaceParts;
  limits: ImageLimits;
}

/** One picture in, everything that was found in it out. */
export const FACE_ANALYSE: JobKind<FaceInput, Omit<FaceAnalysis, 'timings'>> = { name: 'face.analyse' };
