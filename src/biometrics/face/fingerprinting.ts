/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { FINGERPRINT_SIDE } from './fingerprint.js';
import { levelOf, type Picture, type Raster } from './picture.js';

/** Halved copies are good enough to average from until their shorter side falls below this. */
const MIN_SIDE = 160;

/** Luma is summed in thousandths, so that whole numbers are added. */
const LUMA_UNIT = 1000;

/** The fingerprint of a picture, whatever its size: `fingerprint.ts` compares them. */
export function fingerprintOf(picture: Picture): Uint8Array {
  const { width, height } = picture.levels[0];
  const level = Math.max(0, Math.floor(Math.log2(Math.min(width, height) / MIN_SIDE)));
  // Halving drops an odd row or column; the cells are laid over the whole picture nevertheless.
  return cellMeans(levelOf(picture, level), width / 2 ** level, height / 2 ** level);
}

/** Mean luma of each cell; a pixel on a border counts for both cells by its area. */
function cellMeans({ data, width, height }: Raster, across: number, down: number): Uint8Array {
  const columns = shares(width, across);
  const rows = shares(height, down);
  const side = FINGERPRINT_SIDE;
  // One cell more each way takes the zero shares of the last row and column.
  const sums = new Float64Array((side + 1) * (side + 1));
  const line = new Float64Array(side + 1);
  for (let y = 0, p = 0; y < height; y++) {
    line.fill(0);
    let at = 0;
    let sum = 0;
    for (let x = 0; x < width; x++, p += 3) {
      const luma = 299 * data[p]! + 587 * data[p + 1]! + 114 * data[p + 2]!;
      if (columns.cell[x] !== at) {
        line[at]! += sum;
        sum = 0;
        at = columns.cell[x]!;
      }
      const share = columns.share[x]!;
      if (share === 1) sum += luma;
      else {
        sum += luma * share;
        line[at + 1]! += luma * (1 - share);
      }
    }
    line[at]! += sum;
    const row = rows.cell[y]! * (side + 1);
    const upper = rows.share[y]!;
    for (let cell = 0; cell <= side; cell++) {
      sums[row + cell]! += line[cell]! * upper;
      sums[row + side + 1 + cell]! += line[cell]! * (1 - upper);
    }
  }
  const means = new Uint8Array(side * side);
  for (let i = 0; i < means.length; i++) {
    const [row, column] = [Math.floor(i / side), i % side];
    const area = rows.total[row]! * columns.total[column]! * LUMA_UNIT;
    means[i] = area > 0 ? Math.round(sums[row * (side + 1) + column]! / area) : 0;
  }
  return means;
}

interface Shares {
  /** For each pixel of a line, the first cell it lies in and its share there; the rest is the next cell's. */
  cell: Int32Array;
  share: Float64Array;
  /** For each cell, the pixels it got. Cells of a picture smaller than the grid may get none. */
  total: Float64Array;
}

/** How `count` pixels fall on cells that divide `extent` >= `count` pixels evenly. */
function shares(count: number, extent: number): Shares {
  const cell = new Int32Array(count);
  const share = new Float64Array(count);
  const total = new Float64Array(FINGERPRINT_SIDE + 1);
  const length = extent / FINGERPRINT_SIDE;
  for (let i = 0; i < count; i++) {
    const first = Math.min(FINGERPRINT_SIDE - 1, Math.floor(i / length));
    cell[i] = first;
    share[i] = first === FINGERPRINT_SIDE - 1 ? 1 : Math.min(1, (first + 1) * length - i);
    total[first]! += share[i]!;
    total[first + 1]! += 1 - share[i]!;
  }
  return { cell, share, total };
}
