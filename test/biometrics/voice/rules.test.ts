import fc from 'fast-check';
import { entriesOf, loadManifest } from '../../../src/biometrics/engine/index.js';
import { framesThat, FRAME, padded } from '../../../src/biometrics/voice/activity.js';
import { split, WINDOW, windowStarts } from '../../../src/biometrics/voice/embedding.js';
import { applyVoiceGate, judgeSpeakers, type VoiceAnalysis } from '../../../src/biometrics/voice/index.js';
import { measureNoise, MOST_SNR_DB } from '../../../src/biometrics/voice/noise.js';
import { meanDirection, normalise } from '../../../src/biometrics/vectors.js';
import { MODELS_DIR } from '../../support/faces.js';

const SPEAKER = entriesOf(loadManifest(MODELS_DIR), 'voice.embed')[0]!;

describe('windows of speech', () => {
  it('cover all of it but a rest of less than a third of a step, and reach beyond it only when it is short', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), (samples) => {
        const starts = windowStarts(samples);
        expect(starts[0]).toBe(0);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        const end = starts.at(-1)! + WINDOW;
        if (samples >= WINDOW) expect(end).toBeLessThanOrEqual(samples);
        expect(samples - end).toBeLessThanOrEqual(0.3 * 12_800);
      }),
    );
  });

  it('parts of speech are of one length and follow each other', () => {
    const parts = split(
      Float32Array.from({ length: 10 }, (_, i) => i),
      3,
    );
    expect(parts.map((part) => [...part])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
    ]);
  });
});

describe('speech and pauses', () => {
  it('speech takes three frames on either side with it', () => {
    const voiced = Array.from({ length: 11 }, (_, frame) => frame === 5);
    expect(padded(voiced).map(Number)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  it('every sample is in speech or in a pause, the last frame filled up', () => {
    const samples = Float32Array.from({ length: FRAME * 3 + 1 }, (_, i) => i);
    const frames = [true, false, true, false];
    expect([...framesThat(samples, frames, true)].slice(FRAME, FRAME + 2)).toEqual([
      2 * FRAME,
      2 * FRAME + 1,
    ]);
    const pauses = framesThat(samples, frames, false);
    expect(pauses).toHaveLength(2 * FRAME);
    expect([pauses[FRAME], pauses[FRAME + 1]]).toEqual([3 * FRAME, 0]);
  });
});

describe('noise', () => {
  const frames = [...Array<boolean>(10).fill(true), ...Array<boolean>(10).fill(false)];
  const levels = (speech: number, pause: number): Float32Array =>
    Float32Array.from({ length: FRAME * 20 }, (_, i) => (i < FRAME * 10 ? speech : pause));

  it.each([
    [0.2, 0.02, 10 * Math.log10((0.04 - 0.0004) / 0.0004)],
    [0.2, 0, MOST_SNR_DB],
    [0.1, 0.2, -MOST_SNR_DB],
    [0, 0, -MOST_SNR_DB],
  ])('speech of %f over %f', (speech, pause, snrDb) => {
    const finding = measureNoise(levels(speech, pause), frames);
    if (finding.outcome !== 'ASSESSED') throw new Error('assessed, it should be');
    expect(finding.snrDb).toBeCloseTo(snrDb, 1);
  });

  it('is not assessed without pauses, or without speech', () => {
    const samples = levels(0.2, 0.2);
    expect(measureNoise(samples, Array<boolean>(20).fill(true))).toEqual({
      outcome: 'NOT_ASSESSED',
      reason: 'NO_PAUSES',
    });
    expect(measureNoise(samples, Array<boolean>(20).fill(false))).toEqual({
      outcome: 'NOT_ASSESSED',
      reason: 'TOO_LITTLE_SPEECH',
    });
  });
});

describe('several speakers', () => {
  const around = (axis: number, seed: number): Float32Array =>
    normalise(Float32Array.from({ length: 8 }, (_, i) => (i === axis ? 1 : 0.05 * Math.sin(seed * (i + 1)))));
  const of = (axis: number, count: number): Float32Array[] =>
    Array.from({ length: count }, (_, n) => around(axis, n + 1));

  it('one voice, however long', () => {
    expect(judgeSpeakers(of(0, 40), SPEAKER)).toMatchObject({ outcome: 'ONE_SPEAKER', modelId: SPEAKER.id });
  });

  it('two, in whatever order and share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 2, max: 8 }),
        fc.boolean(),
        (first, second, turned) => {
          const windows = [...of(0, first), ...of(1, second)];
          expect(judgeSpeakers(turned ? windows.reverse() : windows, SPEAKER)).toMatchObject({
            outcome: 'SEVERAL_SPEAKERS',
          });
        },
      ),
    );
  });

  it('the very same window over and over is one', () => {
    expect(judgeSpeakers(Array<Float32Array>(5).fill(around(0, 1)), SPEAKER)).toMatchObject({
      outcome: 'ONE_SPEAKER',
      similarity: 1,
    });
  });

  it('is not assessed in three windows', () => {
    expect(judgeSpeakers([...of(0, 1), ...of(1, 2)], SPEAKER)).toEqual({
      outcome: 'NOT_ASSESSED',
      reason: 'TOO_LITTLE_SPEECH',
    });
  });

  it('the mean direction does not depend on lengths', () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 5)];
    const mean = meanDirection([a, b]);
    expect(mean[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(mean[1]).toBeCloseTo(Math.SQRT1_2, 6);
  });
});

describe('the gate', () => {
  const template = { modelId: SPEAKER.id, vector: Float32Array.of(1) };
  const analysis = (change: Partial<VoiceAnalysis>) => ({
    speechSeconds: 5,
    noise: { outcome: 'ASSESSED', snrDb: 30 } as VoiceAnalysis['noise'],
    speakers: { outcome: 'NOT_ASSESSED', reason: 'TOO_LITTLE_SPEECH' } as VoiceAnalysis['speakers'],
    utterances: [{ seconds: 5, template }],
    ...change,
  });
  const several = { outcome: 'SEVERAL_SPEAKERS', similarity: 0.5, threshold: 0.76, modelId: 'm/1' } as const;

  it.each([
    [{}, 'VERIFICATION', []],
    [{ noise: { outcome: 'NOT_ASSESSED', reason: 'NO_PAUSES' } }, 'ENROLMENT', []],
    [{ speechSeconds: 0, utterances: [] }, 'VERIFICATION', ['NO_SPEECH']],
    [{ speechSeconds: 0.5, utterances: [] }, 'VERIFICATION', ['TOO_LITTLE_SPEECH']],
    [{ speechSeconds: 2.5 }, 'VERIFICATION', []],
    [{ speechSeconds: 2.5 }, 'ENROLMENT', ['TOO_LITTLE_SPEECH']],
    [{ speakers: several }, 'VERIFICATION', ['SEVERAL_SPEAKERS']],
    [{ noise: { outcome: 'ASSESSED', snrDb: 14 } }, 'VERIFICATION', ['TOO_NOISY']],
  ] as const)('%j for %s: %j', (change, purpose, reasons) => {
    const gate = applyVoiceGate(analysis(change as Partial<VoiceAnalysis>), purpose);
    expect(gate.passed ? [] : gate.reasons).toEqual(reasons);
    if (!gate.passed) expect(gate.advice).toHaveLength(1);
  });
});
