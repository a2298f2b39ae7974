import type { Condition } from '../alerts/alert.js';
import type { Contribution, IdentityConfidence, WatchedModality } from './fusion.js';

/**
 * DIFFERENT_PERSON: it opens when the evidence of all modalities together reaches the threshold, and ends when none is
 * left; between the two it is one event.
 * @param compared whether this very observation was compared: what compares nothing opens and continues nothing
 */
export function differentPerson(identity: IdentityConfidence, compared: boolean): Condition {
  const { evidence, threshold, contributions } = identity;
  return {
    type: 'DIFFERENT_PERSON',
    sight: compared && evidence >= threshold ? 'SEEN' : evidence === 0 ? 'CLEAR' : 'UNKNOWN',
    opens: () => true,
    cause() {
      const against = contributions.filter((each) => each.evidence > 0);
      return {
        reason: [
          ...against.map(inWords),
          `Together ${evidence.toFixed(1)} nats; ${threshold} are an alert.`,
        ].join(' '),
        score: evidence,
        threshold,
        modelId: against[0]?.latest?.modelId ?? null,
        contributions: against,
      };
    },
  };
}

const SAID: Record<WatchedModality, [what: string, one: string, several: string]> = {
  FACE: ['the face does not look like the enrolled student', 'frame', 'frames'],
  VOICE: ['the voice does not sound like the enrolled student', 'recording', 'recordings'],
  INTERACTION: ['the typing and mouse movements are not those of the enrolled student', 'sample', 'samples'],
};

function inWords({ modality, evidence, observations, latest }: Contribution): string {
  const [what, one, several] = SAID[modality];
  const last = latest
    ? `; the last scored ${latest.score.toFixed(3)}, ${latest.threshold.toFixed(3)} is a match`
    : '';
  return `Over ${observations} ${observations === 1 ? one : several} ${what} (${evidence.toFixed(1)} nats${last}).`;
}
