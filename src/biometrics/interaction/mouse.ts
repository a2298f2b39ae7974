/**
 * Mouse actions: a weak sign, since how a hand moves differs less between people than between mice. Ten features an
 * action, and a logistic regression of the user's actions against those of a background population.
 */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { MouseAction, PathPoint } from './recording.js';
import { clamp, columns, dot, mean, standardDeviation } from './statistics.js';

/** Users with a mouse that must be there to tell somebody from. */
export const LEAST_BACKGROUND = 15;
/** Points and pixels below which a movement has no shape. */
const LEAST = { points: 4, pixels: 10 };
/** Pixels per millisecond below which the pointer rests. */
const REST = 0.02;
/** Ridge penalty, against a weight of 100 for the user and 100 for the background. */
const PENALTY = 1;
const CLASS_WEIGHT = 100;
/** Newton steps at most; the ridge makes the loss strictly convex, and five to eight are usual. */
const STEPS = 10;
/** Change of every weight below which it stands still. */
const STILL = 1e-4;
/** What one action may say, in nats. */
const CLIP = 3;

export type ActionFeatures = readonly number[];
export const ACTION_FEATURES = 10;

/**
 * Null where the movement is too short to have a shape, or too quick to be one. In order: ln duration (ms), ln path (px), chord by path, ln mean
 * and ln greatest speed (px/ms), when it is greatest (share of the duration), deviation of speed by its mean, mean
 * turning angle (radians), share of steps at rest, ln mean acceleration (px/ms²).
 */
export function actionFeatures(points: MouseAction): ActionFeatures | null {
  const moved = points.filter(({ t }, index) => index === 0 || t > (points[index - 1]?.t ?? t));
  const steps = moved.slice(1).map((point, index) => stepOf(moved[index] ?? point, point));
  const path = steps.reduce((sum, { length }) => sum + length, 0);
  const [first, last] = [moved[0], moved.at(-1)];
  if (moved.length < LEAST.points || path < LEAST.pixels || !first || !last) return null;
  const duration = last.t - first.t;
  const speeds = steps.map(({ length, ms }) => length / ms);
  const greatest = speeds.indexOf(Math.max(...speeds));
  const turns = steps
    .slice(1)
    .map(({ angle }, index) => Math.abs(turn(angle - (steps[index]?.angle ?? angle))));
  const accelerations = speeds
    .slice(1)
    .map((speed, index) => Math.abs(speed - (speeds[index] ?? speed)) / (steps[index + 1]?.ms ?? 1));
  const features = [
    Math.log(duration),
    Math.log(path),
    Math.hypot(last.x - first.x, last.y - first.y) / path,
    Math.log(path / duration),
    Math.log(speeds[greatest] ?? 1),
    ((moved[greatest]?.t ?? first.t) - first.t) / duration,
    standardDeviation(speeds) / mean(speeds),
    mean(turns),
    mean(speeds.map((speed) => (speed < REST ? 1 : 0))),
    Math.log(1e-6 + mean(accelerations)),
  ].map(Math.fround);
  return features.every(Number.isFinite) ? features : null;
}

function stepOf(from: PathPoint, to: PathPoint): { length: number; ms: number; angle: number } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return { length: Math.hypot(dx, dy), ms: to.t - from.t, angle: Math.atan2(dy, dx) };
}

/** An angle between -π and π. */
function turn(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

/**
 * Mean clipped log-odds of actions; high is genuine.
 *
 * @param background of LEAST_BACKGROUND users or more, without this one
 */
export function fitMouse(
  user: readonly ActionFeatures[],
  background: readonly (readonly ActionFeatures[])[],
): (probe: readonly ActionFeatures[]) => number {
  const others = background.flat();
  const scales = columns(others).map((values) => ({
    centre: mean(values),
    spread: standardDeviation(values) || 1,
  }));
  const standardise = (action: ActionFeatures): number[] => [
    1,
    ...action.map((value, index) => {
      const { centre, spread } = scales[index] ?? { centre: 0, spread: 1 };
      return (value - centre) / spread;
    }),
  ];
  const weights = logisticRegression(user.map(standardise), others.map(standardise));
  return (probe) => mean(probe.map((action) => clamp(dot(standardise(action), weights), CLIP)));
}

/** Newton's method (IRLS). Both classes weigh the same, so that log-odds are log-likelihood ratios. */
function logisticRegression(own: readonly number[][], others: readonly number[][]): number[] {
  const rows = [
    ...own.map((x) => ({ x, y: 1, weight: CLASS_WEIGHT / own.length })),
    ...others.map((x) => ({ x, y: 0, weight: CLASS_WEIGHT / others.length })),
  ];
  const size = ACTION_FEATURES + 1;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < STEPS; step += 1) {
    const hessian = Matrix.eye(size).mul(PENALTY).to2DArray();
    const gradient = weights.map((value) => value * PENALTY);
    for (const { x, y, weight } of rows) {
      const p = 1 / (1 + Math.exp(-dot(x, weights)));
      const curvature = weight * p * (1 - p);
      x.forEach((a, index) => {
        gradient[index] = (gradient[index] ?? 0) + weight * (p - y) * a;
        const row = hessian[index] ?? [];
        for (let other = 0; other < size; other += 1) {
          // The product first: both halves are then the same to the last bit.
          row[other] = (row[other] ?? 0) + curvature * (a * (x[other] ?? 0));
        }
      });
    }
    const factors = new CholeskyDecomposition(new Matrix(hessian));
    const change = factors.solve(Matrix.columnVector(gradient)).to1DArray();
    weights = weights.map((value, index) => value - (change[index] ?? 0));
    if (change.every((each) => Math.abs(each) < STILL)) break;
  }
  return weights;
}
