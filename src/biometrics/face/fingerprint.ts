/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
/**
 * A picture as 16x16 cells of mean luma: enough to tell a re-encoded or resized copy of one capture from
 * another capture of the same scene, and too little to recognise anyone by.
 */
export const FINGERPRINT_SIDE = 16;

/**
 * Root mean square difference, in luma steps, up to which two fingerprints are of one capture. Measured on 23
 * pictures: copies as JPEG of quality 40 to 95, WebP or half as large lie at 0.7 or less (a third or twice as
 * large: up to 1.4, so some of those are missed), the picture shifted by 0.5 % of its width at 1.06 or more,
 * by 1 % at 2.8 or more. For live video of somebody who sits still it is a GUESS: nothing here has measured
 * how near two true frames of one camera come.
 */
const NEAR_IDENTICAL_RMS = 1;

/** Root mean square difference of two fingerprints, 0..255. Infinity when they are not of the same making. */
export function fingerprintDistance(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(squares / a.length);
}

/** Whether two pictures are copies of one capture: a replayed frame, whatever its bytes are. */
export function nearIdentical(a: Uint8Array, b: Uint8Array): boolean {
  return fingerprintDistance(a, b) <= NEAR_IDENTICAL_RMS;
}
