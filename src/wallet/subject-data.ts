import type { SubjectData } from '../biometrics/index.js';
import type { Storage } from '../storage/index.js';
import type { Phones } from './phones.js';
import type { Wallet } from './wallet.js';
import { deletePushes, pushesBefore } from './wallet-store.js';

/** Expo keeps receipts for a day. */
const TICKET_MS = 24 * 3_600_000;

/** What the wallet holds about a person. Their templates are the references' to export and erase, the requests the checks'. */
export function walletData({
  storage,
  wallet,
  phones,
}: {
  storage: Storage;
  wallet: Wallet;
  phones: Phones;
}): SubjectData {
  const { db } = storage;
  return {
    name: 'wallet',

    async export(from, userId) {
      const phone = await phones.describe(from, userId);
      const entries = await wallet.entries(from, userId);
      return {
        phone: phone && {
          push_token: phone.pushToken,
          registered: new Date(phone.registeredAt).toISOString(),
        },
        references: entries.map(({ modality, custody, lentUntil }) => ({
          modality,
          custody,
          lent_until: lentUntil === null ? null : new Date(lentUntil).toISOString(),
        })),
      };
    },

    erase: async (tx, userId) => ({ wallet_phones: await phones.forget(tx, userId) }),

    async expire(now, limit) {
      const old = await pushesBefore(db, now - TICKET_MS, limit);
      return deletePushes(
        db,
        old.map(({ ticket }) => ticket),
      );
    },
  };
}
