import type { Engine, JobCall } from '../engine/index.js';
import type { ImageLimits } from '../face/index.js';
import { decide } from './decision.js';
import {
  MODEL_IDS,
  type HandwritingBytes,
  type HandwritingComparison,
  type HandwritingSample,
  type HandwritingTemplate,
} from './finding.js';
import { HANDWRITING_COMPARE, HANDWRITING_READ } from './kind.js';

export type HandwritingCall = Pick<JobCall, 'signal' | 'deadline'>;

/** Handwriting by the engine: parsing, decoding and warping take milliseconds, which belong in a worker. */
export interface HandwritingReader {
  /**
   * Reads a sample.
   *
   * @throws StatusError TRACE_UNREADABLE, IMAGE_UNREADABLE, IMAGE_TOO_LARGE, and what `Engine.run` throws
   */
  read(sample: HandwritingBytes, call?: HandwritingCall): Promise<HandwritingSample>;
  /** The score of `decision.ts` for a template against a reference's, all of one form. */
  score(
    form: HandwritingSample['form'],
    probe: HandwritingTemplate,
    reference: readonly HandwritingTemplate[],
    call?: HandwritingCall,
  ): Promise<number>;
  compare(
    sample: HandwritingSample,
    reference: readonly HandwritingTemplate[],
    call?: HandwritingCall,
  ): Promise<HandwritingComparison>;
}

export function createHandwritingReader(engine: Engine, limits: ImageLimits): HandwritingReader {
  const vectors = (templates: readonly HandwritingTemplate[]) => templates.map(({ vector }) => vector);

  const score: HandwritingReader['score'] = async (form, probe, reference, call = {}) => {
    const input = { form, probe: probe.vector, reference: vectors(reference) };
    return (await engine.run(HANDWRITING_COMPARE, input, call)).result;
  };

  return {
    score,

    async read({ form, bytes }, call = {}) {
      // Beyond the cap only the length matters: the worker refuses it by that, so no more than that is copied.
      const own = Uint8Array.from(bytes.subarray(0, limits.maxBytes + 1));
      const input = { form, bytes: own, limits };
      const { result } = await engine.run(HANDWRITING_READ, input, { ...call, transfer: [own.buffer] });
      return { form, template: result && { modelId: MODEL_IDS[form], vector: result } };
    },

    async compare(sample, reference, call) {
      const { form, template } = sample;
      return decide(sample, vectors(reference), template && (await score(form, template, reference, call)));
    },
  };
}
