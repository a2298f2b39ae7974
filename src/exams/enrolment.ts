import { StatusError } from '../call/index.js';
import type { ExamState, Span } from './exam.js';

/** Where a student is in an exam; computed where it is read. */
export type EnrolmentState = 'ENROLLED' | 'ENTERING' | 'LAPSED' | 'JOINED' | 'LEFT';

/** What the organisation says about a student's part in one exam. */
export interface EnrolmentDetails {
  displayName: string;
  /** Empty where no other system has a name for the student. */
  externalId: string;
  individualInfo: string;
  individualInfoHtml: boolean;
  skipRequirements: boolean;
  /** UTC milliseconds; null for no time of the student's own. */
  openAt: number | null;
  closeAt: number | null;
  /** How long the student has for an attempt, in milliseconds; null for no limit, or none of the student's own. */
  limitMs: number | null;
}

/** A student's part in one exam. */
export interface Enrolment extends EnrolmentDetails {
  examId: string;
  userId: string;
  organisationId: string;
  /** int32, unique in the organisation. */
  number: number;
  email: string;
  createdAt: number;
  updatedAt: number;
  version: number;
  examNumber: number;
  examState: ExamState;
  state: EnrolmentState;
  /** When the student first joined; null before. */
  joinedAt: number | null;
  /** When the student last left; null before, and while in the exam. */
  leftAt: number | null;
}

/** What nobody has said yet. */
export const NO_DETAILS: Omit<EnrolmentDetails, 'displayName'> = {
  externalId: '',
  individualInfo: '',
  individualInfoHtml: false,
  skipRequirements: false,
  openAt: null,
  closeAt: null,
  limitMs: null,
};

/** @throws StatusError EXAM_STATE before and after the student's own time */
export function requireOpen({ opensAt, closesAt }: Span, now: number): void {
  if (opensAt !== null && opensAt > now) {
    throw new StatusError('EXAM_STATE', `The student may join from ${new Date(opensAt).toISOString()} on.`, {
      metadata: { open_time: new Date(opensAt).toISOString() },
    });
  }
  if (closesAt !== null && closesAt <= now) {
    throw new StatusError('EXAM_STATE', 'The time of the student in this exam is over.', {
      metadata: { close_time: new Date(closesAt).toISOString() },
    });
  }
}

export function enrolledAlready(): StatusError {
  return new StatusError('EMAIL_TAKEN', 'The student is enrolled in this exam already.', {
    fields: [{ field: 'email', problem: 'already_exists', description: 'is enrolled already' }],
  });
}
