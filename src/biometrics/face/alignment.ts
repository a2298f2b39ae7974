import type { RecogniserEntry } from '../engine/index.js';
import type { FivePoints, Landmarks, Point } from './finding.js';
import {
  apply,
  distance,
  eyesOf,
  fitSimilarity,
  invert,
  mean,
  mouthCentre,
  rollOf,
  squareCrop,
  type Similarity,
} from './geometry.js';

/** Where the five points lie in the 112 px frame that ArcFace-trained networks expect (insightface). */
export const ARCFACE_SIZE = 112;
export const ARCFACE_POINTS: FivePoints = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

/** Share of the crop between eyes and mouth, and where their centre lies in it (face-api.js `FaceLandmarks68`). */
const DLIB_EYE_TO_MOUTH = 0.45;
const DLIB_CENTRE: Point = { x: 0.5, y: 0.43 };

/** From the pixels of the ArcFace frame to the picture. */
export function arcfaceCrop(five: FivePoints): Similarity {
  return invert(fitSimilarity(five, ARCFACE_POINTS));
}

/** From the pixels of dlib's crop of `size` px, eyes levelled, to the picture. */
export function dlibCrop(points: readonly Point[], size: number): Similarity {
  const { left, right } = eyesOf(points);
  const mouth = mouthCentre(points);
  const centre = mean([left.centre, right.centre, mouth]);
  const side = (distance(left.centre, mouth) + distance(right.centre, mouth)) / 2 / DLIB_EYE_TO_MOUTH;
  const roll = rollOf(left.centre, right.centre);
  const crop = squareCrop(centre, side, roll, size);
  // squareCrop puts `centre` in the middle; move the crop so that it lies at DLIB_CENTRE.
  const shift = apply(crop, { x: size * (1 - DLIB_CENTRE.x), y: size * (1 - DLIB_CENTRE.y) });
  return { ...crop, tx: crop.tx + shift.x - centre.x, ty: crop.ty + shift.y - centre.y };
}

/** The crop that a recogniser's recipe asks for. */
export function recogniserCrop(
  recipe: RecogniserEntry['recipe'],
  landmarks: Landmarks,
  size: number,
): Similarity {
  switch (recipe) {
    case 'arcface-112':
      return arcfaceCrop(landmarks.five);
    case 'dlib-150':
      return dlibCrop(landmarks.all, size);
  }
}

/**
 * How badly five points fit a frontal face: root mean square distance after the best similarity, in units of
 * the inter-eye distance. Strong yaw and landmarks that missed the face both raise it.
 */
export function misfit(five: FivePoints): number {
  const map = fitSimilarity(five, ARCFACE_POINTS);
  const squares = ARCFACE_POINTS.map((q, i) => distance(apply(map, five[i] ?? q), q) ** 2);
  const eyes = distance(ARCFACE_POINTS[0], ARCFACE_POINTS[1]);
  return Math.sqrt(squares.reduce((sum, each) => sum + each, 0) / squares.length) / eyes;
}
