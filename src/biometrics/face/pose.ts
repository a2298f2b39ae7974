import type { EntryOf } from '../engine/index.js';
import type { PictureModel } from '../engine/sessions.js';
import type { Box, Landmarks, PoseFinding } from './finding.js';
import { rollOf } from './geometry.js';
import { notAssessed } from './not-assessed.js';
import type { Picture } from './picture.js';
import { formatOf, sampleBox } from './sampling.js';
import { softmax } from './softmax.js';

/** Wider than the detection by this share of it at each side. */
const MARGIN = 0.25;
/** Degrees of roll that the net was trained with, roughly; beyond, yaw and pitch change places. */
const MAX_ROLL = 45;
/** Bins of three degrees, the first at -99 (Hopenet). */
const DEGREES_PER_BIN = 3;
const FIRST_BIN = -99;

/** Head pose from the unsquared detection. Roll is taken from the eyes, which is the better of the two. */
export function poseEstimator(
  model: PictureModel<EntryOf<'face.pose'>>,
): (picture: Picture, box: Box, landmarks: Landmarks) => Promise<PoseFinding> {
  const format = formatOf(model.entry.input);
  return async (picture, box, { five }) => {
    const roll = rollOf(five[0], five[1]);
    if (Math.abs(roll) > MAX_ROLL) return notAssessed('FACE_NOT_FRONTAL');
    const wide: Box = {
      x: box.x - box.width * MARGIN,
      y: box.y - box.height * MARGIN,
      width: box.width * (1 + 2 * MARGIN),
      height: box.height * (1 + 2 * MARGIN),
    };
    sampleBox(picture, wide, format, model.input);
    const [yaw, pitch] = await model.run();
    if (!yaw || !pitch) throw new Error('The pose model has fewer than two outputs');
    return {
      outcome: 'ASSESSED',
      yaw: degrees(yaw),
      pitch: degrees(pitch),
      roll,
      modelId: model.entry.id,
    };
  };
}

function degrees(logits: Float32Array): number {
  const expectation = softmax(logits).reduce((sum, p, bin) => sum + p * bin, 0);
  return DEGREES_PER_BIN * expectation + FIRST_BIN;
}
