import type { Engine, JobCall } from '../engine/index.js';
import type { RecordingLimits, VoiceAnalysis } from './finding.js';
import { VOICE_ANALYSE } from './kind.js';

export const DEFAULT_RECORDING_LIMITS: RecordingLimits = { maxBytes: 16 * 2 ** 20, maxSeconds: 120 };

export interface VoiceAnalyser {
  /**
   * Analyses one recording: WAV, FLAC, Ogg (Opus, Vorbis), WebM, M4A or MP3. The caller keeps its bytes.
   *
   * @param mostUtterances that long speech is split into; 1 for a probe
   * @throws StatusError AUDIO_UNREADABLE, AUDIO_TOO_LARGE, and what `Engine.run` throws. A recording without speech, a
   * noisy one or one of several people is an answer, not an error
   */
  analyse(
    recording: Uint8Array,
    mostUtterances: number,
    call?: Pick<JobCall, 'signal' | 'deadline'>,
  ): Promise<VoiceAnalysis>;
}

export function createVoiceAnalyser(
  engine: Engine,
  limits: RecordingLimits = DEFAULT_RECORDING_LIMITS,
): VoiceAnalyser {
  return {
    async analyse(recording, mostUtterances, call = {}) {
      // As for pictures: beyond the cap only the length matters, and what is moved is a copy of its own.
      const length = Math.min(recording.byteLength, limits.maxBytes + 1);
      const own = new Uint8Array(length);
      own.set(recording.subarray(0, length));
      const { result, timings } = await engine.run(
        VOICE_ANALYSE,
        { recording: own, mostUtterances, limits },
        { ...call, transfer: [own.buffer] },
      );
      return { ...result, timings };
    },
  };
}
