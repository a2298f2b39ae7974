import { TextDecoder } from 'node:util';
import type { ConsentGuard } from '../ports.js';
import { usableReference, type References } from '../references/index.js';
import type { SampleJudge } from '../registry.js';
import type { InteractionAnalyser } from './analyser.js';
import type { Background } from './background.js';
import { MODEL_ID } from './policy.js';
import { reasonsInWords } from './presenter.js';

/** Judges datasets, as UTF-8, for whoever watches. What is no UTF-8 is no JSON either. */
export function interactionJudge({
  references,
  consent,
  analyser,
  background,
}: {
  references: Pick<References, 'reference'>;
  consent: ConsentGuard;
  analyser: InteractionAnalyser;
  background: Background;
}): SampleJudge {
  const modality = 'INTERACTION';
  return {
    modality,
    async judge(db, subject, bytes, call) {
      await consent.require(db, subject, modality, 'EXAM_IDENTITY');
      const found = await references.reference(db, subject.userId, modality);
      const templates = await usableReference(found, { modality, modelId: MODEL_ID }).open();
      const against = {
        reference: templates.map(({ vector }) => vector),
        background: await background.of(db, subject),
      };
      const finding = await analyser.judge(new TextDecoder().decode(bytes), against, call);
      const { outcome, score, threshold, modelId } = finding;
      return {
        ...{ modality, outcome, score, threshold, modelId },
        reasons: reasonsInWords(finding),
        // The score is the ratio already.
        logLikelihoodRatio: score,
      };
    },
  };
}
