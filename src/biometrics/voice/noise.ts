import { FRAME, framesThat } from './activity.js';
import type { NoiseFinding } from './finding.js';

/** What is quieter against speech than this is told as this: digital silence has no noise at all. */
export const MOST_SNR_DB = 60;
/** Fewer frames of pause, 0.26 s, say nothing of the noise. */
const LEAST_PAUSE_FRAMES = 8;

/**
 * Speech against noise, by the power in frames of speech and the median power of those of pause: a cough in a pause
 * does not count.
 */
export function measureNoise(samples: Float32Array, speech: readonly boolean[]): NoiseFinding {
  if (!speech.includes(true)) return { outcome: 'NOT_ASSESSED', reason: 'TOO_LITTLE_SPEECH' };
  const pauses = powers(framesThat(samples, speech, false)).sort((a, b) => a - b);
  if (pauses.length < LEAST_PAUSE_FRAMES) return { outcome: 'NOT_ASSESSED', reason: 'NO_PAUSES' };
  const noise = pauses[Math.floor(pauses.length / 2)] ?? 0;
  const voiced = powers(framesThat(samples, speech, true));
  const both = voiced.reduce((sum, power) => sum + power, 0) / voiced.length;
  const ratio = Math.max(both - noise, 0) / noise;
  const snrDb = Math.max(-MOST_SNR_DB, Math.min(MOST_SNR_DB, 10 * Math.log10(ratio)));
  // Nothing at all against nothing at all.
  return { outcome: 'ASSESSED', snrDb: Number.isNaN(snrDb) ? -MOST_SNR_DB : snrDb };
}

/** Mean power of each frame. */
function powers(samples: Float32Array): number[] {
  return Array.from(
    { length: samples.length / FRAME },
    (_, frame) =>
      samples.subarray(frame * FRAME, (frame + 1) * FRAME).reduce((sum, value) => sum + value * value, 0) /
      FRAME,
  );
}
