import { createHash } from 'node:crypto';
import type { Models } from '../engine/sessions.js';
import type { JobHandler } from '../engine/worker-loop.js';
import { ARCFACE_SIZE, arcfaceCrop } from './alignment.js';
import type { Detection } from './detection.js';
import { embedder } from './embedding.js';
import { eyeReader } from './eyes.js';
import type { Box, FaceAnalysis, FaceStage, FivePoints, Landmarks, Point, PrimaryFace } from './finding.js';
import { fingerprintOf } from './fingerprinting.js';
import { centreOf, distance, rollOf } from './geometry.js';
import { FACE_ANALYSE, type FaceInput } from './kind.js';
import { livenessJudge } from './liveness.js';
import { measureLuma, type LumaMeasures } from './measures.js';
import { movementOf } from './movement.js';
import { notAssessed } from './not-assessed.js';
import { decode, type Picture } from './picture.js';
import { poseEstimator } from './pose.js';
import { counting, presenceOf } from './prominence.js';
import { assessQuality, type QualityValues } from './quality.js';
import { lumaFormat, sampleSimilarity } from './sampling.js';
import { faceSearch } from './search.js';

/** Imported inside workers only. */

type Analysis = Omit<FaceAnalysis, 'timings'>;

export const faceAnalyse: JobHandler<FaceInput, Analysis> = {
  kind: FACE_ANALYSE,
  prepare: (models) => {
    const analyse = faceAnalysis(models);
    return async (input) => {
      const result = await analyse(input);
      const arrays = [result.image.fingerprint, result.primary?.template?.vector];
      return { result, transfer: arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : [])) };
    };
  },
};

function faceAnalysis(models: Models): (input: FaceInput) => Promise<Analysis> {
  const search = faceSearch(models);
  const embed = embedder(models.get('face.recognise'), models.watch);
  const estimatePose = poseEstimator(models.get('face.pose'));
  const readEyes = eyeReader(models.get('face.eyes'));
  const judgeLiveness = livenessJudge(models.get('face.liveness'));
  const luma = lumaFormat(ARCFACE_SIZE);
  const lumaFrame = new Float32Array(ARCFACE_SIZE * ARCFACE_SIZE);
  const stage = <T>(name: FaceStage, step: () => T | Promise<T>): Promise<T> =>
    models.watch.stage(name, step);

  return async ({ image, want, limits }) => {
    const sha256 = await stage('hash', () => createHash('sha256').update(image).digest('hex'));
    const picture = await stage('decode', () => decode(image, limits));
    const fingerprint = await stage('fingerprint', () => fingerprintOf(picture));
    const { faces, landmarks } = await search(picture);
    const { reduction: unit } = picture;
    const detected = counting(faces).map(({ box, score, modelId, counts }) => ({
      box: enlarge(box, unit),
      score,
      modelId,
      counts,
    }));
    const [first] = faces;
    return {
      image: {
        width: picture.originalWidth,
        height: picture.originalHeight,
        format: picture.format,
        sha256,
        fingerprint,
      },
      faces: detected,
      presence: presenceOf(detected),
      primary: first && landmarks ? await describe(picture, first, landmarks, want) : null,
    };
  };

  async function describe(
    picture: Picture,
    face: Detection,
    landmarks: Landmarks,
    want: FaceInput['want'],
  ): Promise<PrimaryFace> {
    const template = want.embedding ? await embed(picture, landmarks) : null;
    const pose =
      want.pose || want.liveness
        ? await stage('pose', () => estimatePose(picture, face.box, landmarks))
        : notAssessed('NOT_REQUESTED');
    const eyes = want.eyes
      ? await stage('eyes', () => readEyes(picture, landmarks))
      : notAssessed('NOT_REQUESTED');
    const light =
      want.quality || want.liveness
        ? await stage('quality', () => {
            sampleSimilarity(picture, arcfaceCrop(landmarks.five), luma, lumaFrame);
            return measureLuma(lumaFrame);
          })
        : null;
    const { width, height } = picture.levels[0];
    const { reduction: unit } = picture;
    const values = (measured: LumaMeasures): QualityValues => ({
      SHARPNESS: measured.sharpness,
      BRIGHTNESS: measured.brightness,
      CONTRAST: measured.contrast,
      CLIPPING: measured.clipping,
      INTER_EYE_DISTANCE: distance(landmarks.five[0], landmarks.five[1]) * unit,
      FACE_SIZE: face.box.height / height,
      CENTRING: offCentre(face.box, width, height),
      FRAMING: shareInside(face.box, width, height),
      YAW: pose.outcome === 'ASSESSED' ? pose.yaw : pose,
      PITCH: pose.outcome === 'ASSESSED' ? pose.pitch : pose,
      ROLL: rollOf(landmarks.five[0], landmarks.five[1]),
      EYES_OPEN: eyes.outcome === 'ASSESSED' ? 1 - Math.min(eyes.leftClosed, eyes.rightClosed) : eyes,
      OCCLUSION: notAssessed('NO_METHOD'),
    });
    return {
      box: enlarge(face.box, unit),
      score: face.score,
      landmarks: enlargePoints(landmarks.five, unit),
      movement: movementOf(landmarks.all),
      template,
      pose,
      eyes,
      quality: want.quality && light ? assessQuality(values(light)) : notAssessed('NOT_REQUESTED'),
      liveness:
        want.liveness && light
          ? await stage('liveness', () => judgeLiveness(picture, face.box, pose, light.sharpness))
          : notAssessed('NOT_REQUESTED'),
    };
  }
}

function offCentre(box: Box, width: number, height: number): number {
  const { x, y } = centreOf(box);
  return Math.max(Math.abs(x / width - 0.5), Math.abs(y / height - 0.5));
}

function shareInside({ x, y, width, height }: Box, w: number, h: number): number {
  const inside = (start: number, length: number, size: number): number =>
    Math.max(0, Math.min(size, start + length) - Math.max(0, start));
  return (inside(x, width, w) * inside(y, height, h)) / (width * height);
}

function enlarge({ x, y, width, height }: Box, by: number): Box {
  return { x: x * by, y: y * by, width: width * by, height: height * by };
}

function enlargePoints([leftEye, rightEye, nose, mouthLeft, mouthRight]: FivePoints, by: number): FivePoints {
  const point = ({ x, y }: Point): Point => ({ x: x * by, y: y * by });
  return [point(leftEye), point(rightEye), point(nose), point(mouthLeft), point(mouthRight)];
}
