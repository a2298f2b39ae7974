import { Modality as ModalityMessage } from '../../grpc/gen/probity/biometrics/v1/reference_service.js';
import type {
  IdentityConfidence as IdentityMessage,
  IdentityContribution as ContributionMessage,
} from '../../grpc/gen/probity/exams/v1/identity.js';
import type { Contribution, IdentityConfidence, WatchedModality } from '../watching/fusion.js';

export const MODALITIES: Record<WatchedModality, ModalityMessage> = {
  FACE: ModalityMessage.MODALITY_FACE,
  VOICE: ModalityMessage.MODALITY_VOICE,
  INTERACTION: ModalityMessage.MODALITY_INTERACTION,
};

export function presentIdentity({ contributions, ...same }: IdentityConfidence): IdentityMessage {
  return { ...same, contributions: contributions.map(presentContribution) };
}

export function presentContribution({ modality, latest, ...shown }: Contribution): ContributionMessage {
  return {
    modality: MODALITIES[modality],
    evidence: shown.evidence,
    observations: shown.observations,
    score: latest?.score,
    threshold: latest?.threshold,
    logLikelihoodRatio: latest?.logLikelihoodRatio,
    model: latest?.modelId ?? '',
    lastTime: new Date(shown.at),
  };
}
