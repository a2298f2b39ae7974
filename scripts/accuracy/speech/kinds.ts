import type { JobKind, NoiseFinding, SpeakersFinding, VoiceTemplate } from '../../../src/biometrics/index.js';

export interface Speech {
  /** Net speech: mono, 16 kHz. */
  samples: Float32Array;
  noise: NoiseFinding;
}

export interface Embedded {
  template: VoiceTemplate;
  speakers: SpeakersFinding;
}

/** The steps of the product's analysis, one by one: speech can be cut and mixed between them. */
export const SPEECH: JobKind<Uint8Array, Speech> = { name: 'accuracy.speech' };
export const EMBED: JobKind<Float32Array, Embedded> = { name: 'accuracy.embed' };
