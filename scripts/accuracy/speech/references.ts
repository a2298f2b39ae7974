import type { SpeakerEntry } from '../../../src/biometrics/index.js';
import { referenceVectors, type Reference } from '../comparisons.js';
import { WHOLE, type Recording, type Speaker } from './acquire.js';

/** Every choice of so many whole utterances of a speaker. */
export function referencesOf(speakers: Speaker[], speaker: SpeakerEntry, templates: number): Reference[] {
  return speakers.flatMap(({ recordings }, subject) =>
    choices(recordings.length, templates).map((chosen): Reference => {
      const kept = chosen.map((at) => templateOf(recordings, at, WHOLE));
      return { subject, pictures: chosen, vectors: referenceVectors(kept, speaker) };
    }),
  );
}

export function templateOf(recordings: Recording[], at: number, probe: number) {
  const template = recordings[at]?.templates[probe];
  if (!template) throw new Error(`no template ${probe} of recording ${at}`);
  return template;
}

/** Every choice of `size` of the numbers below `count`, in order. */
function choices(count: number, size: number): number[][] {
  if (size === 0) return [[]];
  return choices(count, size - 1).flatMap((chosen) =>
    Array.from({ length: count }, (_, next) => next)
      .filter((next) => next > (chosen.at(-1) ?? -1))
      .map((next) => [...chosen, next]),
  );
}
