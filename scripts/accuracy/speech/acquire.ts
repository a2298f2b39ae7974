import { readFile } from 'node:fs/promises';
import { StatusError } from '../../../src/call/index.js';
import {
  applyVoiceGate,
  type Engine,
  type NoiseFinding,
  type SpeakersFinding,
  type VoiceGatePurpose,
  type VoiceInconclusiveReason,
  type VoiceTemplate,
} from '../../../src/biometrics/index.js';
import type { Group } from '../corpus.js';
import { randomFrom } from '../statistics.js';
import { EMBED, SPEECH } from './kinds.js';

/** Hz. */
const SAMPLE_RATE = 16_000;

export interface ProbeKind {
  name: string;
  /** Speech that it is cut to. */
  seconds: number;
  /** Decibels of speech over white noise that is added; null for none. */
  snrDb: number | null;
}

/** The last is of a room that the product's gate for noise just lets in. */
export const PROBES: readonly ProbeKind[] = [
  { name: '3 s', seconds: 3, snrDb: null },
  { name: '5 s', seconds: 5, snrDb: null },
  { name: 'whole', seconds: Infinity, snrDb: null },
  { name: '3 s in white noise of 20 dB', seconds: 3, snrDb: 20 },
];
/** Of PROBES: what is enrolled. */
export const WHOLE = 2;
/** Less speech, in seconds, makes no template in the product. */
const LEAST_SPEECH_S = 1;

export interface Recording {
  file: string;
  speech: Float32Array;
  noise: NoiseFinding;
  speakers: SpeakersFinding;
  /** By the index in PROBES. */
  templates: VoiceTemplate[];
}

export interface Speaker {
  name: string;
  recordings: Recording[];
}

export interface Acquired {
  speakers: Speaker[];
  recordings: number;
  failed: { file: string; failure: 'UNREADABLE' | 'TOO_LITTLE_SPEECH' }[];
}

export function seconds(count: number): number {
  return count * SAMPLE_RATE;
}

/** Puts every recording through the product's own steps. */
export async function acquireSpeech(groups: Group[], engine: Engine): Promise<Acquired> {
  const acquired: Acquired = { speakers: [], recordings: 0, failed: [] };
  for (const { name, files } of groups) {
    const done = await Promise.all(files.map((file) => acquireOne(file, engine)));
    acquired.recordings += files.length;
    acquired.failed.push(...done.flatMap((each) => ('failure' in each ? [each] : [])));
    acquired.speakers.push({ name, recordings: done.flatMap((each) => ('speech' in each ? [each] : [])) });
  }
  return acquired;
}

async function acquireOne(file: string, engine: Engine): Promise<Recording | Acquired['failed'][number]> {
  const bytes = new Uint8Array(await readFile(file));
  let found;
  try {
    found = (await engine.run(SPEECH, bytes)).result;
  } catch (error) {
    if (error instanceof StatusError && error.reason.startsWith('AUDIO_'))
      return { file, failure: 'UNREADABLE' };
    throw error;
  }
  const { samples: speech, noise } = found;
  if (speech.length < seconds(LEAST_SPEECH_S)) return { file, failure: 'TOO_LITTLE_SPEECH' };
  const embedded = await Promise.all(
    PROBES.map(async (kind) => (await engine.run(EMBED, probeOf(speech, kind))).result),
  );
  const whole = embedded[WHOLE];
  if (!whole) throw new Error('whole recordings are among the probes');
  return {
    file,
    speech,
    noise,
    speakers: whole.speakers,
    templates: embedded.map(({ template }) => template),
  };
}

function probeOf(speech: Float32Array, { seconds: length, snrDb }: ProbeKind): Float32Array {
  const cut = speech.slice(0, Math.min(speech.length, seconds(length)));
  if (snrDb === null) return cut;
  const power = cut.reduce((sum, value) => sum + value * value, 0) / cut.length;
  const deviation = Math.sqrt(power / 10 ** (snrDb / 10));
  const random = randomFrom(cut.length);
  // Box and Muller: normally distributed.
  return cut.map(
    (value) => value + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

/** Why the product would not take a recording for a purpose; null where it would. */
export function refusal(
  { speech, noise, speakers, templates }: Recording,
  purpose: VoiceGatePurpose,
): VoiceInconclusiveReason | null {
  const speechSeconds = speech.length / SAMPLE_RATE;
  const utterances = templates.map((template) => ({ seconds: speechSeconds, template }));
  const gate = applyVoiceGate({ speechSeconds, noise, speakers, utterances }, purpose);
  return gate.passed ? null : (gate.reasons[0] ?? null);
}
