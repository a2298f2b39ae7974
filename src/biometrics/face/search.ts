import type { Models } from '../engine/sessions.js';
import { misfit } from './alignment.js';
import { blazeDetector, rfbDetector, type Detection, type Detector, type Quarter } from './detection.js';
import type { FivePoints, Landmarks } from './finding.js';
import { overlap, rollOf, suppress, turnBetween } from './geometry.js';
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
/** `misfit` beyond which landmarks are taken to have missed the face; 99 % of upright LFW faces lie below. */
const MISSED = 0.2;
/**
 * RFB is this sure of 93 in 100 upright LFW faces, and of one in six of those turned upside down, in which
 * the landmark net sees an upright face that is not there. Neither roll nor misfit would tell.
 */
const SURE = 0.9999;
/** Two nets' boxes of one face overlap by more than this. */
const SAME_FACE = 0.3;
/**
 * What BlazeFace says of roll holds up to about this many degrees and from this score, which 19 in 20 upright
 * LFW faces have. Of faces upside down it says 0, with less.
 */
const BLAZE_ROLL = 75;
const BLAZE_SURE = 0.8;
/** Pictures are upright far more often than not: a quarter wins only if its doubt is less by this factor. */
const QUARTER_ODDS = 10;

export interface Found {
  /** Most prominent first. */
  faces: Detection[];
  /** Of the first face; null when there is none. */
  landmarks: Landmarks | null;
}

/**
 * Finds the faces of a picture and the landmarks of the most prominent. The quick net goes first. The net for
 * small and tilted faces follows when that found a small face only. When it found none, was not sure, or the
 * landmarks say that the face is turned or was missed, and the other net cannot tell its roll either, the
 * quick net also looks at the picture turned by quarters.
 */
export function faceSearch(models: Models): (picture: Picture) => Promise<Found> {
  const rfb = rfbDetector(models.get('face.detect'));
  const blaze = blazeDetector(models.get('face.detect.small'));
  const landmarksOf = landmarker(models.get('face.landmarks'));
  const { watch } = models;

  return async (picture) => {
    const { width, height } = picture.levels[0];
    const ranked = (detections: Detection[]): Detection[] => byProminence(detections, width, height);
    const detect = (detector: Detector, turned?: Quarter): Promise<Detection[]> =>
      watch.stage('detect', () => detector(picture, turned));
    const locate = (face: Detection): Promise<Landmarks> =>
      watch.stage('landmarks', () => landmarksOf(picture, face));

    const quick = ranked(await detect(rfb));
    const [first] = quick;
    if (first && first.score >= SURE) {
      const landmarks = await locate(first);
      if (isUpright(landmarks.five)) {
        if (first.box.width >= Math.max(SMALL_WIDTH, SMALL_SHARE * width)) return { faces: quick, landmarks };
        return { faces: ranked(merge(quick, await detect(blaze))), landmarks };
      }
    }

    const careful = ranked(await detect(blaze));
    let best = quick;
    if (!knowsRoll(careful[0])) {
      for (const quarter of [90, 180, 270] as const) {
        const turned = ranked(await detect(rfb, quarter));
        if (doubtOf(turned) * QUARTER_ODDS < doubtOf(best)) best = turned;
      }
    }
    const faces = ranked(merge(best, careful));
    const [face] = faces;
    return { faces, landmarks: face ? await locateLevelled(face, locate) : null };
  };
}

/**
 * Both nets' detections, one of each face: the quick net's, whose boxes the later recipes were measured with,
 * unless the other says that the face is tilted.
 */
export function merge(quick: readonly Detection[], careful: readonly Detection[]): Detection[] {
  const rest = new Set(careful);
  const merged = quick.map((face) => {
    const twin = careful.find((other) => rest.has(other) && overlap(face.box, other.box) > SAME_FACE);
    if (!twin) return face;
    rest.delete(twin);
    const tilt = Math.abs(turnBetween(twin.roll, face.roll));
    return knowsRoll(twin) && tilt > TURNED && tilt <= BLAZE_ROLL ? twin : face;
  });
  return suppress([...merged, ...rest], SAME_FACE);
}

/** Once more in a crop levelled by the first landmarks, where those were found askew. */
async function locateLevelled(
  face: Detection,
  locate: (face: Detection) => Promise<Landmarks>,
): Promise<Landmarks> {
  const landmarks = await locate(face);
  const roll = rollOf(landmarks.five[0], landmarks.five[1]);
  return Math.abs(turnBetween(roll, face.roll)) > TURNED / 2 ? locate({ ...face, roll }) : landmarks;
}

function knowsRoll(careful: Detection | undefined): boolean {
  return !!careful && careful.score >= BLAZE_SURE && Math.abs(careful.roll) <= BLAZE_ROLL;
}

/** How unsure the quick net is of the most prominent of its faces, 0..1. */
function doubtOf([first]: readonly Detection[]): number {
  return 1 - (first?.score ?? 0);
}

function isUpright(five: FivePoints): boolean {
  return Math.abs(rollOf(five[0], five[1])) <= TURNED && misfit(five) <= MISSED;
}
