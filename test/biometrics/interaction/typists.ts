/**
 * Made-up typists. Times are log-normal: what is usual for a key, plus what is the person's, plus chance. The spreads were
 * chosen so that, with a population and ten repetitions, one threshold has an EER near the 10 % measured on real ones.
 */
import { classOf } from '../../../src/biometrics/interaction/keys.js';
import { randomFrom } from '../../../scripts/accuracy/statistics.js';
interface Dataset {
  typing: { text?: string; keys: Keys }[];
  mouse?: [number, number, number][][];
}

const SPREAD = {
  /** Between people: their pace as a whole, fingers and pairs of fingers, keys and pairs of keys. */
  pace: 0.15,
  fingers: 0.14,
  keys: 0.12,
  /** Within one: from one repetition to the next, and from key to key. */
  repetition: 0.1,
  chance: 0.22,
};
const USUAL_MS = { hold: 95, digraph: 190 };

export const TEXT = [
  'KeyP',
  'KeyR',
  'KeyO',
  'KeyB',
  'KeyI',
  'KeyT',
  'KeyY',
  'Digit5',
  'KeyS',
  'KeyE',
  'Enter',
];
/** By how often English has them. */
const LETTERS = Array.from('ETAOINSHRDLUCMWFGYPBVK', (letter) => `Key${letter}`);

export type Keys = [key: string, press: number, release: number][];

/** A person who types, the same for the same seed; what they type differs from call to call. */
export interface Typist {
  type(keys: readonly string[]): Keys;
  /** A text of one's own, of so many keys. */
  write(keys: number): Keys;
  move(): [t: number, x: number, y: number][];
}

export function typist(seed: number): Typist {
  const random = randomFrom(seed * 7919 + 17);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const pace = normal() * SPREAD.pace;
  const held = new Map<string, number>();
  /** What a person adds to a key or a pair, drawn once: all people draw in their own order. */
  const drawn = (what: string, spread: number): number => {
    const known = held.get(what) ?? normal() * spread;
    held.set(what, known);
    return known;
  };
  const own = (...keys: string[]): number =>
    drawn(keys.join(' '), SPREAD.keys) + drawn(keys.map(classOf).join(' '), SPREAD.fingers);
  // Before anything is typed, so that it does not depend on what is.
  const all = [...LETTERS, 'Space', ...TEXT];
  for (const key of all) own(key);
  for (const first of all) for (const second of all) own(first, second);
  const [reach, wobble] = [Math.exp(normal() * 0.3), Math.exp(normal() * 0.4)];

  function type(keys: readonly string[]): Keys {
    const mood = pace + normal() * SPREAD.repetition;
    let press = 0;
    return keys.map((key, index) => {
      const before = keys[index - 1];
      if (before !== undefined) {
        press += USUAL_MS.digraph * Math.exp(mood + own(before, key) + normal() * SPREAD.chance);
      }
      const hold = USUAL_MS.hold * Math.exp(mood / 2 + own(key) + normal() * SPREAD.chance);
      return [key, Math.round(press), Math.round(press + hold)];
    });
  }

  return {
    type,
    write: (count) =>
      type(
        Array.from({ length: count }, () =>
          random() < 0.18 ? 'Space' : (LETTERS[Math.floor(random() ** 2 * LETTERS.length)] ?? 'Space'),
        ),
      ),
    move() {
      const length = 200 + 400 * random();
      const duration = 300 * reach * Math.exp(normal() * 0.2);
      const steps = 12;
      return Array.from({ length: steps }, (_, step) => {
        const share = step / (steps - 1);
        const eased = share ** (1 + reach / 2);
        return [Math.round(duration * share), length * eased, 12 * wobble * normal()];
      });
    },
  };
}

const asText = (dataset: Dataset): string =>
  JSON.stringify({ format: 'probity-interaction', version: 1, ...dataset });

/** So many repetitions of the text that everybody types. */
export function fixed(who: Typist, repetitions: number, text = 'motto'): string {
  return asText({ typing: Array.from({ length: repetitions }, () => ({ text, keys: who.type(TEXT) })) });
}

/** So many keys of free text, in stretches of forty. */
export function free(who: Typist, keys: number): string {
  return asText({ typing: Array.from({ length: Math.ceil(keys / 40) }, () => ({ keys: who.write(40) })) });
}

/** All there is: repetitions, free text and the mouse. */
export function everything(who: Typist, { repetitions = 8, keys = 400, actions = 60 } = {}): string {
  return asText({
    typing: [
      ...Array.from({ length: repetitions }, () => ({ text: 'motto', keys: who.type(TEXT) })),
      ...Array.from({ length: keys / 40 }, () => ({ keys: who.write(40) })),
    ],
    mouse: Array.from({ length: actions }, () => who.move()),
  });
}
