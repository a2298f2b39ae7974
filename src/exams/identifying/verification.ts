import {
  inWords,
  type ComparisonFinding,
  type LivenessFinding,
  type NotAssessedReason,
  type Remark,
} from '../../biometrics/index.js';
import type { LivenessPolicy } from '../exam.js';

/** How far a student's identity is proven for one exam. */
export type VerificationState = 'PENDING' | 'APPROVAL_REQUESTED' | 'VERIFIED';
export type VerificationMethod = 'SERVER_MATCH' | 'STAFF';

/** Only `matched` and `approved` make one VERIFIED: a server match, or named staff. */
export interface Verification {
  examId: string;
  userId: string;
  /** As stored: see `stateAt`. */
  state: VerificationState;
  /** Null unless VERIFIED. */
  method: VerificationMethod | null;
  /** UTC milliseconds; null unless VERIFIED. */
  verifiedAt: number | null;
  expiresAt: number | null;
  /** The session that was joined with it, for whose length it holds. */
  sessionId: string | null;
  /** Who approved; null unless STAFF. */
  approvedBy: string | null;
  /** What kind of approval the student asked for, in their words. */
  approvalRequest: string;
  /** What the student said when asking, and staff when deciding; empty for nothing. */
  requestNote: string;
  decisionNote: string;
  /** Of the match; null unless SERVER_MATCH. */
  score: number | null;
  threshold: number | null;
  modelId: string | null;
  /** 0: not stored yet. */
  version: number;
}

/** How long a verification may wait to be used, in milliseconds. */
export interface VerificationPolicy {
  /** After a server match. */
  matchMs: number;
  /** After an approval by staff, who may decide well before the exam. */
  approvalMs: number;
}

export const VERIFICATION_POLICY: VerificationPolicy = { matchMs: 30 * 60_000, approvalMs: 24 * 3_600_000 };

export function unverified(examId: string, userId: string): Verification {
  return {
    examId,
    userId,
    state: 'PENDING',
    method: null,
    verifiedAt: null,
    expiresAt: null,
    sessionId: null,
    approvedBy: null,
    approvalRequest: '',
    requestNote: '',
    decisionNote: '',
    score: null,
    threshold: null,
    modelId: null,
    version: 0,
  };
}

/**
 * The state now. VERIFIED ends at its expiry, unless the student is in the exam by the very session it was used for.
 * A match is good for one session: who has left shows their face again. Once it has ended, the request for approval
 * that was made before it is open again.
 * @param openSessionId the student's open session, if any
 */
export function stateAt(
  verification: Verification,
  now: number,
  openSessionId: string | null,
): VerificationState {
  const { state, method, expiresAt, sessionId, approvalRequest } = verification;
  if (state !== 'VERIFIED') return state;
  const held = openSessionId !== null && sessionId === openSessionId;
  const unused = sessionId === null || method === 'STAFF';
  if (held || (unused && expiresAt !== null && now < expiresAt)) return 'VERIFIED';
  return approvalRequest === '' ? 'PENDING' : 'APPROVAL_REQUESTED';
}

/** Whether staff were asked and have not said yes. @param state of this moment */
export function isAsked({ approvalRequest, method }: Verification, state: VerificationState): boolean {
  return approvalRequest !== '' && !(state === 'VERIFIED' && method === 'STAFF');
}

/**
 * Verified by a comparison on the server.
 * @param openSessionId the student's open session, if any: then it is for that one
 */
export function matched(
  verification: Verification,
  match: { score: number; threshold: number; modelId: string },
  now: number,
  policy: VerificationPolicy,
  openSessionId: string | null,
): Verification {
  return {
    ...verification,
    ...match,
    state: 'VERIFIED',
    method: 'SERVER_MATCH',
    verifiedAt: now,
    expiresAt: now + policy.matchMs,
    sessionId: openSessionId,
    approvedBy: null,
  };
}

/** Verified by a member of staff, whose id is kept. */
export function approved(
  verification: Verification,
  staffId: string,
  now: number,
  policy: VerificationPolicy,
  note = '',
): Verification {
  return {
    ...verification,
    decisionNote: note,
    state: 'VERIFIED',
    method: 'STAFF',
    verifiedAt: now,
    expiresAt: now + policy.approvalMs,
    approvedBy: staffId,
    score: null,
    threshold: null,
    modelId: null,
  };
}

/** Staff decide against a request, or take an approval back. What the server matched stands. */
export function declined(verification: Verification, note: string): Verification {
  const { examId, userId, version, method } = verification;
  const said = { approvalRequest: '', requestNote: '', decisionNote: note };
  if (method === 'SERVER_MATCH') return { ...verification, ...said };
  return { ...unverified(examId, userId), ...said, version };
}

/** The student asks staff to decide. A verification that holds is not given up by asking. */
export function approvalRequested(
  verification: Verification,
  kind: string,
  now: number,
  openSessionId: string | null,
  note = '',
): Verification {
  const holds = stateAt(verification, now, openSessionId) === 'VERIFIED';
  if (holds) return { ...verification, approvalRequest: kind, requestNote: note };
  return {
    ...unverified(verification.examId, verification.userId),
    state: 'APPROVAL_REQUESTED',
    approvalRequest: kind,
    requestNote: note,
    version: verification.version,
  };
}

/** A comparison as an exam keeps and shows it. */
export interface Comparison {
  outcome: 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';
  /** Null when nothing was compared. */
  score: number | null;
  threshold: number;
  modelId: string;
  /** Why it is INCONCLUSIVE and what to do about it, in words; empty otherwise. */
  reasons: string[];
  /** The same as codes; absent where an earlier version stored it, and of what is no picture. */
  remarks?: Remark[];
}

/** A comparison of the engine, in words. */
export function comparisonOf(finding: ComparisonFinding): Comparison {
  const { outcome, score, threshold, modelId, reasons, advice } = finding;
  const remarks = [...reasons, ...advice];
  return { outcome, score, threshold, modelId, reasons: inWords(finding), remarks };
}

/** What helps where liveness could not be assessed. */
const HELPS: Record<NotAssessedReason, Remark> = {
  NOT_REQUESTED: 'TAKE_ANOTHER',
  NO_METHOD: 'TAKE_ANOTHER',
  WINDOW_DOES_NOT_FIT: 'MOVE_BACK',
  FACE_NOT_FRONTAL: 'LOOK_STRAIGHT',
  FACE_TOO_SMALL: 'MOVE_CLOSER',
  TOO_BLURRED: 'HOLD_STILL',
};

/**
 * What an identification comes to. Liveness decides nothing by itself: where the exam's policy says so, a match by a
 * picture that looks like an attack or could not be assessed is INCONCLUSIVE, and another picture is asked for. What
 * is no match stays none: otherwise a picture that cannot be assessed would be a guess that costs no attempt.
 */
export function decide(
  comparison: Comparison,
  liveness: LivenessFinding | null,
  policy: LivenessPolicy,
): Comparison {
  if (policy !== 'ASK_AGAIN' || comparison.outcome !== 'MATCH') return comparison;
  if (liveness?.outcome === 'LIVE') return comparison;
  const reason =
    liveness?.outcome === 'SPOOF_SUSPECTED'
      ? 'The picture looks like a screen or a print.'
      : 'It could not be assessed whether this is a live picture.';
  const remark = liveness?.outcome === 'SPOOF_SUSPECTED' ? 'LOOKS_LIKE_A_SCREEN' : 'LIVENESS_NOT_ASSESSED';
  const missing = liveness?.outcome === 'NOT_ASSESSED' ? liveness : null;
  return {
    ...comparison,
    outcome: 'INCONCLUSIVE',
    reasons: [reason, missing ? missing.explanation : 'Take another picture.'],
    remarks: [remark, missing ? HELPS[missing.reason] : 'TAKE_ANOTHER'],
  };
}
