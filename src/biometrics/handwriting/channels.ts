/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { Sequence } from './dtw.js';
import { mean, STEP_MS, type Trajectory } from './trajectory.js';

/** Movement at every sample of a trajectory; lengths in its unit, times in seconds. */
export interface Movement {
  dx: Float32Array;
  dy: Float32Array;
  speed: Float32Array;
  /** Change of speed. */
  acceleration: Float32Array;
}

export function movementOf({ x, y }: Trajectory): Movement {
  const [dx, dy] = [derivative(x), derivative(y)];
  const speed = dx.map((value, i) => Math.hypot(value, dy[i]!));
  return { dx, dy, speed, acceleration: derivative(speed) };
}

/** Slope of the line through five samples: a difference of two would be mostly the device's rounding. */
function derivative(values: Float32Array): Float32Array {
  const last = values.length - 1;
  const at = (i: number): number => values[Math.min(last, Math.max(0, i))]!;
  return values.map(
    (_, i) => ((2 * (at(i + 2) - at(i - 2)) + at(i + 1) - at(i - 1)) / 10) * (1000 / STEP_MS),
  );
}

/**
 * What is warped: place, movement, direction and speed, and the pressure if asked for, each with mean 0 and deviation 1
 * within the trajectory, so that no channel outweighs another.
 */
export function channelsOf(trajectory: Trajectory, withPressure: boolean): Sequence {
  const { x, y, pressure } = trajectory;
  const { dx, dy, speed, acceleration } = movementOf(trajectory);
  // Where the pen stands still it has no direction.
  const towards = (part: Float32Array): Float32Array =>
    part.map((value, i) => (speed[i]! > 0 ? value / speed[i]! : 0));
  const channels = [x, y, dx, dy, towards(dx), towards(dy), speed, acceleration];
  if (withPressure) channels.push(pressure);
  const frames = new Float32Array(x.length * channels.length);
  for (const [k, channel] of channels.entries()) {
    const centre = mean(channel);
    const deviation = deviationOf(channel, centre);
    const scale = deviation > 0 ? 1 / deviation : 0;
    for (let i = 0; i < channel.length; i++) frames[i * channels.length + k] = (channel[i]! - centre) * scale;
  }
  return { frames, width: channels.length, length: x.length };
}

export function deviationOf(values: Float32Array, centre = mean(values)): number {
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}
