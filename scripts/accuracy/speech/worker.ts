import { runWorker, type JobHandler } from '../../../src/biometrics/engine/worker-loop.js';
import { framesThat, speechDetector } from '../../../src/biometrics/voice/activity.js';
import { DEFAULT_RECORDING_LIMITS } from '../../../src/biometrics/voice/analyser.js';
import { speakerEmbedder } from '../../../src/biometrics/voice/embedding.js';
import { measureNoise } from '../../../src/biometrics/voice/noise.js';
import { recordingDecoder } from '../../../src/biometrics/voice/recording.js';
import { judgeSpeakers } from '../../../src/biometrics/voice/speakers.js';
import { EMBED, SPEECH, type Embedded, type Speech } from './kinds.js';

/** Behind the door of biometrics, as only a worker's entry may go: the product's own steps. */

const speech: JobHandler<Uint8Array, Speech> = {
  kind: SPEECH,
  prepare: (models) => {
    const detect = speechDetector(models.get('voice.vad'));
    const decoder = recordingDecoder();
    return async (bytes) => {
      const { samples } = await (await decoder)(bytes, DEFAULT_RECORDING_LIMITS);
      const frames = await detect(samples);
      const result = { samples: framesThat(samples, frames, true), noise: measureNoise(samples, frames) };
      return { result, transfer: [] };
    };
  },
};

const embed: JobHandler<Float32Array, Embedded> = {
  kind: EMBED,
  prepare: (models) => {
    const model = models.get('voice.embed');
    const embedder = speakerEmbedder(model);
    return async (samples) => {
      const windows = await embedder.windows(samples);
      const template = await embedder.template(samples, windows);
      return { result: { template, speakers: judgeSpeakers(windows, model.entry) }, transfer: [] };
    };
  },
};

void runWorker([speech, embed]);
