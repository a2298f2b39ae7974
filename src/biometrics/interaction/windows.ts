/** A recording in pieces, so that somebody who takes over in the middle of it shows. */
import { WINDOW } from './policy.js';
import type { Keystroke, Recording, Stretch } from './recording.js';
import { rhythmOf, type Rhythm } from './rhythm.js';

export interface Window {
  /** The client's times of its first press and its last release, in milliseconds. */
  from: number;
  to: number;
  rhythm: Rhythm;
}

/** Every repetition of a text, and overlapping windows over the free text, in the order of their end. */
export function windowsOf({ typing }: Recording): Window[] {
  const repetitions = typing.filter(({ text }) => text !== null).map((stretch) => [stretch]);
  const free = typing.filter(({ text }) => text === null);
  return [...repetitions, ...slide(free)]
    .flatMap((stretches) => {
      const keystrokes = stretches.flatMap((stretch) => stretch.keystrokes);
      const [first] = keystrokes;
      if (!first) return [];
      const to = keystrokes.reduce((latest, { release }) => Math.max(latest, release), first.release);
      return [{ from: first.press, to, rhythm: rhythmOf({ typing: stretches, mouse: [] }) }];
    })
    .sort((a, b) => a.to - b.to);
}

/** Windows over all keys; each keeps apart what was typed in different stretches. */
function slide(stretches: readonly Stretch[]): Stretch[][] {
  const keys = stretches.flatMap(({ keystrokes }, stretch) =>
    keystrokes.map((keystroke) => ({ keystroke, stretch })),
  );
  const starts = [];
  for (let start = 0; start + WINDOW.keystrokes <= keys.length; start += WINDOW.step) starts.push(start);
  return starts.map((start) => {
    const pieces = new Map<number, Keystroke[]>();
    for (const { keystroke, stretch } of keys.slice(start, start + WINDOW.keystrokes)) {
      pieces.set(stretch, [...(pieces.get(stretch) ?? []), keystroke]);
    }
    return [...pieces.values()].map((keystrokes) => ({ text: null, keystrokes }));
  });
}
