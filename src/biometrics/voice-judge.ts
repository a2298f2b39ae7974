import type { SpeakerEntry } from './engine/index.js';
import type { ConsentGuard } from './ports.js';
import { usableReference } from './references/index.js';
import type { ReferenceRegistry, SampleJudge } from './registry.js';
import { compareVoice, type VoiceAnalyser } from './voice/index.js';
import { voiceInWords } from './voice-presenter.js';

/** Judges recordings for the domains that watch. */
export function voiceJudge({
  references,
  consent,
  analyser,
  speaker,
}: {
  references: ReferenceRegistry;
  consent: ConsentGuard;
  analyser: VoiceAnalyser;
  speaker: SpeakerEntry;
}): SampleJudge {
  const probe = { modality: 'VOICE', modelId: speaker.id } as const;
  return {
    modality: probe.modality,
    async judge(db, subject, bytes, call) {
      await consent.require(db, subject, probe.modality, 'EXAM_IDENTITY');
      const reference = usableReference(
        await references.reference(db, subject.userId, probe.modality),
        probe,
      );
      const [analysis, templates] = await Promise.all([analyser.analyse(bytes, 1, call), reference.open()]);
      const comparison = compareVoice(analysis, templates, speaker);
      const { outcome, score, threshold, modelId, logLikelihoodRatio } = comparison;
      return {
        modality: probe.modality,
        outcome,
        score,
        threshold,
        modelId,
        reasons: voiceInWords(comparison),
        logLikelihoodRatio,
      };
    },
  };
}
