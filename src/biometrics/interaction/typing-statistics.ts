/** Free typing as it is kept: how long each class of key is held and each pair of classes takes, and no order. */
import { KEY_CLASSES, type KeyClass } from './keys.js';
import { logTime, PAUSE_MS } from './log-time.js';
import type { Keystroke } from './recording.js';

/** Of log times. */
export interface Moments {
  n: number;
  mean: number;
  variance: number;
}

/** A hold by the class of its key, a press-press time by the classes of both. */
export const KINDS = ['hold', 'digraph'] as const;
export type Kind = (typeof KINDS)[number];

/** Moments by slot; a slot that was never typed is absent. */
export type TypingStatistics = Record<Kind, ReadonlyMap<number, Moments>>;

const CLASS_INDEX = new Map(KEY_CLASSES.map((name, index) => [name, index]));

/** Slots of each kind. */
export const SLOTS: Record<Kind, number> = { hold: KEY_CLASSES.length, digraph: KEY_CLASSES.length ** 2 };

function indexOf(key: KeyClass): number {
  return CLASS_INDEX.get(key) ?? 0;
}

/** Pairs of keys do not reach from one stretch into the next. */
export function statisticsOf(stretches: readonly (readonly Keystroke[])[]): TypingStatistics {
  const times: Record<Kind, Map<number, number[]>> = { hold: new Map(), digraph: new Map() };
  const note = (kind: Kind, slot: number, ms: number): void => {
    if (ms > PAUSE_MS) return;
    const slotTimes = times[kind].get(slot) ?? [];
    slotTimes.push(logTime(ms / 1_000));
    times[kind].set(slot, slotTimes);
  };
  for (const keystrokes of stretches) {
    let before: Keystroke | null = null;
    for (const keystroke of keystrokes) {
      note('hold', indexOf(keystroke.key), keystroke.release - keystroke.press);
      if (before) {
        const slot = indexOf(before.key) * KEY_CLASSES.length + indexOf(keystroke.key);
        note('digraph', slot, keystroke.press - before.press);
      }
      before = keystroke;
    }
  }
  return { hold: summarise(times.hold), digraph: summarise(times.digraph) };
}

function summarise(times: ReadonlyMap<number, number[]>): Map<number, Moments> {
  return new Map([...times].map(([slot, values]) => [slot, momentsOf(values)]));
}

function momentsOf(values: readonly number[]): Moments {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  // As a template keeps it, so that it compares the same before and after.
  return { n, mean: Math.fround(mean), variance: Math.fround(variance) };
}

/** Of all times together, whatever the order of the parts. */
export function pool(parts: readonly Moments[]): Moments {
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const mean = parts.reduce((sum, part) => sum + part.n * part.mean, 0) / n;
  const squares = parts.reduce((sum, part) => sum + part.n * (part.variance + (part.mean - mean) ** 2), 0);
  return { n, mean, variance: squares / n };
}

export function poolStatistics(parts: readonly TypingStatistics[]): TypingStatistics {
  const pooled = (kind: Kind): Map<number, Moments> => {
    const bySlot = new Map<number, Moments[]>();
    for (const part of parts) {
      for (const [slot, moments] of part[kind]) bySlot.set(slot, [...(bySlot.get(slot) ?? []), moments]);
    }
    return new Map([...bySlot].map(([slot, moments]) => [slot, pool(moments)]));
  };
  return { hold: pooled('hold'), digraph: pooled('digraph') };
}

/** Keystrokes that were held for a time that counts. */
export function keystrokesIn(statistics: TypingStatistics): number {
  return [...statistics.hold.values()].reduce((sum, { n }) => sum + n, 0);
}
