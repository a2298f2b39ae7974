import fc from 'fast-check';
import type { LivenessFinding } from '../../src/biometrics/index.js';
import type { AlertChange, ObservedAlertType } from '../../src/exams/alerts/alert.js';
import type { CaptureAnomaly } from '../../src/exams/watching/capture.js';
import { logLikelihoodRatio, observe } from '../../src/exams/watching/fusion.js';
import {
  closeWatch,
  freshWatch,
  WATCH_POLICY,
  readWatch,
  watchFrame,
  watchSample,
  type Look,
  type Watch,
} from '../../src/exams/watching/watch.js';

const CALIBRATION = { slope: 40, intercept: -13.6 };
const EVERY_MS = 10_000;

interface Shot {
  presence?: Look['presence'];
  score?: number | null;
  outcome?: Look['comparison']['outcome'];
  liveness?: LivenessFinding;
  anomalies?: CaptureAnomaly[];
  /** Since the frame before. */
  after?: number;
}

const good: Shot = {};
const nobody: Shot = { presence: 'NO_FACE', outcome: 'INCONCLUSIVE', score: null };
const crowd: Shot = { presence: 'SEVERAL_FACES', outcome: 'INCONCLUSIVE', score: null };
const blurred: Shot = { outcome: 'INCONCLUSIVE', score: null };
const broken: Shot = { presence: null, outcome: 'INCONCLUSIVE', score: null, anomalies: ['UNREADABLE'] };
const stranger: Shot = { score: 0.05, outcome: 'NO_MATCH' };
const screen: Shot = { liveness: { outcome: 'SPOOF_SUSPECTED', score: 0.1, threshold: 0.2, modelId: 'l/1' } };
const alive: Shot = { liveness: { outcome: 'LIVE', score: 0.9, threshold: 0.2, modelId: 'l/1' } };
const same: Shot = { anomalies: ['SAME_BYTES'] };
const alike: Shot = { anomalies: ['NEAR_IDENTICAL'] };

function lookOf(shot: Shot, at: number): Look {
  const { presence = 'ONE_FACE', score = 0.7, outcome = 'MATCH', liveness = null, anomalies = [] } = shot;
  const comparison = { outcome, score, threshold: 0.418, modelId: 'm/1', reasons: [] };
  const ratio = score === null ? null : logLikelihoodRatio(score, CALIBRATION);
  return { at, presence, comparison, logLikelihoodRatio: ratio, liveness, anomalies };
}

function play(shots: readonly Shot[]): { watch: Watch; changes: AlertChange[] } {
  let [at, ids] = [0, 0];
  let watch = freshWatch(0);
  const changes: AlertChange[] = [];
  for (const shot of shots) {
    at += shot.after ?? EVERY_MS;
    const step = watchFrame(watch, lookOf(shot, at), WATCH_POLICY, () => `a${++ids}`);
    watch = step.watch;
    changes.push(...step.changes);
  }
  return { watch, changes };
}

const told = (shots: readonly Shot[]): string[] =>
  play(shots).changes.map(({ change, alert }) => `${change} ${alert.type}`);
const raised = (shots: readonly Shot[]): string[] =>
  told(shots).flatMap((each) => (each.startsWith('OPENED ') ? each.slice('OPENED '.length) : []));
const times = (n: number, shot: Shot): Shot[] => Array.from({ length: n }, () => shot);

test('a recognised student raises nothing, however long', () => {
  expect(told(times(500, good))).toEqual([]);
  expect(told([...times(5, good), alive, ...times(5, good)])).toEqual([]);
});

test('a missing face raises an alert: after two frames, or after one that comes 20 s after the last face', () => {
  expect(raised([good, nobody])).toEqual([]);
  expect(raised([good, nobody, nobody])).toEqual(['NO_FACE']);
  expect(raised([good, { ...nobody, after: 25_000 }])).toEqual(['NO_FACE']);
  expect(raised([{ ...nobody, after: 20_000 }])).toEqual(['NO_FACE']);
});

test('an unknown face raises DIFFERENT_PERSON, from several frames, with the evidence and the threshold in nats', () => {
  expect(raised([good, ...times(3, stranger)])).toEqual([]);
  const { changes } = play([good, ...times(6, stranger)]);
  const opened = changes.find(({ change }) => change === 'OPENED')!.alert;
  expect(opened.type).toBe('DIFFERENT_PERSON');
  expect(opened.threshold).toBe(12);
  expect(opened.score).toBeGreaterThanOrEqual(12);
  expect(opened.modelId).toBe('m/1');
  expect(opened.reason).toContain('0.050');
});

test('one bad comparison among good ones, again and again, accuses nobody', () => {
  expect(raised(Array.from({ length: 100 }, () => [good, stranger]).flat())).toEqual([]);
});

test('somebody else behind bad pictures is still told, and bad pictures alone accuse nobody', () => {
  expect(raised(Array.from({ length: 8 }, () => [stranger, blurred]).flat())).toEqual(['DIFFERENT_PERSON']);
  expect(raised(times(5, blurred))).not.toContain('DIFFERENT_PERSON');
});

test('a replayed picture or a screen that matches does not exonerate', () => {
  const swap = times(6, stranger);
  const back = told([good, ...swap, ...times(20, same)]);
  expect(back).toContain('OPENED REPLAYED_FRAME');
  expect(back).not.toContain('ENDED DIFFERENT_PERSON');
  expect(told([good, ...swap, ...times(20, screen)])).not.toContain('ENDED DIFFERENT_PERSON');
  expect(told([good, ...swap, ...times(20, good)])).toContain('ENDED DIFFERENT_PERSON');
});

test('several people are told at once, and ended by one person, not by an empty chair', () => {
  expect(told([good, crowd, crowd, nobody, good])).toEqual([
    'OPENED SEVERAL_FACES',
    'CONTINUED SEVERAL_FACES',
    'ENDED SEVERAL_FACES',
  ]);
});

test('a spoof is told when assessed twice in a row; unassessed frames between do not count either way', () => {
  expect(raised([screen, good, screen])).toEqual(['SPOOF_SUSPECTED']);
  expect(raised([screen, alive, screen])).toEqual([]);
});

test('the same bytes are told at once, like pixels when they go on', () => {
  expect(raised([same])).toEqual(['REPLAYED_FRAME']);
  expect(raised([alike])).toEqual([]);
  expect(raised([alike, alike])).toEqual(['REPLAYED_FRAME']);
  expect(raised([alike, good, alike])).toEqual([]);
});

test('pictures that say nothing for a minute are told; those with an alert of their own are not told twice', () => {
  expect(raised(times(6, blurred))).toEqual([]);
  expect(raised(times(7, blurred))).toEqual(['INCONCLUSIVE_TOO_LONG']);
  expect(raised(times(7, broken))).toEqual(['INCONCLUSIVE_TOO_LONG']);
  expect(raised(times(20, nobody))).toEqual(['NO_FACE']);
});

test.each<[ObservedAlertType, Shot, Shot]>([
  ['NO_FACE', { ...nobody, after: 20_000 }, good],
  ['SEVERAL_FACES', crowd, good],
  ['REPLAYED_FRAME', same, good],
])('%s: every event is one alert, however the frames alternate', (type, bad, clear) => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (pattern) => {
      const { watch, changes } = play(pattern.map((isBad) => (isBad ? bad : clear)));
      const of = (change: string): AlertChange[] =>
        changes.filter((each) => each.change === change && each.alert.type === type);
      const runs = pattern.filter((isBad, i) => isBad && !pattern[i - 1]).length;
      const last = pattern.at(-1) === true;
      expect(of('OPENED')).toHaveLength(runs);
      expect(of('ENDED')).toHaveLength(runs - (last ? 1 : 0));
      expect(new Set(of('OPENED').map(({ alert }) => alert.id)).size).toBe(runs);
      const bads = pattern.filter(Boolean).length;
      expect(of('OPENED').length + of('CONTINUED').length).toBe(bads);
      const open = watch.episodes[type]?.alert ?? null;
      const seen = [...of('ENDED').map(({ alert }) => alert), ...(open ? [open] : [])];
      expect(seen.reduce((sum, alert) => sum + alert.occurrences, 0)).toBe(bads);
    }),
  );
});

test('closing ends what lasts, once', () => {
  const { watch } = play([good, crowd, { ...nobody, after: 25_000 }]);
  const closed = closeWatch(watch, 99_000);
  expect(
    closed.changes.map(({ change, alert }) => `${change} ${alert.type} ${alert.endedAt}`).sort(),
  ).toEqual(['ENDED NO_FACE 99000', 'ENDED SEVERAL_FACES 99000']);
  expect(closeWatch(closed.watch, 100_000).changes).toEqual([]);
});

test('what an earlier version stored of a watch is read on: its evidence is the face’s', () => {
  const stored = (impostor: { evidence: number; at: number | null }): Watch => {
    const text = JSON.stringify({ ...freshWatch(0), fusion: undefined, impostor });
    return readWatch(JSON.parse(text) as Parameters<typeof readWatch>[0]);
  };
  expect(stored({ evidence: 0, at: null })).toEqual(freshWatch(0));
  const accused = stored({ evidence: 11.9, at: 5_000 });
  const step = watchFrame(accused, lookOf(stranger, 15_000), WATCH_POLICY, () => 'a1');
  expect(step.changes.map(({ change, alert }) => `${change} ${alert.type}`)).toEqual([
    'OPENED DIFFERENT_PERSON',
  ]);
  expect(step.watch.fusion.FACE).toMatchObject({ evidence: 14.9, observations: 1 });
  expect(readWatch(step.watch)).toEqual(step.watch);
});

test('replayed and doubtful observations, in whatever order, say nothing of who it is', () => {
  const score = fc.double({ min: -1, max: 1, noNaN: true });
  const doubt = fc.constantFrom(same, alike, screen);
  const step = fc.record({ score, doubt, voice: fc.boolean(), after: fc.integer({ min: 0, max: 60_000 }) });
  const { watch: before } = play([good, ...times(2, stranger)]);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let [watch, at] = [before, 30_000];
      for (const { score: value, doubt: shot, voice, after } of steps) {
        at += after;
        const look = lookOf({ ...shot, score: value }, at);
        const { comparison, logLikelihoodRatio: ratio } = look;
        const replay = { modality: 'VOICE', at, comparison, logLikelihoodRatio: ratio } as const;
        watch = voice
          ? watchSample(watch, { ...replay, anomalies: ['SAME_BYTES'] }, WATCH_POLICY, () => 'a').watch
          : watchFrame(watch, look, WATCH_POLICY, () => 'a').watch;
      }
      expect(watch.fusion).toEqual(before.fusion);
    }),
  );
});

test('the alert says which modality spoke, how strongly and by what', () => {
  const voice = { score: 0.1, threshold: 0.3, modelId: 'v/1', logLikelihoodRatio: -5 };
  const { watch } = play([good, ...times(3, stranger)]);
  const heard = observe(
    watch.fusion,
    { modality: 'VOICE', at: 41_000, compared: voice },
    WATCH_POLICY.fusion,
  );
  const step = watchFrame({ ...watch, fusion: heard }, lookOf(stranger, 50_000), WATCH_POLICY, () => 'a1');
  const [{ alert }] = step.changes as [AlertChange];
  expect(alert).toMatchObject({ type: 'DIFFERENT_PERSON', modelId: 'm/1', threshold: 12 });
  expect(alert.contributions).toMatchObject([
    { modality: 'FACE', observations: 4, latest: { score: 0.05, threshold: 0.418, modelId: 'm/1' } },
    { modality: 'VOICE', observations: 1, latest: voice },
  ]);
  expect(alert.contributions!.reduce((sum, each) => sum + each.evidence, 0)).toBeCloseTo(alert.score!, 9);
  expect(alert.reason).toMatch(
    /^Over 4 frames the face does not look like the enrolled student \(1\d\.\d nats;/,
  );
  expect(alert.reason).toContain(
    'Over 1 recording the voice does not sound like the enrolled student (1.5 nats; the last scored 0.100, 0.300 is a match).',
  );
});

test('a watch survives being stored as JSON', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(good, nobody, crowd, blurred, broken, stranger, screen, alive, same, alike), {
        maxLength: 30,
      }),
      (shots) => {
        const { watch } = play(shots);
        expect(JSON.parse(JSON.stringify(watch))).toEqual(watch);
      },
    ),
  );
});
