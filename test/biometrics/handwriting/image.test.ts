import type { Raster } from '../../../src/biometrics/face/picture.js';
import { imageDistance } from '../../../src/biometrics/handwriting/image-distance.js';
import { imageFamilies, imageVector } from '../../../src/biometrics/handwriting/image-template.js';
import { inkOf, type Ink } from '../../../src/biometrics/handwriting/ink.js';
import { parseTrace } from '../../../src/biometrics/handwriting/trace.js';
import { trajectoryOf } from '../../../src/biometrics/handwriting/trajectory.js';
import { pictureOf, rasterOf } from '../../../scripts/accuracy/signature/render.js';
import { trace } from '../../support/handwriting.js';

const raster = (writer: 1 | 2, number: number): Raster =>
  rasterOf(trajectoryOf(parseTrace(trace(writer, number))));
const inkIn = (picture: Raster): Ink | null => inkOf(pictureOf(picture));
const changed = (picture: Raster, by: (value: number, pixel: number) => number): Raster => ({
  ...picture,
  data: picture.data.map((value, i) => by(value, Math.floor(i / 3))),
});
/** Share of pixels in which two crops differ. */
const difference = (a: Ink, b: Ink): number => {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.mask.reduce((sum, value, i) => sum + Math.abs(value - b.mask[i]!), 0) / a.mask.length;
};
const signature = raster(1, 1);

describe('ink', () => {
  it('is cropped to the writing, whatever the margin', () => {
    const [width, height] = [1000, 700];
    const wide: Raster = { width, height, data: new Uint8Array(3 * width * height).fill(245) };
    for (let y = 0; y < signature.height; y++) {
      const row = signature.data.subarray(3 * y * signature.width, 3 * (y + 1) * signature.width);
      wide.data.set(row, 3 * ((y + 200) * width + 150));
    }
    const [near, far] = [inkIn(signature)!, inkIn(wide)!];
    expect(Math.abs(near.width / near.height - far.width / far.height)).toBeLessThan(0.05);
    expect(Math.max(near.width / 512, near.height / 256)).toBe(1);
  });

  it('is the same light on dark, and under a shadow', () => {
    const plain = inkIn(signature)!;
    expect(difference(plain, inkIn(changed(signature, (value) => 255 - value))!)).toBeLessThan(0.01);
    const shaded = changed(
      signature,
      (value, pixel) => value * (1 - 0.6 * ((pixel % signature.width) / signature.width)),
    );
    expect(difference(plain, inkIn(shaded)!)).toBeLessThan(0.02);
  });

  it('is not in a blank page, a smooth one or a black one', () => {
    for (const picture of [
      changed(signature, () => 245),
      changed(signature, () => 0),
      changed(signature, (_, pixel) => (pixel % signature.width) / 4),
    ]) {
      expect(inkIn(picture)).toBeNull();
    }
  });
});

describe('a template of a picture', () => {
  const vector = (writer: 1 | 2, number: number) => imageVector(inkIn(raster(writer, number))!);

  it('is four families of shares', () => {
    for (const family of Object.values(imageFamilies(vector(1, 1)))) {
      expect(family.every((share) => share >= 0)).toBe(true);
      expect(family.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    }
    expect(() => imageFamilies(vector(1, 1).subarray(1))).toThrow('not an image template');
  });

  it('by hand: a bar', () => {
    const bar: Ink = { width: 60, height: 30, mask: new Uint8Array(60 * 30) };
    for (let y = 10; y < 20; y++) bar.mask.fill(1, y * 60 + 10, y * 60 + 50);
    const { runs, density } = imageFamilies(imageVector(bar));
    // Ten rows of 40 and forty columns of 10, no paper between ink: 32 to 63 along rows, 8 to 15 along columns.
    expect(runs[9 + 5]).toBeCloseTo(10 / 50, 6);
    expect(runs[27 + 3]).toBeCloseTo(40 / 50, 6);
    // Nothing in the corners, something in the middle.
    expect(density[0]).toBe(0);
    expect(density[25]).toBeGreaterThan(0);
  });

  it('is nearer to the writer’s own than to somebody else’s', () => {
    const reference = [1, 2, 3].map((number) => vector(1, number));
    expect(imageDistance(vector(1, 7), reference)).toBeLessThan(imageDistance(vector(2, 7), reference));
    expect(imageDistance(reference[0]!, [reference[0]!])).toBe(0);
  });
});
