import { fromJson, toJson, type Db } from '../../storage/index.js';
import type { Observation } from './observation.js';

interface ObservationRow {
  session_id: string;
  frame: number;
  exam_id: string;
  received_at: number;
  sha256: string;
  fingerprint: Buffer | null;
  outcome: string;
  score: number | null;
  finding: string;
}

export async function insertObservation(
  tx: Db,
  where: { sessionId: string; examId: string; fingerprint: Uint8Array | null },
  observation: Observation,
): Promise<void> {
  const row: ObservationRow = {
    session_id: where.sessionId,
    frame: observation.frame,
    exam_id: where.examId,
    received_at: observation.receivedAt,
    sha256: observation.sha256,
    fingerprint: where.fingerprint && Buffer.from(where.fingerprint),
    outcome: observation.comparison.outcome,
    score: observation.comparison.score,
    finding: toJson(observation),
  };
  await tx<ObservationRow>('observations').insert(row);
}

export async function observationOf(
  db: Db,
  sessionId: string,
  frame: number,
): Promise<Observation | undefined> {
  const row = await db<ObservationRow>('observations')
    .where({ session_id: sessionId, frame })
    .first('finding');
  return row && read(row);
}

/** Observations of some frames of a session, by frame. */
export async function observationsOf(
  db: Db,
  sessionId: string,
  frames: readonly number[],
): Promise<Map<number, Observation>> {
  const rows = await db<ObservationRow>('observations')
    .where('session_id', sessionId)
    .whereIn('frame', frames)
    .select('frame', 'finding');
  return new Map(rows.map((row) => [row.frame, read(row)]));
}

/**
 * Frames of some sessions that did not match, until `until`, the newest first. Each session and outcome is asked for by
 * itself: an index has those in their order, and nothing is sorted but what the page may show.
 */
export async function unmatchedFrames(
  db: Db,
  sessionIds: readonly string[],
  until: number,
  limit: number,
): Promise<{ sessionId: string; observation: Observation }[]> {
  const found: Pick<ObservationRow, 'session_id' | 'frame' | 'received_at' | 'finding'>[] = [];
  for (const sessionId of sessionIds) {
    for (const outcome of ['NO_MATCH', 'INCONCLUSIVE']) {
      const rows = await db<ObservationRow>('observations')
        .where({ session_id: sessionId, outcome })
        .where('received_at', '<=', until)
        .orderBy('received_at', 'desc')
        .limit(limit)
        .select('session_id', 'frame', 'received_at', 'finding');
      found.push(...rows);
    }
  }
  return found
    .sort((a, b) => b.received_at - a.received_at || b.frame - a.frame)
    .slice(0, limit)
    .map((row) => ({ sessionId: row.session_id, observation: read(row) }));
}

/** Whether these very bytes came before, in any session of the exam. */
export async function sawBytes(db: Db, examId: string, sha256: string): Promise<boolean> {
  const row: unknown = await db('observations').where({ exam_id: examId, sha256 }).first('frame');
  return row !== undefined;
}

/** Fingerprints of the latest readable frames of a session. */
export async function latestFingerprints(db: Db, sessionId: string, limit: number): Promise<Uint8Array[]> {
  const rows = await db<ObservationRow>('observations')
    .where('session_id', sessionId)
    .orderBy('frame', 'desc')
    .limit(limit)
    .select('fingerprint');
  return rows.flatMap(({ fingerprint }) => fingerprint ?? []);
}

/** Committed frame numbers from `from` on, in order. */
export async function committedFrom(
  db: Db,
  sessionId: string,
  from: number,
  limit: number,
): Promise<Set<number>> {
  const frames = (await db('observations')
    .where('session_id', sessionId)
    .where('frame', '>=', from)
    .orderBy('frame')
    .limit(limit)
    .pluck('frame')) as number[];
  return new Set(frames);
}

function read(row: Pick<ObservationRow, 'finding'>): Observation {
  // `insertObservation` is the only writer of this column.
  return fromJson(row.finding) as Observation;
}
