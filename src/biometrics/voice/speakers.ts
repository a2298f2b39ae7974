import type { SpeakerEntry } from '../engine/index.js';
import { cosine, meanDirection } from '../vectors.js';
import type { SpeakersFinding } from './finding.js';

/** Two for each of two voices; in fewer, nobody is looked for beside the first. */
const LEAST_WINDOWS = 4;
const ITERATIONS = 10;

/**
 * Whether speech is of one voice. Its windows are parted into the two groups that are least alike (2-means by cosine,
 * begun at the two windows that differ most); of one voice, the groups' means stay close all the same.
 */
export function judgeSpeakers(
  windows: readonly Float32Array[],
  { id, speakers: { threshold } }: SpeakerEntry,
): SpeakersFinding {
  if (windows.length < LEAST_WINDOWS) return { outcome: 'NOT_ASSESSED', reason: 'TOO_LITTLE_SPEECH' };
  const similarity = similarityOfHalves(windows);
  return {
    outcome: similarity < threshold ? 'SEVERAL_SPEAKERS' : 'ONE_SPEAKER',
    similarity,
    threshold,
    modelId: id,
  };
}

function similarityOfHalves(windows: readonly Float32Array[]): number {
  let centres = mostDifferent(windows);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const [a, b] = centres;
    const ofA = windows.filter((window) => cosine(window, a) >= cosine(window, b));
    const ofB = windows.filter((window) => cosine(window, a) < cosine(window, b));
    // All windows are the same.
    if (ofA.length === 0 || ofB.length === 0) return 1;
    centres = [meanDirection(ofA), meanDirection(ofB)];
  }
  return cosine(...centres);
}

function mostDifferent(windows: readonly Float32Array[]): [Float32Array, Float32Array] {
  let least = Infinity;
  let pair: [Float32Array, Float32Array] | undefined;
  windows.forEach((a, i) => {
    for (const b of windows.slice(i + 1)) {
      const similarity = cosine(a, b);
      if (similarity >= least) continue;
      least = similarity;
      pair = [a, b];
    }
  });
  if (!pair) throw new Error('Two windows are needed to tell them apart');
  return pair;
}
