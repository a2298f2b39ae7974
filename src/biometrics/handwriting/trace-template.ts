/**
 * A trajectory as the floats of a template:
 *
 *   0      version of this layout
 *   1      1 with pressure, 0 without
 *   2      n, the number of samples
 *   3 …    x of n samples, y of n, pressure of n, as in `trajectory.ts`
 */
import type { Trajectory } from './trajectory.js';

const LAYOUT = 1;
const HEADER = 3;

export function traceVector({ x, y, pressure, hasPressure }: Trajectory): Float32Array {
  const vector = new Float32Array(HEADER + 3 * x.length);
  vector.set([LAYOUT, hasPressure ? 1 : 0, x.length]);
  for (const [index, part] of [x, y, pressure].entries()) vector.set(part, HEADER + index * x.length);
  return vector;
}

/** @throws Error for what `traceVector` did not make: a seal vouches for a template, so it is a fault of ours */
export function trajectoryFrom(vector: Float32Array): Trajectory {
  const [layout, pressureFlag, length = -1] = vector;
  if (layout !== LAYOUT || vector.length !== HEADER + 3 * length) throw new Error('not a trace template');
  const part = (index: number): Float32Array =>
    vector.slice(HEADER + index * length, HEADER + (index + 1) * length);
  return { x: part(0), y: part(1), pressure: part(2), hasPressure: pressureFlag === 1 };
}
