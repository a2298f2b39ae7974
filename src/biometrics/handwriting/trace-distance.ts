/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { channelsOf } from './channels.js';
import { dtwDistance, type Sequence } from './dtw.js';
import { globalFeatures } from './global-features.js';
import { EXPECTED_DISTANCE, FEATURE_SPREAD } from './trace-population.js';
import type { Trajectory } from './trajectory.js';

/** Weight of the global features beside the warped distance. */
const GLOBAL_WEIGHT = 0.6;
/** One odd feature counts no more than this many deviations. */
const MOST_DEVIATIONS = 4;
/** Traces that the population's spread of a feature weighs as much as, beside the reference's own. A guess. */
const PRIOR_WEIGHT = 4;
/** References are never taken to be more alike than this share of what is expected: copies would match nothing. A guess. */
const LEAST_SHARE = 0.5;

export interface TraceDistance {
  /** 1 to 2 for the writer, in units of how far the reference's own traces lie apart; without an upper end. */
  distance: number;
  /** Whether pressure was compared: only where every trace has one. */
  withPressure: boolean;
}

/** What of a reference is the same for every probe. */
export interface PreparedTraces {
  withPressure: boolean;
  channels: Sequence[];
  features: Readonly<Record<string, number>>[];
  /** Mean distance of a trace to the nearest other one, and to any other one. */
  own: { nearest: number; mean: number };
}

/** How far a trace is from a reference of several; with pressure only where every one of them has it. */
export function traceDistance(probe: Trajectory, reference: readonly Trajectory[]): TraceDistance {
  const withPressure = [probe, ...reference].every(({ hasPressure }) => hasPressure);
  return { distance: distanceTo(prepareTraces(reference, withPressure), probe), withPressure };
}

export function prepareTraces(reference: readonly Trajectory[], withPressure: boolean): PreparedTraces {
  const channels = reference.map((each) => channelsOf(each, withPressure));
  const own = ownDistances(channels.map((a, i) => channels.map((b, j) => (j > i ? dtwDistance(a, b) : 0))));
  const expected = EXPECTED_DISTANCE[withPressure ? 'withPressure' : 'withoutPressure'];
  const atLeast = (value: number | null): number => Math.max(value ?? expected, LEAST_SHARE * expected);
  return {
    withPressure,
    channels,
    features: reference.map((each) => globalFeatures(each, withPressure)),
    own: { nearest: atLeast(own.nearest), mean: atLeast(own.mean) },
  };
}

/**
 *   (nearest / own nearest + mean / own mean) / 2 + weight * mean(min(|feature - centre| / spread, 4))
 *
 * with the distances of `dtw.ts`, "own" those of the reference's traces among themselves.
 */
export function distanceTo(
  { withPressure, channels, features, own }: PreparedTraces,
  probe: Trajectory,
): number {
  const probed = channelsOf(probe, withPressure);
  const distances = channels.map((each) => dtwDistance(probed, each));
  const warped = (Math.min(...distances) / own.nearest + meanOf(distances) / own.mean) / 2;
  return warped + GLOBAL_WEIGHT * featureDistance(globalFeatures(probe, withPressure), features);
}

/** Of the upper triangle of distances: null for a single trace, which has no other. */
function ownDistances(upper: readonly number[][]): { nearest: number | null; mean: number | null } {
  if (upper.length < 2) return { nearest: null, mean: null };
  const between = (i: number, j: number): number => (i < j ? upper[i]![j]! : upper[j]![i]!);
  const others = upper.map((_, i) => upper.flatMap((_row, j) => (i === j ? [] : [between(i, j)])));
  return {
    nearest: meanOf(others.map((each) => Math.min(...each))),
    mean: meanOf(others.flat()),
  };
}

function featureDistance(
  probe: Readonly<Record<string, number>>,
  held: readonly Readonly<Record<string, number>>[],
): number {
  const deviations = Object.entries(probe).map(([name, value]) => {
    const values = held.map((features) => features[name]!);
    const centre = meanOf(values);
    const squares = values.reduce((sum, each) => sum + (each - centre) ** 2, 0);
    const prior = PRIOR_WEIGHT * FEATURE_SPREAD[name]! ** 2;
    const spread = Math.sqrt((squares + prior) / (values.length - 1 + PRIOR_WEIGHT));
    return Math.min(Math.abs(value - centre) / spread, MOST_DEVIATIONS);
  });
  return meanOf(deviations);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
