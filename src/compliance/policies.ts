import type { Modality, Purpose } from './consent.js';

/** A text that people consent to. A changed text is a new version, and asks everybody again. */
export interface Policy {
  modality: Modality;
  purpose: Purpose;
  version: string;
  text: string;
}

/** What holds for every modality: GDPR Art. 13 (rights, retention), Art. 7(3) (withdrawal), Art. 22 (no automated decision). */
const COMMON = [
  'Only this service does the comparing, on your university’s own installation; nothing is sent to anybody else.',
  'No program decides about you: it can only raise an alert, which a member of staff looks at and judges.',
  'What was enrolled is deleted by itself on the date that is shown beside it, and at once when you take this consent back, which you can do at any time as easily as you gave it.',
  'You can see everything that is held about you, have it as a file, and have it erased.',
  'You may refuse. It costs you nothing: staff can confirm your identity by hand instead.',
].join(' ');

const WHAT: Record<Modality, string> = {
  FACE: 'I agree that my face is used to confirm, before and during my exams, that I am the student who is enrolled. From the pictures I enrol, numbers that describe my face (a template) are computed and kept encrypted; the pictures themselves are not kept. During an exam, pictures from my camera are compared with the template and forgotten, unless one of them caused an alert: then that one picture is kept encrypted as evidence, for a limited time.',
  VOICE:
    'I agree that my voice is used to confirm, before and during my exams, that I am the student who is enrolled. From the recordings I enrol, numbers that describe my voice (a template) are computed and kept encrypted; the recordings themselves are not kept, and what I say is not transcribed.',
  HANDWRITING:
    'I agree that my handwriting is used to confirm, before and during my exams, that I am the student who is enrolled. From the samples I enrol, numbers that describe my handwriting (a template) are computed and kept encrypted; pictures of it are not kept. From a pen, the numbers say how it moved: what I wrote could be drawn again from them.',
  INTERACTION:
    'I agree that how I type and move the mouse is used to confirm, during my exams, that I am the student who is enrolled. Only the times between keys and the movements are used, to compute numbers that describe them (a template), which are kept encrypted; neither the recordings nor what I typed are kept. The same numbers serve, without my name, to tell others of my university from one another, as theirs do for me.',
};

const VERSIONS: Record<Modality, string> = {
  FACE: '2026-11',
  VOICE: '2026-11',
  HANDWRITING: '2026-11-25',
  INTERACTION: '2026-11-25',
};

const POLICIES: Record<Modality, Record<Purpose, Policy>> = {
  FACE: { EXAM_IDENTITY: policy('FACE') },
  VOICE: { EXAM_IDENTITY: policy('VOICE') },
  HANDWRITING: { EXAM_IDENTITY: policy('HANDWRITING') },
  INTERACTION: { EXAM_IDENTITY: policy('INTERACTION') },
};

function policy(modality: Modality): Policy {
  return {
    modality,
    purpose: 'EXAM_IDENTITY',
    version: VERSIONS[modality],
    text: `${WHAT[modality]} ${COMMON}`,
  };
}

export function policyInForce(modality: Modality, purpose: Purpose): Policy {
  return POLICIES[modality][purpose];
}

/** Every policy in force, one a modality and purpose. */
export function policiesInForce(): Policy[] {
  return Object.values(POLICIES).flatMap((byPurpose) => Object.values(byPurpose));
}
