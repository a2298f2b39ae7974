/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */

/** Frames of `width` numbers each, one after another. */
export interface Sequence {
  frames: Float32Array;
  width: number;
  length: number;
}

/** Half width of the band around the diagonal, as a share of either sequence (Sakoe and Chiba 1978). */
const BAND = 0.1;
/** Keeps what lies on the band's edge inside of it, whichever sequence comes first. */
const ROUNDING = 1e-9;

/**
 * Distance of two sequences under dynamic time warping: the L1 distance of their frames, a mean over channels, summed
 * along the best path with diagonal steps counted twice, and divided by the sum of the lengths (Sakoe and Chiba's
 * symmetric form). Zero for a sequence and itself, the same both ways; the triangle inequality does not hold.
 *
 * @throws RangeError for sequences of several widths, or without frames
 */
export function dtwDistance(a: Sequence, b: Sequence): number {
  if (a.width !== b.width || a.length === 0 || b.length === 0) {
    throw new RangeError('Two sequences need frames of one width');
  }
  const [n, m, width] = [a.length, b.length, a.width];
  const [first, second] = [a.frames, b.frames];
  // The diagonal's own neighbours are always in: without them, a short sequence would have no path.
  const shorter = Math.min(n, m) - 1;
  const band = shorter < 1 ? 1 : Math.max(BAND, 1 / shorter);
  const reach = band * (m - 1) + ROUNDING;
  let previous = new Float64Array(m + 1).fill(Infinity);
  let current = new Float64Array(m + 1).fill(Infinity);
  // Column j of the table is frame j - 1; the corner before both sequences is free.
  previous[0] = 0;
  for (let i = 0; i < n; i++) {
    const centre = n === 1 ? 0 : (i * (m - 1)) / (n - 1);
    const from = Math.max(0, Math.ceil(centre - reach));
    const to = Math.min(m - 1, Math.floor(centre + reach));
    current.fill(Infinity);
    for (let j = from; j <= to; j++) {
      let cost = 0;
      for (let k = 0, p = i * width, q = j * width; k < width; k++, p++, q++) {
        const difference = first[p]! - second[q]!;
        cost += difference < 0 ? -difference : difference;
      }
      cost /= width;
      const corner = previous[j]! + 2 * cost;
      const above = previous[j + 1]!;
      const before = current[j]!;
      const side = (above < before ? above : before) + cost;
      current[j + 1] = corner < side ? corner : side;
    }
    [previous, current] = [current, previous];
  }
  return previous[m]! / (n + m);
}
