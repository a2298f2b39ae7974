import type { SpeakerEntry } from '../engine/index.js';
import { ruleFor, score } from '../scoring.js';
import { applyVoiceGate, type Utterance, type VoiceAnalysis } from '../voice/index.js';
import { voiceInWords } from '../voice-presenter.js';
import type { Matcher } from './enrolment.js';

/** From this similarity on two utterances are one: the same recording in another container stays above it. */
const SAME_UTTERANCE = 0.999;

/** One utterance of a recording; null where there is none, for want of speech. */
export interface VoiceSample {
  analysis: VoiceAnalysis;
  utterance: Utterance | null;
}

/** Every utterance of a recording as a sample of its own; a recording without any as one that is refused. */
export function samplesOf(analysis: VoiceAnalysis): VoiceSample[] {
  if (analysis.utterances.length === 0) return [{ analysis, utterance: null }];
  return analysis.utterances.map((utterance) => ({ analysis, utterance }));
}

/** Voices: an utterance is enrolled when its recording is of one person and in enrolment quality. */
export function voiceMatcher(speaker: SpeakerEntry): Matcher<VoiceSample> {
  const maxTemplates = speaker.decision.rules.length;
  return {
    modality: 'VOICE',
    modelId: speaker.id,
    maxTemplates,
    enrollable({ analysis, utterance }) {
      const gate = applyVoiceGate(analysis, 'ENROLMENT');
      if (!gate.passed) return { reasons: voiceInWords(gate) };
      if (!utterance) throw new Error('Speech that passes a gate has an utterance');
      return { template: utterance.template };
    },
    score: (probe, reference) => score(probe, reference, speaker),
    threshold: (templates) => ruleFor(speaker, templates).match,
    isSameSample: (one, other) => score(one, [other], speaker) >= SAME_UTTERANCE,
    words: {
      anotherPerson:
        'This does not sound like the same person as in the recordings that are enrolled already.',
      again: 'This recording is enrolled already; another one says more.',
      full: `The reference has all the ${maxTemplates} utterances that it keeps.`,
    },
  };
}
