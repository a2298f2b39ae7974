import type { Matcher } from '../references/index.js';
import type { InteractionAnalyser } from './analyser.js';
import type { ReadRhythm } from './kind.js';
import { DECISION, ENOUGH, MODEL_ID, MOST_TEMPLATES } from './policy.js';

const { repetitions, keystrokes } = ENOUGH.enrol;

/**
 * Rhythms: a recording is enrolled when one text was typed often enough, or enough of any text.
 *
 * @param background asked only where something is compared, which a first recording is not
 */
export function interactionMatcher(
  analyser: InteractionAnalyser,
  background: () => Promise<Float32Array[]>,
): Matcher<ReadRhythm> {
  return {
    modality: 'INTERACTION',
    modelId: MODEL_ID,
    maxTemplates: MOST_TEMPLATES,
    enrollable({ vector, amounts }) {
      if (amounts.repetitions >= repetitions || amounts.keystrokes >= keystrokes) {
        return { template: { modelId: MODEL_ID, vector } };
      }
      return {
        reasons: [
          `It takes one text typed ${repetitions} times without a slip or a pause, or ${keystrokes} keys of free text.`,
        ],
      };
    },
    // What has nothing in common with what is enrolled says nothing: 0, which is no match.
    async score(probe, reference) {
      const against = { reference: reference.map(({ vector }) => vector), background: await background() };
      return (await analyser.score(probe.vector, against)) ?? 0;
    },
    threshold: () => DECISION.match,
    isSameSample: (one, other) =>
      one.vector.length === other.vector.length &&
      one.vector.every((value, index) => value === other.vector[index]),
    words: {
      anotherPerson:
        'This does not look like the typing that is enrolled already, or has nothing in common with it: the same text, or free text again, is needed.',
      again: 'This recording is enrolled already; another one says more.',
      full: `The reference has all the ${MOST_TEMPLATES} recordings that it keeps.`,
    },
  };
}
