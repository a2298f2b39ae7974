import sharp from 'sharp';

/*
 * A portrait that acts: a still picture warped so that the real models see a turn of the head, closed eyes or a smile.
 * It stands in for a live student in tests of the active challenge, in the browser too. That it can stand in is the
 * challenge's limit, which docs/adr/0020 names: it stops held-up photographs and naive replays, not a puppet.
 */

export interface Spot {
  x: number;
  y: number;
}

/** Where eyes, nose tip and mouth corners are, in pixels of the picture; left and right are the picture's. */
export interface FaceSpots {
  leftEye: Spot;
  rightEye: Spot;
  nose: Spot;
  mouthLeft: Spot;
  mouthRight: Spot;
}

/** Of `PORTRAITS` (`faces.ts`), as the service's own landmarks have them. Only `obama1` looks straight ahead. */
export const SPOTS = {
  obama1: spots([249, 120], [308, 120], [279, 154], [249, 179], [310, 177]),
  obama2: spots([202, 296], [299, 303], [227, 355], [197, 415], [283, 420]),
  obama3: spots([227, 184], [306, 193], [276, 212], [229, 261], [297, 269]),
  biden: spots([214, 207], [289, 223], [254, 257], [208, 294], [268, 306]),
} as const satisfies Record<string, FaceSpots>;

/** Left and right are the person's own: the camera's picture is not mirrored. */
export type Act = 'STRAIGHT' | 'TURN_LEFT' | 'TURN_RIGHT' | 'BLINK' | 'SMILE';

interface Raster {
  data: Buffer;
  width: number;
  height: number;
}

/** Degrees of a turn. */
const TURN = 30;

/**
 * The portrait doing something.
 * @param strength 0..1: how far it has gone; a movement is several pictures of growing strength
 * @returns JPEG
 */
export async function acting(portrait: Buffer, spots: FaceSpots, act: Act, strength = 1): Promise<Buffer> {
  const { data, info } = await sharp(portrait).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const from: Raster = { data, width: info.width, height: info.height };
  const face = new Face(spots);
  const to = paint(from, face, act, strength);
  return sharp(to.data, { raw: { width: to.width, height: to.height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

function paint(from: Raster, face: Face, act: Act, strength: number): Raster {
  switch (act) {
    case 'STRAIGHT':
      return from;
    case 'TURN_LEFT':
      return warp(from, face.turn(TURN * strength), face.eyes, 3.2 * face.u);
    case 'TURN_RIGHT':
      return warp(from, face.turn(-TURN * strength), face.eyes, 3.2 * face.u);
    case 'SMILE':
      return warp(from, face.smile(strength), face.mouth, 1.6 * face.u);
    case 'BLINK':
      return strength < 0.5 ? from : closeEyes(from, face);
  }
}

/** The face's own measures: `u` is the distance of its eyes. */
class Face {
  readonly u: number;
  readonly eyes: Spot;
  readonly mouth: Spot;

  constructor(readonly spots: FaceSpots) {
    const { leftEye, rightEye, mouthLeft, mouthRight } = spots;
    this.u = Math.hypot(rightEye.x - leftEye.x, rightEye.y - leftEye.y);
    this.eyes = middle(leftEye, rightEye);
    this.mouth = middle(mouthLeft, mouthRight);
  }

  /** Where the turned picture's pixel comes from, for a head turned by so many degrees to the picture's right. */
  turn(degrees: number): Warp {
    const angle = (degrees * Math.PI) / 180;
    const { u, spots } = this;
    const cx = this.eyes.x;
    const cy = (this.eyes.y + this.mouth.y) / 2;
    // The head as half an ellipsoid with a nose on it, upright about its own axis.
    const depth = (x: number, y: number): number => {
      const r = ((x - cx) / (1.35 * u)) ** 2 + ((y - cy) / (1.9 * u)) ** 2;
      const bump = Math.exp(-(((x - spots.nose.x) / (0.3 * u)) ** 2 + ((y - spots.nose.y) / (0.4 * u)) ** 2));
      return 0.9 * u * Math.sqrt(Math.max(0, 1 - r)) + 0.35 * u * bump;
    };
    // What is not head stays where it is.
    const weight = (x: number, y: number): number => {
      const r = Math.sqrt(((x - cx) / (1.5 * u)) ** 2 + ((y - cy) / (2.1 * u)) ** 2);
      return r < 1 ? 1 : Math.max(0, 1 - (r - 1) / 0.5);
    };
    const moved = (x: number, y: number): number =>
      weight(x, y) * ((x - cx) * (Math.cos(angle) - 1) + depth(x, y) * Math.sin(angle));
    return (x, y) => {
      if (weight(x, y) === 0) return { x, y };
      let source = x;
      for (let i = 0; i < 10; i++) source += 0.7 * (x - moved(source, y) - source);
      return { x: source, y };
    };
  }

  /** Mouth corners outward and up. */
  smile(strength: number): Warp {
    const { u, spots } = this;
    const pull = (x: number, y: number, corner: Spot, outward: number): Spot => {
      const near = Math.exp(-(((x - corner.x) / (0.3 * u)) ** 2 + ((y - corner.y) / (0.3 * u)) ** 2));
      return { x: outward * 0.3 * u * near * strength, y: -0.2 * u * near * strength };
    };
    return (x, y) => {
      const left = pull(x, y, spots.mouthLeft, -1);
      const right = pull(x, y, spots.mouthRight, 1);
      return { x: x - left.x - right.x, y: y - left.y - right.y };
    };
  }
}

/** From a pixel of the new picture to where it comes from in the old one. */
type Warp = (x: number, y: number) => Spot;

/** Nothing further than `reach` from `about` moves. */
function warp(from: Raster, back: Warp, about: Spot, reach: number): Raster {
  const { width, height } = from;
  const data = Buffer.from(from.data);
  const [left, right] = [Math.max(0, Math.floor(about.x - reach)), Math.min(width, about.x + reach)];
  const [top, bottom] = [Math.max(0, Math.floor(about.y - reach)), Math.min(height, about.y + reach)];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const source = back(x, y);
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = sample(from, source.x, source.y, c);
    }
  }
  return { data, width, height };
}

/** Lids of the skin above each eye, with a line of lashes below. */
function closeEyes(from: Raster, { u, spots }: Face): Raster {
  const { width, height } = from;
  const data = Buffer.from(from.data);
  for (const eye of [spots.leftEye, spots.rightEye]) {
    const [across, down] = [0.34 * u, 0.19 * u];
    for (let y = Math.floor(eye.y - down); y <= eye.y + down; y++) {
      for (let x = Math.floor(eye.x - across); x <= eye.x + across; x++) {
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        const [dx, dy] = [(x - eye.x) / across, (y - eye.y) / down];
        const r = Math.hypot(dx, dy);
        if (r >= 1) continue;
        const cover = Math.min(1, (1 - r) * 4);
        const lash = 0.45 * Math.exp(-(((dy - 0.38 * (1 - dx * dx)) / 0.1) ** 2));
        // The lid is a strip of skin between brow and eye, stretched.
        const skin = eye.y - 0.24 * u + (y - eye.y) * 0.15;
        for (let c = 0; c < 3; c++) {
          const i = (y * width + x) * 3 + c;
          const lid = sample(from, x, skin, c) * (1 - lash * (1 - dx * dx));
          data[i] = Math.round(lid * cover + from.data[i]! * (1 - cover));
        }
      }
    }
  }
  return { data, width, height };
}

/** Bilinear, the border repeated. */
function sample({ data, width, height }: Raster, x: number, y: number, channel: number): number {
  const cx = Math.min(width - 1, Math.max(0, x));
  const cy = Math.min(height - 1, Math.max(0, y));
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  const [fx, fy] = [cx - x0, cy - y0];
  const at = (px: number, py: number): number => data[(py * width + px) * 3 + channel]!;
  const above = at(x0, y0) * (1 - fx) + at(x1, y0) * fx;
  const below = at(x0, y1) * (1 - fx) + at(x1, y1) * fx;
  return above * (1 - fy) + below * fy;
}

function spots(...at: [number, number][]): FaceSpots {
  const [leftEye, rightEye, nose, mouthLeft, mouthRight] = at.map(([x, y]) => ({ x, y }));
  return {
    leftEye: leftEye!,
    rightEye: rightEye!,
    nose: nose!,
    mouthLeft: mouthLeft!,
    mouthRight: mouthRight!,
  };
}

function middle(p: Spot, q: Spot): Spot {
  return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
}
