import type { Assurance } from '../biometrics/index.js';
import { StatusError } from '../call/index.js';

export type ExamType = 'ORAL' | 'WRITTEN';
export type ExamState = 'UPCOMING' | 'STARTED' | 'COMPLETED';
export type LivenessPolicy = 'NEVER_BLOCK' | 'ASK_AGAIN';

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
  ownerId: string;
  /** As stored: see `stateAt`. */
  state: ExamState;
  createdAt: number;
  updatedAt: number;
  startedAt: number | null;
  /** When it completes by itself; null before it started. */
  endsAt: number | null;
  version: number;
}

const MINUTE_MS = 60_000;
/** An exam is near from so long before its scheduled time. */
export const NEAR_MS = 24 * 60 * MINUTE_MS;

/** The state now. A started exam is over at its end, whether or not the job has been by to store it. */
export function stateAt(exam: Pick<Exam, 'state' | 'endsAt'>, now: number): ExamState {
  return exam.state === 'STARTED' && exam.endsAt !== null && exam.endsAt <= now ? 'COMPLETED' : exam.state;
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

/** The exam completed, where its time is up; the same exam where it is not, or where that is stored already. */
export function complete(exam: Exam, now: number): Exam {
  if (exam.state === 'COMPLETED') return exam;
  return stateAt(exam, now) === 'COMPLETED' ? { ...exam, state: 'COMPLETED', updatedAt: now } : exam;
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
