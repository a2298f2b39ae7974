/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { Ink } from './ink.js';

/** Length of either leg, in steps along the contour. */
const LEG = 8;
/** Directions that a full turn is divided into. */
const DIRECTIONS = 16;
export const HINGE_BINS = DIRECTIONS * DIRECTIONS;

/** Steps east, south, west, north. */
const STEP_X = [1, 0, -1, 0] as const;
const STEP_Y = [0, 1, 0, -1] as const;

/**
 * How the contour of the ink bends: at every step, the directions of the two legs of a hinge laid on it (Bulacu and
 * Schomaker 2007). Counts, by the direction ahead and the direction back.
 */
export function hinge(ink: Ink): Float32Array {
  const bins = new Float32Array(HINGE_BINS);
  for (const { xs, ys } of contours(ink)) {
    const length = xs.length;
    if (length < 3 * LEG) continue;
    for (let i = 0; i < length; i++) {
      const ahead = (i + LEG) % length;
      const back = (i - LEG + length) % length;
      const a = direction(xs[ahead]! - xs[i]!, ys[ahead]! - ys[i]!);
      const b = direction(xs[back]! - xs[i]!, ys[back]! - ys[i]!);
      bins[a * DIRECTIONS + b]! += 1;
    }
  }
  return bins;
}

function direction(dx: number, dy: number): number {
  const turn = Math.atan2(dy, dx) / (2 * Math.PI) + 1;
  return Math.floor(turn * DIRECTIONS) % DIRECTIONS;
}

/** The corners of the pixel edges between ink and paper, along each contour, ink on the right. */
function contours({ width, height, mask }: Ink): { xs: number[]; ys: number[] }[] {
  const isInk = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1;
  const stride = width + 1;
  /** Edges that leave a corner, a bit for each direction. */
  const leaving = new Uint8Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isInk(x, y)) continue;
      if (!isInk(x, y - 1)) leaving[y * stride + x]! |= 1 << 0;
      if (!isInk(x + 1, y)) leaving[y * stride + x + 1]! |= 1 << 1;
      if (!isInk(x, y + 1)) leaving[(y + 1) * stride + x + 1]! |= 1 << 2;
      if (!isInk(x - 1, y)) leaving[(y + 1) * stride + x]! |= 1 << 3;
    }
  }
  const found: { xs: number[]; ys: number[] }[] = [];
  for (let start = 0; start < leaving.length; start++) {
    while (leaving[start] !== 0) {
      const [xs, ys]: [number[], number[]] = [[], []];
      let at = start;
      let heading = 0;
      // As many edges enter a corner as leave it: the walk can only end where it began.
      while (leaving[at] !== 0) {
        // To the right first: pixels that touch at a corner only are not one.
        const turn = [1, 0, 3, 2].find((by) => (leaving[at]! & (1 << ((heading + by) % 4))) !== 0)!;
        heading = (heading + turn) % 4;
        leaving[at]! &= ~(1 << heading);
        xs.push(at % stride);
        ys.push(Math.floor(at / stride));
        at += STEP_X[heading]! + STEP_Y[heading]! * stride;
      }
      found.push({ xs, ys });
    }
  }
  return found;
}
