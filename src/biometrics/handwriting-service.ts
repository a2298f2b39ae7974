import { principalOf, validate } from '../call/index.js';
import type { HandwritingServiceService } from '../grpc/gen/probity/biometrics/v1/handwriting_service.js';
import { Modality } from '../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Handlers } from '../grpc/index.js';
import { handwritingMatcher } from './handwriting-matcher.js';
import { enrolHandwritingRequest, verifyHandwritingRequest } from './handwriting-requests.js';
import {
  inWords,
  MEANING,
  MODEL_IDS,
  type HandwritingComparison,
  type HandwritingForm,
  type HandwritingReader,
  type HandwritingSample,
} from './handwriting/index.js';
import { OUTCOMES } from './presenter.js';
import {
  presentReferences,
  type Enrol,
  type ReferenceRulesDependencies,
  type Verify,
} from './references/index.js';
import { findSubject } from './whom.js';

export interface HandwritingServiceDependencies extends Pick<
  ReferenceRulesDependencies,
  'storage' | 'references' | 'directory' | 'clock'
> {
  reader: HandwritingReader;
  enrol: Enrol;
  verify: Verify;
  /** Samples that make a reference complete. */
  required: number;
}

/** HandwritingService: enrolling and verifying, with what the form of the sample can tell. */
export function handwritingService({
  storage,
  references,
  directory,
  clock,
  reader,
  enrol,
  verify,
  required,
}: HandwritingServiceDependencies): Handlers<typeof HandwritingServiceService> {
  const { db } = storage;
  return {
    async enrolHandwriting(request, ctx) {
      const caller = principalOf(ctx);
      const { user, samples: given } = validate(enrolHandwritingRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const [{ form }] = given;
      const matcher = handwritingMatcher(reader, form, required, ctx);
      const { decision, samples } = await enrol(caller, subject, matcher, async () => {
        const read: HandwritingSample[] = [];
        // One after another: a call has one worker's worth of the pool, however many samples it brings.
        for (const sample of given) read.push(await reader.read(sample, ctx));
        return read;
      });
      const held = await presentReferences(db, references, subject.userId, clock.now());
      return {
        reference: held.find(({ modality }) => modality === Modality.MODALITY_HANDWRITING),
        samples: samples.map((_, index) => decision.verdicts[index] ?? { accepted: false, reasons: [] }),
        meaning: MEANING[form],
      };
    },

    async verifyHandwriting(request, ctx) {
      const caller = principalOf(ctx);
      const { user, sample } = validate(verifyHandwritingRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const { comparison } = await verify(caller, subject, {
        modality: 'HANDWRITING',
        modelId: MODEL_IDS[sample.form],
        analyse: () => reader.read(sample, ctx),
        compare: (read, templates) => reader.compare(read, templates, ctx),
      });
      return { comparison: present(sample.form, comparison), meaning: MEANING[sample.form] };
    },
  };
}

/** A score that does not exist is 0. */
function present(
  form: HandwritingForm,
  { outcome, score, threshold, modelId, reasons }: HandwritingComparison,
) {
  return {
    outcome: OUTCOMES[outcome],
    score: score ?? 0,
    threshold,
    model: modelId,
    reasons: inWords(form, reasons),
    remarks: [],
  };
}
