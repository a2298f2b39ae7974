import { StatusError } from '../call/index.js';
import { compareAndSet, fromJson, insertIgnore, toJson, type Db } from '../storage/index.js';
import type { Attempt, Check, CheckState } from './check.js';

interface CheckRow {
  id: string;
  organisation_id: string;
  kind: string;
  user_id: string;
  target_id: string;
  ordinal: number;
  state: string;
  required: string;
  passed: string;
  failures: number;
  inconclusive: number;
  max_failures: number;
  max_inconclusive: number;
  opened_at: number;
  expires_at: number;
  version: number;
}

/** The latest check of somebody for something. */
export async function latestCheck(
  db: Db,
  of: { userId: string; kind: string; targetId: string },
): Promise<Check | undefined> {
  const row = await db<CheckRow>('checks')
    .where({ user_id: of.userId, kind: of.kind, target_id: of.targetId })
    .orderBy('ordinal', 'desc')
    .first();
  return row && read(row);
}

/** @throws StatusError VERSION_CONFLICT when another check of that ordinal was opened at the same moment */
export async function insertCheck(tx: Db, check: Check): Promise<void> {
  const inserted = await insertIgnore(tx, 'checks', {
    id: check.id,
    organisation_id: check.organisationId,
    kind: check.kind,
    user_id: check.userId,
    target_id: check.targetId,
    ordinal: check.ordinal,
    required: toJson(check.required),
    max_failures: check.maxFailures,
    max_inconclusive: check.maxInconclusive,
    opened_at: check.openedAt,
    expires_at: check.expiresAt,
    version: check.version,
    ...changing(check),
  });
  if (!inserted) throw new StatusError('VERSION_CONFLICT', 'Another check was opened at the same moment.');
}

/**
 * Stores an attempt and the check as it is after it.
 * @throws StatusError VERSION_CONFLICT
 */
export async function saveAttempt(tx: Db, check: Check, attempt: Attempt): Promise<Check> {
  const version = await compareAndSet(tx, 'checks', { id: check.id }, check.version, changing(check));
  await tx('check_attempts').insert({
    check_id: check.id,
    step: attempt.step,
    outcome: attempt.outcome,
    score: attempt.score,
    threshold: attempt.threshold,
    model_id: attempt.modelId,
    at: attempt.at,
  });
  return { ...check, version };
}

interface AttemptRow extends Omit<Attempt, 'modelId'> {
  id: number;
  check_id: string;
  model_id: string | null;
}

/** Attempts of somebody at one thing until `until`, the newest first. */
export async function attemptsUntil(
  db: Db,
  of: { userId: string; kind: string; targetId: string },
  until: number,
  limit: number,
): Promise<(Attempt & { id: number })[]> {
  const checks = (await db('checks')
    .where({ user_id: of.userId, kind: of.kind, target_id: of.targetId })
    .pluck('id')) as string[];
  const rows = await db<AttemptRow>('check_attempts')
    .whereIn('check_id', checks)
    .where('at', '<=', until)
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(({ id, ...row }) => ({ id, ...readAttempt(row) }));
}

/** Checks and attempts of a user, for export. */
export async function checksOf(db: Db, userId: string): Promise<{ check: Check; attempts: Attempt[] }[]> {
  const checks = await db<CheckRow>('checks').where('user_id', userId).orderBy('opened_at');
  const attempts = (await db('check_attempts')
    .whereIn('check_id', db('checks').where('user_id', userId).select('id'))
    .orderBy('id')) as AttemptRow[];
  return checks.map((row) => ({
    check: read(row),
    attempts: attempts.filter((attempt) => attempt.check_id === row.id).map(readAttempt),
  }));
}

/** Deletes everything of a user; returns the number of rows. */
export async function deleteChecksOf(tx: Db, userId: string): Promise<number> {
  const attempts = await tx('check_attempts')
    .whereIn('check_id', tx('checks').where('user_id', userId).select('id'))
    .delete();
  return attempts + (await tx('checks').where('user_id', userId).delete());
}

/** Deletes at most `limit` checks whose life ended before `before`, with their attempts; returns how many checks. */
export async function deleteChecksBefore(tx: Db, before: number, limit: number): Promise<number> {
  const ids = (await tx('checks').where('expires_at', '<', before).limit(limit).pluck('id')) as string[];
  if (ids.length === 0) return 0;
  await tx('check_attempts').whereIn('check_id', ids).delete();
  return tx('checks').whereIn('id', ids).delete();
}

function changing(check: Check) {
  return {
    state: check.state,
    passed: toJson(check.passed),
    failures: check.failures,
    inconclusive: check.inconclusive,
  };
}

function read(row: CheckRow): Check {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    kind: row.kind,
    userId: row.user_id,
    targetId: row.target_id,
    ordinal: row.ordinal,
    state: row.state as CheckState,
    // `insertCheck` and `saveAttempt` are the only writers of these columns.
    required: fromJson(row.required) as string[],
    passed: fromJson(row.passed) as string[],
    failures: row.failures,
    inconclusive: row.inconclusive,
    maxFailures: row.max_failures,
    maxInconclusive: row.max_inconclusive,
    openedAt: row.opened_at,
    expiresAt: row.expires_at,
    version: row.version,
  };
}

function readAttempt(row: Omit<AttemptRow, 'id'>): Attempt {
  const { step, outcome, score, threshold, model_id: modelId, at } = row;
  return { step, outcome, score, threshold, modelId, at };
}
