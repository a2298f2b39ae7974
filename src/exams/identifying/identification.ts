import { randomUUID } from 'node:crypto';
import {
  compare,
  SAMPLE_THROTTLE,
  presentFace,
  throttleKey,
  type FaceAnalysis,
} from '../../biometrics/index.js';
import { StatusError, type Context } from '../../call/index.js';
import {
  attempt as attempted,
  attemptsUntil,
  insertCheck,
  latestCheck,
  openCheck,
  saveAttempt,
  stateAt as checkAt,
  type Check,
  type CheckPolicy,
} from '../../checks/index.js';
import type { FaceFinding } from '../../grpc/gen/probity/biometrics/v1/finding.js';
import type { Db } from '../../storage/index.js';
import { again } from '../again.js';
import { tellAlerts } from '../alerts/raise.js';
import { isEnrolled } from '../enrolment-store.js';
import { appendExamEvent } from '../exam-event-store.js';
import { needsChallenge, requireNotOver, type Exam } from '../exam.js';
import type { ExamsParts } from '../exams.js';
import { journal } from '../journal.js';
import { openSession, saveSession, sessionById } from '../watching/session-store.js';
import { shownAgain } from '../watching/watch.js';
import { saveChallenge, type StoredChallenge } from './challenge-store.js';
import { requirePassed } from './challenging.js';
import { orStaff, STAFF_CAN } from './or-staff.js';
import { PARTS, referenceFor } from './probe.js';
import { saveVerification, verificationOf } from './verification-store.js';
import {
  comparisonOf,
  decide,
  matched,
  VERIFICATION_POLICY,
  type Comparison,
  type Verification,
} from './verification.js';

const STEP = 'FACE';

/**
 * Identification before an exam. It lives as long as an exam may be ahead; pictures that cannot be judged are no
 * failures, and still not free.
 */
const IDENTIFICATION: CheckPolicy = {
  kind: 'EXAM_IDENTIFICATION',
  steps: [STEP],
  maxFailures: SAMPLE_THROTTLE.hardStop,
  maxInconclusive: 200,
  lifeTimeMs: 30 * 86_400_000,
};

/** Failures of a check until waiting begins; 0 when only staff can help. */
export function attemptsLeft(check: Check | undefined, now: number): number {
  const { freeFailures } = SAMPLE_THROTTLE;
  if (!check) return freeFailures;
  const state = checkAt(check, now);
  if (state === 'FAILED') return 0;
  return state === 'OPEN' ? Math.max(0, freeFailures - check.failures) : freeFailures;
}

/** How far a student has come with proving who they are for one exam. */
export interface Standing {
  verification: Verification;
  /** The latest identification; undefined before the first attempt. */
  check: Check | undefined;
  /** The student's open session in the exam. */
  sessionId: string | null;
}

export interface Identified {
  comparison: Comparison;
  finding: FaceFinding;
  standing: Standing;
}

export async function standingOf(db: Db, exam: Pick<Exam, 'id'>, userId: string): Promise<Standing> {
  return {
    verification: await verificationOf(db, exam.id, userId),
    check: await currentCheck(db, exam, userId),
    sessionId: (await openSession(db, exam.id, userId))?.id ?? null,
  };
}

/**
 * Compares a student's picture with their reference, and verifies them for the exam where it matches. What the
 * client says it runs on goes to the audit trail.
 * @throws StatusError EXAM_STATE, CHALLENGE_REQUIRED, CONSENT_REQUIRED, REFERENCE_MISSING, ASSURANCE_TOO_LOW,
 *   MODEL_MISMATCH, TOO_MANY_ATTEMPTS, IMAGE_UNREADABLE, IMAGE_TOO_LARGE, and what the engine throws
 */
export async function identify(
  dependencies: ExamsParts,
  exam: Exam,
  userId: string,
  { image, operatingSystem: client }: { image: Uint8Array; operatingSystem: string },
  ctx: Pick<Context, 'signal' | 'deadline'>,
): Promise<Identified> {
  const { storage, analyser, recogniser, throttle, clock } = dependencies;
  const { db } = storage;
  requireNotOver(exam, clock.now());
  const subject = { userId, organisationId: exam.organisationId };
  const reference = await referenceFor(db, subject, exam.minimumAssurance, dependencies);
  requireAttempts(await currentCheck(db, exam, userId), clock.now());
  await challengeFor(db, exam, userId, clock.now());
  const budget = [throttleKey(userId, 'FACE'), SAMPLE_THROTTLE] as const;
  await orStaff(throttle.require(...budget));
  // The attempt is booked while the picture is looked at, and before anybody knows what was found in it.
  const looking = analyser.analyse(image, PARTS, ctx);
  looking.catch(() => undefined);
  const attempt = await orStaff(throttle.attempt(...budget));
  let analysis: FaceAnalysis;
  let comparison: Comparison;
  let standing: Standing;
  try {
    const templates = await reference.open();
    analysis = await looking;
    comparison = decide(
      comparisonOf(compare(analysis, templates, recogniser)),
      analysis.primary?.liveness ?? null,
      exam.livenessPolicy,
    );
    const compared = { userId, referenceId: reference.referenceId };
    standing = await again(() => settle(dependencies, exam, compared, comparison, client));
  } catch (error) {
    // No verdict was stored, so nobody failed.
    await attempt.withdrawn();
    throw error;
  }
  if (comparison.outcome === 'INCONCLUSIVE') await attempt.withdrawn();
  return { comparison, finding: presentFace(analysis), standing };
}

/** A student's attempts for an exam until `until`, the newest first. */
export function attemptsFor(
  db: Db,
  { examId, userId }: { examId: string; userId: string },
  until: number,
  limit: number,
): ReturnType<typeof attemptsUntil> {
  return attemptsUntil(db, { userId, kind: IDENTIFICATION.kind, targetId: examId }, until, limit);
}

/** The latest check of a student for an exam. */
export function currentCheck(db: Db, exam: Pick<Exam, 'id'>, userId: string): Promise<Check | undefined> {
  return latestCheck(db, { userId, kind: IDENTIFICATION.kind, targetId: exam.id });
}

/** The challenge that the identification rests on; null where the exam asks for none. @throws StatusError CHALLENGE_REQUIRED */
async function challengeFor(
  db: Db,
  exam: Exam,
  userId: string,
  now: number,
): Promise<StoredChallenge | null> {
  return needsChallenge(exam) ? requirePassed(db, exam, userId, now) : null;
}

function requireAttempts(check: Check | undefined, now: number): void {
  if (check && checkAt(check, now) === 'FAILED') {
    throw new StatusError('TOO_MANY_ATTEMPTS', `Too many attempts. ${STAFF_CAN}`, {
      metadata: { blocked: 'true' },
    });
  }
}

/**
 * Stores the attempt, and with a match the verification: the check's row version lets each attempt count once. What
 * the comparison rested on may have gone while the picture was looked at, and is asked for again.
 */
async function settle(
  parts: ExamsParts,
  exam: Exam,
  compared: { userId: string; referenceId: string },
  { outcome, score, threshold, modelId }: Comparison,
  client: string,
): Promise<Standing> {
  const { storage, audit, consent, references, throttle, admissions, clock } = parts;
  const { userId } = compared;
  const now = clock.now();
  const before = await standingOf(storage.db, exam, userId);
  const { check: latest, sessionId } = before;
  requireAttempts(latest, now);
  const open = latest && checkAt(latest, now) === 'OPEN' ? latest : undefined;
  const challenge = await challengeFor(storage.db, exam, userId, now);
  return storage.transaction(async (tx) => {
    await consent.require(tx, { userId, organisationId: exam.organisationId }, 'FACE', 'EXAM_IDENTITY');
    if (!(await isEnrolled(tx, exam.id, userId))) {
      throw new StatusError('EXAM_NOT_FOUND', 'There is no such exam.');
    }
    const verified = outcome === 'MATCH' && score !== null;
    if (verified) {
      await references.recordMatch(tx, compared, now);
      await throttle.clear(tx, throttleKey(userId, 'FACE'));
      if (challenge) await saveChallenge(tx, { ...challenge, usedAt: now });
    }
    const check = open ?? (await opened(tx, exam, userId, (latest?.ordinal ?? 0) + 1, now));
    const made = { step: STEP, outcome, score, threshold, modelId, at: now };
    const after = { ...before, check: attempted(check, made) };
    await saveAttempt(tx, after.check, made);
    if (verified) {
      const match = { score, threshold, modelId };
      const next = matched(before.verification, match, now, VERIFICATION_POLICY, sessionId);
      after.verification = await saveVerification(tx, next);
      if (sessionId !== null) await showAgain(tx, parts, sessionId, now);
    }
    await journal(tx, audit, {
      organisationId: exam.organisationId,
      actor: userId,
      subject: userId,
      action: verified ? 'student.verified' : 'student.not_verified',
      target: `exam/${exam.id}`,
      details: { method: 'SERVER_MATCH', outcome, score, threshold, model: modelId, client },
      at: now,
      tell: verified ? exam.id : null,
    });
    if (verified) await admissions.refresh(tx, exam, userId);
    await appendExamEvent(tx, { examId: exam.id, kind: 'IDENTIFIED', userId, at: now });
    return after;
  });
}

/** What a session holds against its student is of the time before they showed again who they are. */
async function showAgain(tx: Db, parts: ExamsParts, sessionId: string, at: number): Promise<void> {
  const session = await sessionById(tx, sessionId);
  if (!session || session.leftAt !== null) return;
  const { watch, changes } = shownAgain(session.watch, at);
  await saveSession(tx, { ...session, watch, lastEvent: session.lastEvent + changes.length });
  await tellAlerts(tx, parts, session, changes, at);
}

async function opened(tx: Db, exam: Exam, userId: string, ordinal: number, now: number): Promise<Check> {
  const of = { id: randomUUID(), organisationId: exam.organisationId, userId, targetId: exam.id, ordinal };
  const check = openCheck(IDENTIFICATION, of, now);
  await insertCheck(tx, check);
  return check;
}
