import { StatusError } from '../call/index.js';
import type { Db } from '../storage/index.js';
import { isConsented, type Modality, type Purpose } from './consent.js';
import { policyInForce } from './policies.js';
import { consentsAbout } from './consent-store.js';
import type { Subject } from './subject.js';

export interface ConsentGuardDependencies {
  options: {
    /** Where a person can read the policy and consent: named in the refusal. */
    consentUrl: string;
  };
}

/** Stands before every biometric that belongs to somebody. */
export interface ConsentGuard {
  /**
   * Passes when consent to the policy in force is held, in the caller's transaction if there is one.
   *
   * @throws StatusError CONSENT_REQUIRED with where to give it in `metadata.url`
   */
  require(db: Db, subject: Subject, modality: Modality, purpose: Purpose): Promise<void>;
}

export function createConsentGuard({ options }: ConsentGuardDependencies): ConsentGuard {
  return {
    async require(db, subject, modality, purpose) {
      const policy = policyInForce(modality, purpose);
      const records = await consentsAbout(db, subject, modality, purpose);
      if (isConsented(records, policy.version)) return;
      throw new StatusError(
        'CONSENT_REQUIRED',
        `Consent to ${modality.toLowerCase()} recognition is needed first; it can be given at ${options.consentUrl}.`,
        { metadata: { url: options.consentUrl, modality, purpose, policy_version: policy.version } },
      );
    },
  };
}
