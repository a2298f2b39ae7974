import type { Modality, Purpose } from './consent.js';

/** What people consent to. A changed text is a new version, and asks everybody again; a version is one in all languages. */
export interface Policy {
  modality: Modality;
  purpose: Purpose;
  version: string;
}

const VERSIONS: Record<Modality, string> = {
  FACE: '2026-11',
  VOICE: '2026-11',
  HANDWRITING: '2026-11-25',
  INTERACTION: '2026-11-25',
};

const POLICIES: Record<Modality, Record<Purpose, Policy>> = {
  FACE: { EXAM_IDENTITY: policy('FACE') },
  VOICE: { EXAM_IDENTITY: policy('VOICE') },
  HANDWRITING: { EXAM_IDENTITY: policy('HANDWRITING') },
  INTERACTION: { EXAM_IDENTITY: policy('INTERACTION') },
};

function policy(modality: Modality): Policy {
  return { modality, purpose: 'EXAM_IDENTITY', version: VERSIONS[modality] };
}

export function policyInForce(modality: Modality, purpose: Purpose): Policy {
  return POLICIES[modality][purpose];
}

/** Every policy in force, one a modality and purpose. */
export function policiesInForce(): Policy[] {
  return Object.values(POLICIES).flatMap((byPurpose) => Object.values(byPurpose));
}
