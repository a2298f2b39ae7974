import type { EntryOf } from '../engine/index.js';
import type { PictureModel } from '../engine/sessions.js';
import type { Landmarks } from './finding.js';
import type { Detection } from './detection.js';
import { apply, centreOf, fivePoints, squareCrop } from './geometry.js';
import type { Picture } from './picture.js';
import { formatOf, sampleSimilarity } from './sampling.js';

export type Landmarker = (picture: Picture, face: Detection) => Promise<Landmarks>;

/**
 * 68 points of a face. The crop is the detection made square by its length and turned with the face, since the
 * net only knows upright ones.
 */
export function landmarker(model: PictureModel<EntryOf<'face.landmarks'>>): Landmarker {
  const format = formatOf(model.entry.input);
  return async (picture, { box, length, roll }) => {
    const crop = squareCrop(centreOf(box), length, roll, format.width);
    sampleSimilarity(picture, crop, format, model.input);
    const output = await model.runOne();
    const all = Array.from({ length: 68 }, (_, i) =>
      apply(crop, { x: (output[2 * i] ?? 0) * format.width, y: (output[2 * i + 1] ?? 0) * format.height }),
    );
    return { all, five: fivePoints(all) };
  };
}
