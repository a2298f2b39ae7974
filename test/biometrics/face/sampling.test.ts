import fc from 'fast-check';
import { measureLuma } from '../../../src/biometrics/face/measures.js';
import type { Picture } from '../../../src/biometrics/face/picture.js';
import { formatOf, lumaFormat, sampleBox, sampleSimilarity } from '../../../src/biometrics/face/sampling.js';
import type { PictureEntry } from '../../../src/biometrics/engine/index.js';
import { livenessWindow } from '../../../src/biometrics/face/liveness.js';

function picture(width: number, height: number, pixel: (x: number, y: number) => number[]): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(pixel(x, y), (y * width + x) * 3);
  }
  return {
    format: 'png',
    originalWidth: width,
    originalHeight: height,
    reduction: 1,
    levels: [{ data, width, height }],
  };
}

function input(
  size: number,
  colour: 'RGB' | 'BGR' | 'GRAY',
  mean: number,
  std: number,
): PictureEntry['input'] {
  const channels = colour === 'GRAY' ? 1 : 3;
  return {
    name: 'input',
    shape: [1, channels, size, size],
    layout: 'NCHW',
    colour,
    mean: Array.from({ length: channels }, () => mean),
    std: Array.from({ length: channels }, () => std),
    description: 'test',
  };
}

const whole = (size: number) => ({ x: 0, y: 0, width: size, height: size });

describe('sampling', () => {
  it('copies pixels where nothing is scaled, in the channel order and range of the model', () => {
    const source = picture(4, 4, (x, y) => [10 * x, 10 * y, 200]);
    for (const [colour, channels] of [
      ['RGB', [20, 30, 200]],
      ['BGR', [200, 30, 20]],
    ] as const) {
      const out = new Float32Array(48);
      sampleBox(source, whole(4), formatOf(input(4, colour, 100, 50)), out);
      const at = 3 * 4 + 2;
      expect([out[at], out[at + 16], out[at + 32]]).toEqual(channels.map((v) => Math.fround((v - 100) / 50)));
    }
  });

  it('weighs grey as Rec. 601 does', () => {
    const out = new Float32Array(4);
    const grey = (rgb: number[]): number => {
      sampleBox(
        picture(2, 2, () => rgb),
        whole(2),
        formatOf(input(2, 'GRAY', 0, 1)),
        out,
      );
      return out[0]!;
    };
    expect(grey([255, 0, 0])).toBeCloseTo(0.299 * 255, 3);
    expect(grey([0, 255, 0])).toBeCloseTo(0.587 * 255, 3);
    expect(grey([0, 0, 255])).toBeCloseTo(0.114 * 255, 3);
  });

  it('keeps a linear ramp linear, enlarged or reduced, anywhere', () => {
    const source = picture(128, 128, (x, y) => [x, y, 0]);
    const out = new Float32Array(16 * 16 * 3);
    const side = fc.double({ min: 8, max: 60, noNaN: true });
    const corner = fc.double({ min: 20, max: 40, noNaN: true });
    fc.assert(
      fc.property(corner, corner, side, side, (x, y, width, height) => {
        sampleBox(source, { x, y, width, height }, formatOf(input(16, 'RGB', 0, 1)), out);
        for (const i of [0, 7, 15]) {
          // Pixel centres lie at half-integers; halved copies round to whole steps.
          expect(Math.abs(out[i]! - (x + ((i + 0.5) * width) / 16 - 0.5))).toBeLessThan(1.01);
          expect(Math.abs(out[256 + i * 16]! - (y + ((i + 0.5) * height) / 16 - 0.5))).toBeLessThan(1.01);
        }
      }),
    );
  });

  it('gives a square the same pixels as a box and as a similarity', () => {
    const source = picture(96, 96, (x, y) => [(x * 37 + y * 11) % 256, (x * y) % 256, (x * 3) % 256]);
    const format = formatOf(input(16, 'BGR', 127.5, 128));
    const [one, other] = [new Float32Array(768), new Float32Array(768)];
    const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(real(-20, 60), real(-20, 60), real(4, 90), (x, y, side) => {
        sampleBox(source, { x, y, width: side, height: side }, format, one);
        sampleSimilarity(source, { a: side / 16, b: 0, tx: x, ty: y }, format, other);
        one.forEach((value, i) => {
          if (Math.abs(value - other[i]!) > 1e-4) throw new Error(`${value} is not ${other[i]!} at ${i}`);
        });
      }),
    );
  });

  it('averages before it shrinks by two or more: a fine pattern becomes its mean, not an alias', () => {
    const source = picture(64, 64, (x, y) => ((x + y) % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
    const out = new Float32Array(16 * 16);
    sampleBox(source, whole(64), lumaFormat(16), out);
    for (const value of out) expect(value).toBeCloseTo(128, 0);
  });
});

describe('measures of light and focus', () => {
  const frame = (pixel: (x: number, y: number) => number): Float32Array =>
    Float32Array.from({ length: 112 * 112 }, (_, i) => pixel(i % 112, Math.floor(i / 112)));
  const pattern = (x: number, y: number): number => 128 + 60 * Math.sin(x) * Math.cos(y);

  it('are exact on a flat frame', () => {
    expect(measureLuma(frame(() => 100))).toEqual({
      sharpness: 0,
      brightness: 100,
      contrast: 0,
      clipping: 0,
    });
  });

  it('count what lost its detail at either end', () => {
    expect(measureLuma(frame(() => 3)).clipping).toBe(1);
    expect(measureLuma(frame(() => 253)).clipping).toBe(1);
    expect(measureLuma(frame((x) => (x % 2 === 0 ? 255 : 128))).clipping).toBeCloseTo(0.5, 1);
  });

  it('find a smoothed frame less sharp, and a dimmed one as sharp as before', () => {
    const sharp = measureLuma(frame(pattern));
    const smooth = measureLuma(frame((x, y) => pattern(x / 4, y / 4)));
    const dim = measureLuma(frame((x, y) => 0.3 * pattern(x, y)));
    expect(smooth.sharpness).toBeLessThan(sharp.sharpness / 4);
    expect(dim.sharpness).toBeCloseTo(sharp.sharpness, 4);
    expect(dim.contrast).toBeCloseTo(0.3 * sharp.contrast, 3);
  });
});

describe('the liveness window', () => {
  it('is 2.7 faces wide about the face', () => {
    expect(livenessWindow({ x: 270, y: 190, width: 80, height: 100 }, 640, 480)).toEqual({
      x: 310 - 135,
      y: 240 - 135,
      width: 270,
      height: 270,
    });
  });

  it('is shifted inside the picture but never shrunk', () => {
    const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(real(0, 640), real(0, 480), real(20, 300), (x, y, height) => {
        const window = livenessWindow({ x, y, width: height * 0.75, height }, 640, 480);
        if (!window) expect(2.7 * height).toBeGreaterThan(480);
        else {
          expect(window.width).toBeCloseTo(2.7 * height, 9);
          expect(window.x).toBeGreaterThanOrEqual(0);
          expect(window.y).toBeGreaterThanOrEqual(0);
          expect(window.x + window.width).toBeLessThanOrEqual(640 + 1e-9);
          expect(window.y + window.height).toBeLessThanOrEqual(480 + 1e-9);
        }
      }),
    );
  });
});
