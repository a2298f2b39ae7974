import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSignatures } from '../../../scripts/accuracy/signature/corpus.js';
import { renderSignatures, signatureReport } from '../../../scripts/accuracy/signature/report.js';
import { signatureFiles } from '../../../scripts/accuracy/signature/writers.js';

const WRITERS = 4;
/** Enough of each writer: nine genuine signatures and six forgeries. */
const TAKEN = /S(\d|2[1-6])\.TXT$/;

describe('signatures', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'probity-signatures-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const write = (change: (text: string) => string = (text) => text): void => {
    for (const [name, text] of signatureFiles(WRITERS, 4)) {
      if (TAKEN.test(name)) writeFileSync(join(dir, name), change(text));
    }
  };
  /** Without the pen's angles and pressure, as in the first task of SVC2004. */
  const bare = (text: string): string =>
    text
      .split('\n')
      .map((line) => line.split(' ').slice(0, 4).join(' '))
      .join('\n');

  it('of made-up writers: a stranger is told best, a forger less, without pressure least, from a picture hardly', () => {
    write();
    const report = signatureReport(dir);
    expect(report).toMatchObject({ writers: WRITERS, signatures: WRITERS * 15, failed: [] });
    const rate = (name: string, enrolled: number, forgery: 'random' | 'skilled'): number =>
      report.results.find((each) => each.name === name && each.enrolled === enrolled)![forgery]!.equalError
        .rate;
    for (const enrolled of [5, 3]) {
      for (const name of ['trace with pressure', 'trace without pressure']) {
        expect(rate(name, enrolled, 'random')).toBeLessThanOrEqual(rate(name, enrolled, 'skilled'));
      }
      expect(rate('drawn as a picture', enrolled, 'random')).toBeLessThan(
        rate('drawn as a picture', enrolled, 'skilled'),
      );
      expect(rate('trace with pressure', enrolled, 'skilled')).toBeLessThanOrEqual(
        rate('trace without pressure', enrolled, 'skilled'),
      );
      expect(rate('trace without pressure', enrolled, 'skilled')).toBeLessThan(
        rate('drawn as a picture', enrolled, 'skilled'),
      );
    }
    expect(rate('trace with pressure', 5, 'skilled')).toBeLessThan(0.15);
    const [first] = report.results;
    expect(first).toMatchObject({
      genuine: WRITERS * 4,
      random: { impostor: WRITERS * (WRITERS - 1) },
      skilled: { impostor: WRITERS * 6 },
    });
    expect(renderSignatures(report)).toMatch(/trace with pressure +5 +\d/);
  });

  it('are read without pressure, with strange line ends and with what cannot be read named', () => {
    write((text) => bare(text).replaceAll('\n', '\r\n'));
    writeFileSync(join(dir, 'U1S11.TXT'), '3\n1 2 3 1\n');
    writeFileSync(join(dir, 'U1S12.TXT'), 'rubbish');
    writeFileSync(join(dir, 'notes.txt'), 'no signature');
    const { writers, failed, hasPressure } = readSignatures(dir);
    expect(writers.map(({ genuine, forgeries }) => [genuine.length, forgeries.length])).toEqual(
      Array.from({ length: WRITERS }, () => [9, 6]),
    );
    expect(hasPressure).toBe(false);
    expect(failed).toEqual([
      { file: 'U1S11.TXT', failure: 'it says 3 points and has 1' },
      { file: 'U1S12.TXT', failure: expect.stringContaining('rubbish') as string },
    ]);
  });

  it('of too few writers, or nowhere, are no corpus', () => {
    expect(() => readSignatures(join(dir, 'gone'))).toThrow(/There is no folder/);
    expect(() => readSignatures(dir)).toThrow(/at least two writers/);
  });
});
