/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { FINGERPRINT_SIDE } from './fingerprint.js';
import type { Picture } from './picture.js';
import { lumaFormat, sampleBox } from './sampling.js';

/** Samples a cell across and down: cells are averaged, not picked. */
const PER_CELL = 4;
const SIDE = FINGERPRINT_SIDE * PER_CELL;
const FORMAT = lumaFormat(SIDE);
const frame = new Float32Array(SIDE * SIDE);

/** The fingerprint of a picture, whatever its size: `fingerprint.ts` compares them. */
export function fingerprintOf(picture: Picture): Uint8Array {
  const { width, height } = picture.levels[0];
  sampleBox(picture, { x: 0, y: 0, width, height }, FORMAT, frame);
  const cells = new Uint8Array(FINGERPRINT_SIDE * FINGERPRINT_SIDE);
  for (let row = 0; row < FINGERPRINT_SIDE; row++) {
    for (let column = 0; column < FINGERPRINT_SIDE; column++) {
      let sum = 0;
      for (let y = 0; y < PER_CELL; y++) {
        for (let x = 0; x < PER_CELL; x++) sum += frame[(row * PER_CELL + y) * SIDE + column * PER_CELL + x]!;
      }
      cells[row * FINGERPRINT_SIDE + column] = Math.round(sum / (PER_CELL * PER_CELL));
    }
  }
  return cells;
}
