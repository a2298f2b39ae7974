import type { HandwritingForm, HandwritingReason } from './finding.js';

const REASONS: Record<HandwritingReason, string> = {
  TOO_LITTLE_WRITING: 'There is too little writing in it to compare.',
  COPY_OF_ENROLLED: 'It is a copy of a sample that is enrolled, and nobody writes twice the same.',
  SCORE_BETWEEN_THRESHOLDS: 'The writing is neither alike nor different enough to say.',
};

const ADVICE: Record<HandwritingForm, Record<HandwritingReason, string>> = {
  TRACE: {
    TOO_LITTLE_WRITING: 'Write the whole signature, as you always do.',
    COPY_OF_ENROLLED: 'Write it anew.',
    SCORE_BETWEEN_THRESHOLDS: 'Write it again, fluently, with the device that it was enrolled with.',
  },
  IMAGE: {
    TOO_LITTLE_WRITING:
      'Show nothing but the writing, dark on light paper, in even light, filling the picture.',
    COPY_OF_ENROLLED: 'Write it anew and take another picture.',
    SCORE_BETWEEN_THRESHOLDS: 'Write it again, with a pen like the one that it was enrolled with.',
  },
};

/** Why a sample says nothing, and what to do about it, in words. */
export function inWords(form: HandwritingForm, reasons: readonly HandwritingReason[]): string[] {
  return reasons.flatMap((reason) => [REASONS[reason], ADVICE[form][reason]]);
}

/** What a comparison of this form can tell, and what not. */
export const MEANING: Record<HandwritingForm, string> = {
  TRACE:
    'A trace tells how the pen moved. It rules out somebody else’s writing, and most who imitate its shape without its ' +
    'movement; without pressure fewer of them. It does not tell who drives the pen where the trace itself was copied. ' +
    'Its thresholds are provisional.',
  IMAGE:
    'A picture tells what the pen left behind. It rules out somebody else’s writing. It does not catch a skilled ' +
    'forger, nor tell when and by whom it was written. Its thresholds are provisional.',
};
