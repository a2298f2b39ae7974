/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { Picture, Raster } from '../../../src/biometrics/face/picture.js';
import type { Trajectory } from '../../../src/biometrics/handwriting/trajectory.js';

const [WIDTH, HEIGHT, MARGIN] = [800, 400, 20];
const PAPER = 245;
const INK = 30;
/** Half width of the line, in pixels, at the lightest and at the full pressure. */
const [THIN, THICK] = [1.2, 2.4];

/** What a trace leaves on paper: where the pen was down, wider where it was pressed. */
export function rasterOf({ x, y, pressure }: Trajectory): Raster {
  const data = new Uint8Array(3 * WIDTH * HEIGHT).fill(PAPER);
  const [left, top] = [Math.min(...x), Math.min(...y)];
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / (Math.max(...x) - left),
    (HEIGHT - 2 * MARGIN) / (Math.max(...y) - top),
  );
  const dot = (u: number, v: number, radius: number): void => {
    for (let row = Math.ceil(v - radius); row <= v + radius; row++) {
      for (let column = Math.ceil(u - radius); column <= u + radius; column++) {
        if ((row - v) ** 2 + (column - u) ** 2 > radius ** 2) continue;
        data.fill(INK, 3 * (row * WIDTH + column), 3 * (row * WIDTH + column + 1));
      }
    }
  };
  for (let i = 1; i < x.length; i++) {
    if (pressure[i] === 0) continue;
    const [u0, v0] = [MARGIN + scale * (x[i - 1]! - left), MARGIN + scale * (y[i - 1]! - top)];
    const [u1, v1] = [MARGIN + scale * (x[i]! - left), MARGIN + scale * (y[i]! - top)];
    const steps = Math.ceil(Math.hypot(u1 - u0, v1 - v0));
    for (let step = 0; step <= steps; step++) {
      const share = steps === 0 ? 0 : step / steps;
      dot(u0 + share * (u1 - u0), v0 + share * (v1 - v0), THIN + (THICK - THIN) * pressure[i]!);
    }
  }
  return { data, width: WIDTH, height: HEIGHT };
}

/** The raster as the product has pictures once they are decoded. */
export function pictureOf(raster: Raster): Picture {
  const { width, height } = raster;
  return {
    format: 'png',
    originalWidth: width,
    originalHeight: height,
    reduction: 1,
    levels: [raster],
  };
}
