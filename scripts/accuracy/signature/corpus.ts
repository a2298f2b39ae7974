import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrace } from '../../../src/biometrics/handwriting/trace.js';
import { trajectoryOf, type Trajectory } from '../../../src/biometrics/handwriting/trajectory.js';
import { CorpusError } from '../corpus.js';

/** `U12S3.TXT`: the third signature of writer 12. */
const NAME = /^U(\d+)S(\d+)\.txt$/i;
/** Signatures from this number on are skilled forgeries. */
const FIRST_FORGERY = 21;
/** Genuine signatures of a writer from this index on are probes; those before may be enrolled. */
export const FIRST_PROBE = 5;
/** Greatest pressure that an SVC2004 tablet gives. */
const MOST_PRESSURE = 1023;

/** What one writer brought, and what was written in their name. */
export interface Writer {
  name: string;
  genuine: Trajectory[];
  forgeries: Trajectory[];
}

export interface SignatureCorpus {
  /** In the order of their numbers. */
  writers: Writer[];
  /** Files that no trace could be made of, and why. */
  failed: { file: string; failure: string }[];
  hasPressure: boolean;
}

/**
 * A folder of signatures in the layout of SVC2004 (Yeung et al. 2004), read through the product's own parser.
 *
 * @throws CorpusError when it is not there, or does not allow genuine and impostor comparisons
 */
export function readSignatures(dir: string): SignatureCorpus {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CorpusError(`There is no folder ${dir}`);
  }
  const writers = new Map<number, Writer>();
  const failed: SignatureCorpus['failed'] = [];
  for (const { file, writer: number, signature } of signaturesIn(dir)) {
    const writer = writers.get(number) ?? { name: `U${number}`, genuine: [], forgeries: [] };
    writers.set(number, writer);
    try {
      const trajectory = readSignature(readFileSync(join(dir, file), 'utf8'));
      (signature < FIRST_FORGERY ? writer.genuine : writer.forgeries).push(trajectory);
    } catch (error) {
      failed.push({ file, failure: (error as Error).message });
    }
  }
  const all = [...writers.values()];
  if (all.filter(({ genuine }) => genuine.length > FIRST_PROBE).length < 2) {
    throw new CorpusError(
      `${dir} needs files UxSy.TXT with ${FIRST_PROBE + 1} genuine signatures of at least two writers`,
    );
  }
  const hasPressure = all.every(({ genuine, forgeries }) =>
    [...genuine, ...forgeries].every((trajectory) => trajectory.hasPressure),
  );
  return { writers: all, failed, hasPressure };
}

function signaturesIn(dir: string): { file: string; writer: number; signature: number }[] {
  return readdirSync(dir)
    .flatMap((file) => {
      const match = NAME.exec(file);
      return match ? [{ file, writer: Number(match[1]), signature: Number(match[2]) }] : [];
    })
    .sort((a, b) => a.writer - b.writer || a.signature - b.signature);
}

function readSignature(text: string): Trajectory {
  return trajectoryOf(parseTrace(traceOf(text)));
}

/**
 * A signature of SVC2004 as a trace that the product takes.
 *
 * The first line is the number of points, each further one `x y timestamp penstatus [azimuth altitude pressure]`, with
 * status 1 while the pen is down and pressure 0..1023. The pen's angles are not used: few devices have them.
 */
export function traceOf(text: string): Buffer {
  const [head, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const rows = lines.map((line) => line.trim().split(/\s+/).map(Number));
  if (Number(head) !== rows.length) throw new Error(`it says ${head} points and has ${rows.length}`);
  const strokes: number[][][] = [];
  let down = false;
  for (const [x = NaN, y = NaN, t = NaN, status, , , pressure] of rows) {
    if (status === 1) {
      if (!down) strokes.push([]);
      strokes.at(-1)?.push(pressure === undefined ? [t, x, y] : [t, x, y, pressure / MOST_PRESSURE]);
    }
    down = status === 1;
  }
  return Buffer.from(JSON.stringify({ version: 1, strokes }));
}
