import type { ComplianceDependencies } from './compliance.js';
import { consentsOf, eraseConsents, expireConsents } from './consent-store.js';
import { expireErasures } from './erasure-store.js';
import { presentConsent } from './presenter.js';
import type { SubjectData } from './subject.js';

const DAY_MS = 86_400_000;

/** This domain's own part: consents. The last withdrawal of each modality does not expire: it still counts. */
export function consentData({ storage, options }: ComplianceDependencies): SubjectData {
  return {
    name: 'consents',
    export: async (db, userId) => (await consentsOf(db, userId)).map(presentConsent),
    erase: async (tx, userId) => ({ consents: await eraseConsents(tx, userId) }),
    async expire(now, limit) {
      const before = now - options.recordRetentionDays * DAY_MS;
      const consents = await expireConsents(storage.db, before, limit);
      return consents >= limit
        ? consents
        : consents + (await expireErasures(storage.db, before, limit - consents));
    },
  };
}
