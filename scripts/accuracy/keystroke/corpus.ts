import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { CorpusError } from '../corpus.js';

/** Two halves of users, each of which is a background to the other: what a population needs, twice. */
const LEAST_SUBJECTS = 30;
const LEAST_REPETITIONS = 20;

/** One person's repetitions in the order in which they were typed; times in seconds. */
export interface TypingSubject {
  subject: string;
  repetitions: number[][];
}

export interface KeystrokeCorpus {
  /** Names of the timings: holds, press-press and release-press times. */
  features: string[];
  subjects: TypingSubject[];
}

const row = z.looseObject({
  subject: z.string().min(1),
  sessionIndex: z.coerce.number(),
  rep: z.coerce.number(),
});

/**
 * Reads a CSV file in the layout of Killourhy and Maxion's benchmark (DSL-StrongPasswordData.csv): subject,
 * sessionIndex, rep, and a column in seconds for each `H.`, `DD.` and `UD.` timing.
 *
 * @throws CorpusError
 */
export function readKeystrokes(file: string): KeystrokeCorpus {
  const rows = records(file);
  const features = Object.keys(rows[0] ?? {}).filter((name) => /^(H|DD|UD)\./.test(name));
  if (features.length === 0) throw new CorpusError(`${file} has no columns H.*, DD.* and UD.*`);
  const timings = z.object(Object.fromEntries(features.map((name) => [name, z.coerce.number()])));
  const bySubject = new Map<string, { at: [number, number]; times: number[] }[]>();
  rows.forEach((given, index) => {
    const read = row.safeParse(given);
    const times = timings.safeParse(given);
    if (!read.success || !times.success)
      throw new CorpusError(`${file}: row ${index + 1} is not of this layout`);
    const { subject, sessionIndex, rep } = read.data;
    const typed = bySubject.get(subject) ?? [];
    typed.push({ at: [sessionIndex, rep], times: features.map((name) => times.data[name] ?? Number.NaN) });
    bySubject.set(subject, typed);
  });
  const subjects = [...bySubject].map(([subject, typed]) => ({
    subject,
    repetitions: typed.sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1]).map(({ times }) => times),
  }));
  if (subjects.length < LEAST_SUBJECTS)
    throw new CorpusError(`${file} has ${subjects.length} subjects; it needs ${LEAST_SUBJECTS}`);
  if (subjects.some(({ repetitions }) => repetitions.length < LEAST_REPETITIONS))
    throw new CorpusError(`${file} has subjects with fewer than ${LEAST_REPETITIONS} repetitions`);
  return { features, subjects };
}

function records(file: string): Record<string, string>[] {
  try {
    return parse(readFileSync(file), { columns: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new CorpusError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
