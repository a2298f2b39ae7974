import type { Db, Storage } from '../../storage/index.js';
import { MODALITIES, type VerificationThrottle } from '../ports.js';
import type { SubjectData } from '../registry.js';
import { allowancesOf, eraseAllowances, expireAllowances } from './allowance-store.js';
import type { References } from './references.js';
import { countTemplates, deleteReference, expiredReferences, referencesOf } from './store.js';
import { throttleKey } from './throttle.js';

/** What this room holds about a person. Templates are exported as what they are, never as themselves. */
export function referenceData({
  storage,
  references,
  throttle,
}: {
  storage: Storage;
  references: References;
  throttle: VerificationThrottle;
}): SubjectData {
  const { containers, db } = storage;

  async function attemptsRemoved(tx: Db, userId: string): Promise<number> {
    let removed = 0;
    for (const modality of MODALITIES) removed += await throttle.remove(tx, throttleKey(userId, modality));
    return removed;
  }

  return {
    name: 'biometrics',

    async export(from, userId) {
      const held = [];
      for (const record of await referencesOf(from, userId)) {
        held.push({
          modality: record.modality,
          model: record.modelId,
          templates: await countTemplates(from, record),
          assurance: record.assurance,
          custody: record.custody,
          enrolled: iso(record.enrolledAt),
          expires: iso(record.expiresAt),
          last_match: record.matchedAt === null ? null : iso(record.matchedAt),
        });
      }
      const allowances = await allowancesOf(from, userId);
      return {
        references: held,
        replacement_allowances: allowances.map(({ modality, reason, allowedAt, expiresAt }) => ({
          modality,
          reason,
          allowed: iso(allowedAt),
          expires: iso(expiresAt),
        })),
      };
    },

    async erase(tx, userId) {
      const records = await referencesOf(tx, userId);
      for (const record of records) {
        await deleteReference(tx, record);
        await containers.destroy(tx, record.containerId);
      }
      return {
        references: records.length,
        replacement_allowances: await eraseAllowances(tx, userId),
        verification_attempts: await attemptsRemoved(tx, userId),
      };
    },

    async expire(now, limit) {
      const expired = await expiredReferences(db, now, limit);
      for (const record of expired) {
        await storage.transaction((tx) => references.remove(tx, record, { actor: null, cause: 'EXPIRED' }));
      }
      if (expired.length >= limit) return expired.length;
      return expired.length + (await expireAllowances(db, now, limit - expired.length));
    },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
