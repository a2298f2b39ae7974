import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from './paths.js';

const WIDTH = 640;
const HEIGHT = 480;
/** Hairline to chin, px: a third of the frame, as before a laptop, so that liveness has room to be assessed. */
const FACE_HEIGHT = 165;
const FACE_CENTRE = { x: WIDTH / 2, y: HEIGHT / 2 };
const QUALITY = 85;

/** A portrait, and where its face is, in shares of its width and height. */
interface Portrait {
  file: string;
  face: { x: number; y: number; height: number };
}
const REFERENCE: Portrait = { file: 'obama/1.jpg', face: { x: 0.54, y: 0.219, height: 0.287 } };
const PROBE: Portrait = { file: 'obama/3.jpg', face: { x: 0.526, y: 0.324, height: 0.361 } };

const OTHER: Portrait = { file: 'biden/1.jpg', face: { x: 0.48, y: 0.28, height: 0.3 } };

export interface Pictures {
  /** 640x480 JPEG of one face, enrolled. */
  reference: Buffer;
  /** The same person on another occasion. */
  probe: Buffer;
  /** The probe with the person a little aside each time, as a camera sends it: no two are copies of one capture. */
  frames: Buffer[];
}

/** The pictures that are measured with: made by the same steps from the same files everywhere. */
export async function pictures(frames: number): Promise<Pictures> {
  const [reference, probe] = [await camera(REFERENCE), await camera(PROBE)];
  const middle = { x: 0, y: 0 };
  const many = await captures(probe, frames);
  return { reference: await reference(middle), probe: await probe(middle), frames: many };
}

/** Frames of somebody else before the same camera. */
export async function framesOfOther(frames: number): Promise<Buffer[]> {
  return captures(await camera(OTHER), frames);
}

type Camera = (place: { x: number; y: number }) => Promise<Buffer>;

async function captures(camera: Camera, count: number): Promise<Buffer[]> {
  const many: Buffer[] = [];
  for (let n = 0; n < count; n++) many.push(await camera(aside(n)));
  return many;
}

/** A place up to 60 px aside and 12 px up or down of the middle; places repeat after 121 * 25 frames. */
export function aside(n: number): { x: number; y: number } {
  return { x: ((n * 13) % 121) - 60, y: ((n * 7) % 25) - 12 };
}

/** Takes frames of a portrait whose edges are drawn out, the face at some place about the middle. */
async function camera({ file, face }: Portrait): Promise<Camera> {
  const scaled = await sharp(await readFile(join(ROOT, 'test/fixtures/faces', file)))
    .resize({ height: Math.round(FACE_HEIGHT / face.height) })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { data, info } = await sharp(scaled.data, { raw: scaled.info })
    .extend({ left: WIDTH, right: WIDTH, top: HEIGHT, bottom: HEIGHT, extendWith: 'copy' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const left = Math.round(FACE_CENTRE.x - face.x * scaled.info.width);
  const top = Math.round(FACE_CENTRE.y - face.y * scaled.info.height);
  return ({ x, y }) =>
    sharp(data, { raw: info })
      .extract({ left: WIDTH - left - x, top: HEIGHT - top - y, width: WIDTH, height: HEIGHT })
      .jpeg({ quality: QUALITY })
      .toBuffer();
}
