/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { StatusError } from '../../src/call/index.js';
import {
  applyGate,
  type Box,
  type FaceAnalyser,
  type FaceAnalysis,
  type FaceParts,
  type FaceTemplate,
} from '../../src/biometrics/index.js';
import type { Group } from './corpus.js';

const WANT: FaceParts = { embedding: true, pose: true, eyes: false, quality: true, liveness: false };
/** Side of the square around the most central face, in face heights, when another face is more prominent. */
const CROP = 2;
/** Jobs in the engine at once, a worker: one runs while the next one's picture is read. */
const AHEAD = 2;

/** What came of one picture. */
export interface Acquisition {
  picture: string;
  /** As of a picture with one person in it, the most central one. Null: failure to acquire. */
  analysis: FaceAnalysis | null;
  /** Why there is none. */
  failure: 'NO_FACE' | 'UNREADABLE' | null;
  /** Faces that the product would count as further people in front of the camera. */
  bystanders: number;
}

/** The template of a picture, unless the product would not have compared it. */
export function probeTemplate({ analysis }: Acquisition): FaceTemplate | null {
  if (!analysis) return null;
  const gate = applyGate(analysis, 'VERIFICATION');
  return gate.passed ? gate.face.template : null;
}

export interface Subject {
  name: string;
  acquisitions: Acquisition[];
}

/**
 * Puts every picture through the product's own analysis. Where another face is more prominent than the most central
 * one, the analysis is repeated on a square around the latter.
 *
 * @param progress called with the number of pictures done
 */
export async function acquire(
  groups: Group[],
  analyser: FaceAnalyser,
  workers: number,
  progress: (done: number) => void,
): Promise<Subject[]> {
  const subjects = groups.map(({ name }) => ({ name, acquisitions: [] as Acquisition[] }));
  const jobs = groups.flatMap(({ files }, subject) =>
    files.map((picture, index) => ({ subject, picture, index })),
  );
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      subjects[job.subject]!.acquisitions[job.index] = await acquireOne(job.picture, analyser);
      progress((done += 1));
    }
  };
  await Promise.all(Array.from({ length: workers * AHEAD }, lane));
  return subjects;
}

async function acquireOne(picture: string, analyser: FaceAnalyser): Promise<Acquisition> {
  let analysis: FaceAnalysis;
  try {
    analysis = await analyseCentral(await readFile(picture), analyser);
  } catch (error) {
    if (error instanceof StatusError && error.reason.startsWith('IMAGE_')) {
      return failed(picture, 'UNREADABLE');
    }
    throw error;
  }
  if (!analysis.primary?.template) return failed(picture, 'NO_FACE');
  return {
    picture,
    analysis: { ...analysis, presence: 'ONE_FACE' },
    failure: null,
    bystanders: analysis.faces.filter((face) => face.counts).length - 1,
  };
}

function failed(picture: string, failure: 'NO_FACE' | 'UNREADABLE'): Acquisition {
  return { picture, analysis: null, failure, bystanders: 0 };
}

async function analyseCentral(image: Buffer, analyser: FaceAnalyser): Promise<FaceAnalysis> {
  const analysis = await analyser.analyse(image, WANT);
  const central = mostCentral(analysis);
  if (!central || central === analysis.faces[0]?.box) return analysis;
  const crop = squareAround(central, analysis.image.width, analysis.image.height);
  return analyser.analyse(await sharp(image).autoOrient().extract(crop).png().toBuffer(), WANT);
}

function mostCentral({ faces, image }: FaceAnalysis): Box | undefined {
  const offset = ({ x, y, width, height }: Box): number =>
    Math.hypot((x + width / 2) / image.width - 0.5, (y + height / 2) / image.height - 0.5);
  return faces
    .map(({ box }) => box)
    .reduce<Box | undefined>((best, box) => (best && offset(best) <= offset(box) ? best : box), undefined);
}

function squareAround(face: Box, width: number, height: number): sharp.Region {
  const side = Math.round(face.height * CROP);
  const left = Math.max(0, Math.round(face.x + face.width / 2 - side / 2));
  const top = Math.max(0, Math.round(face.y + face.height / 2 - side / 2));
  return { left, top, width: Math.min(side, width - left), height: Math.min(side, height - top) };
}
