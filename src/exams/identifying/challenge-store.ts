import { compareAndSet, fromJson, toJson, type Db } from '../../storage/index.js';
import type { ChallengeProgress, Counted } from './challenge.js';

/** Earlier challenges whose frames a new one is compared with. */
const MOST_EARLIER = 20;

/** What a challenge remembers beside its check. */
export interface StoredChallenge {
  /** Of the check. */
  id: string;
  examId: string;
  userId: string;
  progress: ChallengeProgress;
  /** UTC milliseconds. */
  expiresAt: number;
  /** Null until it is passed. */
  passedAt: number | null;
  /** When an identification rested on it; null while none did. */
  usedAt: number | null;
  version: number;
}

interface ChallengeRow {
  check_id: string;
  exam_id: string;
  user_id: string;
  progress: string;
  expires_at: number;
  passed_at: number | null;
  used_at: number | null;
  version: number;
}

export async function insertChallenge(tx: Db, challenge: StoredChallenge): Promise<void> {
  await tx('challenges').insert({
    check_id: challenge.id,
    exam_id: challenge.examId,
    user_id: challenge.userId,
    expires_at: challenge.expiresAt,
    version: challenge.version,
    ...changing(challenge),
  });
}

export async function challengeById(db: Db, id: string): Promise<StoredChallenge | undefined> {
  const row = await db<ChallengeRow>('challenges').where({ check_id: id }).first();
  return row && read(row);
}

/** @throws StatusError VERSION_CONFLICT */
export async function saveChallenge(tx: Db, challenge: StoredChallenge): Promise<void> {
  await compareAndSet(tx, 'challenges', { check_id: challenge.id }, challenge.version, changing(challenge));
}

/** Frames that counted in a student's earlier challenges for an exam. */
export async function countedBefore(
  db: Db,
  of: Pick<StoredChallenge, 'id' | 'examId' | 'userId'>,
): Promise<Counted[]> {
  const rows = await db<ChallengeRow>('challenges')
    .where({ user_id: of.userId, exam_id: of.examId })
    .whereNot('check_id', of.id)
    .orderBy('expires_at', 'desc')
    .limit(MOST_EARLIER)
    .select('progress');
  return rows.flatMap(({ progress }) => readProgress(progress).done);
}

/** Deletes at most `limit` challenges whose life ended before `before`; returns how many. */
export async function deleteChallenges(tx: Db, before: number, limit: number): Promise<number> {
  const ids = (await tx('challenges')
    .where('expires_at', '<', before)
    .limit(limit)
    .pluck('check_id')) as string[];
  return ids.length === 0 ? 0 : tx('challenges').whereIn('check_id', ids).delete();
}

function changing({ progress, passedAt, usedAt }: StoredChallenge) {
  return { progress: toJson(progress), passed_at: passedAt, used_at: usedAt };
}

function readProgress(text: string): ChallengeProgress {
  // `changing` is the only writer of this column.
  return fromJson(text) as ChallengeProgress;
}

function read(row: ChallengeRow): StoredChallenge {
  return {
    id: row.check_id,
    examId: row.exam_id,
    userId: row.user_id,
    progress: readProgress(row.progress),
    expiresAt: row.expires_at,
    passedAt: row.passed_at,
    usedAt: row.used_at,
    version: row.version,
  };
}
