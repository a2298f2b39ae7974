/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { PictureEntry } from '../engine/index.js';
import type { Box } from './finding.js';
import type { Similarity } from './geometry.js';
import { levelOf, type Picture, type Raster } from './picture.js';

/** How a model's planar (NCHW) input tensor is scaled, from its manifest entry. */
export interface TensorFormat {
  width: number;
  height: number;
  grey: boolean;
  /** Offset in an RGB pixel of each tensor channel. */
  source: readonly [number, number, number];
  /** Element = pixel * scale + bias, by tensor channel. */
  scale: readonly [number, number, number];
  bias: readonly [number, number, number];
}

/** Rec. 601 luma, as OpenCV and libjpeg have it. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** A raw luma plane of 0..255, for measuring rather than for a model. */
export function lumaFormat(size: number): TensorFormat {
  return {
    width: size,
    height: size,
    grey: true,
    source: [0, 1, 2],
    scale: [1, 1, 1],
    bias: [0, 0, 0],
  };
}

export function formatOf({ shape, colour, mean, std }: PictureEntry['input']): TensorFormat {
  const [, , height, width] = shape as [number, number, number, number];
  const channel = (of: (c: number) => number): [number, number, number] => [of(0), of(1), of(2)];
  const at = (values: number[], c: number): number => values[c] ?? values[0]!;
  return {
    width,
    height,
    grey: colour === 'GRAY',
    source: colour === 'BGR' ? [2, 1, 0] : [0, 1, 2],
    scale: channel((c) => 1 / at(std, c)),
    bias: channel((c) => -at(mean, c) / at(std, c)),
  };
}

/**
 * Fills a tensor from the picture through a similarity, bilinearly, from the halved copy that leaves a factor
 * of less than two: averaging first when shrinking by two or more is part of every model's recipe. Outside
 * the picture its border is repeated.
 *
 * @param toPicture from pixels of the tensor to pixels of the picture worked on, edges at integers
 * @param region pixels of the tensor to fill; by default all of it
 */
export function sampleSimilarity(
  picture: Picture,
  toPicture: Similarity,
  format: TensorFormat,
  out: Float32Array,
  region: Box = { x: 0, y: 0, width: format.width, height: format.height },
): void {
  const { level, factor } = chooseLevel(picture, Math.hypot(toPicture.a, toPicture.b));
  const a = toPicture.a / factor;
  const b = toPicture.b / factor;
  // Pixel centres lie at half-integers, array indices at integers.
  const tx = toPicture.tx / factor - 0.5;
  const ty = toPicture.ty / factor - 0.5;
  const { data, width, height } = level;
  const { grey, source, scale, bias } = format;
  const [s0, s1, s2] = source;
  const [k0, k1, k2] = scale;
  const [c0, c1, c2] = bias;
  const [right, bottom] = [width - 1, height - 1];
  const stride = width * 3;
  const plane = format.width * format.height;
  for (let j = region.y; j < region.y + region.height; j++) {
    let o = j * format.width + region.x;
    for (let i = region.x; i < region.x + region.width; i++, o++) {
      const x = a * (i + 0.5) - b * (j + 0.5) + tx;
      const y = b * (i + 0.5) + a * (j + 0.5) + ty;
      const u = x < 0 ? 0 : x > right ? right : x;
      const v = y < 0 ? 0 : y > bottom ? bottom : y;
      const x0 = u | 0;
      const y0 = v | 0;
      const fx = u - x0;
      const fy = v - y0;
      const p = y0 * stride + x0 * 3;
      const p1 = x0 < right ? p + 3 : p;
      const down = y0 < bottom ? stride : 0;
      const q = p + down;
      const q1 = p1 + down;
      const w11 = fx * fy;
      const w10 = fy - w11;
      const w01 = fx - w11;
      const w00 = 1 - fx - w10;
      const red = w00 * data[p + s0]! + w01 * data[p1 + s0]! + w10 * data[q + s0]! + w11 * data[q1 + s0]!;
      const green = w00 * data[p + s1]! + w01 * data[p1 + s1]! + w10 * data[q + s1]! + w11 * data[q1 + s1]!;
      const blue = w00 * data[p + s2]! + w01 * data[p1 + s2]! + w10 * data[q + s2]! + w11 * data[q1 + s2]!;
      if (grey) out[o] = (RED * red + GREEN * green + BLUE * blue) * k0 + c0;
      else {
        out[o] = red * k0 + c0;
        out[o + plane] = green * k1 + c1;
        out[o + 2 * plane] = blue * k2 + c2;
      }
    }
  }
}

/**
 * Fills part of a tensor from an upright rectangle of the picture, which may change its aspect. Column weights
 * are computed once for all rows.
 *
 * @param region pixels of the tensor to fill; by default all of it
 */
export function sampleBox(
  picture: Picture,
  box: Box,
  format: TensorFormat,
  out: Float32Array,
  region: Box = { x: 0, y: 0, width: format.width, height: format.height },
): void {
  const { level, factor } = chooseLevel(
    picture,
    Math.min(box.width / region.width, box.height / region.height),
  );
  const { data } = level;
  const { grey, source, scale, bias } = format;
  const plane = format.width * format.height;
  const [s0, s1, s2] = source;
  const [k0, k1, k2] = scale;
  const [c0, c1, c2] = bias;
  const columns = taps(box.x / factor, box.width / factor, region.width, level.width);
  const rows = taps(box.y / factor, box.height / factor, region.height, level.height);
  const stride = level.width * 3;
  // A camera's picture is a whole multiple of the detector's frame: its halved copy needs no weights.
  if (!grey && isZero(columns.weight) && isZero(rows.weight)) {
    for (let j = 0; j < region.height; j++) {
      const p = rows.low[j]! * stride;
      let o = (region.y + j) * format.width + region.x;
      for (let i = 0; i < region.width; i++, o++) {
        const l = p + columns.low[i]! * 3;
        out[o] = data[l + s0]! * k0 + c0;
        out[o + plane] = data[l + s1]! * k1 + c1;
        out[o + 2 * plane] = data[l + s2]! * k2 + c2;
      }
    }
    return;
  }
  for (let j = 0; j < region.height; j++) {
    const p = rows.low[j]! * stride;
    const q = rows.high[j]! * stride;
    const fy = rows.weight[j]!;
    let o = (region.y + j) * format.width + region.x;
    for (let i = 0; i < region.width; i++, o++) {
      const l = columns.low[i]! * 3;
      const h = columns.high[i]! * 3;
      const fx = columns.weight[i]!;
      const w11 = fx * fy;
      const w10 = fy - w11;
      const w01 = fx - w11;
      const w00 = 1 - fx - w10;
      const r =
        w00 * data[p + l + s0]! + w01 * data[p + h + s0]! + w10 * data[q + l + s0]! + w11 * data[q + h + s0]!;
      const g =
        w00 * data[p + l + s1]! + w01 * data[p + h + s1]! + w10 * data[q + l + s1]! + w11 * data[q + h + s1]!;
      const b =
        w00 * data[p + l + s2]! + w01 * data[p + h + s2]! + w10 * data[q + l + s2]! + w11 * data[q + h + s2]!;
      if (grey) out[o] = (RED * r + GREEN * g + BLUE * b) * k0 + c0;
      else {
        out[o] = r * k0 + c0;
        out[o + plane] = g * k1 + c1;
        out[o + 2 * plane] = b * k2 + c2;
      }
    }
  }
}

interface Taps {
  low: Int32Array;
  high: Int32Array;
  weight: Float32Array;
}

/** Where each of `count` outputs across [start, start + length) reads its two neighbours among `size` inputs. */
function taps(start: number, length: number, count: number, size: number): Taps {
  const result = {
    low: new Int32Array(count),
    high: new Int32Array(count),
    weight: new Float32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const x = Math.min(size - 1, Math.max(0, start + ((i + 0.5) * length) / count - 0.5));
    const low = Math.floor(x);
    result.low[i] = low;
    result.high[i] = Math.min(size - 1, low + 1);
    result.weight[i] = x - low;
  }
  return result;
}

function isZero(weights: Float32Array): boolean {
  return weights.every((weight) => weight === 0);
}

/** The smallest level that still has a pixel for every tensor pixel; `shrink` is picture pixels per tensor pixel. */
function chooseLevel(picture: Picture, shrink: number): { level: Raster; factor: number } {
  const n = Math.max(0, Math.floor(Math.log2(shrink)));
  const level = levelOf(picture, n);
  // A picture of a single row or column has fewer levels than asked for.
  return { level, factor: 2 ** Math.min(n, picture.levels.length - 1) };
}
