/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { Box, FivePoints, Point } from './finding.js';

/**
 * A plane map without shear: `x' = a x - b y + tx`, `y' = b x + a y + ty`. Scale is `hypot(a, b)`, rotation
 * `atan2(b, a)` (clockwise on a screen, where y grows downwards).
 */
export interface Similarity {
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/** Index ranges of the iBUG-68 points. */
const LEFT_EYE = [36, 37, 38, 39, 40, 41];
const RIGHT_EYE = [42, 43, 44, 45, 46, 47];
const MOUTH = Array.from({ length: 20 }, (_, i) => 48 + i);

/**
 * The similarity that maps `from` onto `to` with the least sum of squared distances (Umeyama 1991, without
 * reflection). At least two distinct points.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const f = mean(from);
  const t = mean(to);
  let dot = 0;
  let cross = 0;
  let norm = 0;
  from.forEach((p, i) => {
    const q = to[i]!;
    const [x, y, u, v] = [p.x - f.x, p.y - f.y, q.x - t.x, q.y - t.y];
    dot += x * u + y * v;
    cross += x * v - y * u;
    norm += x * x + y * y;
  });
  const a = dot / norm;
  const b = cross / norm;
  return { a, b, tx: t.x - a * f.x + b * f.y, ty: t.y - b * f.x - a * f.y };
}

export function apply({ a, b, tx, ty }: Similarity, { x, y }: Point): Point {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty };
}

export function invert({ a, b, tx, ty }: Similarity): Similarity {
  const n = a * a + b * b;
  return { a: a / n, b: -b / n, tx: -(a * tx + b * ty) / n, ty: (b * tx - a * ty) / n };
}

/** First `inner`, then `outer`. */
export function compose(outer: Similarity, inner: Similarity): Similarity {
  const { x: tx, y: ty } = apply(outer, { x: inner.tx, y: inner.ty });
  return {
    a: outer.a * inner.a - outer.b * inner.b,
    b: outer.b * inner.a + outer.a * inner.b,
    tx,
    ty,
  };
}

/** Degrees from `q` to `p` the short way round, -180..180. */
export function turnBetween(p: number, q: number): number {
  return ((((p - q + 180) % 360) + 360) % 360) - 180;
}

/** From the pixels of a `size`×`size` crop to the picture: a square of `side` about `centre`, turned by `roll` degrees. */
export function squareCrop(centre: Point, side: number, roll: number, size: number): Similarity {
  const scale = side / size;
  const a = scale * Math.cos(radians(roll));
  const b = scale * Math.sin(radians(roll));
  const half = size / 2;
  return { a, b, tx: centre.x - a * half + b * half, ty: centre.y - b * half - a * half };
}

export function mean(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const p of points) {
    x += p.x;
    y += p.y;
  }
  return { x: x / points.length, y: y / points.length };
}

export function distance(p: Point, q: Point): number {
  return Math.hypot(p.x - q.x, p.y - q.y);
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Degrees by which the line from `left` to `right` falls clockwise from the horizontal, -180..180. */
export function rollOf(left: Point, right: Point): number {
  return (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI;
}

export function centreOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Intersection over union, 0..1. */
export function overlap(p: Box, q: Box): number {
  const w = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
  const h = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (p.width * p.height + q.width * q.height - w * h);
}

/** Non-maximum suppression: best score first, without boxes that overlap a better one by more than `maxOverlap`. */
export function suppress<T extends { box: Box; score: number }>(
  found: readonly T[],
  maxOverlap: number,
): T[] {
  const kept: T[] = [];
  for (const each of [...found].sort((p, q) => q.score - p.score)) {
    if (kept.every((other) => overlap(other.box, each.box) <= maxOverlap)) kept.push(each);
  }
  return kept;
}

/** The alignment points of 68 landmarks. Eyes are taken from the lids, which move less than the corners with yaw. */
export function fivePoints(points: readonly Point[]): FivePoints {
  const of = (...indices: number[]): Point => mean(pick(points, indices));
  return [of(37, 38, 40, 41), of(43, 44, 46, 47), of(30), of(48, 60), of(54, 64)];
}

/** Centre (mean of six points) and width (corner to corner) of each eye. */
export function eyesOf(points: readonly Point[]): { left: Eye; right: Eye } {
  return {
    left: { centre: mean(pick(points, LEFT_EYE)), width: distance(points[36]!, points[39]!) },
    right: { centre: mean(pick(points, RIGHT_EYE)), width: distance(points[42]!, points[45]!) },
  };
}

export interface Eye {
  centre: Point;
  width: number;
}

export function mouthCentre(points: readonly Point[]): Point {
  return mean(pick(points, MOUTH));
}

function pick(points: readonly Point[], indices: readonly number[]): Point[] {
  return indices.map((index) => points[index]!);
}
