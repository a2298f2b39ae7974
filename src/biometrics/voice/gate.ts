import type { Utterance, VoiceAnalysis, VoiceInconclusiveReason } from './finding.js';

export type VoiceGatePurpose = 'ENROLMENT' | 'VERIFICATION';

/**
 * What a recording must have before it is used; docs/adr/0010 has the measurements. A reference is kept for years, so
 * it is held to more.
 */
export const VOICE_GATES: Record<VoiceGatePurpose, { speechSeconds: number; snrDb: number }> = {
  ENROLMENT: { speechSeconds: 3, snrDb: 15 },
  VERIFICATION: { speechSeconds: 2, snrDb: 15 },
};

export type VoiceGateFinding =
  | { passed: true; utterances: Utterance[] }
  | { passed: false; reasons: VoiceInconclusiveReason[]; advice: string[] };

/**
 * Whether a recording may be enrolled or compared, with its utterances then: one or more. A part that was not assessed
 * does not fail.
 */
export function applyVoiceGate(
  {
    speechSeconds,
    noise,
    speakers,
    utterances,
  }: Pick<VoiceAnalysis, 'speechSeconds' | 'noise' | 'speakers' | 'utterances'>,
  purpose: VoiceGatePurpose,
): VoiceGateFinding {
  const gate = VOICE_GATES[purpose];
  if (speechSeconds === 0) return refused('NO_SPEECH', 'Speak into the microphone, and check that it is on.');
  if (speechSeconds < gate.speechSeconds) {
    const seconds = gate.speechSeconds;
    return refused('TOO_LITTLE_SPEECH', `Speak for at least ${seconds} seconds, pauses not counted.`);
  }
  if (speakers.outcome === 'SEVERAL_SPEAKERS') {
    return refused('SEVERAL_SPEAKERS', 'Make sure that nobody else speaks.');
  }
  if (noise.outcome === 'ASSESSED' && noise.snrDb < gate.snrDb) {
    return refused('TOO_NOISY', 'Go where it is quiet, or come closer to the microphone.');
  }
  return { passed: true, utterances };
}

function refused(reason: VoiceInconclusiveReason, advice: string): VoiceGateFinding {
  return { passed: false, reasons: [reason], advice: [advice] };
}
