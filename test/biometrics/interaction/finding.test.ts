import { decodeRhythm, encodeRhythm } from '../../../src/biometrics/interaction/codec.js';
import { judgeRecording, type InteractionFinding } from '../../../src/biometrics/interaction/finding.js';
import { fitRhythm } from '../../../src/biometrics/interaction/model.js';
import { actionFeatures } from '../../../src/biometrics/interaction/mouse.js';
import { readRecording } from '../../../src/biometrics/interaction/recording.js';
import { backgroundShare, rhythmOf } from '../../../src/biometrics/interaction/rhythm.js';
import { everything, fixed, free, typist, type Keys } from './typists.js';

const rhythm = (text: string) => rhythmOf(readRecording(text));

const [ann, bob] = [typist(0), typist(4)];
const others = Array.from({ length: 20 }, (_, n) => typist(100 + n));
const training = everything(ann);
const trained = rhythm(training);
const background = others.map((who) => backgroundShare(rhythm(everything(who))));
const judge = (text: string, reference = trained, population = background): InteractionFinding =>
  judgeRecording(readRecording(text), [reference], fitRhythm(reference, population));

/** The typing of several datasets one after another, each a minute after the last. */
function after(...texts: string[]): string {
  const read = texts.map((text) => JSON.parse(text) as { typing: { keys: Keys }[] });
  read.forEach(({ typing }, index) => {
    for (const stretch of typing) {
      const start = index * 60_000;
      stretch.keys = stretch.keys.map(([key, press, release]) => [key, press + start, release + start]);
    }
  });
  return JSON.stringify({ ...read[0], mouse: [], typing: read.flatMap(({ typing }) => typing) });
}

describe('a recording', () => {
  test('of the person matches, and of a stranger does not', () => {
    expect(judge(everything(ann))).toMatchObject({
      outcome: 'MATCH',
      reasons: [],
      modelId: 'interaction-rhythm/1',
    });
    expect(judge(everything(bob))).toMatchObject({ outcome: 'NO_MATCH', reasons: [] });
    expect(judge(everything(ann), trained, [])).toMatchObject({ outcome: 'MATCH' });
    expect(judge(everything(bob), trained, [])).toMatchObject({ outcome: 'NO_MATCH' });
  });

  test('that holds too little says nothing', () => {
    for (const text of [free(ann, 40), fixed(ann, 1, 'another text')]) {
      expect(judge(text)).toMatchObject({ outcome: 'INCONCLUSIVE', score: null, reasons: ['TOO_LITTLE'] });
    }
  });

  test('is not spoilt by somebody of the background who met the number of its text with another', () => {
    const [text] = trained.repetitions;
    const forged = Array.from({ length: 5 }, () => ({ text: text!.text, features: [1, 2, 3] }));
    const population = [...background.slice(1), { ...background[0]!, repetitions: forged }];
    const probe = everything(ann);
    expect(judge(probe, trained, population)).toMatchObject({ outcome: 'MATCH' });
    expect(judge(probe, trained, population).methods[0]).toMatchObject({ background: background.length - 1 });
  });

  test('with nothing but the mouse never decides', () => {
    const text = JSON.stringify({ ...JSON.parse(everything(bob)), typing: [] });
    const finding = judge(text);
    expect(finding).toMatchObject({ outcome: 'INCONCLUSIVE', reasons: ['MOUSE_ALONE'], windows: [] });
    expect(Math.abs(finding.score!)).toBeLessThanOrEqual(1);
  });

  test('that was enrolled is a replay, whole or in part', () => {
    const part = JSON.parse(training) as { typing: unknown[] };
    const replays = [training, JSON.stringify({ ...part, typing: part.typing.slice(0, 1) })];
    for (const text of replays) {
      expect(judge(text)).toMatchObject({ outcome: 'INCONCLUSIVE', score: null, reasons: ['REPLAYED'] });
    }
    const written = free(ann, 400);
    expect(judge(written, rhythm(written))).toMatchObject({ reasons: ['REPLAYED'] });
  });

  test('in which somebody takes over does not match by what came before', () => {
    const alone = judge(after(free(ann, 1_600)));
    expect(alone.outcome).toBe('MATCH');
    const finding = judge(after(free(ann, 1_600), free(bob, 240)));
    expect(finding).toMatchObject({ outcome: 'INCONCLUSIVE', reasons: ['RHYTHM_CHANGES'] });
    // The windows show when.
    expect(finding.windows.at(-1)).toMatchObject({ from: expect.any(Number) as number });
    expect(finding.windows.at(-1)!.from).toBeGreaterThanOrEqual(60_000);
    expect(finding.windows.at(-1)!.score).toBeLessThan(finding.windows[0]!.score);
  });

  test('has a window for each repetition and for each half hundred keys of free text', () => {
    const { windows } = judge(after(fixed(ann, 3), free(ann, 240)));
    expect(windows).toHaveLength(3 + 3);
    expect(windows.map(({ to }) => to)).toEqual(windows.map(({ to }) => to).sort((a, b) => a - b));
  });

  test('with a pause or a slip in a repetition leaves that repetition out', () => {
    const three = JSON.parse(fixed(ann, 3)) as { typing: { keys: Keys }[] };
    const [paused, slipped] = three.typing;
    paused!.keys = paused!.keys.map(([key, press, release], n) =>
      n < 5 ? [key, press, release] : [key, press + 2_500, release + 2_500],
    );
    slipped!.keys.splice(3, 0, ['Backspace', slipped!.keys[2]![1], slipped!.keys[2]![2]]);
    expect(judge(JSON.stringify(three)).methods[0]).toMatchObject({ method: 'FIXED_TEXT', amount: 1 });
  });
});

describe('a rhythm', () => {
  test('is the same after it was kept', () => {
    expect(decodeRhythm(encodeRhythm(trained))).toEqual({
      ...trained,
      repetitions: [...trained.repetitions],
    });
  });

  test('keeps neither the keys nor their order', () => {
    const reversed = JSON.parse(everything(ann)) as { typing: { text?: string; keys: Keys }[] };
    const stretches = reversed.typing.filter(({ text }) => text === undefined);
    const kept = rhythm(JSON.stringify({ ...reversed, typing: stretches })).typing;
    const again = rhythm(JSON.stringify({ ...reversed, typing: stretches.reverse() })).typing;
    for (const [slot, moments] of kept.digraph)
      expect(again.digraph.get(slot)!.mean).toBeCloseTo(moments.mean, 5);
    // Sixteen classes of key: no more is there to be told apart.
    expect(Math.max(...kept.hold.keys())).toBeLessThan(16);
  });

  test('cut short or of another version is not read', () => {
    const vector = encodeRhythm(trained);
    expect(() => decodeRhythm(vector.subarray(0, vector.length - 1))).toThrow('cut short');
    expect(() => decodeRhythm(vector.map((value, index) => (index === 0 ? 2 : value)))).toThrow('version');
  });
});

describe('a mouse action', () => {
  test('has the features that are documented', () => {
    const straight = [0, 10, 20, 30, 40].map((t) => ({ t, x: 2 * t, y: 0 }));
    const [duration, path, chord, speed, greatest, , deviation, turning, rest] = actionFeatures(straight)!;
    expect(Math.exp(duration!)).toBeCloseTo(40, 3);
    expect(Math.exp(path!)).toBeCloseTo(80, 3);
    expect([chord, turning, rest, deviation]).toEqual([1, 0, 0, 0]);
    expect(Math.exp(speed!)).toBeCloseTo(2, 5);
    expect(Math.exp(greatest!)).toBeCloseTo(2, 5);
  });

  test('without a shape has none', () => {
    expect(actionFeatures([{ t: 0, x: 0, y: 0 }])).toBeNull();
    expect(actionFeatures([0, 1, 2, 3, 4].map((t) => ({ t, x: 5, y: 5 })))).toBeNull();
    expect(actionFeatures([0, 0, 0, 0, 0].map((t, n) => ({ t, x: 50 * n, y: 5 })))).toBeNull();
    // No clock is that fine; a population would never recover from an infinite speed.
    expect(actionFeatures([0, 1, 2, 3, 4].map((t) => ({ t: t * 1e-310, x: 50 * t, y: 5 })))).toBeNull();
  });
});
