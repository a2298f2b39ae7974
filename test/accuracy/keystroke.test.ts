import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeystrokes } from '../../scripts/accuracy/keystroke/corpus.js';
import { measureKeystrokes, type DetectorResult } from '../../scripts/accuracy/keystroke/measure.js';
import { TEXT, typist, type Keys } from '../biometrics/interaction/typists.js';

const MAIN = join(__dirname, '../../scripts/accuracy/main.ts');
const SUBJECTS = 32;
const SESSIONS = 4;
const REPETITIONS = 10;

const KEYS = TEXT.map((_, index) => `k${index}`);
const PAIRS = KEYS.slice(1).map((key, index) => `${KEYS[index]!}.${key}`);
const HEADER = [
  ...['subject', 'sessionIndex', 'rep'],
  ...KEYS.map((key) => `H.${key}`),
  ...PAIRS.map((pair) => `DD.${pair}`),
  ...PAIRS.map((pair) => `UD.${pair}`),
];

/** Holds, press-press and release-press times of one repetition, in seconds. */
function timings(keys: Keys): number[] {
  const next = keys.slice(1);
  return [
    ...keys.map(([, press, release]) => release - press),
    ...next.map(([, press], index) => press - keys[index]![1]),
    ...next.map(([, press], index) => press - keys[index]![2]),
  ].map((ms) => ms / 1_000);
}

/** The benchmark's layout, by typists who each have a rhythm. */
function made(): string {
  const rows = Array.from({ length: SUBJECTS }, (_, subject) => {
    const who = typist(500 + subject);
    return Array.from({ length: SESSIONS * REPETITIONS }, (__, n) =>
      [
        `s${subject}`,
        1 + Math.floor(n / REPETITIONS),
        1 + (n % REPETITIONS),
        ...timings(who.type(TEXT)),
      ].join(),
    );
  });
  return [HEADER.join(), ...rows.flat()].join('\n');
}

function accuracy(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('npm run accuracy -- --keystroke', () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'probity-keystroke-'));
    file = join(dir, 'times.csv');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  test('prints scaled Manhattan and ours side by side; ours is no worse', async () => {
    writeFileSync(file, made());
    const { code, stdout, stderr } = await accuracy('--keystroke', file, '--out', dir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/32 subjects, 31 timings/);
    const { results } = JSON.parse(readFileSync(join(dir, 'keystroke.json'), 'utf8')) as {
      results: DetectorResult[];
    };
    // Twenty train, twenty are genuine; the first five of every other user, and of the fifteen others of the half.
    expect(
      results.map(({ name, enrolled, genuine, impostor }) => [name, enrolled, genuine, impostor]),
    ).toEqual([
      ...[20, 10, 5].map((enrolled) => ['scaled Manhattan, all impostors', enrolled, 640, 32 * 31 * 5]),
      ...[20, 10, 5].map((enrolled) => ['scaled Manhattan', enrolled, 640, 32 * 15 * 5]),
      ...[20, 10, 5].map((enrolled) => ['Laplace ratio + PLDA', enrolled, 640, 32 * 15 * 5]),
    ]);
    for (const enrolled of [20, 10, 5]) {
      const [manhattan, ours] = ['scaled Manhattan', 'Laplace ratio + PLDA'].map((wanted) =>
        results.find(({ name, enrolled: n }) => name === wanted && n === enrolled)!,
      );
      for (const { rate, interval } of [manhattan!.perUser, ours!.perUser, ours!.oneThreshold]) {
        expect(interval.low).toBeLessThanOrEqual(rate);
        expect(interval.high).toBeGreaterThanOrEqual(rate);
      }
      expect(ours!.perUser.rate).toBeLessThan(manhattan!.perUser.rate);
      expect(ours!.oneThreshold.rate).toBeLessThan(manhattan!.oneThreshold.rate);
      expect(stdout).toContain(`${(ours!.perUser.rate * 100).toPrecision(3)} %`);
    }
  });

  test('counts as genuine what was typed last, in the order of sessions and not of rows', () => {
    const [header, ...rows] = made().split('\n');
    const shuffled = rows.map((_, index) => rows[(index * 7) % rows.length]!);
    expect(new Set(shuffled).size).toBe(rows.length);
    writeFileSync(file, [header, ...shuffled].join('\n'));
    const read = readKeystrokes(file);
    writeFileSync(file, [header, ...rows].join('\n'));
    const bySubject = (corpus: typeof read) =>
      [...corpus.subjects].sort((a, b) => a.subject.localeCompare(b.subject));
    expect(bySubject(read)).toEqual(bySubject(readKeystrokes(file)));
  });

  test('cannot be fooled by people who all type alike', () => {
    const one = typist(1);
    const subjects = Array.from({ length: 30 }, (_, n) => ({
      subject: `s${n}`,
      repetitions: Array.from({ length: 20 }, () => timings(one.type(TEXT))),
    }));
    for (const { perUser } of measureKeystrokes({ features: HEADER.slice(3), subjects })) {
      expect(perUser.rate).toBeGreaterThan(0.35);
    }
  });

  test.each([
    ['a file that is not there', null, /cannot be read/],
    ['no timings', 'subject,sessionIndex,rep\na,1,1\n', /has no columns H\.\*, DD\.\* and UD\.\*/],
    ['a row that is none', 'subject,sessionIndex,rep,H.a\na,1,1,x\n', /row 1 is not of this layout/],
    ['too few people', 'subject,sessionIndex,rep,H.a\na,1,1,0.1\n', /has 1 subjects; it needs 30/],
  ])('%s: a clear message and 2', async (_what, text, message) => {
    if (text !== null) writeFileSync(file, text);
    const { code, stderr } = await accuracy('--keystroke', file, '--out', dir);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
