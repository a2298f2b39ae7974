/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { ARCFACE_SIZE } from './alignment.js';

/** Luma at or beyond which a pixel has lost its detail, of 0..255. */
const CRUSHED = 8;
const BURNT = 247;
/** The part of the aligned frame that is face in every pose: from the brows to the chin, inside the cheeks. */
const FACE = { left: 22, right: 90, top: 36, bottom: 106 };

export interface LumaMeasures {
  /** Variance of the 4-neighbour Laplacian per variance of luma: what is left when contrast is taken out. */
  sharpness: number;
  /** Mean luma, 0..255. */
  brightness: number;
  /** Standard deviation of luma. */
  contrast: number;
  /** Share of pixels without detail, 0..1. */
  clipping: number;
}

/**
 * What the aligned 112 px luma frame says of focus and light. Measured on the aligned frame, so that the
 * numbers do not depend on how far away the face is and say what the recogniser gets to see.
 */
export function measureLuma(luma: Float32Array): LumaMeasures {
  let n = 0;
  let sum = 0;
  let squares = 0;
  let lost = 0;
  let edges = 0;
  let edgeSquares = 0;
  for (let y = FACE.top; y < FACE.bottom; y++) {
    for (let x = FACE.left; x < FACE.right; x++) {
      const i = y * ARCFACE_SIZE + x;
      const v = luma[i]!;
      n++;
      sum += v;
      squares += v * v;
      if (v <= CRUSHED || v >= BURNT) lost++;
      const edge = luma[i - 1]! + luma[i + 1]! + luma[i - ARCFACE_SIZE]! + luma[i + ARCFACE_SIZE]! - 4 * v;
      edges += edge;
      edgeSquares += edge * edge;
    }
  }
  const brightness = sum / n;
  const variance = Math.max(0, squares / n - brightness * brightness);
  return {
    sharpness: variance > 0 ? (edgeSquares / n - (edges / n) ** 2) / variance : 0,
    brightness,
    contrast: Math.sqrt(variance),
    clipping: lost / n,
  };
}
