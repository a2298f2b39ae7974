import type { Engine, JobCall } from '../engine/index.js';
import type { FaceAnalysis, FaceParts, ImageLimits } from './finding.js';
import { FACE_ANALYSE } from './kind.js';

export const DEFAULT_LIMITS: ImageLimits = { maxBytes: 8 * 2 ** 20, maxPixels: 25_000_000 };

export interface FaceAnalyser {
  /**
   * Analyses one JPEG, PNG or WebP picture. The caller keeps its bytes.
   *
   * @throws StatusError IMAGE_UNREADABLE, IMAGE_TOO_LARGE, and what `Engine.run` throws. A picture without a
   * face, a poor one or a suspected attack is an answer, not an error
   */
  analyse(
    image: Uint8Array,
    want: FaceParts,
    call?: Pick<JobCall, 'signal' | 'deadline'>,
  ): Promise<FaceAnalysis>;
}

export function createFaceAnalyser(engine: Engine, limits: ImageLimits = DEFAULT_LIMITS): FaceAnalyser {
  return {
    async analyse(image, want, call = {}) {
      // Beyond the cap only the length matters: the worker refuses it by that, so no more than that is copied.
      const length = Math.min(image.byteLength, limits.maxBytes + 1);
      // One copy into a buffer of its own, which is then moved: callers keep the picture as evidence, and a
      // Buffer may share its memory with others.
      const own = new Uint8Array(length);
      own.set(image.subarray(0, length));
      const { result, timings } = await engine.run(
        FACE_ANALYSE,
        { image: own, want, limits },
        { ...call, transfer: [own.buffer] },
      );
      return { ...result, timings };
    },
  };
}
