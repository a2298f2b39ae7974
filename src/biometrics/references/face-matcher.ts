import type { RecogniserEntry } from '../engine/index.js';
import { applyGate, type FaceAnalysis } from '../face/index.js';
import { inWords } from '../presenter.js';
import { ruleFor, score } from '../scoring.js';
import type { Matcher } from './enrolment.js';

/** From this similarity on two pictures are one: other captures of the same person stay well below. */
const SAME_PICTURE = 0.999;

/** Faces: a picture is enrolled when it has exactly one counting face in enrolment quality. */
export function faceMatcher(recogniser: RecogniserEntry, maxTemplates: number): Matcher<FaceAnalysis> {
  return {
    modality: 'FACE',
    modelId: recogniser.id,
    maxTemplates,
    enrollable(picture) {
      const gate = applyGate(picture, 'ENROLMENT');
      if (!gate.passed) return { reasons: inWords(gate) };
      const { template } = gate.face;
      if (!template) throw new Error('An enrolment needs the embedding part');
      return { template };
    },
    score: (probe, reference) => score(probe, reference, recogniser),
    threshold: (templates) => ruleFor(recogniser, templates).match,
    isSameSample: (one, other) => score(one, [other], recogniser) >= SAME_PICTURE,
    words: {
      anotherPerson: 'This does not look like the same person as in the pictures that are enrolled already.',
      again: 'This picture is enrolled already; another one says more.',
      full: `The reference has all the ${maxTemplates} pictures that it keeps.`,
    },
  };
}
