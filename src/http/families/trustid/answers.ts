import {
  Outcome,
  type ComparisonFinding,
  type FaceFinding,
} from '../../../grpc/gen/probity/biometrics/v1/finding.js';
import type { InteractionFinding } from '../../../grpc/gen/probity/biometrics/v1/interaction_service.js';
import type {
  EnrolFaceResponse,
  Reference,
} from '../../../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Course } from '../../../grpc/gen/probity/lms/v1/lms_service.js';
import type { Exam, ExamStudent } from '../../../grpc/gen/probity/exams/v1/exam_service.js';
import { biometric, examStatus, verificationStatus, type Biometric } from './words.js';

/** The number of an exam: `exams/12` → `12`. The document has it as a String in answers. */
function examNumber(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** An exam as both lists show it. */
export function examOfList(exam: Exam) {
  return {
    exam_id: examNumber(exam.name),
    name: exam.displayName,
    status: examStatus(exam.state),
    scheduled_date: exam.scheduleTime?.toISOString() ?? '',
    privacy_policy: exam.privacyPolicy,
  };
}

/** A course as the instructor's LMS has it. */
export function moodleCourse(course: Course) {
  return {
    enrolled_students: course.students.map(({ email, givenName, familyName }) => ({
      name: givenName,
      surname: familyName,
      email,
    })),
    moodle_course_id: course.courseId,
    moodle_course_name: course.displayName,
  };
}

/** A student as the instructor's list shows them. The core sends the newest alerts first, and caps them. */
export function enrolledStudent(student: ExamStudent) {
  return {
    alerts: student.alerts.join('; '),
    email: student.email,
    name: student.givenName,
    surname: student.familyName,
    verification_status: verificationStatus(student.verification),
  };
}

/** Which of the running processes are forbidden: their names are the resource's. */
export function processesAnswer(forbidden: readonly string[]) {
  return {
    message: forbidden.length === 0 ? 'No forbidden process is running.' : 'Forbidden processes are running.',
    resource_name: forbidden.join(','),
  };
}

/** Complete references, by TRUSTID's name for their modality. */
export function registered(
  references: readonly Reference[],
): { biometric: Biometric; reference: Reference }[] {
  return references.flatMap((reference) => {
    const name = biometric(reference.modality);
    return name && reference.complete ? [{ biometric: name, reference }] : [];
  });
}

/** Why pictures were not taken, and what to do about it; every sentence once. */
export function enrolmentAdvice(response: EnrolFaceResponse): string[] {
  const refused = response.images.filter((image) => !image.accepted);
  return [...new Set(refused.flatMap((image) => [...image.reasons, ...adviceOf(image.finding)]))];
}

/** A comparison in words: what came out, why, and what to do about it. */
export function comparisonWords(
  comparison: ComparisonFinding | undefined,
  finding: FaceFinding | undefined,
): string {
  if (comparison?.outcome === Outcome.OUTCOME_MATCH) return 'The face matches the registered one.';
  if (comparison?.outcome === Outcome.OUTCOME_NO_MATCH) return 'The face does not match the registered one.';
  const reasons = [...new Set([...(comparison?.reasons ?? []), ...adviceOf(finding)])];
  return ['The picture does not tell.', ...reasons].join(' ');
}

/** What a recording of typing and mouse actions says, in words. */
export function interactionWords(finding: InteractionFinding | undefined): string {
  if (finding?.outcome === Outcome.OUTCOME_MATCH) return 'The interaction matches the trained one.';
  if (finding?.outcome === Outcome.OUTCOME_NO_MATCH) return 'The interaction does not match the trained one.';
  return ['The interaction does not tell.', ...(finding?.reasons ?? [])].join(' ');
}

/** The same of handwriting. */
export function handwritingWords(comparison: ComparisonFinding | undefined): string {
  if (comparison?.outcome === Outcome.OUTCOME_MATCH) return 'The handwriting matches the registered one.';
  if (comparison?.outcome === Outcome.OUTCOME_NO_MATCH)
    return 'The handwriting does not match the registered one.';
  return ['The handwriting does not tell.', ...(comparison?.reasons ?? [])].join(' ');
}

/** The same of a recording. */
export function voiceWords(comparison: ComparisonFinding | undefined): string {
  if (comparison?.outcome === Outcome.OUTCOME_MATCH) return 'The voice matches the registered one.';
  if (comparison?.outcome === Outcome.OUTCOME_NO_MATCH) return 'The voice does not match the registered one.';
  return ['The recording does not tell.', ...(comparison?.reasons ?? [])].join(' ');
}

/** What was found, and which of the running processes are forbidden. */
export function monitoringAnswer(resource: 'face' | 'voice', words: string, forbidden: readonly string[]) {
  const running = forbidden.length === 0 ? [] : [`Forbidden processes are running: ${forbidden.join(', ')}.`];
  return { message: [words, ...running].join(' '), resource_name: resource };
}

function adviceOf(finding: FaceFinding | undefined): string[] {
  return finding?.quality?.advice ?? [];
}
