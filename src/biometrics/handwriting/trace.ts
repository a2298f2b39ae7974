/**
 * A handwriting trace as a client sends it: JSON in UTF-8, documented for authors of clients in
 * docs/handwriting-trace.md.
 */
import { z } from 'zod';
import { StatusError } from '../../call/index.js';

const TRACE_VERSION = 1;

/** Bytes of the JSON. */
const MOST_BYTES = 256 * 1024;
const MOST_STROKES = 500;
/** Of all strokes together: half a minute at 200 points a second. */
const MOST_POINTS = 6_000;
/** From the first point to the last, in ms. */
const LONGEST_MS = 30_000;
/** Far beyond any screen or tablet in any unit, and far from where 32-bit floats lose a unit. */
const FARTHEST = 1e6;

/** A point while the pen is down. */
export interface TracePoint {
  /** Milliseconds from any moment, the same for the whole trace. */
  t: number;
  /** To the right and down, in any unit, the same on both axes. */
  x: number;
  y: number;
  /** Pressure, 0..1; null where the device has none. */
  pressure: number | null;
}

export interface Trace {
  /** From pen down to pen up each, in the order of writing; none is empty. */
  strokes: TracePoint[][];
  /** Whether every point has a pressure; otherwise none has. */
  hasPressure: boolean;
}

const coordinate = z.number().min(-FARTHEST).max(FARTHEST);
const time = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const withoutPressure = z.tuple([time, coordinate, coordinate]);
const withPressure = z.tuple([time, coordinate, coordinate, z.number().min(0).max(1)]);

const stroke = z.array(z.union([withPressure, withoutPressure])).min(1, 'a stroke has at least one point');

const schema = z
  .strictObject({ version: z.literal(TRACE_VERSION), strokes: z.array(stroke).min(1).max(MOST_STROKES) })
  .superRefine(({ strokes }, ctx) => {
    const message = problemWith(strokes.flat());
    if (message) ctx.addIssue({ code: 'custom', message });
  });

/** What is wrong with the points as a whole, or null. */
function problemWith(points: readonly z.infer<typeof stroke>[number][]): string | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  if (points.length > MOST_POINTS) return `it has more than ${MOST_POINTS} points`;
  if (points.some(({ length }) => length !== first.length)) {
    return 'either every point has a pressure or none has';
  }
  if (points.some(([t], index) => t < (points[index - 1]?.[0] ?? 0))) {
    return 'its points are not in the order of time';
  }
  return last[0] - first[0] > LONGEST_MS ? `it is longer than ${LONGEST_MS / 1000} s` : null;
}

/**
 * Reads a trace.
 *
 * @throws StatusError TRACE_UNREADABLE for everything that is not one, with the first problem in words
 */
export function parseTrace(bytes: Uint8Array): Trace {
  if (bytes.byteLength > MOST_BYTES) throw unreadable(`it has more than ${MOST_BYTES} bytes`);
  const parsed = schema.safeParse(jsonOf(bytes));
  if (!parsed.success) throw unreadable(problemOf(parsed.error), parsed.error);
  const strokes = parsed.data.strokes.map((points) =>
    points.map(([t, x, y, pressure]) => ({ t, x, y, pressure: pressure ?? null })),
  );
  return { strokes, hasPressure: strokes[0]?.[0]?.pressure !== null };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw unreadable('it is not JSON in UTF-8', cause);
  }
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'it is not of this form';
  const path = issue.path.join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function unreadable(problem: string, cause?: unknown): StatusError {
  const message = `The trace cannot be read: ${problem}. docs/handwriting-trace.md has the form.`;
  return new StatusError('TRACE_UNREADABLE', message, {}, { cause });
}
