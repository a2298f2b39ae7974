/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { imageFamilies, type ImageFamily } from './image-template.js';
import { EXPECTED_FAMILY_DISTANCE } from './image-population.js';

/** References are never taken to be more alike than this share of what is expected: copies would match nothing. A guess. */
const LEAST_SHARE = 0.5;

/**
 * How far writing in a picture is from a reference of several: over the families of its template, the mean of its mean
 * distance, in units of the mean distance of the reference's own pictures. About 1 for the writer; without an upper end.
 *
 * @param probe as `imageVector` made it, like the reference's
 */
export function imageDistance(probe: Float32Array, reference: readonly Float32Array[]): number {
  const probed = imageFamilies(probe);
  const held = reference.map(imageFamilies);
  const names = Object.keys(probed) as ImageFamily[];
  const ratios = names.map((name) => {
    const families = held.map((each) => each[name]);
    const own = families.flatMap((a, i) => families.slice(i + 1).map((b) => chiSquare(a, b)));
    const expected = EXPECTED_FAMILY_DISTANCE[name];
    const unit = Math.max(own.length > 0 ? meanOf(own) : expected, LEAST_SHARE * expected);
    return meanOf(families.map((each) => chiSquare(probed[name], each))) / unit;
  });
  return meanOf(ratios);
}

/** Chi-square distance of two sets of shares, 0..1. */
function chiSquare(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const both = a[i]! + b[i]!;
    if (both > 0) sum += (a[i]! - b[i]!) ** 2 / both;
  }
  return sum / 2;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
