import { randomUUID } from 'node:crypto';
import {
  compare,
  nearIdentical,
  SAMPLE_THROTTLE,
  throttleKey,
  type FaceAnalysis,
  type FaceParts,
  type Remark,
} from '../../biometrics/index.js';
import { StatusError, type Context } from '../../call/index.js';
import {
  attempt,
  insertCheck,
  latestCheck,
  openCheck,
  saveAttempt,
  stateAt,
  type Check,
  type CheckPolicy,
  type ThrottlePolicy,
} from '../../checks/index.js';
import type { Db } from '../../storage/index.js';
import { again } from '../again.js';
import { requireNotOver, type Exam } from '../exam.js';
import type { ExamsDependencies } from '../exams.js';
import { journal } from '../journal.js';
import { sawBytes } from '../watching/observation-store.js';
import {
  challengeById,
  countedBefore,
  insertChallenge,
  saveChallenge,
  type StoredChallenge,
} from './challenge-store.js';
import {
  CHALLENGE_POLICY,
  drawSteps,
  follow,
  freshProgress,
  type ChallengeLook,
  type ChallengeStep,
  type FaceAt,
} from './challenge.js';
import { orStaff } from './or-staff.js';
import { referenceFor } from './probe.js';
import { comparisonOf } from './verification.js';

/** What a frame of a challenge is looked at for. */
const PARTS: FaceParts = { embedding: true, pose: true, eyes: true, quality: true, liveness: false };

/** Frames of somebody else that end a challenge. Motion may spoil one of the student's own. */
const KIND = 'EXAM_CHALLENGE';
const CHECK: Omit<CheckPolicy, 'steps'> = {
  kind: KIND,
  maxFailures: 3,
  maxInconclusive: 1,
  lifeTimeMs: 90_000,
};

/** Challenges that may end without being passed, in a row: then they wait, and in the end staff help. */
const THROTTLE: ThrottlePolicy = {
  freeFailures: 5,
  firstDelayMs: 30_000,
  maxDelayMs: 30_000,
  hardStop: 20,
  forgetAfterMs: null,
};

export function challengeKey(userId: string): string {
  return `challenge:${userId}`;
}

/** A challenge, as it stands. */
export interface Challenge {
  check: Check;
  stored: StoredChallenge;
}

/** A challenge after a frame, and what the student can do. */
export interface ChallengeFrame extends Challenge {
  remarks: Remark[];
}

/**
 * Opens a challenge of random steps. One that is open is given up: it counts as one that was not passed.
 * @throws StatusError EXAM_STATE, CONSENT_REQUIRED, REFERENCE_MISSING, ASSURANCE_TOO_LOW, MODEL_MISMATCH,
 *   TOO_MANY_ATTEMPTS
 */
export async function startChallenge(
  dependencies: ExamsDependencies,
  exam: Exam,
  userId: string,
): Promise<Challenge> {
  const { storage, audit, throttle, clock, draw } = dependencies;
  const { db } = storage;
  requireNotOver(exam, clock.now());
  const { organisationId } = exam;
  await referenceFor(db, { userId, organisationId }, exam.minimumAssurance, dependencies);
  await orStaff(throttle.require(throttleKey(userId, 'FACE'), SAMPLE_THROTTLE));
  await orStaff(throttle.attempt(challengeKey(userId), THROTTLE));
  return again(async () => {
    const now = clock.now();
    const latest = await latestOf(db, exam, userId);
    const steps = drawSteps(draw, CHALLENGE_POLICY);
    const of = { id: randomUUID(), organisationId, userId, targetId: exam.id };
    const check = openCheck({ ...CHECK, steps }, { ...of, ordinal: (latest?.ordinal ?? 0) + 1 }, now);
    const stored: StoredChallenge = {
      ...{ id: check.id, examId: exam.id, userId, progress: freshProgress(now) },
      ...{ expiresAt: check.expiresAt, passedAt: null, usedAt: null, version: 1 },
    };
    await storage.transaction(async (tx) => {
      await insertCheck(tx, check);
      await insertChallenge(tx, stored);
      await journal(tx, audit, {
        ...{ organisationId, actor: userId, subject: userId, action: 'challenge.started' },
        ...{ target: `exam/${exam.id}`, details: { challenge: check.id, steps }, at: now, tell: null },
      });
    });
    return { check, stored };
  });
}

/**
 * One frame of a challenge. A challenge that is over is answered as it ended, and nothing is looked at.
 * @throws StatusError CHALLENGE_NOT_FOUND (also where a later one was started), and what `startChallenge` and the engine
 *   throw
 */
export async function challengeFrame(
  dependencies: ExamsDependencies,
  exam: Exam,
  userId: string,
  { id, image }: { id: string; image: Uint8Array },
  ctx: Pick<Context, 'signal' | 'deadline'>,
): Promise<ChallengeFrame> {
  const { storage, analyser, recogniser, throttle, clock } = dependencies;
  const { db } = storage;
  const at = clock.now();
  requireNotOver(exam, at);
  const before = await read(db, exam, userId, id);
  if (stateAt(before.check, at) !== 'OPEN') return { ...before, remarks: [] };
  const subject = { userId, organisationId: exam.organisationId };
  const reference = await referenceFor(db, subject, exam.minimumAssurance, dependencies);
  const [analysis, templates] = await Promise.all([analyser.analyse(image, PARTS, ctx), reference.open()]);
  const { sha256, fingerprint } = analysis.image;
  const earlier = await countedBefore(db, before.stored);
  const look: ChallengeLook = {
    at,
    sha256,
    fingerprint: Buffer.from(fingerprint).toString('base64'),
    comparison: comparisonOf(compare(analysis, templates, recogniser)),
    face: faceOf(analysis),
    seenBefore:
      (await sawBytes(db, exam.id, sha256)) ||
      earlier.some((each) => nearIdentical(Buffer.from(each.fingerprint, 'base64'), fingerprint)),
  };
  const after = await again(() => settle(dependencies, exam, id, look));
  // Somebody else was compared with the student's reference: it is an attempt like any other.
  if (after.check.state === 'FAILED' && after.remarks.includes('ANOTHER_PERSON')) {
    await throttle.attempt(throttleKey(userId, 'FACE'), SAMPLE_THROTTLE).catch(() => undefined);
  }
  return after;
}

/** Stores what one frame came to, by the challenge as it now is. */
async function settle(
  { storage, audit, consent, throttle, clock }: ExamsDependencies,
  exam: Exam,
  id: string,
  look: ChallengeLook,
): Promise<ChallengeFrame> {
  const found = await challengeById(storage.db, id);
  if (!found) throw gone(exam, id);
  const { userId } = found;
  const { check, stored } = await read(storage.db, exam, userId, id);
  const now = clock.now();
  const step = stepOf(check);
  if (stateAt(check, now) !== 'OPEN' || step === undefined) return { check, stored, remarks: [] };
  const { progress, verdict, remarks } = follow(stored.progress, step, look, CHALLENGE_POLICY);
  return storage.transaction(async (tx) => {
    await consent.require(tx, { userId, organisationId: exam.organisationId }, 'FACE', 'EXAM_IDENTITY');
    if (verdict === 'NOTHING') {
      const next = { ...stored, progress };
      await saveChallenge(tx, next);
      return { check, stored: next, remarks };
    }
    const { score, threshold, modelId } = look.comparison;
    const outcome = verdict === 'STEP_DONE' ? ('MATCH' as const) : ('NO_MATCH' as const);
    const made = { step, outcome, score, threshold, modelId, at: now };
    const after = attempt(check, made);
    await saveAttempt(tx, after, made);
    const passed = after.state === 'PASSED';
    const next = { ...stored, progress, passedAt: passed ? now : null };
    await saveChallenge(tx, next);
    if (passed) await throttle.clear(tx, challengeKey(userId));
    if (after.state !== 'OPEN') {
      await journal(tx, audit, {
        ...{ organisationId: exam.organisationId, actor: userId, subject: userId },
        action: passed ? 'challenge.passed' : 'challenge.failed',
        target: `exam/${exam.id}`,
        details: { challenge: id, step, score, threshold, model: modelId },
        ...{ at: now, tell: null },
      });
    }
    return { check: after, stored: next, remarks };
  });
}

/**
 * The challenge that an identification may rest on: passed, not long ago, and not used.
 * @throws StatusError CHALLENGE_REQUIRED
 */
export async function requirePassed(
  db: Db,
  exam: Exam,
  userId: string,
  now: number,
): Promise<StoredChallenge> {
  const challenge = await passedChallenge(db, exam, userId, now);
  if (challenge) return challenge;
  throw new StatusError('CHALLENGE_REQUIRED', 'This exam asks for a challenge right before the picture.');
}

/** As `requirePassed`; undefined where there is none. */
export async function passedChallenge(
  db: Db,
  exam: Pick<Exam, 'id'>,
  userId: string,
  now: number,
): Promise<StoredChallenge | undefined> {
  const check = await latestOf(db, exam, userId);
  if (check?.state !== 'PASSED') return undefined;
  const challenge = await challengeById(db, check.id);
  const { passedAt = null, usedAt = null } = challenge ?? {};
  const holds = passedAt !== null && usedAt === null && now - passedAt <= CHALLENGE_POLICY.passedMs;
  return holds ? challenge : undefined;
}

/** The step that a challenge is at; undefined when all are done. */
export function stepOf({ required, passed }: Check): ChallengeStep | undefined {
  // `drawSteps` is the only maker of a challenge's steps.
  return required[passed.length] as ChallengeStep | undefined;
}

function latestOf(db: Db, exam: Pick<Exam, 'id'>, userId: string): Promise<Check | undefined> {
  return latestCheck(db, { userId, kind: KIND, targetId: exam.id });
}

async function read(db: Db, exam: Exam, userId: string, id: string): Promise<Challenge> {
  const check = await latestOf(db, exam, userId);
  const stored = check?.id === id ? await challengeById(db, id) : undefined;
  if (!check || !stored) throw gone(exam, id);
  return { check, stored };
}

function gone({ number }: Exam, id: string): StatusError {
  const resource = { type: 'challenge', name: `exams/${number}/challenges/${id}` };
  return new StatusError('CHALLENGE_NOT_FOUND', 'There is no such challenge, or a later one.', { resource });
}

function faceOf({ presence, primary }: FaceAnalysis): FaceAt | null {
  if (presence !== 'ONE_FACE' || primary?.pose.outcome !== 'ASSESSED') return null;
  const { pose, eyes, movement } = primary;
  if (eyes.outcome !== 'ASSESSED') return null;
  return { ...movement, yaw: pose.yaw, closed: Math.min(eyes.leftClosed, eyes.rightClosed) };
}
