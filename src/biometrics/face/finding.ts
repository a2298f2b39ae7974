import type { JobTimings } from '../engine/index.js';
import type { Advice } from './advice.js';

/**
 * What the engine says of a picture of a face. Findings are plain data: they cross a thread boundary and are
 * never exceptions. All coordinates are pixels of the upright picture (EXIF orientation applied), origin top
 * left, x to the right, y down; "left" and "right" are the picture's, not the subject's.
 */

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Why a part of a finding is not there. None of these is a failure. */
export type NotAssessedReason =
  | 'NOT_REQUESTED'
  | 'NO_METHOD'
  | 'WINDOW_DOES_NOT_FIT'
  | 'FACE_NOT_FRONTAL'
  | 'FACE_TOO_SMALL'
  | 'TOO_BLURRED';

export interface NotAssessed {
  outcome: 'NOT_ASSESSED';
  reason: NotAssessedReason;
  /** One sentence for a person. */
  explanation: string;
}

/** One face the detectors reported. */
export interface DetectedFace {
  box: Box;
  /** Detector confidence, 0..1. */
  score: number;
  /** Id of the model that found it. */
  modelId: string;
  /** Whether it counts as a person in front of the camera (`prominence.ts`). */
  counts: boolean;
}

/** Five points in the order of the alignment template: left eye, right eye, nose tip, left and right mouth corner. */
export type FivePoints = readonly [Point, Point, Point, Point, Point];

export interface Landmarks {
  /** 68 points in iBUG-68 order. */
  all: Point[];
  five: FivePoints;
}

export interface Pose {
  outcome: 'ASSESSED';
  /** Degrees. Negative: the nose points to the right of the picture. */
  yaw: number;
  /** Degrees. */
  pitch: number;
  /** Degrees, from the line through the eyes; positive: clockwise in the picture. */
  roll: number;
  modelId: string;
}
export type PoseFinding = Pose | NotAssessed;

export interface Eyes {
  outcome: 'ASSESSED';
  /** P(closed), 0..1, of the eye on the left of the picture. */
  leftClosed: number;
  /** P(closed), 0..1, of the eye on the right of the picture. */
  rightClosed: number;
  modelId: string;
}
export type EyesFinding = Eyes | NotAssessed;

/**
 * Where the parts of a face stand to one another: for a movement that somebody was asked for, and told from the same
 * person's face at rest. It says nothing of what they feel.
 */
export interface Movement {
  /** How far the nose tip lies beside the middle of the eyes, to the right of the picture, per distance of the eyes. */
  noseAside: number;
  /** Distance of the mouth's corners per distance of the eyes. */
  mouthWidth: number;
  /** How far the mouth's corners are above the middle of the lips, per width of the mouth. */
  mouthLift: number;
}

export type LivenessFinding =
  | {
      outcome: 'LIVE' | 'SPOOF_SUSPECTED';
      /** P(live), 0..1. */
      score: number;
      threshold: number;
      modelId: string;
    }
  | NotAssessed;

/** What is measured of a picture's fitness for comparison. Units in `quality.ts`. */
export type QualityMeasure =
  | 'SHARPNESS'
  | 'BRIGHTNESS'
  | 'CONTRAST'
  | 'CLIPPING'
  | 'INTER_EYE_DISTANCE'
  | 'FACE_SIZE'
  | 'CENTRING'
  | 'FRAMING'
  | 'YAW'
  | 'PITCH'
  | 'ROLL'
  | 'EYES_OPEN'
  | 'OCCLUSION';

/** Closed interval; a missing end is unbounded. */
export interface Range {
  min?: number;
  max?: number;
}

export interface QualityComponent {
  measure: QualityMeasure;
  outcome: 'ACCEPTABLE' | 'TOO_LOW' | 'TOO_HIGH' | 'NOT_ASSESSED';
  /** Null exactly when NOT_ASSESSED. */
  value: number | null;
  unit: string;
  acceptable: Range;
  /** What the person in front of the camera can do about it; null when acceptable or not assessed. */
  advice: Advice | null;
  /** Set exactly when NOT_ASSESSED. */
  reason?: NotAssessedReason;
}

export type QualityFinding =
  | {
      /** POOR when any assessed component is out of its range. */
      outcome: 'ACCEPTABLE' | 'POOR';
      components: QualityComponent[];
    }
  | NotAssessed;

/** An embedding and the model that made it. Templates of two models are never compared. */
export interface FaceTemplate {
  modelId: string;
  /** L2-normalised. */
  vector: Float32Array;
}

/** The most prominent face of the picture and everything that was asked of it. */
export interface PrimaryFace {
  box: Box;
  /** Detector confidence, 0..1. */
  score: number;
  landmarks: FivePoints;
  movement: Movement;
  /** Null when the embedding was not asked for. */
  template: FaceTemplate | null;
  pose: PoseFinding;
  eyes: EyesFinding;
  quality: QualityFinding;
  liveness: LivenessFinding;
}

export interface ImageFacts {
  /** Upright size in pixels. */
  width: number;
  height: number;
  format: 'jpeg' | 'png' | 'webp';
  /** Of the bytes as they came, lower-case hex. Equal bytes are a replayed frame. */
  sha256: string;
  /** See `fingerprint.ts`: compare with `nearIdentical`. */
  fingerprint: Uint8Array;
}

/** The steps of an analysis in their order; `timings.stages` has those that were taken. */
export type FaceStage =
  | 'hash'
  | 'decode'
  | 'fingerprint'
  | 'detect'
  | 'landmarks'
  | 'align'
  | 'embed'
  | 'pose'
  | 'eyes'
  | 'quality'
  | 'liveness';

/** How many people are in front of the camera. */
export type FacePresence = 'NO_FACE' | 'ONE_FACE' | 'SEVERAL_FACES';

/** Everything that was found in one picture. */
export interface FaceAnalysis {
  image: ImageFacts;
  /** Most prominent first. */
  faces: DetectedFace[];
  presence: FacePresence;
  /** Null when there is no face. With several faces, the most prominent of them. */
  primary: PrimaryFace | null;
  timings: JobTimings;
}

/** Which parts of an analysis are wanted. Detection and landmarks always run; liveness brings pose along. */
export interface FaceParts {
  embedding: boolean;
  pose: boolean;
  eyes: boolean;
  quality: boolean;
  liveness: boolean;
}

/** Caps that are checked from the image header, before anything is decoded. */
export interface ImageLimits {
  /** Default 8 MiB. */
  maxBytes: number;
  /** Width times height, default 25 megapixels. */
  maxPixels: number;
}

/** How a probe compares with a reference. */
export interface ComparisonFinding {
  outcome: 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';
  /** Cosine similarity after fusion, -1..1; null when nothing was compared. */
  score: number | null;
  /** MATCH is score >= threshold. */
  threshold: number;
  /** NO_MATCH is score < reviewThreshold; between the two it is INCONCLUSIVE. */
  reviewThreshold: number;
  modelId: string;
  /** Why it is INCONCLUSIVE; empty otherwise. */
  reasons: InconclusiveReason[];
  /** What the person can do about it. */
  advice: Advice[];
}

export type InconclusiveReason = 'NO_FACE' | 'SEVERAL_FACES' | 'QUALITY_TOO_LOW' | 'SCORE_BETWEEN_THRESHOLDS';
