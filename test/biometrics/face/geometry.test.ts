import fc from 'fast-check';
import {
  ARCFACE_POINTS,
  ARCFACE_SIZE,
  arcfaceCrop,
  dlibCrop,
  misfit,
} from '../../../src/biometrics/face/alignment.js';
import type { Box, FivePoints, Point } from '../../../src/biometrics/face/index.js';
import {
  apply,
  centreOf,
  distance,
  eyesOf,
  fitSimilarity,
  fivePoints,
  invert,
  mean,
  mouthCentre,
  overlap,
  rollOf,
  squareCrop,
  suppress,
  type Similarity,
} from '../../../src/biometrics/face/geometry.js';

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const point = fc.record({ x: number(-2000, 2000), y: number(-2000, 2000) });
const box = fc.record({
  x: number(-500, 500),
  y: number(-500, 500),
  width: number(1, 500),
  height: number(1, 500),
});
const similarity: fc.Arbitrary<Similarity> = fc
  .record({ scale: number(0.05, 20), angle: number(-Math.PI, Math.PI), t: point })
  .map(({ scale, angle, t }) => ({
    a: scale * Math.cos(angle),
    b: scale * Math.sin(angle),
    tx: t.x,
    ty: t.y,
  }));

function expectNear(p: Point, q: Point, within = 1e-6): void {
  expect(distance(p, q)).toBeLessThan(within * (1 + Math.hypot(q.x, q.y)));
}

describe('similarities', () => {
  it('are recovered exactly from the points they moved', () => {
    fc.assert(
      fc.property(similarity, (map) => {
        const moved = ARCFACE_POINTS.map((p) => apply(map, p));
        const found = fitSimilarity(ARCFACE_POINTS, moved);
        for (const p of ARCFACE_POINTS) expectNear(apply(found, p), apply(map, p));
      }),
    );
  });

  it('fit at least as well as any other, in the squared distance they minimise', () => {
    const five = fc.tuple(point, point, point, point, point);
    fc.assert(
      fc.property(five, similarity, (to, other) => {
        const cost = (map: Similarity): number =>
          ARCFACE_POINTS.reduce((sum, p, i) => sum + distance(apply(map, p), to[i]!) ** 2, 0);
        const best = cost(fitSimilarity(ARCFACE_POINTS, to));
        expect(best).toBeLessThanOrEqual(cost(other) * (1 + 1e-9) + 1e-6);
      }),
    );
  });

  it('are undone by their inverse', () => {
    fc.assert(
      fc.property(similarity, point, (map, p) => {
        expectNear(apply(invert(map), apply(map, p)), p);
      }),
    );
  });

  it('never mirror: a mirrored face does not fit', () => {
    const mirrored = ARCFACE_POINTS.map(({ x, y }) => ({ x: -x, y })) as unknown as FivePoints;
    expect(misfit(mirrored)).toBeGreaterThan(0.3);
    expect(misfit(ARCFACE_POINTS)).toBeCloseTo(0);
  });
});

describe('crops', () => {
  it('keep centre, side and roll', () => {
    fc.assert(
      fc.property(point, number(10, 900), number(-179, 179), (centre, side, roll) => {
        const crop = squareCrop(centre, side, roll, 64);
        expectNear(apply(crop, { x: 32, y: 32 }), centre);
        const [left, right] = [apply(crop, { x: 0, y: 32 }), apply(crop, { x: 64, y: 32 })];
        expect(distance(left, right)).toBeCloseTo(side, 6);
        expect(rollOf(left, right)).toBeCloseTo(roll, 6);
      }),
    );
  });

  it('put the five points of an undistorted face where ArcFace expects them, wherever it is', () => {
    fc.assert(
      fc.property(similarity, (map) => {
        const face = ARCFACE_POINTS.map((p) => apply(map, p)) as unknown as FivePoints;
        const crop = arcfaceCrop(face);
        ARCFACE_POINTS.forEach((p, i) => {
          expectNear(apply(crop, p), face[i]!);
        });
      }),
    );
  });

  it("level the eyes in dlib's crop and put the centre of eyes and mouth at (0.5, 0.43)", () => {
    const landmarks = syntheticLandmarks();
    fc.assert(
      fc.property(similarity, (map) => {
        const moved = landmarks.map((p) => apply(map, p));
        const toCrop = invert(dlibCrop(moved, 150));
        const { left, right } = eyesOf(moved);
        const [l, r] = [apply(toCrop, left.centre), apply(toCrop, right.centre)];
        expect(l.y).toBeCloseTo(r.y, 5);
        expect(l.x).toBeLessThan(r.x);
        const mouth = apply(toCrop, mouthCentre(moved));
        expectNear(mean([l, r, mouth]), { x: 75, y: 64.5 }, 1e-5);
        expect((distance(l, mouth) + distance(r, mouth)) / 2).toBeCloseTo(0.45 * 150, 5);
      }),
    );
  });
});

describe('landmarks', () => {
  it('become five points of which the eyes lie between their lids', () => {
    const landmarks = syntheticLandmarks();
    const [left, right, nose, mouthLeft, mouthRight] = fivePoints(landmarks);
    const eyes = eyesOf(landmarks);
    expectNear(left, eyes.left.centre);
    expectNear(right, eyes.right.centre);
    expect(nose).toEqual(landmarks[30]);
    expect(mouthLeft.x).toBeLessThan(mouthRight.x);
  });
});

describe('overlap', () => {
  it('is symmetric, within 0..1, and 1 exactly for a box with itself', () => {
    fc.assert(
      fc.property(box, box, (p, q) => {
        expect(overlap(p, q)).toBeCloseTo(overlap(q, p), 9);
        expect(overlap(p, q)).toBeGreaterThanOrEqual(0);
        expect(overlap(p, q)).toBeLessThanOrEqual(1 + 1e-9);
        expect(overlap(p, p)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is 0 for boxes that only touch', () => {
    const one: Box = { x: 0, y: 0, width: 10, height: 10 };
    expect(overlap(one, { ...one, x: 10 })).toBe(0);
  });
});

describe('suppression', () => {
  const candidates = fc.array(fc.record({ box, score: number(0, 1) }), { maxLength: 30 });

  it('keeps the best, drops what overlaps it, and nothing that overlaps nothing', () => {
    fc.assert(
      fc.property(candidates, number(0, 1), (found, limit) => {
        const kept = suppress(found, limit);
        kept.forEach((p, i) => {
          kept.slice(i + 1).forEach((q) => {
            expect(overlap(p.box, q.box)).toBeLessThanOrEqual(limit);
            expect(q.score).toBeLessThanOrEqual(p.score);
          });
        });
        for (const each of found) {
          const beaten = kept.some((k) => k.score >= each.score && overlap(k.box, each.box) > limit);
          expect(kept.includes(each) || beaten).toBe(true);
        }
      }),
    );
  });

  it('leaves one of two boxes of one face', () => {
    const one = { box: { x: 0, y: 0, width: 100, height: 100 }, score: 0.9 };
    const two = { box: { x: 5, y: 5, width: 100, height: 100 }, score: 0.95 };
    expect(suppress([one, two], 0.4)).toEqual([two]);
    expect(centreOf(two.box)).toEqual({ x: 55, y: 55 });
  });
});

/** 68 points whose eyes are hexagons about the ArcFace eyes and whose mouth is a ring about its mouth. */
function syntheticLandmarks(): Point[] {
  const points: Point[] = Array.from({ length: 68 }, () => ({ x: ARCFACE_SIZE / 2, y: ARCFACE_SIZE / 2 }));
  const [left, right, nose, mouthLeft, mouthRight] = ARCFACE_POINTS;
  const ring = (from: number, count: number, centre: Point, width: number, height: number): void => {
    for (let i = 0; i < count; i++) {
      const angle = Math.PI - (2 * Math.PI * i) / count;
      points[from + i] = {
        x: centre.x + (width / 2) * Math.cos(angle),
        y: centre.y - (height / 2) * Math.sin(angle),
      };
    }
  };
  ring(36, 6, left, 16, 6);
  ring(42, 6, right, 16, 6);
  points[30] = nose;
  ring(48, 12, mean([mouthLeft, mouthRight]), distance(mouthLeft, mouthRight), 12);
  ring(60, 8, mean([mouthLeft, mouthRight]), distance(mouthLeft, mouthRight) * 0.8, 4);
  return points;
}
