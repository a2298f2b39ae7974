import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { signatureFiles } from '../../scripts/accuracy/signature/writers.js';

const MAIN = join(__dirname, '../../scripts/accuracy/main.ts');
const FACES = join(__dirname, '../fixtures/faces');
const SPEECH = join(__dirname, '../fixtures/speech');

interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

function accuracy(...args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('npm run accuracy', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'probity-accuracy-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  test('without a folder says how it is used and ends with 2', async () => {
    const { code, stderr } = await accuracy();
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Nothing to measure\n\nnpm run accuracy -- /);
  });

  test.each([
    ['a folder that is not there', 'gone', /^There is no folder .*gone\n$/],
    ['a folder without people', '.', /has no folder with .jpg, .png or .webp pictures in it\n$/],
  ])('%s: a clear message and 2', async (_what, folder, message) => {
    const { code, stderr } = await accuracy('--faces', join(dir, folder));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('one person alone cannot be measured', async () => {
    mkdirSync(join(dir, 'one'));
    writeFileSync(join(dir, 'one/a.jpg'), '');
    const { code, stderr } = await accuracy('--faces', dir);
    expect(code).toBe(2);
    expect(stderr).toMatch(/needs at least two people, and one with at least two pictures\n$/);
  });

  test('an unknown model is named, with those there are', async () => {
    for (const name of ['a', 'b']) {
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, '1.jpg'), '');
      writeFileSync(join(dir, name, '2.jpg'), '');
    }
    const { code, stderr } = await accuracy('--faces', dir, '--model', 'none/1');
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no model none\/1; there are face-recognise-/);
  });

  test('measures real speech and writes table, JSON and DET plot', async () => {
    for (const [speaker, files] of Object.entries({
      a: ['367-0005.opus', '367-0008.flac'],
      b: ['533-0009.flac', '533-0009.m4a'],
    })) {
      mkdirSync(join(dir, 'speech', speaker), { recursive: true });
      for (const file of files) cpSync(join(SPEECH, file), join(dir, 'speech', speaker, file));
    }
    writeFileSync(join(dir, 'speech/b/broken.wav'), 'no recording');

    const out = join(dir, 'out');
    const { code, stdout, stderr } = await accuracy(
      '--speech',
      join(dir, 'speech'),
      '--out',
      out,
      '--workers',
      '1',
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/UNREADABLE: .*broken\.wav/);
    expect(stdout).toMatch(/1 utterance enrolled, probe whole +0 %/);
    expect(stdout).toContain('noticed: 6 s, then 2 s');
    const report = JSON.parse(readFileSync(join(out, 'speech.json'), 'utf8')) as {
      failureToAcquire: { errors: number; trials: number };
      rules: { templates: number; genuine: number; impostor: number }[];
    };
    expect(report.failureToAcquire).toMatchObject({ errors: 1, trials: 5 });
    // Two of each against each other; of two recordings there are no three to enrol.
    expect(report.rules[0]).toMatchObject({ templates: 1, genuine: 4, impostor: 8 });
    expect(report.rules.at(-1)).toMatchObject({ templates: 3, genuine: 0, impostor: 0 });
    expect(existsSync(join(out, 'speech-det.svg'))).toBe(true);
  });

  test('measures signatures and writes table and JSON', async () => {
    mkdirSync(join(dir, 'signatures'));
    for (const [name, text] of signatureFiles(2, 1)) {
      if (/S([1-7]|21)\.TXT$/.test(name)) writeFileSync(join(dir, 'signatures', name), text);
    }
    const out = join(dir, 'out');
    const { code, stdout } = await accuracy('--signature', join(dir, 'signatures'), '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain('2 writers, 16 signatures read, 0 not');
    expect(stdout).toContain('EER skilled');
    const report = JSON.parse(readFileSync(join(out, 'signature.json'), 'utf8')) as {
      results: { name: string; enrolled: number; genuine: number }[];
    };
    expect(report.results[0]).toMatchObject({ name: 'trace with pressure', enrolled: 5, genuine: 4 });
    expect(existsSync(join(out, 'accuracy.json'))).toBe(false);
  });

  test('measures real pictures and writes table, JSON and DET plot', async () => {
    cpSync(FACES, join(dir, 'faces'), { recursive: true });
    const blank = sharp({ create: { width: 200, height: 200, channels: 3, background: 'grey' } });
    await blank.clone().jpeg().toFile(join(dir, 'faces/biden/2.jpg'));
    writeFileSync(join(dir, 'faces/obama/4.jpg'), 'no picture');
    for (const name of ['bonafide', 'print']) {
      mkdirSync(join(dir, 'attacks', name), { recursive: true });
      await blank
        .clone()
        .jpeg()
        .toFile(join(dir, 'attacks', name, '1.jpg'));
    }

    const out = join(dir, 'out');
    const { code, stdout, stderr } = await accuracy(
      ...['--faces', join(dir, 'faces'), '--attacks', join(dir, 'attacks'), '--out', out, '--workers', '1'],
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('failure to acquire');
    expect(stdout).toMatch(/NO_FACE: .*biden\/2\.jpg/);
    expect(stdout).toMatch(/UNREADABLE: .*obama\/4\.jpg/);
    expect(stdout).toMatch(/FMR 1e-5 +not resolvable/);
    expect(stdout).toContain('worst species: none assessed');
    const report = JSON.parse(readFileSync(join(out, 'accuracy.json'), 'utf8')) as {
      acquisition: { failureToAcquire: { errors: number; trials: number } };
      rules: { genuine: number; impostor: number }[];
    };
    expect(report.acquisition.failureToAcquire).toMatchObject({ errors: 2, trials: 6 });
    expect(report.rules[0]).toMatchObject({ genuine: 3, impostor: 3 });
    expect(existsSync(join(out, 'det.svg'))).toBe(true);
    // The plot is a picture that a renderer accepts. The engine's workers allow three formats in the whole process.
    sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
    expect((await sharp(readFileSync(join(out, 'det.svg'))).metadata()).width).toBeGreaterThan(100);
  });
});
