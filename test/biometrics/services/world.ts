import pino from 'pino';
import type { Context, Role } from '../../../src/call/index.js';
import { StatusError } from '../../../src/call/index.js';
import { createThrottle } from '../../../src/checks/index.js';
import {
  createBiometrics,
  entriesOf,
  loadManifest,
  type Biometrics,
  type BiometricsDependencies,
  type Engine,
  type FaceAnalyser,
  type FaceAnalysis,
  type VoiceAnalyser,
  type ReferenceChange,
} from '../../../src/biometrics/index.js';
import { createAudit, type Audit } from '../../../src/events/index.js';
import type { Storage } from '../../../src/storage/index.js';
import { TestClock } from '../../support/clock.js';
import { MODELS_DIR } from '../../support/faces.js';
import { inlineReader } from '../../support/handwriting.js';
import { analysisOf, goodQuality } from '../face/analyses.js';

export const manifest = loadManifest(MODELS_DIR);
export const [RECOGNISER, OTHER_RECOGNISER] = entriesOf(manifest, 'face.recognise') as [
  ReturnType<typeof entriesOf<'face.recognise'>>[number],
  ReturnType<typeof entriesOf<'face.recognise'>>[number],
];

export const [SPEAKER, OTHER_SPEAKER] = entriesOf(manifest, 'voice.embed') as [
  ReturnType<typeof entriesOf<'voice.embed'>>[number],
  ReturnType<typeof entriesOf<'voice.embed'>>[number],
];

export const UC = 'UC';
export const UCY = 'UCY';

/** A picture as the scripted analyser reads it: who is on it and which of their pictures it is. */
export function picture(who: string, shot: number): Buffer {
  return Buffer.from(JSON.stringify({ who, shot }));
}
export const NOBODY = Buffer.from(JSON.stringify({ who: null }));
export const CROWD = Buffer.from(JSON.stringify({ who: 'ann', shot: 1, crowd: true }));
export const BLURRED = Buffer.from(JSON.stringify({ who: 'ann', shot: 1, blurred: true }));

/** Unit vector that depends on its seed only; two of them are all but orthogonal in 512 dimensions. */
function direction(seed: string, dimensions: number): Float32Array {
  let state = Buffer.from(seed).reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), 2166136261) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const raw = Float32Array.from({ length: dimensions }, next);
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

/** Two pictures of one person have a cosine of about 0.7, two of different people about 0. */
export function embedding(who: string, shot: number, dimensions = RECOGNISER.dimensions): Float32Array {
  const person = direction(who, dimensions);
  const noise = direction(`${who}/${shot}`, dimensions);
  const mixed = person.map((value, i) => value + 0.65 * noise[i]!);
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length);
}

/** Reads `picture()`; anything else is no picture. Counts what it was asked. */
export function scriptedAnalyser(modelId = RECOGNISER.id): FaceAnalyser & { calls: number } {
  return {
    calls: 0,
    analyse(image): Promise<FaceAnalysis> {
      this.calls++;
      let script: { who: string | null; shot: number; crowd?: boolean; blurred?: boolean };
      try {
        script = JSON.parse(Buffer.from(image).toString()) as typeof script;
      } catch {
        return Promise.reject(new StatusError('IMAGE_UNREADABLE', 'The image cannot be read.'));
      }
      if (script.who === null) return Promise.resolve(analysisOf({ presence: 'NO_FACE' }));
      return Promise.resolve(
        analysisOf({
          presence: script.crowd ? 'SEVERAL_FACES' : 'ONE_FACE',
          template: { modelId, vector: embedding(script.who, script.shot) },
          quality: goodQuality(script.blurred ? { SHARPNESS: 0 } : {}),
        }),
      );
    },
  };
}

/** A recording as the scripted analyser reads it: who speaks, which of their recordings, and for how many seconds. */
export function recording(who: string, take: number, seconds = 5): Buffer {
  return Buffer.from(JSON.stringify({ who, take, seconds }));
}
export const SILENCE = recording('nobody', 0, 0);
export const CONVERSATION = Buffer.from(JSON.stringify({ who: 'ann', take: 1, seconds: 20, several: true }));
export const NOISE = Buffer.from(JSON.stringify({ who: 'ann', take: 1, seconds: 20, snrDb: 3 }));

/** Reads `recording()`; anything else is no recording. Splits as the engine does, at 4 seconds an utterance. */
export function scriptedVoiceAnalyser(modelId = SPEAKER.id): VoiceAnalyser {
  return {
    analyse(bytes, mostUtterances) {
      let script: { who: string; take: number; seconds: number; several?: boolean; snrDb?: number };
      try {
        script = JSON.parse(Buffer.from(bytes).toString()) as typeof script;
      } catch {
        return Promise.reject(new StatusError('AUDIO_UNREADABLE', 'The recording cannot be read.'));
      }
      const { who, take, seconds, several = false, snrDb = 30 } = script;
      const parts = seconds < 1 ? 0 : Math.max(1, Math.min(mostUtterances, Math.floor(seconds / 4)));
      return Promise.resolve({
        recording: { format: 'wav', sampleRate: 16_000, channels: 1, seconds: seconds + 1, sha256: '' },
        speechSeconds: seconds,
        noise: { outcome: 'ASSESSED', snrDb },
        speakers: {
          outcome: several ? 'SEVERAL_SPEAKERS' : 'ONE_SPEAKER',
          similarity: several ? 0.6 : 0.9,
          threshold: SPEAKER.speakers.threshold,
          modelId,
        },
        utterances: Array.from({ length: parts }, (_, part) => ({
          seconds: seconds / parts,
          template: { modelId, vector: voiceEmbedding(who, `${take}/${part}`) },
        })),
        timings: { queued: 0, ran: 0, stages: {}, models: {} },
      });
    },
  };
}

/** Two utterances of one speaker have a cosine of about 0.9, two of different speakers about 0. */
function voiceEmbedding(who: string, utterance: string): Float32Array {
  const speaker = direction(who, SPEAKER.dimensions);
  const noise = direction(`${who}/${utterance}`, SPEAKER.dimensions);
  const mixed = speaker.map((value, i) => value + 0.33 * noise[i]!);
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length);
}

/** An engine that only tells which models it has; nothing runs in it. */
export function idleEngine(recogniserId = RECOGNISER.id, speakerId = SPEAKER.id): Engine {
  const models = manifest.models
    .filter(({ role, id }) => role !== 'face.recognise' || id === recogniserId)
    .filter(({ role, id }) => role !== 'voice.embed' || id === speakerId)
    .map(({ id, role, sha256 }) => ({ id, role, sha256, warm: true }));
  return {
    ready: Promise.resolve(),
    run: () => Promise.reject(new Error('nothing runs here')),
    status: () => ({
      ready: true,
      healthy: true,
      models,
      workers: { configured: 2, ready: 2, busy: 1, stuck: 0 },
      queue: { length: 3, limit: 16 },
      utilisation: 0,
    }),
    drain: () => Promise.resolve(),
  };
}

/** Biometrics with everything around it under the test's control. */
export interface World {
  biometrics: Biometrics;
  storage: Storage;
  audit: Audit;
  clock: TestClock;
  analyser: ReturnType<typeof scriptedAnalyser>;
  /** Ids of users who gave consent, and who sit. */
  consenting: Set<string>;
  sitting: Set<string>;
  /** Users by organisation. */
  users: Map<string, string>;
  changes: { userId: string; change: ReferenceChange }[];
  consent: BiometricsDependencies['consent'];
  directory: BiometricsDependencies['directory'];
  as(userId: string, role?: Role): Context;
  /** The same store with other settings: another node, another model. */
  rewire(change: Partial<BiometricsDependencies>): Biometrics;
}

export function createWorld(
  storage: Storage,
  options: Partial<BiometricsDependencies['options']> = {},
): World {
  const clock = new TestClock();
  const consenting = new Set<string>();
  const sitting = new Set<string>();
  const users = new Map<string, string>();
  const changes: World['changes'] = [];
  const analyser = scriptedAnalyser();
  const audit = createAudit(storage, clock.now);
  const log = pino({ level: 'silent' });
  const dependencies: BiometricsDependencies = {
    storage,
    audit,
    analyser,
    handwriting: inlineReader(),
    voiceAnalyser: scriptedVoiceAnalyser(),
    engine: idleEngine(),
    manifest,
    consent: {
      require: (_db, { userId }) =>
        consenting.has(userId)
          ? Promise.resolve()
          : Promise.reject(new StatusError('CONSENT_REQUIRED', 'Consent is needed.')),
    },
    sitting: { isSitting: (_db, userId) => Promise.resolve(sitting.has(userId)) },
    directory: {
      byIds: (_db, organisationId, ids) =>
        Promise.resolve(ids.filter((id) => users.get(id) === organisationId).map((id) => ({ id }))),
    },
    throttle: createThrottle({ storage, clock }),
    referenceChanged: (_tx, userId, change) => {
      changes.push({ userId, change });
      return Promise.resolve();
    },
    clock,
    log,
    options: { maxTemplates: 10, requiredTemplates: 1, referenceRetentionDays: 400, ...options },
  };
  return {
    biometrics: createBiometrics(dependencies),
    storage,
    audit,
    clock,
    analyser,
    consenting,
    sitting,
    users,
    changes,
    consent: dependencies.consent,
    directory: dependencies.directory,
    as: (userId, role = 'STUDENT') => ({
      requestId: 'test',
      principal: { userId, organisationId: users.get(userId) ?? UC, role, loginId: 'login' },
      deadline: Number.POSITIVE_INFINITY,
      signal: new AbortController().signal,
      log,
      peer: '127.0.0.1',
    }),
    rewire: (change) => createBiometrics({ ...dependencies, ...change }),
  };
}

/** Adds a user who gave consent. */
export function addUser(world: World, id: string, organisationId = UC): string {
  world.users.set(id, organisationId);
  world.consenting.add(id);
  return id;
}
