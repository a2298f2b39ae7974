import {
  Assessment,
  LivenessOutcome,
  type ComparisonFinding as ComparisonMessage,
} from '../grpc/gen/probity/biometrics/v1/finding.js';
import type {
  VoiceFinding as VoiceMessage,
  VoiceMeasure,
} from '../grpc/gen/probity/biometrics/v1/voice_service.js';
import { OUTCOMES } from './presenter.js';
import {
  applyVoiceGate,
  VOICE_GATES,
  type VoiceAnalysis,
  type VoiceComparison,
  type VoiceInconclusiveReason,
} from './voice/index.js';

const REASONS: Record<VoiceInconclusiveReason, string> = {
  NO_SPEECH: 'There is no speech in the recording.',
  TOO_LITTLE_SPEECH: 'There is too little speech in the recording.',
  SEVERAL_SPEAKERS: 'Several people speak in the recording.',
  TOO_NOISY: 'The recording is too noisy.',
  SCORE_BETWEEN_THRESHOLDS: 'The voices are neither alike nor different enough to say.',
};

/** Why a recording or a comparison says nothing, and what to do about it, in words. */
export function voiceInWords({
  reasons,
  advice,
}: {
  reasons: readonly VoiceInconclusiveReason[];
  advice: readonly string[];
}): string[] {
  return [...reasons.map((reason) => REASONS[reason]), ...advice];
}

/** A comparison as a message. A score that does not exist is 0. */
export function presentVoiceComparison(comparison: VoiceComparison): ComparisonMessage {
  return {
    outcome: OUTCOMES[comparison.outcome],
    score: comparison.score ?? 0,
    threshold: comparison.threshold,
    model: comparison.modelId,
    reasons: voiceInWords(comparison),
    remarks: [],
  };
}

/** Everything that was found in a recording, as a message; judged as a probe. */
export function presentVoice(analysis: VoiceAnalysis): VoiceMessage {
  const { recording, speechSeconds, noise, speakers } = analysis;
  const least = VOICE_GATES.VERIFICATION;
  const gate = applyVoiceGate(analysis, 'VERIFICATION');
  return {
    durationSeconds: recording.seconds,
    speech: measure(speechSeconds, least.speechSeconds),
    signalToNoise: measure(noise.outcome === 'ASSESSED' ? noise.snrDb : null, least.snrDb),
    singleSpeaker:
      speakers.outcome === 'NOT_ASSESSED'
        ? measure(null, 0)
        : measure(speakers.similarity, speakers.threshold),
    liveness: {
      outcome: LivenessOutcome.LIVENESS_OUTCOME_NOT_ASSESSED,
      score: 0,
      threshold: 0,
      model: '',
      reason: 'There is no method for it here.',
    },
    reasons: gate.passed ? [] : voiceInWords(gate),
  };
}

function measure(value: number | null, minimum: number): VoiceMeasure {
  if (value === null) return { assessment: Assessment.ASSESSMENT_NOT_ASSESSED, value: 0, minimum };
  const assessment = value >= minimum ? Assessment.ASSESSMENT_ACCEPTABLE : Assessment.ASSESSMENT_UNACCEPTABLE;
  return { assessment, value, minimum };
}
