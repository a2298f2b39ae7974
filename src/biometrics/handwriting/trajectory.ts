/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { Trace, TracePoint } from './trace.js';

/** Milliseconds between two samples: tablets deliver 100 to 200 points a second, a mouse and a finger 60 to 125. */
export const STEP_MS = 10;
/**
 * A pause between two strokes counts at most this long, in ms: a longer one is thought, not movement. A guess.
 */
const LONGEST_PAUSE_MS = 500;
/** Least pressure of a pen that is down: 0 says that it is up. */
const LIGHTEST = 1e-3;

/**
 * Writing as evenly spaced samples of time, whatever device it came from. The origin is the mean of the samples and the
 * unit their root mean square distance from it: where on the surface it was written, and how large, is gone.
 */
export interface Trajectory {
  x: Float32Array;
  y: Float32Array;
  /** 0 while the pen is up, otherwise the pressure up to 1; 1 where the device has no pressure. */
  pressure: Float32Array;
  hasPressure: boolean;
}

/**
 * A trace at `STEP_MS`, linear between its points. While the pen is up it moves in a straight line: hovering is told by
 * some devices only, and must not tell devices apart.
 */
export function trajectoryOf({ strokes, hasPressure }: Trace): Trajectory {
  const points = continuous(strokes);
  const first = points[0]!;
  const length = Math.floor((points.at(-1)!.t - first.t) / STEP_MS) + 1;
  const x = new Float32Array(length);
  const y = new Float32Array(length);
  const pressure = new Float32Array(length);
  let after = 0;
  for (let i = 0; i < length; i++) {
    const at = first.t + i * STEP_MS;
    while (after < points.length - 1 && points[after]!.t < at) after++;
    const b = points[after]!;
    const a = points[Math.max(0, after - 1)]!;
    const share = b.t > a.t ? Math.min(1, (at - a.t) / (b.t - a.t)) : 1;
    const between = (from: number, to: number): number => from + share * (to - from);
    x[i] = between(a.x, b.x);
    y[i] = between(a.y, b.y);
    const lifted = b.first && share < 1;
    pressure[i] = lifted ? 0 : b.first ? b.pressure : between(a.pressure, b.pressure);
  }
  standardise(x, y);
  return { x, y, pressure, hasPressure };
}

interface Point {
  t: number;
  x: number;
  y: number;
  pressure: number;
  /** Whether the pen comes down here. */
  first: boolean;
}

/** All points in one row, long pauses cut short. */
function continuous(strokes: readonly TracePoint[][]): Point[] {
  const points: Point[] = [];
  let cut = 0;
  for (const stroke of strokes) {
    for (const [index, { t, x, y, pressure }] of stroke.entries()) {
      const before = points.at(-1);
      if (index === 0 && before) cut += Math.max(0, t - cut - before.t - LONGEST_PAUSE_MS);
      points.push({
        t: t - cut,
        x,
        y,
        pressure: pressure === null ? 1 : Math.max(LIGHTEST, pressure),
        first: index === 0,
      });
    }
  }
  return points;
}

function standardise(x: Float32Array, y: Float32Array): void {
  const [cx, cy] = [mean(x), mean(y)];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! - cx) ** 2 + (y[i]! - cy) ** 2;
  const radius = Math.sqrt(sum / x.length);
  const scale = radius > 0 ? 1 / radius : 0;
  for (let i = 0; i < x.length; i++) {
    x[i] = (x[i]! - cx) * scale;
    y[i] = (y[i]! - cy) * scale;
  }
}

export function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Less writing than this, in ms with the pen down, is a dot or a dash. A guess: the shortest signatures take a second. */
const SHORTEST_MS = 500;

/** Whether there is enough in a trajectory to compare. */
export function isWriting({ x, y, pressure }: Trajectory): boolean {
  const down = pressure.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  const moved = x.some((value, i) => value !== 0 || y[i] !== 0);
  return moved && down * STEP_MS >= SHORTEST_MS;
}
