import type { ActivityModel } from '../engine/sessions.js';

/** Imported inside workers only. */

/** Samples of one frame, 32 ms. */
export const FRAME = 512;
/** Samples of the frame before that the model wants in front of each. */
const CONTEXT = 64;
/** Frames on either side of speech that are taken with it, 96 ms: soft beginnings and ends of words. */
const PADDING = 3;

/** Which frames of a recording are speech. The last frame is filled up with silence. */
export type SpeechDetector = (samples: Float32Array) => Promise<boolean[]>;

export function speechDetector(model: ActivityModel): SpeechDetector {
  const { threshold } = model.entry.decision;
  return async (samples) => {
    const frames = Math.ceil(samples.length / FRAME);
    const voiced: boolean[] = [];
    let state: Float32Array | undefined;
    for (let frame = 0; frame < frames; frame++) {
      const input = new Float32Array(CONTEXT + FRAME);
      const start = frame * FRAME - CONTEXT;
      input.set(samples.subarray(Math.max(0, start), start + input.length), Math.max(0, -start));
      const [probability, after] = await model.step(input, state);
      voiced.push(probability >= threshold);
      state = after;
    }
    return padded(voiced);
  };
}

/** Speech with what lies close around it. */
export function padded(voiced: readonly boolean[]): boolean[] {
  return voiced.map((_, frame) =>
    voiced.slice(Math.max(0, frame - PADDING), frame + PADDING + 1).includes(true),
  );
}

/** The frames that are speech, or those that are not, one after the other. */
export function framesThat(samples: Float32Array, speech: readonly boolean[], are: boolean): Float32Array {
  const chosen = speech.flatMap((is, frame) => (is === are ? [frame] : []));
  const out = new Float32Array(chosen.length * FRAME);
  chosen.forEach((frame, at) => {
    out.set(samples.subarray(frame * FRAME, (frame + 1) * FRAME), at * FRAME);
  });
  return out;
}
