import { fromJson, toJson, type Db } from '../../storage/index.js';
import type { SampleObservation } from './observation.js';

interface SampleRow {
  session_id: string;
  number: number;
  exam_id: string;
  modality: string;
  received_at: number;
  sha256: string;
  outcome: string;
  score: number | null;
  finding: string;
}

export async function insertSample(
  tx: Db,
  { sessionId, examId }: { sessionId: string; examId: string },
  observation: SampleObservation,
): Promise<void> {
  const row: SampleRow = {
    session_id: sessionId,
    number: observation.number,
    exam_id: examId,
    modality: observation.modality,
    received_at: observation.receivedAt,
    sha256: observation.sha256,
    outcome: observation.comparison.outcome,
    score: observation.comparison.score,
    finding: toJson(observation),
  };
  await tx<SampleRow>('sample_observations').insert(row);
}

export async function sampleOf(
  db: Db,
  sessionId: string,
  number: number,
): Promise<SampleObservation | undefined> {
  return (await samplesOf(db, sessionId, [number])).get(number);
}

/** Some samples of a session, by number. */
export async function samplesOf(
  db: Db,
  sessionId: string,
  numbers: readonly number[],
): Promise<Map<number, SampleObservation>> {
  const rows = await db<SampleRow>('sample_observations')
    .where('session_id', sessionId)
    .whereIn('number', numbers)
    .select('number', 'finding');
  // `insertSample` is the only writer of this column.
  return new Map(rows.map((row) => [row.number, fromJson(row.finding) as SampleObservation]));
}

/** Whether these very bytes came before as a sample, in any session of the exam. */
export async function sawSample(db: Db, examId: string, sha256: string): Promise<boolean> {
  const row: unknown = await db('sample_observations').where({ exam_id: examId, sha256 }).first('number');
  return row !== undefined;
}

/** Committed sample numbers from `from` on, in order. */
export async function samplesFrom(
  db: Db,
  sessionId: string,
  from: number,
  limit: number,
): Promise<Set<number>> {
  const numbers = (await db('sample_observations')
    .where('session_id', sessionId)
    .where('number', '>=', from)
    .orderBy('number')
    .limit(limit)
    .pluck('number')) as number[];
  return new Set(numbers);
}
