/**
 * A rhythm as the numbers of a template. In order:
 *
 *   version of this form (1)
 *   repetitions, then of each: its text, its features, the features
 *   slots of holds, then of each: slot, n, mean, variance; the same of digraphs
 *   mouse actions, then the features of each
 *
 * Whole numbers are below 2^24, and all others were rounded when they were made: single precision holds them exactly.
 */
import { ACTION_FEATURES } from './mouse.js';
import type { Rhythm } from './rhythm.js';
import type { Moments } from './typing-statistics.js';

const VERSION = 1;

export function encodeRhythm({ repetitions, typing, mouse }: Rhythm): Float32Array {
  const slots = (moments: ReadonlyMap<number, Moments>): number[] => [
    moments.size,
    ...[...moments].flatMap(([slot, { n, mean, variance }]) => [slot, n, mean, variance]),
  ];
  return Float32Array.from([
    VERSION,
    repetitions.length,
    ...repetitions.flatMap(({ text, features }) => [text, features.length, ...features]),
    ...slots(typing.hold),
    ...slots(typing.digraph),
    mouse.length,
    ...mouse.flat(),
  ]);
}

/** @throws Error where it is no rhythm: the seal vouches for templates, so it was not written by us */
export function decodeRhythm(vector: Float32Array): Rhythm {
  let position = 0;
  const next = (): number => {
    const value = vector[position++];
    if (value === undefined) throw new Error('a rhythm is cut short');
    return value;
  };
  const times = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read);
  const slots = (): Map<number, Moments> =>
    new Map(times(next(), () => [next(), { n: next(), mean: next(), variance: next() }]));
  if (next() !== VERSION) throw new Error('a rhythm of another version');
  return {
    repetitions: times(next(), () => ({ text: next(), features: times(next(), next) })),
    typing: { hold: slots(), digraph: slots() },
    mouse: times(next(), () => times(ACTION_FEATURES, next)),
  };
}
