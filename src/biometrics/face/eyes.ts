import type { EntryOf } from '../engine/index.js';
import type { PictureModel } from '../engine/sessions.js';
import type { EyesFinding, Landmarks } from './finding.js';
import { eyesOf, rollOf, squareCrop, type Eye } from './geometry.js';
import { notAssessed } from './not-assessed.js';
import type { Picture } from './picture.js';
import { formatOf, sampleSimilarity } from './sampling.js';
import { softmax } from './softmax.js';

/** Side of the crop per width of the eye. */
const CROP = 1.6;
/** Narrower than this, an eye is a handful of pixels and the net guesses. Picture pixels. */
const MIN_EYE_WIDTH = 10;

/** P(closed) of both eyes, each cropped with the eyes levelled. */
export function eyeReader(
  model: PictureModel<EntryOf<'face.eyes'>>,
): (picture: Picture, landmarks: Landmarks) => Promise<EyesFinding> {
  const format = formatOf(model.entry.input);
  return async (picture, { all, five }) => {
    const { left, right } = eyesOf(all);
    if (Math.min(left.width, right.width) < MIN_EYE_WIDTH) return notAssessed('FACE_TOO_SMALL');
    const roll = rollOf(five[0], five[1]);
    const closed = async ({ centre, width }: Eye): Promise<number> => {
      const crop = squareCrop(centre, CROP * width, roll, format.width);
      sampleSimilarity(picture, crop, format, model.input);
      const output = await model.runOne();
      return softmax(output)[0] ?? 0;
    };
    return {
      outcome: 'ASSESSED',
      leftClosed: await closed(left),
      rightClosed: await closed(right),
      modelId: model.entry.id,
    };
  };
}
