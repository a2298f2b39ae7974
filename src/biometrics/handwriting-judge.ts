import { inWords, MODEL_IDS, sampleOf, type HandwritingReader } from './handwriting/index.js';
import type { ConsentGuard } from './ports.js';
import { usableReference } from './references/index.js';
import type { ReferenceRegistry, SampleJudge } from './registry.js';

export function handwritingJudge({
  reader,
  references,
  consent,
}: {
  reader: HandwritingReader;
  references: ReferenceRegistry;
  consent: ConsentGuard;
}): SampleJudge {
  return {
    modality: 'HANDWRITING',

    async judge(db, subject, bytes, call) {
      const given = sampleOf(bytes);
      await consent.require(db, subject, 'HANDWRITING', 'EXAM_IDENTITY');
      const reference = usableReference(await references.reference(db, subject.userId, 'HANDWRITING'), {
        modality: 'HANDWRITING',
        modelId: MODEL_IDS[given.form],
      });
      const [sample, templates] = await Promise.all([reader.read(given, call), reference.open()]);
      const { outcome, score, threshold, modelId, reasons } = await reader.compare(sample, templates, call);
      return {
        modality: 'HANDWRITING',
        outcome,
        score,
        threshold,
        modelId,
        reasons: inWords(given.form, reasons),
        // The score is one already.
        logLikelihoodRatio: score,
      };
    },
  };
}
