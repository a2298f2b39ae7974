import {
  entriesOf,
  loadManifest,
  type FaceAnalysis,
  type RecogniserEntry,
} from '../../src/biometrics/index.js';
import type { Acquisition, Subject } from '../../scripts/accuracy/acquire.js';
import { randomFrom } from '../../scripts/accuracy/statistics.js';
import { join } from 'node:path';

const DIMENSIONS = 32;

/** The default recogniser with thresholds and a calibration for made-up templates. */
export function recogniser(fusion: 'mean' | 'max' = 'mean'): RecogniserEntry {
  const [entry] = entriesOf(loadManifest(join(__dirname, '../../models')), 'face.recognise');
  const rule = { match: 0.6, review: 0.5, calibration: { slope: 30, intercept: -15 } };
  return {
    ...entry!,
    decision: { ...entry!.decision, fusion, rules: [1, 2, 3].map((templates) => ({ ...rule, templates })) },
  };
}

/** A template vector of length 1: a direction of its own for each person, shaken by `noise`. */
export function vectorOf(person: number, noise: number, random: () => number): Float32Array {
  const vector = Float32Array.from(
    { length: DIMENSIONS },
    (_, index) => (index === person ? 1 : 0) + noise * (random() - 0.5),
  );
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** A picture in which everything is fit; with `blurred`, one that no gate lets in. */
export function acquisition(vector: Float32Array, blurred = false): Acquisition {
  const analysis: FaceAnalysis = {
    image: { width: 250, height: 250, format: 'jpeg', sha256: '', fingerprint: new Uint8Array(0) },
    faces: [],
    presence: 'ONE_FACE',
    primary: {
      box: { x: 0, y: 0, width: 100, height: 100 },
      score: 1,
      landmarks: Array.from({ length: 5 }, () => ({ x: 0, y: 0 })) as never,
      movement: { noseAside: 0, mouthWidth: 0.8, mouthLift: 0 },
      template: { modelId: recogniser().id, vector },
      pose: notRequested,
      eyes: notRequested,
      liveness: notRequested,
      quality: {
        outcome: blurred ? 'POOR' : 'ACCEPTABLE',
        components: [
          {
            measure: 'SHARPNESS',
            outcome: blurred ? 'TOO_LOW' : 'ACCEPTABLE',
            value: blurred ? 0 : 1,
            unit: '',
            acceptable: {},
            advice: null,
          },
        ],
      },
    },
    timings: { stages: {}, models: {}, queued: 0, ran: 0 },
  };
  return { picture: '', analysis, failure: null, bystanders: 0 };
}

const notRequested = { outcome: 'NOT_ASSESSED', reason: 'NOT_REQUESTED', explanation: '' } as const;

export function people(count: number, pictures: number, noise: number): Subject[] {
  const random = randomFrom(42);
  return Array.from({ length: count }, (_, person) => ({
    name: `person ${person}`,
    acquisitions: Array.from({ length: pictures }, () => acquisition(vectorOf(person, noise, random))),
  }));
}
