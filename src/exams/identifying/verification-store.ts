import { StatusError } from '../../call/index.js';
import { compareAndSet, insertIgnore, type Db } from '../../storage/index.js';
import {
  unverified,
  type Verification,
  type VerificationMethod,
  type VerificationState,
} from './verification.js';

interface VerificationRow {
  exam_id: string;
  user_id: string;
  state: string;
  method: string | null;
  verified_at: number | null;
  expires_at: number | null;
  session_id: string | null;
  approved_by: string | null;
  approval_request: string;
  /** NULL in rows older than the columns. */
  request_note: string | null;
  decision_note: string | null;
  score: number | null;
  threshold: number | null;
  model_id: string | null;
  version: number;
}

/** A student's verification; one of version 0 where nothing is stored. */
export async function verificationOf(db: Db, examId: string, userId: string): Promise<Verification> {
  const row = await db<VerificationRow>('verifications').where({ exam_id: examId, user_id: userId }).first();
  return row ? read(row) : unverified(examId, userId);
}

/** The stored verifications of some students of an exam, by user id. */
export async function verificationsOf(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, Verification>> {
  const rows = await db<VerificationRow>('verifications')
    .where('exam_id', examId)
    .whereIn('user_id', userIds);
  return new Map(rows.map((row) => [row.user_id, read(row)]));
}

/** How many students of some exams are stored as waiting for approval; nothing where there is none. */
export async function countApprovalRequests(
  db: Db,
  examIds: readonly string[],
): Promise<Map<string, number>> {
  const rows: { exam_id: string; count: number }[] = await db('verifications')
    .whereIn('exam_id', examIds)
    .where('state', 'APPROVAL_REQUESTED')
    .groupBy('exam_id')
    .select('exam_id')
    .count({ count: '*' });
  return new Map(rows.map((row) => [row.exam_id, row.count]));
}

/**
 * Stores what was read and changed.
 * @returns it with its new version
 * @throws StatusError VERSION_CONFLICT
 */
export async function saveVerification(tx: Db, verification: Verification): Promise<Verification> {
  const { examId, userId, version } = verification;
  const key = { exam_id: examId, user_id: userId };
  const columns = {
    state: verification.state,
    method: verification.method,
    verified_at: verification.verifiedAt,
    expires_at: verification.expiresAt,
    session_id: verification.sessionId,
    approved_by: verification.approvedBy,
    approval_request: verification.approvalRequest,
    request_note: verification.requestNote,
    decision_note: verification.decisionNote,
    score: verification.score,
    threshold: verification.threshold,
    model_id: verification.modelId,
  };
  if (version > 0) {
    return { ...verification, version: await compareAndSet(tx, 'verifications', key, version, columns) };
  }
  if (await insertIgnore(tx, 'verifications', { ...key, ...columns, version: 1 })) {
    return { ...verification, version: 1 };
  }
  throw new StatusError('VERSION_CONFLICT', 'It was changed by someone else in the meantime; read it again.');
}

export async function deleteVerification(tx: Db, examId: string, userId: string): Promise<void> {
  await tx('verifications').where({ exam_id: examId, user_id: userId }).delete();
}

/** Ends what server matches of a user still prove for a session to come. */
export async function endMatches(tx: Db, userId: string, now: number): Promise<void> {
  await tx('verifications')
    .where({ user_id: userId, method: 'SERVER_MATCH' })
    .where('expires_at', '>', now)
    .update({ expires_at: now, version: tx.raw('version + 1') });
}

function read(row: VerificationRow): Verification {
  return {
    examId: row.exam_id,
    userId: row.user_id,
    state: row.state as VerificationState,
    method: row.method as VerificationMethod | null,
    verifiedAt: row.verified_at,
    expiresAt: row.expires_at,
    sessionId: row.session_id,
    approvedBy: row.approved_by,
    approvalRequest: row.approval_request,
    requestNote: row.request_note ?? '',
    decisionNote: row.decision_note ?? '',
    score: row.score,
    threshold: row.threshold,
    modelId: row.model_id,
    version: row.version,
  };
}
