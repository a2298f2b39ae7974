import {
  enrolmentThreshold,
  inWords,
  isCopy,
  MODEL_IDS,
  MOST_TEMPLATES,
  type HandwritingCall,
  type HandwritingForm,
  type HandwritingReader,
  type HandwritingSample,
} from './handwriting/index.js';
import type { Matcher } from './references/index.js';

/**
 * Handwriting of one form: a sample is enrolled when there is enough writing in it and it is by the same hand.
 *
 * @param required samples that make a reference complete
 */
export function handwritingMatcher(
  reader: HandwritingReader,
  form: HandwritingForm,
  required: number,
  call: HandwritingCall,
): Matcher<HandwritingSample> {
  return {
    modality: 'HANDWRITING',
    modelId: MODEL_IDS[form],
    maxTemplates: MOST_TEMPLATES,
    enrollable: ({ template }) =>
      template ? { template } : { reasons: inWords(form, ['TOO_LITTLE_WRITING']) },
    score: (probe, reference) => reader.score(form, probe, reference, call),
    threshold: (templates) => enrolmentThreshold(form, templates, required),
    isSameSample: (one, other) => isCopy(one.vector, other.vector),
    words: {
      anotherPerson: 'This does not look like the same hand as in the samples that are enrolled already.',
      again: 'This sample is enrolled already; another one says more.',
      full: `The reference has all the ${MOST_TEMPLATES} samples that it keeps.`,
    },
  };
}
