import sharp from 'sharp';
import { entriesOf, loadManifest, type Engine } from '../../../src/biometrics/engine/index.js';
import {
  applyGate,
  compare,
  createFaceAnalyser,
  DEFAULT_LIMITS,
  fingerprintDistance,
  nearIdentical,
  type FaceAnalysis,
  type FaceAnalyser,
  type FaceParts,
} from '../../../src/biometrics/face/index.js';
import { rollOf, turnBetween } from '../../../src/biometrics/face/geometry.js';
import {
  describeWithModels,
  EVERYTHING,
  groupPicture,
  MODELS_DIR,
  NOTHING,
  PORTRAITS,
  testEngine,
} from '../../support/faces.js';

const recognisers = entriesOf(loadManifest(MODELS_DIR), 'face.recognise');
const COMPARABLE: FaceParts = { ...NOTHING, embedding: true, quality: true };

describeWithModels('the analysis of a picture', () => {
  let engine: Engine;
  let faces: FaceAnalyser;

  beforeAll(async () => {
    engine = testEngine();
    await engine.ready;
    faces = createFaceAnalyser(engine);
  });
  afterAll(() => engine.drain());

  const refusal = (image: Uint8Array): Promise<unknown> =>
    faces.analyse(image, NOTHING).then(
      () => 'accepted',
      (thrown: unknown) => thrown,
    );

  /** Whether a picture is of the man in `obama2`, which it was not made from. */
  async function isObama(image: Uint8Array): Promise<FaceAnalysis> {
    const reference = await faces.analyse(PORTRAITS.obama2, COMPARABLE);
    const probe = await faces.analyse(image, { ...COMPARABLE, pose: true });
    expect(compare(probe, [reference.primary!.template!], recognisers[0]!)).toMatchObject({
      outcome: 'MATCH',
    });
    return probe;
  }

  it('describes the face of a portrait', async () => {
    const {
      image,
      faces: found,
      presence,
      primary,
      timings,
    } = await faces.analyse(PORTRAITS.obama1, EVERYTHING);
    const { width, height } = await sharp(PORTRAITS.obama1).metadata();
    expect(image).toMatchObject({ width, height, format: 'jpeg' });
    expect(image.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(image.fingerprint).toHaveLength(256);
    expect(presence).toBe('ONE_FACE');
    expect(found[0]).toMatchObject({ counts: true, modelId: 'face-detect-rfb-320/1' });
    const { box, landmarks, template, pose, eyes, quality } = primary!;
    for (const { x, y } of landmarks) {
      expect(x).toBeGreaterThan(box.x);
      expect(x).toBeLessThan(box.x + box.width);
      expect(y).toBeGreaterThan(box.y);
      expect(y).toBeLessThan(box.y + box.height);
    }
    expect(template!.modelId).toBe(recognisers[0]!.id);
    expect(template!.vector).toHaveLength(512);
    expect(Math.hypot(...template!.vector)).toBeCloseTo(1, 5);
    expect(pose.outcome === 'ASSESSED' && Math.abs(pose.yaw)).toBeLessThan(25);
    expect(eyes.outcome === 'ASSESSED' && Math.max(eyes.leftClosed, eyes.rightClosed)).toBeLessThan(0.5);
    expect(quality.outcome).toBe('ACCEPTABLE');
    expect(Object.keys(timings.stages)).toEqual(
      expect.arrayContaining(['decode', 'detect', 'landmarks', 'align', 'embed', 'pose', 'eyes', 'quality']),
    );
    expect(Object.keys(timings.models)).toContain(recognisers[0]!.id);
  });

  it('does what is asked and says what was not', async () => {
    const { primary, timings } = await faces.analyse(PORTRAITS.obama1, NOTHING);
    const missing = { outcome: 'NOT_ASSESSED', reason: 'NOT_REQUESTED' };
    expect(primary).toMatchObject({
      template: null,
      pose: missing,
      eyes: missing,
      quality: missing,
      liveness: missing,
    });
    expect(Object.keys(timings.models).sort()).toEqual(['face-detect-rfb-320/1', 'face-landmarks-68/1']);
  });

  it('leaves the picture to its caller', async () => {
    const image = Uint8Array.from(PORTRAITS.biden);
    await faces.analyse(image, NOTHING);
    expect(image).toEqual(Uint8Array.from(PORTRAITS.biden));
  });

  it('fails late and cancelled calls', async () => {
    await expect(faces.analyse(PORTRAITS.biden, NOTHING, { deadline: Date.now() - 1 })).rejects.toMatchObject(
      { reason: 'DEADLINE_EXCEEDED' },
    );
    await expect(
      faces.analyse(PORTRAITS.biden, NOTHING, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ reason: 'CANCELLED' });
  });

  describe('of other encodings', () => {
    it.each([
      ['PNG', (s: sharp.Sharp) => s.png()],
      ['WebP', (s: sharp.Sharp) => s.webp()],
      ['a grey JPEG', (s: sharp.Sharp) => s.greyscale().jpeg()],
      ['a CMYK JPEG', (s: sharp.Sharp) => s.toColourspace('cmyk').jpeg()],
      ['a PNG of 16 bits', (s: sharp.Sharp) => s.toColourspace('rgb16').png()],
      ['a PNG with transparency', (s: sharp.Sharp) => s.ensureAlpha(0.99).png()],
      ['a PNG with a palette', (s: sharp.Sharp) => s.png({ palette: true })],
    ])('reads %s', async (_, encode) => {
      await isObama(await encode(sharp(PORTRAITS.obama1)).toBuffer());
    });

    it('takes the first frame of an animation', async () => {
      const { width, height } = await sharp(PORTRAITS.obama1).metadata();
      const blank = await sharp({ create: { width, height, channels: 3, background: '#555' } })
        .png()
        .toBuffer();
      const animation = await sharp([PORTRAITS.obama1, blank], { join: { animated: true } })
        .webp()
        .toBuffer();
      expect((await isObama(animation)).image).toMatchObject({ width, height, format: 'webp' });
    });

    it.each([
      [90, 8],
      [180, 3],
      [270, 6],
    ])('turns a picture stored at %d degrees upright by its EXIF orientation', async (angle, orientation) => {
      const upright = await faces.analyse(PORTRAITS.obama1, NOTHING);
      const stored = await sharp(PORTRAITS.obama1)
        .rotate(angle)
        .withMetadata({ orientation })
        .jpeg({ quality: 95 })
        .toBuffer();
      const turned = await isObama(stored);
      expect(turned.image).toMatchObject({ width: upright.image.width, height: upright.image.height });
      const [p, q] = [turned.primary!.box, upright.primary!.box];
      for (const side of ['x', 'y', 'width', 'height'] as const)
        expect(Math.abs(p[side] - q[side])).toBeLessThan(8);
    });

    it('gives coordinates in pixels of the picture as it came, however large', async () => {
      const small = await faces.analyse(PORTRAITS.obama1, COMPARABLE);
      const { width } = small.image;
      const large = await isObama(
        await sharp(PORTRAITS.obama1)
          .resize(width * 5)
          .jpeg()
          .toBuffer(),
      );
      expect(large.image.width).toBe(width * 5);
      expect(large.primary!.box.width / small.primary!.box.width).toBeCloseTo(5, 0);
      expect(large.primary!.landmarks[2].x / small.primary!.landmarks[2].x).toBeCloseTo(5, 0);
    });
  });

  describe('of rubbish', () => {
    const unreadable = { reason: 'IMAGE_UNREADABLE' };

    it.each([
      ['nothing', Buffer.alloc(0)],
      ['text', Buffer.from('<html>not a picture</html>')],
      ['a JPEG header and no more', PORTRAITS.obama1.subarray(0, 20)],
      ['half a JPEG', PORTRAITS.obama1.subarray(0, PORTRAITS.obama1.length / 2)],
      ['a JPEG without its end', PORTRAITS.obama1.subarray(0, PORTRAITS.obama1.length - 2000)],
    ])('refuses %s', async (_, image) => {
      expect(await refusal(image)).toMatchObject(unreadable);
    });

    it.each(['png', 'webp'] as const)('refuses a truncated %s', async (format) => {
      const whole = await sharp(PORTRAITS.obama1).toFormat(format).toBuffer();
      expect(await refusal(whole.subarray(0, whole.length * 0.7))).toMatchObject(unreadable);
    });

    it.each(['gif', 'tiff'] as const)('refuses %s, whole as it is', async (format) => {
      expect(await refusal(await sharp(PORTRAITS.obama1).toFormat(format).toBuffer())).toMatchObject(
        unreadable,
      );
    });

    it('refuses SVG', async () => {
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>');
      expect(await refusal(svg)).toMatchObject(unreadable);
    });

    it('refuses 100 megapixels by the header, with the numbers', async () => {
      const bomb = await sharp({
        create: { width: 10_000, height: 10_000, channels: 3, background: '#777' },
      })
        .png()
        .toBuffer();
      expect(bomb.length).toBeLessThan(DEFAULT_LIMITS.maxBytes);
      expect(await refusal(bomb)).toMatchObject({
        reason: 'IMAGE_TOO_LARGE',
        message: expect.stringMatching(/10000x10000 = 100000000 pixels; at most 25000000/) as string,
      });
    });

    it('refuses too many bytes, with the numbers, and respects caps of its own', async () => {
      const capped = createFaceAnalyser(engine, { maxBytes: 10_000, maxPixels: 1000 });
      await expect(capped.analyse(PORTRAITS.biden, NOTHING)).rejects.toMatchObject({
        reason: 'IMAGE_TOO_LARGE',
        message: expect.stringMatching(/at most 10000/) as string,
      });
      const wide = await sharp({ create: { width: 50, height: 21, channels: 3, background: '#777' } })
        .png()
        .toBuffer();
      await expect(capped.analyse(wide, NOTHING)).rejects.toMatchObject({
        reason: 'IMAGE_TOO_LARGE',
        message: expect.stringMatching(/50x21 = 1050 pixels; at most 1000/) as string,
      });
    });

    it('works on afterwards', async () => {
      await refusal(Buffer.from('rubbish'));
      expect((await faces.analyse(PORTRAITS.biden, NOTHING)).presence).toBe('ONE_FACE');
    });
  });

  describe('without a face', () => {
    const grey = { width: 640, height: 480, channels: 3, background: '#808080' } as const;
    it.each([
      ['a grey picture', () => sharp({ create: grey })],
      ['noise', () => sharp(noise(640 * 480 * 3), { raw: { width: 640, height: 480, channels: 3 } })],
      ['a single pixel', () => sharp({ create: { ...grey, width: 1, height: 1 } })],
      ['a line', () => sharp({ create: { ...grey, width: 900, height: 1 } })],
    ])('is an answer: %s', async (_, picture) => {
      const found = await faces.analyse(await picture().png().toBuffer(), EVERYTHING);
      expect(found).toMatchObject({ presence: 'NO_FACE', faces: [], primary: null });
      expect(applyGate(found, 'ENROLMENT')).toMatchObject({ passed: false, reasons: ['NO_FACE'] });
    });
  });

  describe('with the net for small and turned faces', () => {
    it.each([90, 180, 270, 45])('recognises a face turned by %d degrees', async (angle) => {
      const turned = await sharp(PORTRAITS.obama1).rotate(angle, { background: '#808080' }).jpeg().toBuffer();
      const found = await isObama(turned);
      const roll = angle > 180 ? angle - 360 : angle;
      const { landmarks } = found.primary!;
      const seen = rollOf(landmarks[0], landmarks[1]);
      expect(Math.abs(turnBetween(seen, roll))).toBeLessThan(15);
      expect(applyGate(found, 'ENROLMENT')).toMatchObject({ passed: false, reasons: ['QUALITY_TOO_LOW'] });
    });

    it('finds a face of 40 pixels in a wide picture', async () => {
      const { primary } = await faces.analyse(PORTRAITS.obama1, NOTHING);
      const { width } = await sharp(PORTRAITS.obama1).metadata();
      const portrait = await sharp(PORTRAITS.obama1)
        .resize(Math.round((width * 40) / primary!.box.width))
        .toBuffer();
      const room = await sharp({ create: { width: 1280, height: 720, channels: 3, background: '#777' } })
        .composite([{ input: portrait, left: 700, top: 300 }])
        .jpeg({ quality: 95 })
        .toBuffer();
      const found = await faces.analyse(room, NOTHING);
      expect(found.presence).toBe('ONE_FACE');
      expect(found.timings.models).toHaveProperty('face-detect-blazeface-256/1');
      expect(found.primary!.box.x).toBeGreaterThan(690);
      expect(found.primary!.box.width).toBeGreaterThan(25);
      expect(found.primary!.box.width).toBeLessThan(60);
    });
  });

  describe('of several faces', () => {
    it.each([
      [1, 3],
      [2, 3],
      [3, 3],
      [4, 4],
      [5, 5],
      [6, 4],
    ] as const)('counts everybody in group picture %d', async (n, people) => {
      const found = await faces.analyse(groupPicture(n), COMPARABLE);
      expect(found.faces.filter((face) => face.counts)).toHaveLength(people);
      expect(found.presence).toBe('SEVERAL_FACES');
      expect(compare(found, [found.primary!.template!], recognisers[0]!)).toMatchObject({
        outcome: 'INCONCLUSIVE',
        reasons: ['SEVERAL_FACES'],
      });
    });
  });

  describe('for comparison', () => {
    it.each([
      ['obama1', 'obama2'],
      ['obama1', 'obama3'],
      ['obama2', 'obama3'],
    ] as const)('matches two occasions of one person: %s and %s', async (one, other) => {
      const [reference, probe] = await Promise.all([
        faces.analyse(PORTRAITS[one], EVERYTHING),
        faces.analyse(PORTRAITS[other], EVERYTHING),
      ]);
      expect(applyGate(reference, 'ENROLMENT').passed).toBe(true);
      expect(compare(probe, [reference.primary!.template!], recognisers[0]!).outcome).toBe('MATCH');
    });

    it.each(['obama1', 'obama2', 'obama3'] as const)('tells %s from another person', async (one) => {
      const [reference, probe] = await Promise.all([
        faces.analyse(PORTRAITS[one], COMPARABLE),
        faces.analyse(PORTRAITS.biden, COMPARABLE),
      ]);
      expect(compare(probe, [reference.primary!.template!], recognisers[0]!).outcome).toBe('NO_MATCH');
    });

    it('finds the one person who is in two group pictures', async () => {
      const crop = async (n: 1 | 3, left: number, top: number): Promise<FaceAnalysis> =>
        faces.analyse(
          await sharp(groupPicture(n)).extract({ left, top, width: 400, height: 520 }).png().toBuffer(),
          COMPARABLE,
        );
      const [one, other] = [await crop(1, 1390, 80), await crop(3, 990, 80)];
      expect(compare(one, [other.primary!.template!], recognisers[0]!).outcome).toBe('MATCH');
      const stranger = await crop(3, 1400, 170);
      expect(compare(one, [stranger.primary!.template!], recognisers[0]!).outcome).not.toBe('MATCH');
    });
  });

  describe('for replays', () => {
    const fingerprint = async (image: Uint8Array): Promise<Uint8Array> =>
      (await faces.analyse(image, NOTHING)).image.fingerprint;

    it.each([
      ['at JPEG quality 40', (s: sharp.Sharp) => s.jpeg({ quality: 40 })],
      ['as WebP', (s: sharp.Sharp) => s.webp({ quality: 60 })],
      ['half as large', (s: sharp.Sharp, width: number) => s.resize(width >> 1).jpeg()],
    ])('knows a copy encoded again %s', async (_, copy) => {
      for (const image of Object.values(PORTRAITS)) {
        const { width } = await sharp(image).metadata();
        const again = await copy(sharp(image), width).toBuffer();
        expect(nearIdentical(await fingerprint(image), await fingerprint(again))).toBe(true);
      }
    });

    it.each([
      ['moved by 1 % of its width', (s: sharp.Sharp, by: number) => s.affine([1, 0, 0, 1], { odx: by })],
      ['a little brighter', (s: sharp.Sharp) => s.linear(1.04, 0)],
    ])('takes a scene %s for another capture', async (_, change) => {
      for (const image of Object.values(PORTRAITS)) {
        const { width } = await sharp(image).metadata();
        const other = await change(sharp(image), Math.ceil(width / 100))
          .jpeg({ quality: 90 })
          .toBuffer();
        expect(nearIdentical(await fingerprint(image), await fingerprint(other))).toBe(false);
      }
    });

    it('tells different pictures of one person apart by far', async () => {
      const [one, other] = [await fingerprint(PORTRAITS.obama1), await fingerprint(PORTRAITS.obama2)];
      expect(fingerprintDistance(one, other)).toBeGreaterThan(10);
      expect(nearIdentical(one, one.subarray(1))).toBe(false);
    });
  });

  describe('for liveness', () => {
    /** A portrait far enough away, in a room that mirrors its surroundings. */
    const room = (): sharp.Sharp =>
      sharp(PORTRAITS.obama1).extend({
        top: 300,
        bottom: 300,
        left: 400,
        right: 400,
        extendWith: 'mirror',
      });
    const livenessOf = async (image: Buffer) =>
      (await faces.analyse(image, { ...NOTHING, liveness: true })).primary!.liveness;

    it('is judged where the window fits, with score and threshold', async () => {
      const found = await livenessOf(await room().jpeg().toBuffer());
      if (found.outcome === 'NOT_ASSESSED') throw new Error(found.reason);
      expect(found.modelId).toBe('face-liveness-context-128/1');
      expect(found.outcome).toBe(found.score >= found.threshold ? 'LIVE' : 'SPOOF_SUSPECTED');
    });

    it('is not assessed of a tight crop', async () => {
      const { box } = (await faces.analyse(PORTRAITS.obama1, NOTHING)).primary!;
      const margin = 0.3 * box.height;
      const tight = await sharp(PORTRAITS.obama1)
        .extract({
          left: Math.round(box.x - margin),
          top: Math.max(0, Math.round(box.y - margin)),
          width: Math.round(box.width + 2 * margin),
          height: Math.round(box.height + 2 * margin),
        })
        .png()
        .toBuffer();
      expect(await livenessOf(tight)).toMatchObject({
        outcome: 'NOT_ASSESSED',
        reason: 'WINDOW_DOES_NOT_FIT',
      });
    });

    it('is not assessed of a blurred face', async () => {
      const blurred = await sharp(await room().png().toBuffer())
        .blur(12)
        .jpeg()
        .toBuffer();
      expect(await livenessOf(blurred)).toMatchObject({ outcome: 'NOT_ASSESSED', reason: 'TOO_BLURRED' });
    });

    it('is not assessed of a tilted face', async () => {
      const tilted = await sharp(await room().png().toBuffer())
        .rotate(40)
        .jpeg()
        .toBuffer();
      expect(await livenessOf(tilted)).toMatchObject({ outcome: 'NOT_ASSESSED', reason: 'FACE_NOT_FRONTAL' });
    });
  });

  describe('for quality', () => {
    it.each([
      ['SHARPNESS', 'TOO_LOW', (s: sharp.Sharp) => s.blur(12)],
      ['BRIGHTNESS', 'TOO_LOW', (s: sharp.Sharp) => s.linear(0.15, 0)],
      ['BRIGHTNESS', 'TOO_HIGH', (s: sharp.Sharp) => s.linear(0.3, 190)],
      ['CONTRAST', 'TOO_LOW', (s: sharp.Sharp) => s.linear(0.2, 100)],
      ['INTER_EYE_DISTANCE', 'TOO_LOW', (s: sharp.Sharp) => s.resize(120)],
    ] as const)('finds %s %s in a picture spoilt that way', async (measure, outcome, spoil) => {
      const { primary } = await faces.analyse(await spoil(sharp(PORTRAITS.obama1)).jpeg().toBuffer(), {
        ...NOTHING,
        quality: true,
      });
      const { quality } = primary!;
      if (quality.outcome === 'NOT_ASSESSED') throw new Error(quality.reason);
      const component = quality.components.find((each) => each.measure === measure)!;
      expect(component.outcome).toBe(outcome);
      expect(component.advice).toMatch(/^[A-Z_]+$/);
      const other = quality.components.find((each) => each.measure === 'OCCLUSION');
      expect(other).toMatchObject({ outcome: 'NOT_ASSESSED', reason: 'NO_METHOD' });
    });
  });
});

describeWithModels('the model with the clear licence', () => {
  const dlib = recognisers.find((entry) => entry.recipe === 'dlib-150')!;
  let engine: Engine;
  let faces: FaceAnalyser;

  beforeAll(async () => {
    engine = testEngine({ faceModel: dlib.id });
    await engine.ready;
    faces = createFaceAnalyser(engine);
  });
  afterAll(() => engine.drain());

  it('is selected by configuration and tells people apart', async () => {
    expect(engine.status().models.map((model) => model.id)).toContain(dlib.id);
    const [reference, same, other] = await Promise.all(
      [PORTRAITS.obama1, PORTRAITS.obama3, PORTRAITS.biden].map((image) => faces.analyse(image, COMPARABLE)),
    );
    const template = reference!.primary!.template!;
    expect(template).toMatchObject({ modelId: dlib.id });
    expect(template.vector).toHaveLength(128);
    const genuine = compare(same!, [template], dlib).score!;
    const impostor = compare(other!, [template], dlib).score!;
    // Its thresholds are the manifest's business; the order of the scores is the model's.
    expect(genuine).toBeGreaterThan(impostor + 0.03);
  });

  it("refuses a probe of the other model's templates", async () => {
    const probe = await faces.analyse(PORTRAITS.obama1, COMPARABLE);
    expect(() => compare(probe, [probe.primary!.template!], recognisers[0]!)).toThrow(
      expect.objectContaining({ reason: 'MODEL_MISMATCH' }) as Error,
    );
  });
});

/** The same bytes on every run (Numerical Recipes' linear congruential generator). */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
