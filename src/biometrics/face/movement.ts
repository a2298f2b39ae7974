/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices of the 68 points */
import type { Movement, Point } from './finding.js';
import { apply, distance, fivePoints, mean, rollOf, squareCrop, invert } from './geometry.js';

/**
 * What a face is doing, from its 68 points, in a frame whose unit is the distance of the eyes and whose axis runs through
 * them. A flat picture that is turned before the camera changes none of these much: only the eyes' distance shrinks,
 * and everything across with it.
 */
export function movementOf(points: readonly Point[]): Movement {
  const [leftEye, rightEye] = fivePoints(points);
  const between = mean([leftEye, rightEye]);
  const level = invert(squareCrop(between, distance(leftEye, rightEye), rollOf(leftEye, rightEye), 1));
  const at = (index: number): Point => apply(level, points[index]!);
  const eyes = apply(level, between);
  const [left, right] = [at(48), at(54)];
  const width = distance(left, right);
  return {
    noseAside: at(30).x - eyes.x,
    mouthWidth: width,
    mouthLift: ((at(51).y + at(57).y) / 2 - (left.y + right.y) / 2) / width,
  };
}
