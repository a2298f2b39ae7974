/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import sharp from 'sharp';
import { StatusError } from '../../call/index.js';
import type { ImageFacts, ImageLimits } from './finding.js';

/** Imported inside workers only. */

// One picture per worker at a time, and one core per worker.
sharp.concurrency(1);
// Decoded pictures never repeat, so libvips has nothing worth keeping.
sharp.cache(false);
// No other decoder ever sees a caller's bytes.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/** Longest side that is worked on: a face that counts is still hundreds of pixels wide in it. */
const WORKING_SIDE = 1920;

/** Interleaved 8-bit RGB. */
export interface Raster {
  data: Uint8Array;
  width: number;
  height: number;
}

/** A decoded picture: upright, sRGB, without metadata, with halved copies of itself made on demand. */
export interface Picture {
  format: ImageFacts['format'];
  /** Upright size as it came. */
  originalWidth: number;
  originalHeight: number;
  /** Pixels of the original per pixel worked on, >= 1. */
  reduction: number;
  /** `levels[n]` is the picture at 1/2^n of the size worked on. */
  levels: [Raster, ...Raster[]];
}

/**
 * Decodes a JPEG, PNG or WebP picture; of an animation, the first frame. Transparent parts become grey.
 *
 * @throws StatusError IMAGE_TOO_LARGE (with the cap and the picture's number) before anything is decoded,
 * IMAGE_UNREADABLE for everything that is not a whole picture in one of the three formats
 */
export async function decode(bytes: Uint8Array, limits: ImageLimits): Promise<Picture> {
  if (bytes.byteLength > limits.maxBytes) {
    throw tooLarge(`The image has ${bytes.byteLength} bytes; at most ${limits.maxBytes} are accepted.`);
  }
  // sharp throws at once, rather than rejecting, when there is nothing at all.
  if (bytes.byteLength === 0) unreadable();
  const header = await sharp(bytes, { limitInputPixels: false }).metadata().catch(unreadable);
  const { format, width, height } = header;
  if (format !== 'jpeg' && format !== 'png' && format !== 'webp') unreadable();
  if (width * height > limits.maxPixels) {
    throw tooLarge(
      `The image has ${width}x${height} = ${width * height} pixels; at most ${limits.maxPixels} are accepted.`,
    );
  }
  let pipeline = sharp(bytes, { limitInputPixels: limits.maxPixels, failOn: 'error' }).autoOrient();
  if (Math.max(width, height) > WORKING_SIDE) {
    pipeline = pipeline.resize({
      width: WORKING_SIDE,
      height: WORKING_SIDE,
      fit: 'inside',
      kernel: 'linear',
    });
  }
  if (header.hasAlpha) pipeline = pipeline.flatten({ background: { r: 127, g: 127, b: 127 } });
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(unreadable);
  if (info.channels !== 3) unreadable(new Error(`${info.channels} channels`));
  const turned = (header.orientation ?? 1) >= 5;
  const [originalWidth, originalHeight] = turned ? [height, width] : [width, height];
  return {
    format,
    originalWidth,
    originalHeight,
    reduction: originalWidth / info.width,
    levels: [{ data, width: info.width, height: info.height }],
  };
}

/** The picture at 1/2^n of its working size, each pixel the mean of four of the level before. */
export function levelOf(picture: Picture, n: number): Raster {
  for (let made = picture.levels.length; made <= n; made++) {
    const above = picture.levels[made - 1]!;
    if (above.width < 2 || above.height < 2) return above;
    picture.levels.push(halve(above));
  }
  return picture.levels[n]!;
}

function halve({ data, width, height }: Raster): Raster {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Uint8Array(w * h * 3);
  const stride = width * 3;
  for (let y = 0, o = 0; y < h; y++) {
    for (let x = 0, i = 2 * y * stride; x < w; x++, i += 6, o += 3) {
      const j = i + stride;
      out[o] = (data[i]! + data[i + 3]! + data[j]! + data[j + 3]! + 2) >> 2;
      out[o + 1] = (data[i + 1]! + data[i + 4]! + data[j + 1]! + data[j + 4]! + 2) >> 2;
      out[o + 2] = (data[i + 2]! + data[i + 5]! + data[j + 2]! + data[j + 5]! + 2) >> 2;
    }
  }
  return { data: out, width: w, height: h };
}

function tooLarge(message: string): StatusError {
  return new StatusError('IMAGE_TOO_LARGE', message);
}

function unreadable(cause?: unknown): never {
  const message = 'The image cannot be read: it must be a whole JPEG, PNG or WebP picture.';
  throw new StatusError('IMAGE_UNREADABLE', message, {}, { cause });
}
