import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { entriesOf, loadManifest, type RecogniserEntry } from '../../../src/biometrics/engine/index.js';
import { compare, type FaceAnalysis, type FaceTemplate } from '../../../src/biometrics/face/index.js';
import { fuse, score } from '../../../src/biometrics/scoring.js';
import { cosine, normalise } from '../../../src/biometrics/vectors.js';
import { MODELS_DIR } from '../../support/faces.js';
import { analysisOf, goodQuality } from './analyses.js';

const shipped = entriesOf(loadManifest(MODELS_DIR), 'face.recognise')[0]!;
/** The shipped recogniser with thresholds that this test states itself. */
const recogniser: RecogniserEntry = {
  ...shipped,
  decision: {
    ...shipped.decision,
    fusion: 'mean',
    rules: [1, 2, 3].map((templates) => ({
      templates,
      match: 0.5,
      review: 0.3,
      calibration: { slope: 1, intercept: 0 },
    })),
  },
};

const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 })
  .map((values) => Float32Array.from(values))
  .filter((values) => Math.hypot(...values) > 1e-3);

const template = (values: ArrayLike<number>, modelId = recogniser.id): FaceTemplate => ({
  modelId,
  vector: normalise(Float32Array.from(values)),
});
const angled = (degrees: number): FaceTemplate =>
  template([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);
const probeOf = (found: FaceTemplate): FaceAnalysis => analysisOf({ template: found });

describe('cosine', () => {
  it('is symmetric, bounded, 1 with itself, -1 with its opposite, and blind to length', () => {
    fc.assert(
      fc.property(vector, vector, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, k) => {
        expect(cosine(a, b)).toBeCloseTo(cosine(b, a), 6);
        expect(Math.abs(cosine(a, b))).toBeLessThanOrEqual(1);
        expect(cosine(a, a)).toBeCloseTo(1, 6);
        expect(
          cosine(
            a,
            a.map((v) => -v),
          ),
        ).toBeCloseTo(-1, 6);
        expect(
          cosine(
            a.map((v) => v * k),
            b,
          ),
        ).toBeCloseTo(cosine(a, b), 5);
      }),
    );
  });

  it('is 0 for the zero vector, which has no direction', () => {
    expect(cosine(new Float32Array(2), Float32Array.of(1, 0))).toBe(0);
    expect(normalise(new Float32Array(2))).toEqual(new Float32Array(2));
  });
});

describe('fusion', () => {
  it('has length 1, does not depend on the order, and leaves one template as it is', () => {
    fc.assert(
      fc.property(vector, vector, vector, (a, b, c) => {
        const [p, q, r] = [template(a), template(b), template(c)];
        fc.pre(Math.hypot(...p.vector.map((v, i) => v + q.vector[i]! + r.vector[i]!)) > 1e-2);
        const fused = fuse([p, q, r]);
        expect(Math.hypot(...fused.vector)).toBeCloseTo(1, 5);
        expect(cosine(fused.vector, fuse([r, p, q]).vector)).toBeCloseTo(1, 5);
        expect(cosine(fuse([p]).vector, p.vector)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('lies between its templates: as near to each as half the angle', () => {
    const fused = fuse([angled(0), angled(60)]);
    expect(cosine(fused.vector, angled(30).vector)).toBeCloseTo(1, 6);
  });

  it('gives no template more weight for being longer', () => {
    const long = { modelId: recogniser.id, vector: Float32Array.of(10, 0) };
    const short = { modelId: recogniser.id, vector: Float32Array.of(0, 0.1) };
    expect(cosine(fuse([long, short]).vector, angled(45).vector)).toBeCloseTo(1, 6);
  });
});

describe('templates of two models', () => {
  const foreign = template([1, 0], 'face-recognise-other/1');
  const own = angled(0);
  const mismatch = expect.objectContaining({ reason: 'MODEL_MISMATCH' }) as Error;

  it.each([
    ['fused', () => fuse([own, foreign])],
    ['scored, probe foreign', () => score(foreign, [own], recogniser)],
    ['scored, reference foreign', () => score(own, [own, foreign], recogniser)],
    ['scored, both foreign', () => score(foreign, [foreign], recogniser)],
    ['compared', () => compare(probeOf(own), [foreign], recogniser)],
    [
      'compared with an unusable probe',
      () => compare(analysisOf({ presence: 'NO_FACE' }), [foreign], recogniser),
    ],
  ])('are never %s', (_, attempt) => {
    expect(attempt).toThrow(mismatch);
  });
});

describe('a comparison', () => {
  it.each([
    [0, 'MATCH', []],
    [59.9, 'MATCH', []],
    [60.1, 'INCONCLUSIVE', ['SCORE_BETWEEN_THRESHOLDS']],
    [72.5, 'INCONCLUSIVE', ['SCORE_BETWEEN_THRESHOLDS']],
    [72.6, 'NO_MATCH', []],
    [180, 'NO_MATCH', []],
  ])('at %d degrees is %s', (degrees, outcome, reasons) => {
    const found = compare(probeOf(angled(degrees)), [angled(0)], recogniser);
    expect(found).toMatchObject({
      outcome,
      reasons,
      threshold: 0.5,
      reviewThreshold: 0.3,
      modelId: recogniser.id,
    });
    expect(found.score).toBeCloseTo(Math.cos((degrees * Math.PI) / 180), 5);
  });

  it('is with the fused reference, not with its luckiest template', () => {
    const found = compare(probeOf(angled(0)), [angled(0), angled(90), angled(90)], recogniser);
    expect(found.score).toBeCloseTo(1 / Math.sqrt(5), 5);
    expect(found.outcome).toBe('INCONCLUSIVE');
  });

  it.each([
    ['NO_FACE', analysisOf({ presence: 'NO_FACE' })],
    ['SEVERAL_FACES', analysisOf({ presence: 'SEVERAL_FACES', template: angled(0) })],
    ['QUALITY_TOO_LOW', analysisOf({ template: angled(0), quality: goodQuality({ SHARPNESS: 0.001 }) })],
  ])('of a probe with %s is inconclusive in words: never a match, never another person', (reason, probe) => {
    const found = compare(probe, [angled(0)], recogniser);
    expect(found).toMatchObject({ outcome: 'INCONCLUSIVE', score: null, reasons: [reason] });
    expect(found.advice.join('')).not.toBe('');
  });

  it('needs the parts it judges by, and a rule for the number of templates', () => {
    expect(() => compare(analysisOf({ template: null }), [angled(0)], recogniser)).toThrow('embedding');
    expect(() =>
      compare(probeOf(angled(0)), [angled(0), angled(0), angled(0), angled(0)], recogniser),
    ).toThrow('4 templates');
  });
});

describe('whoever times comparisons', () => {
  it('is told of the start and the end of each', () => {
    const told: string[] = [];
    const start = (): unknown => told.push('start');
    const end = (): unknown => told.push('end');
    subscribe('tracing:probity:face.compare:start', start);
    subscribe('tracing:probity:face.compare:end', end);
    compare(probeOf(angled(0)), [angled(0)], recogniser);
    unsubscribe('tracing:probity:face.compare:start', start);
    unsubscribe('tracing:probity:face.compare:end', end);
    compare(probeOf(angled(0)), [angled(0)], recogniser);
    expect(told).toEqual(['start', 'end']);
  });
});
