import type { RecogniserEntry } from '../engine/index.js';
import type { PictureModel } from '../engine/sessions.js';
import type { Stopwatch } from '../engine/stopwatch.js';
import { normalise } from '../vectors.js';
import { recogniserCrop } from './alignment.js';
import type { FaceTemplate, Landmarks } from './finding.js';
import type { Picture } from './picture.js';
import { formatOf, sampleSimilarity } from './sampling.js';

/** Aligns and embeds one face by the recipe of the configured recogniser. */
export function embedder(
  model: PictureModel<RecogniserEntry>,
  watch: Stopwatch,
): (picture: Picture, landmarks: Landmarks) => Promise<FaceTemplate> {
  const { entry, input } = model;
  const format = formatOf(entry.input);
  return async (picture, landmarks) => {
    await watch.stage('align', () =>
      sampleSimilarity(picture, recogniserCrop(entry.recipe, landmarks, format.width), format, input),
    );
    return watch.stage('embed', async () => {
      const output = await model.runOne();
      return { modelId: entry.id, vector: normalise(output) };
    });
  };
}
