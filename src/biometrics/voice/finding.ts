import type { JobTimings } from '../engine/index.js';

/** What the engine says of a recording of speech. Findings are plain data, and never exceptions. */

/** Why a part of a finding is not there. None of these is a failure. */
export type VoiceNotAssessedReason = 'TOO_LITTLE_SPEECH' | 'NO_PAUSES';

export interface VoiceNotAssessed {
  outcome: 'NOT_ASSESSED';
  reason: VoiceNotAssessedReason;
}

/** Speech against what is heard in the pauses between it. */
export type NoiseFinding =
  | {
      outcome: 'ASSESSED';
      /** Decibels, at most `MOST_SNR_DB`. */
      snrDb: number;
    }
  | VoiceNotAssessed;

/** Whether it is one voice that speaks, by the two halves that the windows of speech fall into. */
export type SpeakersFinding =
  | {
      outcome: 'ONE_SPEAKER' | 'SEVERAL_SPEAKERS';
      /** Cosine similarity of the two halves, -1..1. */
      similarity: number;
      /** SEVERAL_SPEAKERS is similarity < threshold. */
      threshold: number;
      modelId: string;
    }
  | VoiceNotAssessed;

/** An embedding and the model that made it. Templates of two models are never compared. */
export interface VoiceTemplate {
  modelId: string;
  /** L2-normalised. */
  vector: Float32Array;
}

/** Containers and codecs that are read; everything else is unreadable. */
export type AudioFormat = 'wav' | 'flac' | 'opus' | 'oga' | 'webm' | 'm4a' | 'mp3';

export interface RecordingFacts {
  format: AudioFormat;
  /** Hz, as it came. */
  sampleRate: number;
  channels: number;
  /** Seconds, pauses included. */
  seconds: number;
  /** Of the bytes as they came, lower-case hex. */
  sha256: string;
}

/** A stretch of net speech. */
export interface Utterance {
  /** Seconds of speech, pauses left out. */
  seconds: number;
  template: VoiceTemplate;
}

/** The steps of an analysis in their order; `timings.stages` has those that were taken. */
export type VoiceStage = 'hash' | 'decode' | 'speech' | 'noise' | 'embed' | 'speakers';

/** Everything that was found in one recording. */
export interface VoiceAnalysis {
  recording: RecordingFacts;
  /** Seconds of speech, pauses left out. */
  speechSeconds: number;
  noise: NoiseFinding;
  speakers: SpeakersFinding;
  /** One; more only where they were asked for; none where there is too little speech to make anything of. */
  utterances: Utterance[];
  timings: JobTimings;
}

/** Caps on what is taken: bytes before anything is decoded, seconds while it is. */
export interface RecordingLimits {
  /** Default 16 MiB: 87 s of 48 kHz, 16-bit stereo. */
  maxBytes: number;
  /** Default 120 s. */
  maxSeconds: number;
}

export type VoiceInconclusiveReason =
  'NO_SPEECH' | 'TOO_LITTLE_SPEECH' | 'SEVERAL_SPEAKERS' | 'TOO_NOISY' | 'SCORE_BETWEEN_THRESHOLDS';

/** How a probe compares with a reference. */
export interface VoiceComparison {
  outcome: 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';
  /** Cosine similarity after fusion, -1..1; null when nothing was compared. */
  score: number | null;
  /** MATCH is score >= threshold. */
  threshold: number;
  /** NO_MATCH is score < reviewThreshold; between the two it is INCONCLUSIVE. */
  reviewThreshold: number;
  /** ln p(score | same) / p(score | different); null when nothing was compared. */
  logLikelihoodRatio: number | null;
  modelId: string;
  /** Why it is INCONCLUSIVE; empty otherwise. */
  reasons: VoiceInconclusiveReason[];
  /** What the person can do about it, in words. */
  advice: string[];
}
