/** A dataset of a client, as docs/interaction-format.md has it, read and checked. */
import { parse } from 'secure-json-parse';
import { z } from 'zod';
import { invalidFields, type StatusError } from '../../call/index.js';
import { classOf, type KeyClass } from './keys.js';

/** All times in milliseconds on any clock that only goes forward within one recording. */
export interface Keystroke {
  key: KeyClass;
  press: number;
  release: number;
}

/** Keys typed in one go. */
export interface Stretch {
  /** Which text everybody types here, by the name the client gives it; null for text of one's own. */
  text: string | null;
  keystrokes: Keystroke[];
}

export interface PathPoint {
  t: number;
  /** CSS pixels. */
  x: number;
  y: number;
}

/** One movement of the mouse, from rest to rest or to a click. */
export type MouseAction = PathPoint[];

export interface Recording {
  typing: Stretch[];
  mouse: MouseAction[];
}

/** Of one dataset. A long text is some 3,000 keys; whoever has more sends two. */
export const LIMITS = {
  characters: 1_048_576,
  stretches: 100,
  keystrokes: 5_000,
  actions: 500,
  points: 20_000,
} as const;

/** JSON values that a dataset within the limits can hold; looked at before any of them is checked. */
const MOST_COMMAS = 3 * (LIMITS.keystrokes + LIMITS.points) + LIMITS.actions + 5 * LIMITS.stretches;
const MOST_PROBLEMS = 5;

const time = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const coordinate = z.number().min(-1e6).max(1e6);

/** A check of what was read as a whole. A transform, because a refinement also runs where a part could not be read. */
function reading<Given, Read>(read: (given: Given) => Read, problemOf: (read: Read) => string | null) {
  return (given: Given, ctx: z.RefinementCtx<Given>): Read => {
    const made = read(given);
    const problem = problemOf(made);
    if (problem === null) return made;
    ctx.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  };
}

const keystroke = z.tuple([z.string().min(1).max(32), time, time]).transform(
  reading(
    ([key, press, release]): Keystroke => ({ key: classOf(key), press, release }),
    ({ press, release }) => (release < press ? 'is released before it is pressed' : null),
  ),
);

const stretch = z
  .strictObject({
    text: z.string().min(1).max(128).nullable().default(null),
    keys: z.array(keystroke).max(LIMITS.keystrokes),
  })
  .transform(
    reading(
      ({ text, keys }): Stretch => ({ text, keystrokes: keys }),
      ({ keystrokes }) =>
        inOrder(keystrokes.map(({ press }) => press))
          ? null
          : 'keys must be in the order they were pressed in',
    ),
  );

const point = z.tuple([time, coordinate, coordinate]).transform(([t, x, y]): PathPoint => ({ t, x, y }));
const action = z
  .array(point)
  .min(1)
  .transform(
    reading(
      (points): MouseAction => points,
      (points) => (inOrder(points.map(({ t }) => t)) ? null : 'points must be in the order of time'),
    ),
  );

const recording = z
  .strictObject({
    format: z.literal('probity-interaction'),
    version: z.literal(1),
    typing: z.array(stretch).max(LIMITS.stretches).default([]),
    mouse: z.array(action).max(LIMITS.actions).default([]),
  })
  .transform(reading(({ typing, mouse }): Recording => ({ typing, mouse }), tooMuch));

function tooMuch({ typing, mouse }: Recording): string | null {
  if (total(typing.map(({ keystrokes }) => keystrokes.length)) > LIMITS.keystrokes)
    return `typing has more than ${LIMITS.keystrokes} keys`;
  return total(mouse.map((points) => points.length)) > LIMITS.points
    ? `mouse has more than ${LIMITS.points} points`
    : null;
}

/** @throws StatusError INVALID_FIELDS about `dataset`, and nothing else whatever the text is */
export function readRecording(dataset: string): Recording {
  if (dataset.length > LIMITS.characters) throw refused(`may have at most ${LIMITS.characters} characters`);
  if (dataset.split(',').length > MOST_COMMAS) throw refused('has more keys or points than one dataset may');
  const read = recording.safeParse(json(dataset));
  if (read.success) return read.data;
  const problems = read.error.issues
    .slice(0, MOST_PROBLEMS)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the dataset'}: ${message}`);
  throw refused(`is not of this format: ${problems.join('; ')}`);
}

function json(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw refused('is not JSON');
  }
}

function refused(description: string): StatusError {
  return invalidFields([{ field: 'dataset', problem: 'bad_format', description }]);
}

function inOrder(times: readonly number[]): boolean {
  return times.every((at, index) => index === 0 || at >= (times[index - 1] ?? 0));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, each) => sum + each, 0);
}
