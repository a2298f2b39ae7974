import type { SpeakerModel } from '../engine/sessions.js';
import type { VoiceTemplate } from './finding.js';
import { SAMPLE_RATE } from './recording.js';
import { meanDirection, normalise } from '../vectors.js';

/** Imported inside workers only. */

/** Samples of the windows that a recording is looked at in, 1.615 s: 160 frames of the GE2E front-end. */
export const WINDOW = 25_840;
/** Samples from one window to the next. */
const STEP = 12_800;
/** A rest of speech that is longer than this has a last window of its own. */
const LEAST_REST = 0.3 * STEP;
/** Windows of one run: their frames are held at once. */
const BATCH = 16;
/** Loudness that quieter speech is raised to before the windowed recipe, whose front-end takes no logarithm. */
const LEVEL_DBFS = -30;
/** Seconds of speech below which nothing can be made of it. */
export const LEAST_SPEECH_S = 1;

export interface SpeakerEmbedder {
  /** The windows of speech as unit vectors, in their order. Speech shorter than a window is followed by silence. */
  windows(speech: Float32Array): Promise<Float32Array[]>;
  /** @param windows of that speech */
  template(speech: Float32Array, windows: readonly Float32Array[]): Promise<VoiceTemplate>;
}

/** Embeds speech by the recipe of the configured speaker model. */
export function speakerEmbedder(model: SpeakerModel): SpeakerEmbedder {
  const { id, recipe } = model.entry;
  return {
    async windows(speech) {
      const level = recipe === 'windows' ? raised(speech) : speech;
      const starts = windowStarts(speech.length);
      const vectors: Float32Array[] = [];
      for (let from = 0; from < starts.length; from += BATCH) {
        const batch = starts.slice(from, from + BATCH);
        const samples = new Float32Array(batch.length * WINDOW);
        batch.forEach((start, i) => samples.set(level.subarray(start, start + WINDOW), i * WINDOW));
        vectors.push(...(await model.run(samples, batch.length)));
      }
      return vectors.map(normalise);
    },

    async template(speech, windows) {
      switch (recipe) {
        case 'windows':
          return { modelId: id, vector: meanDirection(windows) };
        case 'whole': {
          const [vector] = await model.run(speech, 1);
          return { modelId: id, vector: normalise(vector ?? new Float32Array()) };
        }
      }
    },
  };
}

/** Where windows begin in so many samples; the last one ends with them unless what it would add is little. */
export function windowStarts(samples: number): number[] {
  const starts = [0];
  for (let start = STEP; start + WINDOW <= samples; start += STEP) starts.push(start);
  const rest = samples - WINDOW - (starts.at(-1) ?? 0);
  if (rest > LEAST_REST) starts.push(samples - WINDOW);
  return starts;
}

function raised(speech: Float32Array): Float32Array {
  const power = speech.reduce((sum, value) => sum + value * value, 0) / speech.length;
  const gain = 10 ** (LEVEL_DBFS / 20) / Math.sqrt(power);
  return gain > 1 && Number.isFinite(gain) ? speech.map((value) => value * gain) : speech;
}

/** Speech in so many parts of one length. */
export function split(speech: Float32Array, parts: number): Float32Array[] {
  const length = Math.floor(speech.length / parts);
  return Array.from({ length: parts }, (_, i) => speech.subarray(i * length, (i + 1) * length));
}

export function secondsOf(speech: Float32Array): number {
  return speech.length / SAMPLE_RATE;
}
