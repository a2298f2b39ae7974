/** What is kept of a recording: enough to compare with, and neither what was typed nor in which order. */
import { repetitionOf, type Repetition } from './fixed-text.js';
import { actionFeatures, type ActionFeatures } from './mouse.js';
import { MOST_TEXTS } from './policy.js';
import type { Recording } from './recording.js';
import { poolStatistics, statisticsOf, type TypingStatistics } from './typing-statistics.js';

/** Of one user in a background; as few as are enough keep a fit cheap. The texts are those typed most often. */
export const SHARE = { texts: MOST_TEXTS, repetitions: 5, actions: 20 };

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
    repetitions: [...byText(repetitions).values()]
      .sort((one, other) => other.length - one.length)
      .slice(0, SHARE.texts)
      .flatMap((same) => same.slice(0, SHARE.repetitions)),
    typing,
    mouse: mouse.slice(0, SHARE.actions),
  };
}

/**
 * The repetitions of each text. By their length too: 24 bits can be met by trying, and features of two lengths in one
 * population would spoil it for everybody.
 */
export function byText(repetitions: readonly Repetition[]): Map<string, Repetition[]> {
  const texts = new Map<string, Repetition[]>();
  for (const repetition of repetitions) {
    const identity = `${repetition.text}/${repetition.features.length}`;
    texts.set(identity, [...(texts.get(identity) ?? []), repetition]);
  }
  return texts;
}
