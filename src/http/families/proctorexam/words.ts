import { EnrolmentState } from '../../../grpc/gen/probity/exams/v1/enrolment_service.js';
import { ExamState } from '../../../grpc/gen/probity/exams/v1/exam_service.js';

/** ProctorExam's vocabulary, and the core's for the same things. https://docs.proctorexam.com/statuses/statuses.html */
export const STUDENT_STATUSES = [
  'registered',
  'email_sent',
  'after_check_req',
  'in_setup',
  'exam_not_started',
  'exam_started',
  'exam_finished',
] as const;
export type StudentStatus = (typeof STUDENT_STATUSES)[number];

export const EXAM_STATUSES = ['draft', 'open', 'closed', 'deleted'] as const;
export type ExamStatus = (typeof EXAM_STATUSES)[number];

/** Null for what never is so here: Probity sends no mails, and checks no requirements before the exam. */
export const ENROLMENT_STATE: Record<StudentStatus, EnrolmentState | null> = {
  registered: EnrolmentState.ENROLMENT_STATE_ENROLLED,
  email_sent: null,
  after_check_req: null,
  in_setup: EnrolmentState.ENROLMENT_STATE_ENTERING,
  exam_not_started: EnrolmentState.ENROLMENT_STATE_LAPSED,
  exam_started: EnrolmentState.ENROLMENT_STATE_JOINED,
  exam_finished: EnrolmentState.ENROLMENT_STATE_LEFT,
};

export function studentStatus(state: EnrolmentState): StudentStatus {
  return STUDENT_STATUSES.find((status) => ENROLMENT_STATE[status] === state) ?? 'registered';
}

/** An exam is open from the first on: there are no drafts. */
export function examStatus(state: ExamState): ExamStatus {
  return state === ExamState.EXAM_STATE_COMPLETED ? 'closed' : 'open';
}
