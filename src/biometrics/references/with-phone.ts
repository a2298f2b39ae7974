import { StatusError } from '../../call/index.js';
import type { Modality } from '../ports.js';

/** @returns REFERENCE_MISSING for a reference whose templates the student's phone has */
export function withPhone(modality: Modality): StatusError {
  const name = modality.toLowerCase();
  return new StatusError(
    'REFERENCE_MISSING',
    `The phone has the ${name} reference; ask for it, and allow it in the wallet.`,
    { resource: { type: 'probity.biometrics.v1.Reference', name: `users/me/references/${name}` } },
  );
}
