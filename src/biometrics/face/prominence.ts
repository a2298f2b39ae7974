import type { Box, FacePresence } from './finding.js';
import { centreOf } from './geometry.js';

/**
 * When a second face is a second person in front of the camera. Strict in service: a helper who sits, stands
 * or leans beside the student counts, somebody who walks past the far end of the room or hangs on its wall
 * does not.
 *
 * The apparent size of a head falls with its distance. A student sits 50 to 70 cm from the camera; a third of
 * their size means three times as far, about two metres, from where nobody reads a screen or whispers. Below
 * 0.8 the detector's second boxes are mostly hands, prints and doubled detections.
 */
export const SECOND_FACE = { minRelativeSize: 1 / 3, minScore: 0.8 } as const;

interface Candidate {
  box: Box;
  score: number;
}

/**
 * Most prominent first: large and central. Prominence is the side of the face times a weight that falls to a
 * half from the middle of the picture to its corners, so a face must be twice as large at the edge.
 */
export function byProminence<T extends Candidate>(faces: readonly T[], width: number, height: number): T[] {
  const prominence = ({ box }: T): number => {
    const { x, y } = centreOf(box);
    const offset = Math.hypot(x / width - 0.5, y / height - 0.5) / Math.SQRT1_2;
    return sideOf(box) * (1 - offset / 2);
  };
  return [...faces].sort((p, q) => prominence(q) - prominence(p));
}

/** Which of the faces, most prominent first, count as people in front of the camera. The first always does. */
export function counting<T extends Candidate>(faces: readonly T[]): (T & { counts: boolean })[] {
  const [primary] = faces;
  if (!primary) return [];
  const least = SECOND_FACE.minRelativeSize * sideOf(primary.box);
  return faces.map((face) => ({
    ...face,
    counts: face === primary || (face.score >= SECOND_FACE.minScore && sideOf(face.box) >= least),
  }));
}

export function presenceOf(faces: readonly { counts: boolean }[]): FacePresence {
  const count = faces.filter((face) => face.counts).length;
  if (count === 0) return 'NO_FACE';
  return count === 1 ? 'ONE_FACE' : 'SEVERAL_FACES';
}

/** Geometric mean of the sides: a turned head is narrower, not smaller. */
function sideOf({ width, height }: Box): number {
  return Math.sqrt(width * height);
}
