import { principalOf, validate } from '../../call/index.js';
import type { InteractionServiceService } from '../../grpc/gen/probity/biometrics/v1/interaction_service.js';
import { Modality } from '../../grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Handlers } from '../../grpc/index.js';
import {
  presentReferences,
  type Enrol,
  type ReferenceRulesDependencies,
  type Verify,
} from '../references/index.js';
import { findSubject } from '../whom.js';
import type { InteractionAnalyser } from './analyser.js';
import type { Background } from './background.js';
import { interactionMatcher } from './matcher.js';
import { MODEL_ID } from './policy.js';
import { presentInteraction } from './presenter.js';
import { interactionRequest } from './requests.js';

export interface InteractionServiceDependencies extends ReferenceRulesDependencies {
  analyser: InteractionAnalyser;
  background: Background;
  enrol: Enrol;
  verify: Verify;
}

/** InteractionService: how somebody types and moves the mouse. */
export function interactionService({
  storage,
  references,
  directory,
  clock,
  analyser,
  background,
  enrol,
  verify,
}: InteractionServiceDependencies): Handlers<typeof InteractionServiceService> {
  const { db } = storage;
  return {
    async trainInteraction(request, ctx) {
      const caller = principalOf(ctx);
      const { user, dataset } = validate(interactionRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const matcher = interactionMatcher(analyser, () => background.of(db, subject));
      const { decision, samples } = await enrol(caller, subject, matcher, async () => [
        await analyser.read(dataset, ctx),
      ]);
      const held = await presentReferences(db, references, subject.userId, clock.now());
      const { accepted, reasons } = decision.verdicts[0] ?? { accepted: false, reasons: [] };
      return {
        reference: held.find(({ modality }) => modality === Modality.MODALITY_INTERACTION),
        accepted,
        reasons,
        amounts: samples[0]?.amounts,
      };
    },

    async testInteraction(request, ctx) {
      const caller = principalOf(ctx);
      const { user, dataset } = validate(interactionRequest, request);
      const subject = await findSubject(db, directory, caller, user.user);
      const { comparison } = await verify(caller, subject, {
        modality: 'INTERACTION',
        modelId: MODEL_ID,
        analyse: () => background.of(db, subject),
        compare: (others, templates) =>
          analyser.judge(
            dataset,
            { reference: templates.map(({ vector }) => vector), background: others },
            ctx,
          ),
      });
      return { finding: presentInteraction(comparison) };
    },
  };
}
