import type { Models } from '../engine/sessions.js';
import { misfit } from './alignment.js';
import { blazeDetector, rfbDetector, type Detection } from './detection.js';
import type { Landmarks } from './finding.js';
import { overlap, rollOf, suppress } from './geometry.js';
import { landmarker } from './landmarks.js';
import type { Picture } from './picture.js';
import { byProminence } from './prominence.js';

/**
 * Narrower than either, the small-face net is asked too: of faces below 5 % of the picture's width RFB misses
 * half (reference measurements), and a second face may be a third of the student's.
 */
const SMALL_WIDTH = 64;
const SMALL_SHARE = 0.15;
/** Degrees of roll beyond which the landmark net, which knows upright faces only, needs a levelled crop. */
const TURNED = 30;
/** `misfit` beyond which landmarks are taken to have missed the face. */
const MISSED = 0.2;
/** Two nets' boxes of one face overlap by more than this. */
const SAME_FACE = 0.3;

export interface Found {
  /** Most prominent first. */
  faces: Detection[];
  /** Of the first face; null when there is none. */
  landmarks: Landmarks | null;
}

/**
 * Finds the faces of a picture and the landmarks of the most prominent. The quick net goes first; the net for
 * small and turned faces follows when nothing was found, the face is small, or its landmarks say that it is
 * turned or missed.
 */
export function faceSearch(models: Models): (picture: Picture) => Promise<Found> {
  const rfb = rfbDetector(models.get('face.detect'));
  const blaze = blazeDetector(models.get('face.detect.small'));
  const locate = landmarker(models.get('face.landmarks'));
  const { watch } = models;

  return async (picture) => {
    const { width, height } = picture.levels[0];
    const detect = (detector: typeof rfb): Promise<Detection[]> =>
      watch.stage('detect', () => detector(picture));
    const ordered = async (detections: Detection[]): Promise<Found> => {
      const faces = byProminence(detections, width, height);
      const [first] = faces;
      return {
        faces,
        landmarks: first ? await watch.stage('landmarks', () => locate(picture, first)) : null,
      };
    };

    const quick = await detect(rfb);
    const [first] = byProminence(quick, width, height);
    if (first && first.box.width >= Math.max(SMALL_WIDTH, SMALL_SHARE * width)) {
      const found = await ordered(quick);
      if (!isTurned(found.landmarks)) return found;
      const second = await ordered(merge(quick, await detect(blaze)));
      return isBetter(second, found) ? second : found;
    }
    return ordered(merge(quick, await detect(blaze)));
  };
}

/**
 * Both nets' detections, one of each face: the quick net's box, which the later recipes were measured with,
 * and the other's roll. Of a turned face the other's box is the right one.
 */
export function merge(quick: readonly Detection[], careful: readonly Detection[]): Detection[] {
  const rest = new Set(careful);
  const merged = quick.map((face) => {
    const twin = careful.find((other) => rest.has(other) && overlap(face.box, other.box) > SAME_FACE);
    if (!twin) return face;
    rest.delete(twin);
    return Math.abs(twin.roll ?? 0) > TURNED ? twin : face;
  });
  return suppress([...merged, ...rest], SAME_FACE);
}

function isTurned(landmarks: Landmarks | null): boolean {
  if (!landmarks) return true;
  const [left, right] = landmarks.five;
  return Math.abs(rollOf(left, right)) > TURNED || misfit(landmarks.five) > MISSED;
}

function isBetter(second: Found, first: Found): boolean {
  const of = ({ landmarks }: Found): number => (landmarks ? misfit(landmarks.five) : Infinity);
  return of(second) < of(first);
}
