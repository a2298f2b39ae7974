import { formatName } from '../call/index.js';
import { Modality as ModalityMessage } from '../grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  type ConsentPolicy,
  Purpose as PurposeMessage,
  type Consent as ConsentMessage,
} from '../grpc/gen/probity/compliance/v1/consent_service.js';
import type { Consent, Modality, Purpose } from './consent.js';
import type { Policy } from './policies.js';
import { policyText, type PolicyLanguage } from './policy-texts.js';

const MODALITIES: Record<Modality, ModalityMessage> = {
  FACE: ModalityMessage.MODALITY_FACE,
  VOICE: ModalityMessage.MODALITY_VOICE,
  HANDWRITING: ModalityMessage.MODALITY_HANDWRITING,
  INTERACTION: ModalityMessage.MODALITY_INTERACTION,
};

const PURPOSES: Record<Purpose, PurposeMessage> = { EXAM_IDENTITY: PurposeMessage.PURPOSE_EXAM_IDENTITY };

/** The policy as a message, in a language. */
export function presentPolicy(
  { modality, purpose, version }: Policy,
  languageCode: PolicyLanguage,
): ConsentPolicy {
  const text = policyText(modality, languageCode);
  return { modality: MODALITIES[modality], purpose: PURPOSES[purpose], version, text, languageCode };
}

/** The consent as a message. */
export function presentConsent(consent: Consent): ConsentMessage {
  const { id, userId, organisationId } = consent;
  return {
    name: userId
      ? formatName('users/{user}/consents/{consent}', { user: userId, consent: id })
      : formatName('organisations/{organisation}/consents/{consent}', {
          organisation: organisationId,
          consent: id,
        }),
    modality: MODALITIES[consent.modality],
    purpose: PURPOSES[consent.purpose],
    policyVersion: consent.policyVersion,
    grantTime: new Date(consent.grantedAt),
    revokeTime: consent.revokedAt === null ? undefined : new Date(consent.revokedAt),
    givenBy: consent.givenBy === null ? '' : formatName('users/{user}', { user: consent.givenBy }),
    attestation: consent.attestation ?? '',
  };
}
