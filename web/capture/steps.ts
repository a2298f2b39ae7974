import type { Admission, CaptureState } from './answers.js';

/** What the page shows, in this order. */
export type Step =
  | 'DEVICE'
  | 'CONSENT'
  | 'ENROLMENT'
  | 'CHALLENGE'
  | 'IDENTIFICATION'
  | 'MONITORING'
  | 'IDENTIFIED'
  | 'WAITING'
  | 'APPROVED'
  | 'ENDED';

/** What only this window knows. */
export interface Here {
  /** The student waits for staff. */
  waiting: boolean;
  /** The student has ended it here. */
  ended: boolean;
  /** Whether the exam asks to be watched. */
  monitored: boolean;
}

/** Why an exam does not let in somebody who was identified before: only being identified again helps. */
const AGAIN = new Set(['NOT_YET', 'EXPIRED', 'OTHER_PERSON']);

/** Whether the student has to show who they are, for the first time or again. */
export function mustIdentify(admission: Admission): boolean {
  return !admission.admitted && AGAIN.has(admission.reason ?? '');
}

/** Steps for which there must be a camera: without one, DEVICE comes first. For all others none is touched. */
const BEFORE_A_CAMERA = new Set<Step>(['CONSENT', 'ENROLMENT', 'CHALLENGE', 'IDENTIFICATION', 'MONITORING']);

export function needsCamera(step: Step): boolean {
  return BEFORE_A_CAMERA.has(step);
}

/** The step that comes next, with a camera. The server says how far the student is: a reload, or another window, goes on from there. */
export function stepOf(state: CaptureState, here: Here): Step {
  const { admission, exam, consent, reference, challenge } = state;
  if (here.ended || exam.state === 'COMPLETED') return 'ENDED';
  if (admission.state === 'APPROVED') return 'APPROVED';
  if (here.waiting) return 'WAITING';
  if (consent.needed) return 'CONSENT';
  if (reference.state !== 'COMPLETE') return 'ENROLMENT';
  if (mustIdentify(admission)) {
    if (reference.replacementExpireTime !== null) return 'ENROLMENT';
    return challenge.required && !challenge.passed ? 'CHALLENGE' : 'IDENTIFICATION';
  }
  return here.monitored ? 'MONITORING' : 'IDENTIFIED';
}
