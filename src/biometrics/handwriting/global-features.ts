/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { deviationOf, movementOf } from './channels.js';
import { mean, STEP_MS, type Trajectory } from './trajectory.js';

/** Keeps a logarithm finite where there is nothing of its kind. */
const LEAST = 1e-3;
const log = (value: number): number => Math.log(Math.max(LEAST, value));

/**
 * Facts about a whole trace, by name. Logarithms where what matters is by how much one is larger than another. Where on
 * the surface and how large it was written are gone already (`trajectory.ts`).
 */
export function globalFeatures(
  trajectory: Trajectory,
  withPressure: boolean,
): Readonly<Record<string, number>> {
  return { ...shapeAndTime(trajectory), ...(withPressure ? pressureFeatures(trajectory) : {}) };
}

function shapeAndTime(trajectory: Trajectory): Record<string, number> {
  const { x, y, pressure } = trajectory;
  const { dx, dy, speed, acceleration } = movementOf(trajectory);
  const length = x.length;
  const down = pressure.map((value) => (value > 0 ? 1 : 0));
  const width = Math.max(...x) - Math.min(...x);
  const height = Math.max(...y) - Math.min(...y);
  const path = mean(speed);
  return {
    duration: log((length * STEP_MS) / 1000),
    penDown: mean(down),
    strokes: log(1 + risesOf(down)),
    aspect: log(width) - log(height),
    path: log((path * length * STEP_MS) / 1000),
    speedMean: log(path),
    speedPeak: log(Math.max(...speed)) - log(path),
    speedSpread: log(deviationOf(speed)) - log(path),
    speedDown: log(meanWhere(speed, down, 1)) - log(path),
    accelerationSpread: log(deviationOf(acceleration)),
    pauses: log(1 + share(speed, (value) => value < path / 4)),
    speedMinima: log(1 + minimaOf(speed)),
    turnsX: log(1 + turnsOf(dx)),
    turnsY: log(1 + turnsOf(dy)),
    rightwards: share(dx, (value) => value > 0),
    downwards: share(dy, (value) => value > 0),
    endX: x[length - 1]! - x[0]!,
    endY: y[length - 1]! - y[0]!,
    startX: x[0]!,
    startY: y[0]!,
    firstThirdX: mean(x.subarray(0, Math.ceil(length / 3))),
    lastThirdX: mean(x.subarray(Math.floor((2 * length) / 3))),
    spreadX: deviationOf(x),
    slant: correlation(x, y),
  };
}

function pressureFeatures(trajectory: Trajectory): Record<string, number> {
  const { pressure } = trajectory;
  const { speed } = movementOf(trajectory);
  const pressed = pressure.filter((value) => value > 0);
  const third = Math.ceil(pressed.length / 3);
  const level = mean(pressed);
  return {
    pressureMean: log(level),
    pressurePeak: log(Math.max(LEAST, ...pressed)) - log(level),
    pressureSpread: log(deviationOf(pressed)) - log(level),
    pressureStart: log(mean(pressed.subarray(0, third))) - log(level),
    pressureEnd: log(mean(pressed.subarray(-third))) - log(level),
    pressurePeaks: log(1 + minimaOf(pressed.map((value) => -value))),
    pressureWithSpeed: correlation(pressure, speed),
  };
}

function share(values: Float32Array, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  return values.length === 0 ? 0 : count / values.length;
}

function meanWhere(values: Float32Array, mask: Float32Array, is: number): number {
  return mean(values.filter((_, i) => mask[i] === is));
}

/** Times a value rises to 1, the beginning included. */
function risesOf(mask: Float32Array): number {
  let rises = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1 && (i === 0 || mask[i - 1] === 0)) rises++;
  return rises;
}

function minimaOf(values: Float32Array): number {
  let minima = 0;
  for (let i = 1; i + 1 < values.length; i++) {
    if (values[i]! < values[i - 1]! && values[i]! <= values[i + 1]!) minima++;
  }
  return minima;
}

/** Changes of sign, standing still left out. */
function turnsOf(values: Float32Array): number {
  let turns = 0;
  let before = 0;
  for (const value of values) {
    const sign = Math.sign(value);
    if (sign !== 0 && before !== 0 && sign !== before) turns++;
    if (sign !== 0) before = sign;
  }
  return turns;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const [ma, mb, sa, sb] = [mean(a), mean(b), deviationOf(a), deviationOf(b)];
  if (sa === 0 || sb === 0) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - ma) * (b[i]! - mb);
  return sum / (a.length * sa * sb);
}
