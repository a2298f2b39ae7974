import type { AdmissionPolicy } from '../exam.js';
import { stateAt, type Verification } from '../identifying/verification.js';
import { interruption, INTERRUPTION_POLICY, type Signs } from '../watching/interruption.js';

/** Where a student stands at the door of an exam. APPROVED is by staff, without biometrics. */
export type AdmissionState = 'NOT_IDENTIFIED' | 'IDENTIFIED' | 'MONITORED' | 'APPROVED' | 'PAUSED';
/** Why somebody is not admitted; NONE for those who are. */
export type AdmissionReason =
  'NONE' | 'NOT_YET' | 'EXPIRED' | 'CAPTURE_LOST' | 'CAMERA_LOST' | 'OTHER_PERSON';

export interface Admission {
  admitted: boolean;
  state: AdmissionState;
  reason: AdmissionReason;
  /** UTC milliseconds when the proof ends; null where there is none, or while it holds for the session. */
  verifiedUntil: number | null;
  /** When signs of life will have been missing for too long; null where none are owed. */
  graceUntil: number | null;
  /** When time alone may change this; null for never. */
  dueAt: number | null;
}

/** What the door goes by. */
export interface AdmissionFacts {
  verification: Verification;
  policy: AdmissionPolicy;
  /** The open session; null while the student is not in the exam. */
  session: (Signs & { id: string; monitored: boolean }) | null;
  /** When the attempt that is on began, UTC milliseconds; null while none is. */
  attemptSince: number | null;
  /** When the latest DIFFERENT_PERSON alert began that lasts and that nobody has dismissed; null for none. */
  otherPersonSince: number | null;
}

/** How soon a student whose capture was lost is looked at again. */
const LOOK_AGAIN_MS = 2_000;

/**
 * Whether a student may go on, and why not. Staff's approval is enough; a match by the server is while the capture lives
 * that the exam asks for, and unless somebody else was seen since. Nothing here is a sanction: showing one's face again,
 * or staff's approval, opens every door that it shuts, and an alert that is dismissed shuts none.
 */
export function admissionAt(facts: AdmissionFacts, now: number): Admission {
  const { verification, session } = facts;
  const verified = stateAt(verification, now, session?.id ?? null) === 'VERIFIED';
  if (!verified) {
    const reason = verification.verifiedAt === null ? 'NOT_YET' : 'EXPIRED';
    return { ...SHUT, state: 'NOT_IDENTIFIED', reason };
  }
  const holds = session !== null && verification.sessionId === session.id;
  const verifiedUntil = holds ? null : verification.expiresAt;
  if (verification.method === 'STAFF') {
    return { ...OPEN, state: 'APPROVED', verifiedUntil, dueAt: verifiedUntil };
  }
  const proven = { verifiedUntil, graceUntil: graceUntil(facts) };
  const loss = lossAt(facts, now);
  if (otherPerson(facts))
    return { ...SHUT, ...proven, state: 'PAUSED', reason: 'OTHER_PERSON', dueAt: verifiedUntil };
  if (loss) return { ...SHUT, ...proven, state: 'PAUSED', reason: loss, dueAt: now + LOOK_AGAIN_MS };
  return {
    ...OPEN,
    ...proven,
    state: session?.monitored ? 'MONITORED' : 'IDENTIFIED',
    dueAt: soonest(verifiedUntil, nextLook(facts, now)),
  };
}

const SHUT = { admitted: false, verifiedUntil: null, graceUntil: null, dueAt: null } as const;
const OPEN = { admitted: true, reason: 'NONE', verifiedUntil: null, graceUntil: null } as const;

/** Somebody else was seen after the student had last shown who they are. */
function otherPerson({ verification, otherPersonSince }: AdmissionFacts): boolean {
  return otherPersonSince !== null && otherPersonSince > (verification.verifiedAt ?? 0);
}

/** Whether signs of life are owed at all: while an attempt is on, where the exam asks for them. */
function owesSigns({ policy, attemptSince }: AdmissionFacts): boolean {
  return policy.monitor && attemptSince !== null;
}

/** The last sign of life; before the first one, when it was first owed. */
function lastSign({ session, attemptSince, verification }: AdmissionFacts): number {
  const signs = session
    ? [session.joinedAt, session.lastFrameAt, session.lastHeartbeatAt]
    : [attemptSince, verification.verifiedAt];
  return Math.max(...signs.map((at) => at ?? 0));
}

function graceUntil(facts: AdmissionFacts): number | null {
  return owesSigns(facts) ? lastSign(facts) + facts.policy.graceMs : null;
}

function lossAt(facts: AdmissionFacts, now: number): 'CAPTURE_LOST' | 'CAMERA_LOST' | null {
  if (!owesSigns(facts)) return null;
  const { session, policy } = facts;
  if (now - lastSign(facts) > policy.graceMs) return 'CAPTURE_LOST';
  const found =
    session && interruption(session, now, { ...INTERRUPTION_POLICY, heartbeatMs: policy.graceMs });
  return found ? (found.cause === 'CAMERA' ? 'CAMERA_LOST' : 'CAPTURE_LOST') : null;
}

/** When the signs that are there now will be too old, were none to follow. */
function nextLook(facts: AdmissionFacts, now: number): number | null {
  const { session, policy } = facts;
  const grace = graceUntil(facts);
  if (grace === null || !session) return grace && grace + 1;
  const { frames, leastFrameGapMs } = INTERRUPTION_POLICY;
  const camera = session.cameraLostAt === null ? null : session.cameraLostAt + policy.graceMs;
  const pictures =
    (session.lastFrameAt ?? session.joinedAt) + Math.max(frames * session.frameIntervalMs, leastFrameGapMs);
  return Math.max((soonest(soonest(grace, camera), pictures) ?? now) + 1, now + 1);
}

function soonest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
