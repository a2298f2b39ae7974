/** What is kept of a recording: enough to compare with, and neither what was typed nor in which order. */
import { repetitionOf, type Repetition } from './fixed-text.js';
import { actionFeatures, type ActionFeatures } from './mouse.js';
import type { Recording } from './recording.js';
import { poolStatistics, statisticsOf, type TypingStatistics } from './typing-statistics.js';

/** Of one user in a background; as few as are enough keep a fit cheap. */
export const SHARE = { repetitions: 5, actions: 20 };

export interface Rhythm {
  /** Of texts that everybody types. */
  repetitions: readonly Repetition[];
  /** Of everything else. */
  typing: TypingStatistics;
  mouse: readonly ActionFeatures[];
}

export function rhythmOf({ typing, mouse }: Recording): Rhythm {
  return {
    repetitions: typing.flatMap(({ text, keystrokes }) => {
      const repetition = text === null ? null : repetitionOf(text, keystrokes);
      return repetition ? [repetition] : [];
    }),
    typing: statisticsOf(typing.filter(({ text }) => text === null).map(({ keystrokes }) => keystrokes)),
    mouse: mouse.map(actionFeatures).filter((features) => features !== null),
  };
}

/** Several recordings of one person as one. */
export function mergeRhythms(rhythms: readonly Rhythm[]): Rhythm {
  return {
    repetitions: rhythms.flatMap(({ repetitions }) => repetitions),
    typing: poolStatistics(rhythms.map(({ typing }) => typing)),
    mouse: rhythms.flatMap(({ mouse }) => mouse),
  };
}

/** What one user is to a background: no more of anything than the next one, so that nobody is the population. */
export function backgroundShare({ repetitions, typing, mouse }: Rhythm): Rhythm {
  return {
    repetitions: [...byText(repetitions).values()].flatMap((same) => same.slice(0, SHARE.repetitions)),
    typing,
    mouse: mouse.slice(0, SHARE.actions),
  };
}

/** The repetitions of each text. */
export function byText(repetitions: readonly Repetition[]): Map<number, Repetition[]> {
  const texts = new Map<number, Repetition[]>();
  for (const repetition of repetitions) {
    const same = texts.get(repetition.text) ?? [];
    same.push(repetition);
    texts.set(repetition.text, same);
  }
  return texts;
}
