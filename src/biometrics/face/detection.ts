/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays whose bounds are fixed by construction */
import type { EntryOf } from '../engine/index.js';
import type { LoadedModel } from '../engine/sessions.js';
import type { Box, Point } from './finding.js';
import { radians, rollOf, suppress } from './geometry.js';
import type { Picture } from './picture.js';
import { formatOf, sampleBox } from './sampling.js';

/** A detection in pixels of the picture worked on. */
export interface Detection {
  /** In the framing of the RFB net (hairline to chin), whichever model found it: later recipes build on it. */
  box: Box;
  score: number;
  modelId: string;
  /** Degrees clockwise, where the model reports eyes. */
  roll: number | null;
}

export type Detector = (picture: Picture) => Promise<Detection[]>;

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
export function rfbDetector(model: LoadedModel<EntryOf<'face.detect'>>): Detector {
  const { id, decision } = model.entry;
  const { width, height } = formatOf(model.entry.input);
  return async (picture) => {
    const frame = letterbox(picture, model, RFB_PAD);
    const outputs = await model.run();
    const boxes = ofLength(outputs, 4420 * 4);
    const scores = ofLength(outputs, 4420 * 2);
    const found: Detection[] = [];
    for (let i = 0; i < 4420; i++) {
      const score = scores[2 * i + 1]!;
      if (score < decision.minScore) continue;
      const x = boxes[4 * i]! * width;
      const y = boxes[4 * i + 1]! * height;
      const box = {
        x: (x - frame.x) * frame.scale,
        y: (y - frame.y) * frame.scale,
        width: (boxes[4 * i + 2]! * width - x) * frame.scale,
        height: (boxes[4 * i + 3]! * height - y) * frame.scale,
      };
      found.push({ box, score, modelId: id, roll: null });
    }
    return suppress(found, decision.maxOverlap);
  };
}

/** BlazeFace back camera, 256 px: slower; small faces and faces turned in the plane. */
export function blazeDetector(model: LoadedModel<EntryOf<'face.detect.small'>>): Detector {
  const { id, decision } = model.entry;
  const { width: size } = formatOf(model.entry.input);
  return async (picture) => {
    const frame = letterbox(picture, model, BLAZE_PAD);
    const outputs = await model.run();
    const toPicture = (x: number, y: number): Point => ({
      x: (x - frame.x) * frame.scale,
      y: (y - frame.y) * frame.scale,
    });
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
        const centre = toPicture(x + at(0), y + at(1));
        const roll = rollOf(toPicture(x + at(4), y + at(5)), toPicture(x + at(6), y + at(7)));
        const box = rfbFraming(centre, Math.max(at(2), at(3)) * frame.scale, roll);
        found.push({ box, score, modelId: id, roll });
      }
    }
    return suppress(found, decision.maxOverlap);
  };
}

function rfbFraming(centre: Point, side: number, roll: number): Box {
  const up = RFB_PER_BLAZE.up * side;
  const width = RFB_PER_BLAZE.width * side;
  const height = RFB_PER_BLAZE.height * side;
  const x = centre.x + up * Math.sin(radians(roll));
  const y = centre.y - up * Math.cos(radians(roll));
  return { x: x - width / 2, y: y - height / 2, width, height };
}

interface Frame {
  /** Where the picture begins in the tensor, in tensor pixels. */
  x: number;
  y: number;
  /** Picture pixels per tensor pixel. */
  scale: number;
}

function letterbox(
  picture: Picture,
  model: LoadedModel<EntryOf<'face.detect'>> | LoadedModel<EntryOf<'face.detect.small'>>,
  pad: number,
): Frame {
  const format = formatOf(model.entry.input);
  const { width, height } = picture.levels[0];
  const scale = Math.max(width / format.width, height / format.height);
  const w = Math.max(1, Math.round(width / scale));
  const h = Math.max(1, Math.round(height / scale));
  const x = (format.width - w) >> 1;
  const y = (format.height - h) >> 1;
  if (w < format.width || h < format.height) model.input.fill(pad * format.scale[0] + format.bias[0]);
  sampleBox(picture, { x: 0, y: 0, width, height }, format, model.input, { x, y, width: w, height: h });
  return { x, y, scale };
}

/** Outputs are told apart by their length, which the recipe fixes and their names do not. */
function ofLength(outputs: readonly Float32Array[], length: number): Float32Array {
  const found = outputs.find((output) => output.length === length);
  if (!found) throw new Error(`No output has ${length} values`);
  return found;
}
