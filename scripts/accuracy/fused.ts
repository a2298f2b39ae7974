import type { RecogniserEntry } from '../../src/biometrics/index.js';
import { FUSION_POLICY, type FusionPolicy, type WatchedModality } from '../../src/exams/watching/fusion.js';
import type { Subject } from './acquire.js';
import { faceSittings, HOURS, IMPOSTORS, SEED, type Frames } from './sequences.js';
import { playHour, VOICE_CADENCE_MS, type Stream } from './sittings.js';
import { quantile, randomFrom } from './statistics.js';

/** As exams have it. */
const FACE_CADENCE_MS = 10_000;

/**
 * Distance of the two normal distributions that calibrated ratios have at an equal error rate of 5 %: twice the
 * quantile of 95 %. Ratios of the same speaker then have mean d^2 / 2 and variance d^2, those of others the mean
 * -d^2 / 2 (van Leeuwen and Brümmer 2013, The distribution of calibrated likelihood-ratios in speaker recognition).
 */
const VOICE_SEPARATION = 2 * 1.6449;

export type Watched = 'face' | 'voice' | 'face and voice';
export type Attack = 'another person' | 'another voice';

export interface FusedResult {
  watched: Watched;
  /** Of both modalities: whether every observation is another one, or one lasts for the hour. */
  observations: Frames;
  honest: { alerts: number; studentHours: number };
  attacks: {
    attack: Attack;
    sittings: number;
    /** Within the hour. */
    detected: number;
    /** Seconds, over the detected; null when there is none. */
    meanSeconds: number | null;
    p95Seconds: number | null;
  }[];
}

const MODALITIES: Record<Watched, readonly WatchedModality[]> = {
  face: ['FACE'],
  voice: ['VOICE'],
  'face and voice': ['FACE', 'VOICE'],
};

/**
 * The "different person" rule over several modalities. Faces are those of the subjects, one template each; voices are
 * drawn from the distribution above, each with the face it is put beside: nobody's real voice.
 */
export async function simulateFused(
  subjects: Subject[],
  recogniser: RecogniserEntry,
  { watched, observations }: { watched: Watched; observations: Frames },
  policy: FusionPolicy = FUSION_POLICY,
): Promise<FusedResult> {
  const random = randomFrom(SEED);
  const faces = await faceSittings(subjects, recogniser, { templates: 1, frames: observations }, random);
  const voice = (same: boolean): Stream => {
    const mean = ((same ? 1 : -1) * VOICE_SEPARATION ** 2) / 2;
    const draw = (): number => mean + VOICE_SEPARATION * normal(random);
    const constant = draw();
    return {
      modality: 'VOICE',
      cadenceMs: VOICE_CADENCE_MS,
      next: observations === 'constant' ? () => constant : draw,
    };
  };
  const streams = (reference: number, face: number | null, sameVoice: boolean): Stream[] =>
    MODALITIES[watched].map((modality) =>
      modality === 'FACE' ? faces.stream(reference, face, FACE_CADENCE_MS) : voice(sameVoice),
    );

  const honest = { alerts: 0, studentHours: 0 };
  const times: Record<Attack, number[]> = { 'another person': [], 'another voice': [] };
  let sittings = 0;
  for (let reference = 0; reference < faces.count; reference += 1) {
    if (!faces.hasOwn(reference)) continue;
    for (let hour = 0; hour < HOURS; hour += 1) {
      honest.alerts += playHour(streams(reference, null, true), policy, false).length;
      honest.studentHours += 1;
    }
    for (let attack = 0; attack < IMPOSTORS; attack += 1) {
      sittings += 1;
      times['another person'].push(
        ...playHour(streams(reference, faces.other(reference), false), policy, true),
      );
      if (watched !== 'face') {
        times['another voice'].push(...playHour(streams(reference, null, false), policy, true));
      }
    }
  }
  const attacks = (watched === 'face' ? (['another person'] as const) : ATTACKS).map((attack) => {
    const found = times[attack].map((ms) => ms / 1000).sort((a, b) => a - b);
    return {
      attack,
      sittings,
      detected: found.length,
      meanSeconds: found.length > 0 ? found.reduce((sum, s) => sum + s, 0) / found.length : null,
      p95Seconds: quantile(found, 0.95),
    };
  });
  return { watched, observations, honest, attacks };
}

const ATTACKS: readonly Attack[] = ['another person', 'another voice'];

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
