import { StatusError } from '../call/index.js';
import type { ExamState } from './exam.js';

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
};

/** A name as it is written, for an account that needs two: what follows the last space is the family's. */
export function splitName(name: string): { givenName: string; familyName: string } {
  const at = name.lastIndexOf(' ');
  const [given, family] = at < 0 ? [name, '-'] : [name.slice(0, at), name.slice(at + 1)];
  return { givenName: given.slice(0, 100), familyName: family.slice(0, 100) };
}

/** @throws StatusError EXAM_STATE before the student's own time */
export function requireOpen(openAt: number | null, now: number): void {
  if (openAt !== null && openAt > now) {
    throw new StatusError('EXAM_STATE', `The student may join from ${new Date(openAt).toISOString()} on.`, {
      metadata: { open_time: new Date(openAt).toISOString() },
    });
  }
}

export function enrolledAlready(): StatusError {
  return new StatusError('EMAIL_TAKEN', 'The student is enrolled in this exam already.', {
    fields: [{ field: 'email', problem: 'already_exists', description: 'is enrolled already' }],
  });
}
