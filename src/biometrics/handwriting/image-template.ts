/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
/**
 * Writing in a picture as the floats of a template: the version of this layout, then four families of shares, each
 * summing to 1 (`FAMILIES` has their order and lengths).
 */
import { hinge, HINGE_BINS } from './hinge.js';
import type { Ink } from './ink.js';

const LAYOUT = 1;

interface Grid {
  columns: number;
  rows: number;
}

const ORIENTATIONS = 8;
const ORIENTATION_GRID: Grid = { columns: 6, rows: 3 };
const DENSITY_GRID: Grid = { columns: 10, rows: 5 };
/** Run lengths by their logarithm to base 2: 1, 2 to 3, 4 to 7, …, 256 and more. */
const RUN_BINS = 9;

const FAMILIES = [
  { name: 'hinge', length: HINGE_BINS, of: hinge },
  {
    name: 'orientation',
    length: ORIENTATION_GRID.columns * ORIENTATION_GRID.rows * ORIENTATIONS,
    of: orientations,
  },
  { name: 'runs', length: 4 * RUN_BINS, of: runs },
  { name: 'density', length: DENSITY_GRID.columns * DENSITY_GRID.rows, of: density },
] as const;

export type ImageFamily = (typeof FAMILIES)[number]['name'];

export function imageVector(ink: Ink): Float32Array {
  const vector = new Float32Array(1 + FAMILIES.reduce((sum, { length }) => sum + length, 0));
  vector[0] = LAYOUT;
  let offset = 1;
  for (const { length, of } of FAMILIES) {
    const counts = of(ink);
    const total = counts.reduce((sum, value) => sum + value, 0);
    if (total > 0)
      vector.set(
        counts.map((value) => value / total),
        offset,
      );
    offset += length;
  }
  return vector;
}

/**
 * The families of a template by name.
 *
 * @throws Error for what `imageVector` did not make: a seal vouches for a template, so it is a fault of ours
 */
export function imageFamilies(vector: Float32Array): Record<ImageFamily, Float32Array> {
  const expected = 1 + FAMILIES.reduce((sum, { length }) => sum + length, 0);
  if (vector[0] !== LAYOUT || vector.length !== expected) throw new Error('not an image template');
  let offset = 1;
  const parts = FAMILIES.map(({ name, length }) => {
    const part = vector.subarray(offset, offset + length);
    offset += length;
    return [name, part] as const;
  });
  return Object.fromEntries(parts) as Record<ImageFamily, Float32Array>;
}

/** Directions of the edges of the ink, in a grid over it. */
function orientations({ width, height, mask }: Ink): Float32Array {
  const bins = new Float32Array(ORIENTATION_GRID.columns * ORIENTATION_GRID.rows * ORIENTATIONS);
  // Without the outermost pixels, which have no neighbours.
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      // Sobel: a mask's own differences know eight directions only.
      const i = y * width + x;
      const up = i - width;
      const down = i + width;
      const right = mask[up + 1]! + 2 * mask[i + 1]! + mask[down + 1]!;
      const left = mask[up - 1]! + 2 * mask[i - 1]! + mask[down - 1]!;
      const below = mask[down - 1]! + 2 * mask[down]! + mask[down + 1]!;
      const above = mask[up - 1]! + 2 * mask[up]! + mask[up + 1]!;
      const gx = right - left;
      const gy = below - above;
      if (gx === 0 && gy === 0) continue;
      const half = Math.atan2(gy, gx) / Math.PI + 1;
      const bin = Math.floor(half * ORIENTATIONS) % ORIENTATIONS;
      const strength = Math.hypot(gx, gy);
      spread(bins, ORIENTATION_GRID, ORIENTATIONS, bin, x / width, y / height, strength);
    }
  }
  return bins;
}

/** Lengths of runs of ink and of the paper between them, along rows and along columns. */
function runs({ width, height, mask }: Ink): Float32Array {
  const bins = new Float32Array(4 * RUN_BINS);
  const scan = (
    lines: number,
    length: number,
    at: (line: number, i: number) => number,
    family: number,
  ): void => {
    for (let line = 0; line < lines; line++) {
      let run = 0;
      let before = -1;
      for (let i = 0; i <= length; i++) {
        const value = i < length ? at(line, i) : -1;
        if (value === before) run++;
        else {
          // Paper at the beginning and the end of a line is not between ink.
          const inside = before === 1 || (before === 0 && i < length && run < i);
          if (inside) bins[(family + before) * RUN_BINS + binOf(run)]! += 1;
          run = 1;
          before = value;
        }
      }
    }
  };
  scan(height, width, (y, x) => mask[y * width + x]!, 0);
  scan(width, height, (x, y) => mask[y * width + x]!, 2);
  return bins;
}

function binOf(run: number): number {
  return Math.min(RUN_BINS - 1, Math.floor(Math.log2(run)));
}

/** Where the ink is, in a grid over it. */
function density({ width, height, mask }: Ink): Float32Array {
  const bins = new Float32Array(DENSITY_GRID.columns * DENSITY_GRID.rows);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] === 0) continue;
      spread(bins, DENSITY_GRID, 1, 0, x / width, y / height, 1);
    }
  }
  return bins;
}

/**
 * Shares a weight at (u, v), both 0..1, among the four cells around it: writing that is moved by a little must not
 * change cells at once.
 *
 * @param depth bins of each cell, of which `bin` is meant
 */
function spread(
  bins: Float32Array,
  { columns, rows }: Grid,
  depth: number,
  bin: number,
  u: number,
  v: number,
  weight: number,
): void {
  const x = Math.min(columns - 1, Math.max(0, u * columns - 0.5));
  const y = Math.min(rows - 1, Math.max(0, v * rows - 0.5));
  const left = Math.floor(x);
  const top = Math.floor(y) * columns;
  const right = Math.min(columns - 1, left + 1);
  const bottom = Math.min(rows - 1, Math.floor(y) + 1) * columns;
  const fx = x - left;
  const fy = y - Math.floor(y);
  bins[(top + left) * depth + bin]! += weight * (1 - fx) * (1 - fy);
  bins[(top + right) * depth + bin]! += weight * fx * (1 - fy);
  bins[(bottom + left) * depth + bin]! += weight * (1 - fx) * fy;
  bins[(bottom + right) * depth + bin]! += weight * fx * fy;
}
