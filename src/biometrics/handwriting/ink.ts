/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { Picture } from '../face/picture.js';
import { lumaFormat, sampleBox } from '../face/sampling.js';

/** Longest side that ink is looked for at, in pixels. */
const SEARCH_SIDE = 768;
/** The frame that ink is brought to, whole and in its own proportions. */
const FRAME = { width: 512, height: 256 } as const;
/** Luma of the paper around a pixel is its mean over a square of this half side, as a share of the longest side. */
const PAPER_REACH = 1 / 16;
/** Ink differs from its paper by at least this much luma (0..255). A guess, like the two shares. */
const LEAST_CONTRAST = 30;
/** Shares of the picture below which there is nothing to compare, and above which it is no writing. */
const LEAST_INK = 0.0005;
const MOST_INK = 0.4;
/** Share of the ink at each edge that may be dust. */
const DUST = 0.002;
/** Share of a frame's pixel that makes it ink: thin lines must survive being made smaller. */
const COVER = 0.35;

/** Writing as black and white, cropped to its ink. */
export interface Ink {
  width: number;
  height: number;
  /** 1 for ink, 0 for paper, row by row. */
  mask: Uint8Array;
}

/** The writing in a picture, dark on light or light on dark; null where there is none to speak of. */
export function inkOf(picture: Picture): Ink | null {
  const [{ width, height }] = picture.levels;
  const scale = Math.min(1, SEARCH_SIDE / Math.max(width, height));
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const luma = new Float32Array(w * h);
  const format = { ...lumaFormat(w), height: h };
  sampleBox(picture, { x: 0, y: 0, width, height }, format, luma);
  const mask = separate(luma, w, h);
  return mask && crop(mask, w, h);
}

/** Ink against paper by the difference from the paper around, so that a shadow over the page is none. */
function separate(luma: Float32Array, width: number, height: number): Uint8Array | null {
  const paper = localMean(luma, width, height, Math.ceil(Math.max(width, height) * PAPER_REACH));
  const usable = ([1, -1] as const)
    .map((sign) => against(paper, luma, sign))
    .filter(({ share }) => share >= LEAST_INK && share <= MOST_INK);
  // Around thick ink the paper looks too dark: of the two readings, the true one has more to it.
  const [best] = usable.sort((a, b) => b.share - a.share);
  return best?.mask ?? null;
}

/** What is darker than the paper (sign 1) or lighter (-1), and which share of the picture it is. */
function against(paper: Float32Array, luma: Float32Array, sign: 1 | -1): { mask: Uint8Array; share: number } {
  const contrast = new Float32Array(luma.length);
  for (let i = 0; i < luma.length; i++) {
    const difference = sign * (paper[i]! - luma[i]!);
    contrast[i] = difference > 0 ? difference : 0;
  }
  const threshold = Math.max(LEAST_CONTRAST, otsu(contrast));
  const mask = new Uint8Array(luma.length);
  let ink = 0;
  for (let i = 0; i < luma.length; i++) {
    if (contrast[i]! < threshold) continue;
    mask[i] = 1;
    ink++;
  }
  return { mask, share: ink / luma.length };
}

/** Mean over a square around every pixel, by sums over all pixels above and to the left. */
function localMean(values: Float32Array, width: number, height: number, reach: number): Float32Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0, i = y * stride + 1; x < width; x++, i++) {
      row += values[y * width + x]!;
      sums[i + stride] = sums[i]! + row;
    }
  }
  const means = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const top = y < reach ? 0 : y - reach;
    const bottom = y + reach < height ? y + reach + 1 : height;
    const [above, below] = [top * stride, bottom * stride];
    for (let x = 0; x < width; x++) {
      const left = x < reach ? 0 : x - reach;
      const right = x + reach < width ? x + reach + 1 : width;
      const sum = sums[below + right]! - sums[below + left]! - sums[above + right]! + sums[above + left]!;
      means[y * width + x] = sum / ((right - left) * (bottom - top));
    }
  }
  return means;
}

/** The value in 0..255 that parts two classes best (Otsu 1979). */
function otsu(values: Float32Array): number {
  const histogram = new Float64Array(256);
  // Differences of luma: never above 255.
  for (const value of values) histogram[(value + 0.5) | 0]! += 1;
  const total = values.length;
  const sum = histogram.reduce((all, count, level) => all + count * level, 0);
  let [below, sumBelow, best, threshold] = [0, 0, -1, 0];
  for (let level = 0; level < 255; level++) {
    below += histogram[level]!;
    sumBelow += level * histogram[level]!;
    if (below === 0 || below === total) continue;
    const gap = sumBelow / below - (sum - sumBelow) / (total - below);
    const between = below * (total - below) * gap * gap;
    if (between > best) [best, threshold] = [between, level + 1];
  }
  return threshold;
}

/** The ink alone, brought to the frame. */
function crop(mask: Uint8Array, width: number, height: number): Ink {
  const columns = new Float64Array(width);
  const rows = new Float64Array(height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      columns[x]! += mask[i]!;
      rows[y]! += mask[i]!;
    }
  }
  const [left, right] = extent(columns);
  const [top, bottom] = extent(rows);
  const [w, h] = [right - left, bottom - top];
  const scale = Math.min(FRAME.width / w, FRAME.height / h);
  const out = {
    width: Math.max(1, Math.round(w * scale)),
    height: Math.max(1, Math.round(h * scale)),
  };
  const framed = new Uint8Array(out.width * out.height);
  for (let y = 0; y < out.height; y++) {
    const [y0, y1] = span(y, out.height, top, h);
    for (let x = 0; x < out.width; x++) {
      const [x0, x1] = span(x, out.width, left, w);
      let covered = 0;
      for (let v = y0; v < y1; v++) for (let u = x0; u < x1; u++) covered += mask[v * width + u]!;
      framed[y * out.width + x] = covered >= COVER * (y1 - y0) * (x1 - x0) ? 1 : 0;
    }
  }
  return { ...out, mask: framed };
}

/** Pixels that one of `count` outputs across [start, start + length) stands for; at least one. */
function span(index: number, count: number, start: number, length: number): [number, number] {
  const from = start + Math.floor((index * length) / count);
  return [from, Math.max(from + 1, start + Math.floor(((index + 1) * length) / count))];
}

/** From where to where (exclusive) the ink reaches, dust left out. */
function extent(counts: Float64Array): [number, number] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [from, seen] = [0, counts[0]!];
  while (seen <= DUST * total) seen += counts[++from]!;
  let to = counts.length;
  seen = counts[to - 1]!;
  while (seen <= DUST * total) seen += counts[--to - 1]!;
  return [from, to];
}
