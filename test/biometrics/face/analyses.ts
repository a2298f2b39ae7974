import type {
  FaceAnalysis,
  FacePresence,
  FaceTemplate,
  QualityFinding,
  QualityMeasure,
} from '../../../src/biometrics/face/index.js';
import { notAssessed } from '../../../src/biometrics/face/not-assessed.js';
import { assessQuality } from '../../../src/biometrics/face/quality.js';

/** Analyses made by hand, for the rules that judge them. */

const GOOD: Record<QualityMeasure, number> = {
  SHARPNESS: 0.15,
  BRIGHTNESS: 120,
  CONTRAST: 40,
  CLIPPING: 0,
  INTER_EYE_DISTANCE: 80,
  FACE_SIZE: 0.5,
  CENTRING: 0.02,
  FRAMING: 1,
  YAW: 0,
  PITCH: 0,
  ROLL: 0,
  EYES_OPEN: 1,
  OCCLUSION: 0,
};

export function goodQuality(except: Partial<Record<QualityMeasure, number>> = {}): QualityFinding {
  return assessQuality({ ...GOOD, ...except });
}

export function analysisOf({
  presence = 'ONE_FACE',
  template = null,
  quality = goodQuality(),
}: {
  presence?: FacePresence;
  template?: FaceTemplate | null;
  quality?: QualityFinding;
}): FaceAnalysis {
  const box = { x: 200, y: 100, width: 180, height: 240 };
  const point = { x: 0, y: 0 };
  return {
    image: { width: 640, height: 480, format: 'jpeg', sha256: '', fingerprint: new Uint8Array(256) },
    faces: [],
    presence,
    primary:
      presence === 'NO_FACE'
        ? null
        : {
            box,
            score: 1,
            landmarks: [point, point, point, point, point],
            movement: { noseAside: 0, mouthWidth: 0.8, mouthLift: 0 },
            template,
            pose: notAssessed('NOT_REQUESTED'),
            eyes: notAssessed('NOT_REQUESTED'),
            quality,
            liveness: notAssessed('NOT_REQUESTED'),
          },
    timings: { queued: 0, ran: 0, stages: {}, models: {} },
  };
}
