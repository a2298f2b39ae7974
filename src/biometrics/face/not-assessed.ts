import type { NotAssessed, NotAssessedReason } from './finding.js';

const EXPLANATIONS: Record<NotAssessedReason, string> = {
  NOT_REQUESTED: 'It was not asked for.',
  NO_METHOD: 'There is no method for it here.',
  WINDOW_DOES_NOT_FIT: 'The picture does not show enough around the face.',
  FACE_NOT_FRONTAL: 'The face is turned away from the camera.',
  FACE_TOO_SMALL: 'The face is too small.',
  TOO_BLURRED: 'The face is too blurred.',
};

export function notAssessed(reason: NotAssessedReason): NotAssessed {
  return { outcome: 'NOT_ASSESSED', reason, explanation: EXPLANATIONS[reason] };
}
