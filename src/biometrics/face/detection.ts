/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { EntryOf } from '../engine/index.js';
import type { PictureModel } from '../engine/sessions.js';
import type { Box, Point } from './finding.js';
import {
  apply,
  centreOf,
  compose,
  radians,
  rollOf,
  squareCrop,
  suppress,
  type Similarity,
} from './geometry.js';
import type { Picture } from './picture.js';
import { formatOf, sampleBox, sampleSimilarity } from './sampling.js';

/** A detection in pixels of the picture worked on. */
export interface Detection {
  /** In the framing of the RFB net (hairline to chin), whichever model found it: later recipes build on it. */
  box: Box;
  /** Hairline to chin along the face, however it is turned. */
  length: number;
  score: number;
  modelId: string;
  /** Degrees clockwise by which the face is turned, as far as the net that found it can tell. */
  roll: number;
}

/** Multiples of 90 degrees by which the picture is turned back before the net sees it. */
export type Quarter = 0 | 90 | 180 | 270;

export type Detector = (picture: Picture, turned?: Quarter) => Promise<Detection[]>;

/** Brightness around a letterboxed picture: RFB's mean; MediaPipe pads BlazeFace with black. */
const RFB_PAD = 127;
const BLAZE_PAD = 0;

/** BlazeFace's two grids: cells a side, anchors a cell. Anchors sit on cell centres and have no size of their own. */
const BLAZE_GRIDS = [
  { side: 16, anchors: 2 },
  { side: 8, anchors: 6 },
] as const;
/** Box (4) and six keypoints (12): eyes first. */
const BLAZE_VALUES = 16;

/**
 * BlazeFace boxes reach from brows to chin. Side of the RFB box's height per side of theirs, and how far up
 * the face its centre lies, in sides: medians over the 625 faces that both nets found in 545 LFW pictures (5 %
 * and 95 % of the height: 1.09 and 1.43).
 */
const RFB_PER_BLAZE = { height: 1.26, width: 0.885, up: 0.12 };

/** RFB-320 (Ultra-Light-Fast-Generic-Face-Detector): quick; upright faces wider than 5 % of the picture. */
export function rfbDetector(model: PictureModel<EntryOf<'face.detect'>>): Detector {
  const { id, decision } = model.entry;
  const { width, height } = formatOf(model.entry.input);
  return async (picture, turned = 0) => {
    const frame = letterbox(picture, model, RFB_PAD, turned);
    const scale = Math.hypot(frame.a, frame.b);
    const outputs = await model.run();
    const boxes = ofLength(outputs, 4420 * 4);
    const scores = ofLength(outputs, 4420 * 2);
    const found: Detection[] = [];
    for (let i = 0; i < 4420; i++) {
      const score = scores[2 * i + 1]!;
      if (score < decision.minScore) continue;
      const [x1, y1] = [boxes[4 * i]! * width, boxes[4 * i + 1]! * height];
      const [x2, y2] = [boxes[4 * i + 2]! * width, boxes[4 * i + 3]! * height];
      const centre = apply(frame, { x: (x1 + x2) / 2, y: (y1 + y2) / 2 });
      const length = (y2 - y1) * scale;
      const box = boxAbout(centre, (x2 - x1) * scale, length, turned);
      found.push({ box, length, score, modelId: id, roll: turned });
    }
    return suppress(found, decision.maxOverlap);
  };
}

/** BlazeFace back camera, 256 px: slower; small faces and faces turned in the plane. */
export function blazeDetector(model: PictureModel<EntryOf<'face.detect.small'>>): Detector {
  const { id, decision } = model.entry;
  const { width: size } = formatOf(model.entry.input);
  return async (picture, turned = 0) => {
    const frame = letterbox(picture, model, BLAZE_PAD, turned);
    const scale = Math.hypot(frame.a, frame.b);
    const outputs = await model.run();
    const toPicture = (x: number, y: number): Point => apply(frame, { x, y });
    const found: Detection[] = [];
    for (const { side, anchors } of BLAZE_GRIDS) {
      const count = side * side * anchors;
      const logits = ofLength(outputs, count);
      const values = ofLength(outputs, count * BLAZE_VALUES);
      for (let i = 0; i < count; i++) {
        const score = 1 / (1 + Math.exp(-logits[i]!));
        if (score < decision.minScore) continue;
        const cell = Math.floor(i / anchors);
        const x = (((cell % side) + 0.5) / side) * size;
        const y = ((Math.floor(cell / side) + 0.5) / side) * size;
        const at = (n: number): number => values[i * BLAZE_VALUES + n]!;
        const roll = rollOf(toPicture(x + at(4), y + at(5)), toPicture(x + at(6), y + at(7)));
        const extent = Math.max(at(2), at(3)) * scale;
        const length = RFB_PER_BLAZE.height * extent;
        const centre = apply(squareCrop(toPicture(x + at(0), y + at(1)), 1, roll, 1), {
          x: 0.5,
          y: 0.5 - RFB_PER_BLAZE.up * extent,
        });
        const box = boxAbout(centre, RFB_PER_BLAZE.width * extent, length, roll);
        found.push({ box, length, score, modelId: id, roll });
      }
    }
    return suppress(found, decision.maxOverlap);
  };
}

/** The upright box about a face of this width and length; of one that lies askew, the square that holds it. */
function boxAbout(centre: Point, width: number, length: number, roll: number): Box {
  const askew = Math.abs(Math.sin(radians(2 * roll))) > Math.SQRT1_2;
  const lying = Math.abs(Math.sin(radians(roll))) > Math.SQRT1_2;
  const w = askew || lying ? length : width;
  const h = lying && !askew ? width : length;
  return { x: centre.x - w / 2, y: centre.y - h / 2, width: w, height: h };
}

/** Fills the model's input with the whole picture, turned back by `turned`; answers the way back into it. */
function letterbox(
  picture: Picture,
  model: PictureModel<EntryOf<'face.detect'>> | PictureModel<EntryOf<'face.detect.small'>>,
  pad: number,
  turned: Quarter,
): Similarity {
  const format = formatOf(model.entry.input);
  const { width, height } = picture.levels[0];
  const [across, down] = turned % 180 === 0 ? [width, height] : [height, width];
  const scale = Math.max(across / format.width, down / format.height);
  const w = Math.max(1, Math.round(across / scale));
  const h = Math.max(1, Math.round(down / scale));
  const region = { x: (format.width - w) >> 1, y: (format.height - h) >> 1, width: w, height: h };
  if (w < format.width || h < format.height) model.input.fill(pad * format.scale[0] + format.bias[0]);
  const middle = centreOf(region);
  const turn = squareCrop({ x: width / 2, y: height / 2 }, scale, turned, 1);
  const frame = compose(turn, { a: 1, b: 0, tx: 0.5 - middle.x, ty: 0.5 - middle.y });
  if (turned === 0) sampleBox(picture, { x: 0, y: 0, width, height }, format, model.input, region);
  else sampleSimilarity(picture, frame, format, model.input, region);
  return frame;
}

/** Outputs are told apart by their length, which the recipe fixes and their names do not. */
function ofLength(outputs: readonly Float32Array[], length: number): Float32Array {
  const found = outputs.find((output) => output.length === length);
  if (!found) throw new Error(`No output has ${length} values`);
  return found;
}
