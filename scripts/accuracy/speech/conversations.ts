/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { Engine } from '../../../src/biometrics/index.js';
import { rateOf, type Rate } from '../statistics.js';
import { seconds, type Speaker } from './acquire.js';
import { EMBED } from './kinds.js';

/** Ways that two people come to be in one recording, by what is made of the speech of each. */
const MIXTURES: { name: string; mix: (a: Float32Array, b: Float32Array) => Float32Array | null }[] = [
  { name: '4 s, then 4 s', mix: (a, b) => inTurn([a, 0, 4], [b, 0, 4]) },
  { name: '6 s, then 3 s', mix: (a, b) => inTurn([a, 0, 6], [b, 0, 3]) },
  { name: '6 s, then 2 s', mix: (a, b) => inTurn([a, 0, 6], [b, 0, 2]) },
  { name: 'turns of 2 s', mix: (a, b) => inTurn([a, 0, 2], [b, 0, 2], [a, 2, 4], [b, 2, 4]) },
  { name: 'both at once, alike in loudness, 6 s', mix: together },
];

export interface ConversationResult {
  /** Recordings of one speaker, alone and two joined, that are taken for several. */
  falseAlarms: Rate;
  mixtures: { name: string; detected: Rate }[];
  /** Least similarity of recordings of one speaker. */
  leastOfOne: number;
}

/** How often two voices in a recording are noticed, and one voice is taken for two. Every pair of speakers, each once. */
export async function measureConversations(speakers: Speaker[], engine: Engine): Promise<ConversationResult> {
  const judge = async (speech: Float32Array) => (await engine.run(EMBED, speech)).result.speakers;
  const alone = speakers.flatMap(({ recordings }) => recordings.map(({ speech }) => speech));
  const joined = speakers.flatMap(({ recordings }) =>
    recordings.slice(1).map(({ speech }, before) => concatenated([recordings[before]!.speech, speech])),
  );
  const ofOne = [];
  for (const speech of [...alone, ...joined]) ofOne.push(await judge(speech));
  const assessed = ofOne.flatMap((each) => (each.outcome === 'NOT_ASSESSED' ? [] : [each]));
  const mixtures = [];
  for (const { name, mix } of MIXTURES) {
    let errors = 0;
    let trials = 0;
    for (const [a, b] of pairs(speakers)) {
      const speech = mix(a, b);
      if (!speech) continue;
      trials += 1;
      if ((await judge(speech)).outcome === 'SEVERAL_SPEAKERS') errors += 1;
    }
    mixtures.push({ name, detected: rateOf(errors, trials) });
  }
  const several = assessed.filter(({ outcome }) => outcome === 'SEVERAL_SPEAKERS').length;
  return {
    falseAlarms: rateOf(several, assessed.length),
    mixtures,
    leastOfOne: Math.min(...assessed.map(({ similarity }) => similarity)),
  };
}

/** The n-th recordings of every two speakers. */
function* pairs(speakers: Speaker[]): Generator<[Float32Array, Float32Array]> {
  for (const [index, a] of speakers.entries()) {
    for (const b of speakers.slice(index + 1)) {
      for (const [n, { speech }] of a.recordings.entries()) {
        const other = b.recordings[n];
        if (other) yield [speech, other.speech];
      }
    }
  }
}

/** Stretches of speech, in seconds, one after the other; null where one is not long enough. */
function inTurn(...turns: [speech: Float32Array, from: number, to: number][]): Float32Array | null {
  if (turns.some(([speech, , to]) => speech.length < seconds(to))) return null;
  return concatenated(turns.map(([speech, from, to]) => speech.subarray(seconds(from), seconds(to))));
}

function together(a: Float32Array, b: Float32Array): Float32Array | null {
  const length = seconds(6);
  if (a.length < length || b.length < length) return null;
  const level = (speech: Float32Array): number =>
    Math.sqrt(speech.reduce((sum, v) => sum + v * v, 0) / speech.length);
  const gain = level(a) / level(b);
  return a.slice(0, length).map((value, i) => (value + gain * b[i]!) / 2);
}

function concatenated(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return whole;
}
