import { percent, table } from '../report.js';
import type { Interval, Rate } from '../statistics.js';
import { readKeystrokes } from './corpus.js';
import { measureKeystrokes, type DetectorResult } from './measure.js';

export interface KeystrokeReport {
  /** ISO time. */
  measuredAt: string;
  data: string;
  subjects: number;
  features: number;
  results: DetectorResult[];
}

/** Measures a file of typing times. @throws CorpusError */
export function keystrokeReport(file: string): KeystrokeReport {
  const corpus = readKeystrokes(file);
  return {
    measuredAt: new Date().toISOString(),
    data: file,
    subjects: corpus.subjects.length,
    features: corpus.features.length,
    results: measureKeystrokes(corpus),
  };
}

/** The report as text for a terminal. */
export function renderKeystrokes({ data, subjects, features, results }: KeystrokeReport): string {
  const lines = [
    `Keystrokes. Data: ${data}`,
    `${subjects} subjects, ${features} timings`,
    '',
    ...table([
      ['', 'enrolled', 'genuine', 'impostor', 'EER per user', 'EER one threshold', 'at match: FNMR', 'FMR'],
      ...results.map(({ name, enrolled, genuine, impostor, perUser, oneThreshold, atMatch }) => [
        name,
        String(enrolled),
        String(genuine),
        String(impostor),
        withInterval(perUser),
        withInterval(oneThreshold),
        atMatch ? estimate(atMatch.falseNonMatch) : 'n/a',
        atMatch ? estimate(atMatch.falseMatch) : 'n/a',
      ]),
    ]),
    '',
    '{a, b}  95 % under resampling of users',
    'all impostors: the protocol of Killourhy and Maxion as it is; they report 9.6 % per user on their 51.',
    'The others: impostors are the users of one half, the background those of the other half.',
  ];
  return `${lines.join('\n')}\n`;
}

function withInterval({ rate, interval }: { rate: number; interval: Interval }): string {
  return `${percent(rate)} {${percent(interval.low)}, ${percent(interval.high)}}`;
}

function estimate({ estimate: rate }: Rate): string {
  return rate === null ? 'n/a' : percent(rate);
}
