import type { LivenessEntry } from '../engine/index.js';
import type { PictureModel } from '../engine/sessions.js';
import type { Box, LivenessFinding, NotAssessedReason, PoseFinding } from './finding.js';
import { centreOf } from './geometry.js';
import { notAssessed } from './not-assessed.js';
import type { Picture } from './picture.js';
import { formatOf, sampleBox } from './sampling.js';
import { softmax } from './softmax.js';

/** Side of the window per height of the face: the net judges by what surrounds the face. */
const WINDOW = 2.7;
/** Degrees of yaw, pitch or roll beyond which a face is not frontal: profiles were rejected when bona fide. */
const MAX_TURN = 25;
/** Sharpness (`measures.ts`) of a blur of about 2 px: motion frames were most of the bona fide ones rejected. */
const MIN_SHARPNESS = 0.02;

/**
 * Where the window lies: centred on the face, shifted inside the picture as the measured recipe does. Null
 * when the picture is smaller than the window: on tight crops the net rejects live people (median score 0.07).
 */
export function livenessWindow(face: Box, width: number, height: number): Box | null {
  const side = WINDOW * face.height;
  if (side > Math.min(width, height)) return null;
  const centre = centreOf(face);
  const within = (start: number, size: number): number => Math.min(Math.max(0, start), size - side);
  return {
    x: within(centre.x - side / 2, width),
    y: within(centre.y - side / 2, height),
    width: side,
    height: side,
  };
}

/**
 * Passive presentation attack detection. Answers NOT_ASSESSED rather than a guess where the net is known to
 * be wrong. Not certified, and no defence against injected video: one signal among others.
 */
export function livenessJudge(
  model: PictureModel<LivenessEntry>,
): (picture: Picture, box: Box, pose: PoseFinding, sharpness: number) => Promise<LivenessFinding> {
  const { entry, input } = model;
  const format = formatOf(entry.input);
  const { threshold } = entry.decision;
  return async (picture, box, pose, sharpness) => {
    const { width, height } = picture.levels[0];
    const window = livenessWindow(box, width, height);
    if (!window) return notAssessed('WINDOW_DOES_NOT_FIT');
    const obstacle = unfit(pose, sharpness);
    if (obstacle) return notAssessed(obstacle);
    sampleBox(picture, window, format, input);
    const output = await model.runOne();
    const score = softmax(output)[0] ?? 0;
    return {
      outcome: score >= threshold ? 'LIVE' : 'SPOOF_SUSPECTED',
      score,
      threshold,
      modelId: entry.id,
    };
  };
}

function unfit(pose: PoseFinding, sharpness: number): NotAssessedReason | null {
  if (pose.outcome === 'NOT_ASSESSED') return pose.reason;
  const { yaw, pitch, roll } = pose;
  if (Math.max(Math.abs(yaw), Math.abs(pitch), Math.abs(roll)) > MAX_TURN) return 'FACE_NOT_FRONTAL';
  return sharpness < MIN_SHARPNESS ? 'TOO_BLURRED' : null;
}
