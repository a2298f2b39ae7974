/** Voices: from a recording to findings, and the rules that decide on them. */
export * from './finding.js';
export { createVoiceAnalyser, DEFAULT_RECORDING_LIMITS, type VoiceAnalyser } from './analyser.js';
export { compareVoice } from './comparison.js';
export { applyVoiceGate, VOICE_GATES, type VoiceGateFinding, type VoiceGatePurpose } from './gate.js';
export { judgeSpeakers } from './speakers.js';
