import type { Assurance } from '../biometrics/index.js';
import { StatusError } from '../call/index.js';

export type ExamType = 'ORAL' | 'WRITTEN';
export type ExamState = 'UPCOMING' | 'STARTED' | 'COMPLETED';
export type LivenessPolicy = 'NEVER_BLOCK' | 'ASK_AGAIN' | 'CHALLENGE';

/** What an LMS asks of its students before they may go on. */
export interface AdmissionPolicy {
  /** Whether a random challenge is to be passed before identification. */
  challenge: boolean;
  /** Whether they are to be watched while an attempt is on. */
  monitor: boolean;
  /** How long signs of life may be missing. */
  graceMs: number;
}

/** Of an exam that no LMS made. */
export const NO_ADMISSION_POLICY: AdmissionPolicy = { challenge: false, monitor: false, graceMs: 60_000 };

/** What the owner of an exam decides about it. */
export interface ExamDetails {
  displayName: string;
  type: ExamType;
  /** UTC milliseconds. */
  scheduledAt: number;
  durationMinutes: number;
  privacyPolicy: string;
  additionalMaterial: boolean;
  frameIntervalMs: number;
  livenessPolicy: LivenessPolicy;
  minimumAssurance: Assurance;
}

export interface Exam extends ExamDetails {
  /** UUID; callers know the number. */
  id: string;
  organisationId: string;
  /** int32, unique in the organisation. */
  number: number;
  /** Empty for an exam that was made from an LMS: it belongs to nobody, and its staff are told by the LMS. */
  ownerId: string;
  /** Whether it starts and completes by itself, at its scheduled time and its end. */
  automatic: boolean;
  admission: AdmissionPolicy;
  /** As stored: see `stateAt`. */
  state: ExamState;
  createdAt: number;
  updatedAt: number;
  startedAt: number | null;
  /** When it completes by itself; null for never, and before a teacher started it. */
  endsAt: number | null;
  version: number;
}

const MINUTE_MS = 60_000;
/** An exam is near from so long before its scheduled time. */
export const NEAR_MS = 24 * 60 * MINUTE_MS;

type Timed = Pick<Exam, 'state' | 'automatic' | 'scheduledAt' | 'endsAt'>;

/** The state now. It goes by the times of the exam, whether or not the job has been by to store it. */
export function stateAt({ state, automatic, scheduledAt, endsAt }: Timed, now: number): ExamState {
  const begun = state === 'STARTED' || (automatic && state === 'UPCOMING' && scheduledAt <= now);
  if (!begun) return state;
  return endsAt !== null && endsAt <= now ? 'COMPLETED' : 'STARTED';
}

/**
 * The exam started now; the same exam where it has started already.
 * @throws StatusError EXAM_STATE when it is over
 */
export function start(exam: Exam, now: number): Exam {
  const state = stateAt(exam, now);
  if (state === 'COMPLETED') throw wrongState(state, 'The exam is over.');
  if (state === 'STARTED') return exam;
  const endsAt = now + exam.durationMinutes * MINUTE_MS;
  return { ...exam, state: 'STARTED', startedAt: now, endsAt, updatedAt: now };
}

/** The exam in the state that its times have brought about; the same exam where that is stored already. */
export function settle(exam: Exam, now: number): Exam {
  const state = stateAt(exam, now);
  if (state === exam.state) return exam;
  return { ...exam, state, startedAt: exam.startedAt ?? exam.scheduledAt, updatedAt: now };
}

/** From when to when; null for no such time. */
export interface Span {
  /** UTC milliseconds. */
  opensAt: number | null;
  closesAt: number | null;
}

/** The time that holds all of these: an exam is on for as long as it is for anybody. */
export function hull(spans: readonly Span[]): Span {
  const opens = spans.map(({ opensAt }) => opensAt ?? -Infinity);
  const closes = spans.map(({ closesAt }) => closesAt ?? Infinity);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return { opensAt: finite(Math.min(...opens)), closesAt: finite(Math.max(...closes)) };
}

/** An automatic exam with other times, and in the state that they mean; the same exam where nothing changes. */
export function reschedule(exam: Exam, { opensAt, closesAt }: Span, now: number): Exam {
  const scheduledAt = opensAt ?? exam.createdAt;
  if (scheduledAt === exam.scheduledAt && closesAt === exam.endsAt) return exam;
  const planned: Exam = { ...exam, scheduledAt, endsAt: closesAt, state: 'UPCOMING', updatedAt: now };
  const state = stateAt(planned, now);
  return { ...planned, state, startedAt: state === 'UPCOMING' ? null : (exam.startedAt ?? scheduledAt) };
}

/**
 * The exam with some details changed.
 * @throws StatusError EXAM_STATE once it has started
 */
export function change(exam: Exam, details: Partial<ExamDetails>, now: number): Exam {
  const state = stateAt(exam, now);
  if (state !== 'UPCOMING') throw wrongState(state, 'The exam has started and can no longer be changed.');
  return { ...exam, ...details, updatedAt: now };
}

/** Whether an identification needs an active challenge: the exam's own policy says so, or the LMS that it is from. */
export function needsChallenge({
  livenessPolicy,
  admission,
}: Pick<Exam, 'livenessPolicy' | 'admission'>): boolean {
  return livenessPolicy === 'CHALLENGE' || admission.challenge;
}

/** @throws StatusError EXAM_STATE once the exam has started */
export function requireUpcoming(exam: Exam, now: number): void {
  const state = stateAt(exam, now);
  if (state !== 'UPCOMING') throw wrongState(state, 'The exam has started and can no longer be deleted.');
}

/** @throws StatusError EXAM_STATE when the exam is over */
export function requireNotOver(exam: Exam, now: number): void {
  if (stateAt(exam, now) === 'COMPLETED') throw wrongState('COMPLETED', 'The exam is over.');
}

/** @throws StatusError EXAM_STATE before the exam has started */
export function requireBegun(exam: Exam, now: number): void {
  if (stateAt(exam, now) === 'UPCOMING') throw wrongState('UPCOMING', 'The exam has not started.');
}

/** @throws StatusError EXAM_STATE unless the exam is going on */
export function requireStarted(exam: Exam, now: number): void {
  requireBegun(exam, now);
  requireNotOver(exam, now);
}

function wrongState(state: ExamState, message: string): StatusError {
  return new StatusError('EXAM_STATE', message, { metadata: { state } });
}
