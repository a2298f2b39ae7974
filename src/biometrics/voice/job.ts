import { createHash } from 'node:crypto';
import type { Models } from '../engine/sessions.js';
import type { JobHandler } from '../engine/worker-loop.js';
import { framesThat, speechDetector } from './activity.js';
import { LEAST_SPEECH_S, secondsOf, speakerEmbedder, split } from './embedding.js';
import type { Utterance, VoiceAnalysis, VoiceStage } from './finding.js';
import { VOICE_ANALYSE, type VoiceInput } from './kind.js';
import { measureNoise } from './noise.js';
import { recordingDecoder } from './recording.js';
import { judgeSpeakers } from './speakers.js';

/** Imported inside workers only. */

type Analysis = Omit<VoiceAnalysis, 'timings'>;

/** Seconds of speech that one utterance of a recording that is split has at the least. */
const UTTERANCE_S = 4;

export const voiceAnalyse: JobHandler<VoiceInput, Analysis> = {
  kind: VOICE_ANALYSE,
  prepare: (models) => {
    const analyse = voiceAnalysis(models);
    return async (input) => {
      const result = await analyse(input);
      return {
        result,
        transfer: result.utterances.map(({ template }) => template.vector.buffer as ArrayBuffer),
      };
    };
  },
};

function voiceAnalysis(models: Models): (input: VoiceInput) => Promise<Analysis> {
  const detect = speechDetector(models.get('voice.vad'));
  const model = models.get('voice.embed');
  const embedder = speakerEmbedder(model);
  // With the first recording: where there are none, no decoder is loaded.
  let decoder: ReturnType<typeof recordingDecoder> | undefined;
  const stage = <T>(name: VoiceStage, step: () => T | Promise<T>): Promise<T> =>
    models.watch.stage(name, step);

  async function utterance(speech: Float32Array, windows?: Float32Array[]): Promise<Utterance> {
    const seen = windows ?? (await embedder.windows(speech));
    return { seconds: secondsOf(speech), template: await embedder.template(speech, seen) };
  }

  async function utterances(
    speech: Float32Array,
    windows: Float32Array[],
    most: number,
  ): Promise<Utterance[]> {
    const parts = Math.min(most, Math.floor(secondsOf(speech) / UTTERANCE_S));
    if (parts < 2) return [await utterance(speech, windows)];
    const made: Utterance[] = [];
    for (const part of split(speech, parts)) made.push(await utterance(part));
    return made;
  }

  return async ({ recording: bytes, mostUtterances, limits }) => {
    const sha256 = await stage('hash', () => createHash('sha256').update(bytes).digest('hex'));
    const { samples, ...facts } = await stage('decode', async () => {
      const decode = await (decoder ??= recordingDecoder());
      return decode(bytes, limits);
    });
    const frames = await stage('speech', () => detect(samples));
    const speech = framesThat(samples, frames, true);
    const common = {
      recording: { ...facts, sha256 },
      speechSeconds: secondsOf(speech),
      noise: await stage('noise', () => measureNoise(samples, frames)),
    };
    if (common.speechSeconds < LEAST_SPEECH_S) {
      return {
        ...common,
        speakers: { outcome: 'NOT_ASSESSED', reason: 'TOO_LITTLE_SPEECH' },
        utterances: [],
      };
    }
    const windows = await stage('embed', () => embedder.windows(speech));
    return {
      ...common,
      speakers: await stage('speakers', () => judgeSpeakers(windows, model.entry)),
      utterances: await stage('embed', () => utterances(speech, windows, mostUtterances)),
    };
  };
}
