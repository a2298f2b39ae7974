import type { Subject } from '../biometrics/index.js';
import type { Db } from '../storage/index.js';
import type { Push } from './ports.js';
import type { WalletDependencies } from './wallet.js';
import * as store from './wallet-store.js';

/** Names what is sealed in a phone's container. */
const PURPOSE = 'push_token';
/** The shortest time between two pushes to a phone. */
const PUSH_INTERVAL_MS = 60_000;

export type PushOutcome = 'SENT' | 'RECENT' | 'NO_PHONE' | 'FAILED' | 'OFF';

/** The students' phones, and the pushes to them. */
export interface Phones {
  /** Puts a phone in the place of the one before; null: no phone any more. */
  register(tx: Db, subject: Subject, pushToken: string | null): Promise<void>;
  isRegistered(db: Db, userId: string): Promise<boolean>;
  /** Asks the phone to open the wallet, at most once a minute. Not inside a transaction: it calls out. */
  push(userId: string): Promise<PushOutcome>;
  /** Reads the receipts of pushes sent by `before`, and forgets phones that have no wallet any more. */
  readReceipts(before: number, limit: number): Promise<number>;
  /** Deletes what is held of a phone; the number of rows. */
  forget(tx: Db, userId: string): Promise<number>;
  /** For the person themselves; null for no phone. */
  describe(db: Db, userId: string): Promise<{ pushToken: string; registeredAt: number } | null>;
}

export function createPhones({
  storage,
  audit,
  push,
  clock,
  log,
}: Pick<WalletDependencies, 'storage' | 'audit' | 'push' | 'clock' | 'log'>): Phones {
  const { containers, db } = storage;

  async function drop(tx: Db, phone: Pick<store.Phone, 'userId' | 'containerId'>): Promise<boolean> {
    const dropped = await store.deletePhone(tx, phone);
    if (dropped) await containers.destroy(tx, phone.containerId);
    return dropped;
  }

  async function tokenOf(from: Db, { containerId, sealedToken }: store.Phone): Promise<string> {
    return (await containers.open(from, containerId, PURPOSE, sealedToken)).toString();
  }

  /** The wallet was deinstalled, or its permission to notify was taken away. */
  async function gone(phone: Pick<store.Phone, 'userId' | 'containerId'>): Promise<void> {
    await storage.transaction(async (tx) => {
      const held = await store.findPhone(tx, phone.userId);
      if (!held || !(await drop(tx, phone))) return;
      await audit.record(tx, {
        organisationId: held.organisationId,
        actor: null,
        subject: phone.userId,
        action: 'wallet.phone_gone',
        target: null,
        details: {},
      });
    });
  }

  async function send(by: Push, phone: store.Phone): Promise<PushOutcome> {
    try {
      const sent = await by.send(await tokenOf(db, phone));
      if (sent === 'GONE') {
        await gone(phone);
        return 'NO_PHONE';
      }
      const { userId, containerId } = phone;
      await store.insertPush(db, { ticket: sent.ticket, userId, containerId, sentAt: clock.now() });
      return 'SENT';
    } catch (error) {
      log.warn({ err: error }, 'a push message could not be sent');
      return 'FAILED';
    }
  }

  return {
    async register(tx, subject, pushToken) {
      const before = await store.findPhone(tx, subject.userId);
      if (before && pushToken !== null && (await tokenOf(tx, before)) === pushToken) return;
      if (!before && pushToken === null) return;
      if (before) await drop(tx, before);
      if (pushToken !== null) {
        const { userId, organisationId } = subject;
        const owner = { organisationId, kind: 'phone', ownerId: userId };
        const containerId = await containers.create(tx, owner);
        const sealedToken = await containers.seal(tx, containerId, PURPOSE, Buffer.from(pushToken));
        await store.insertPhone(tx, {
          ...subject,
          containerId,
          sealedToken,
          registeredAt: clock.now(),
          // A phone takes the place of another without a further push in the same minute.
          pushedAt: before?.pushedAt ?? 0,
        });
      }
      await audit.record(tx, {
        organisationId: subject.organisationId,
        actor: subject.userId,
        subject: subject.userId,
        action: pushToken === null ? 'wallet.phone_removed' : 'wallet.phone_registered',
        target: null,
        details: {},
      });
    },

    isRegistered: async (from, userId) => (await store.findPhone(from, userId)) !== null,

    async push(userId) {
      if (!push) return 'OFF';
      const phone = await store.findPhone(db, userId);
      if (!phone) return 'NO_PHONE';
      const now = clock.now();
      if (!(await store.takePush(db, userId, now - PUSH_INTERVAL_MS, now))) return 'RECENT';
      return send(push, phone);
    },

    async readReceipts(before, limit) {
      const sent = push ? await store.pushesBefore(db, before, limit) : [];
      if (!push || sent.length === 0) return 0;
      const receipts = await push.receipts(sent.map(({ ticket }) => ticket));
      for (const each of sent) if (receipts.get(each.ticket) === 'GONE') await gone(each);
      return store.deletePushes(
        db,
        sent.map(({ ticket }) => ticket).filter((ticket) => receipts.has(ticket)),
      );
    },

    async forget(tx, userId) {
      const phone = await store.findPhone(tx, userId);
      const dropped = phone && (await drop(tx, phone)) ? 1 : 0;
      return dropped + (await store.deletePushesOf(tx, userId));
    },

    async describe(from, userId) {
      const phone = await store.findPhone(from, userId);
      return phone && { pushToken: await tokenOf(from, phone), registeredAt: phone.registeredAt };
    },
  };
}
