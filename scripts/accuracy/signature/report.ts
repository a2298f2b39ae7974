import { percent, table } from '../report.js';
import type { Rate } from '../statistics.js';
import { readSignatures, type SignatureCorpus } from './corpus.js';
import { measureSignatures, type ForgeryResult, type SignatureResult } from './measure.js';

export interface SignatureReport {
  /** ISO time. */
  measuredAt: string;
  data: string;
  writers: number;
  signatures: number;
  failed: SignatureCorpus['failed'];
  results: SignatureResult[];
}

/** Measures a folder of signatures. @throws CorpusError */
export function signatureReport(dir: string): SignatureReport {
  const corpus = readSignatures(dir);
  return {
    measuredAt: new Date().toISOString(),
    data: dir,
    writers: corpus.writers.length,
    signatures: corpus.writers.reduce((sum, each) => sum + each.genuine.length + each.forgeries.length, 0),
    failed: corpus.failed,
    results: measureSignatures(corpus),
  };
}

/** The report as text for a terminal. */
export function renderSignatures({ data, writers, signatures, failed, results }: SignatureReport): string {
  const lines = [
    `Handwriting. Data: ${data}`,
    `${writers} writers, ${signatures} signatures read, ${failed.length} not`,
    ...failed.map(({ file, failure }) => `  ${file}: ${failure}`),
    '',
    ...table([
      ['', 'enrolled', 'EER random', 'EER skilled', 'at match: FNMR', 'FMR random', 'FMR skilled'],
      ...results.map(({ name, enrolled, rejected, random, skilled }) => [
        name,
        String(enrolled),
        equal(random),
        skilled ? equal(skilled) : 'n/a',
        estimate(rejected),
        estimate(random.atMatch),
        skilled ? estimate(skilled.atMatch) : 'n/a',
      ]),
    ]),
    '',
    '{a, b}  95 % under resampling of writers     random: the first probe of every other writer',
    'A picture’s score is calibrated for random forgeries, a trace’s for skilled ones.',
  ];
  return `${lines.join('\n')}\n`;
}

function equal({ equalError: { rate, interval } }: ForgeryResult): string {
  return `${percent(rate)} {${percent(interval.low)}, ${percent(interval.high)}}`;
}

function estimate({ estimate: rate }: Rate): string {
  return rate === null ? 'n/a' : percent(rate);
}
