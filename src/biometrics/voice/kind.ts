import type { JobKind } from '../engine/index.js';
import type { RecordingLimits, VoiceAnalysis } from './finding.js';

export interface VoiceInput {
  /** The recording as it came. */
  recording: Uint8Array;
  /** Utterances that its speech is split into at most. */
  mostUtterances: number;
  limits: RecordingLimits;
}

/** One recording in, everything that was found in it out. */
export const VOICE_ANALYSE: JobKind<VoiceInput, Omit<VoiceAnalysis, 'timings'>> = { name: 'voice.analyse' };
