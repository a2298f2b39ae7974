import { timeout, TimeoutStrategy } from 'cockatiel';
import { Expo, type ExpoPushReceipt, type ExpoPushTicket } from 'expo-server-sdk';
import type { Dispatcher } from 'undici';
import type { Push } from './ports.js';

/** The SDK sets no time limit of its own. Somebody waits for the answer, and the request holds without a push. */
const LIMIT_MS = 8_000;

/** No name, no exam and no biometric: lock screens are read by others. */
const TEXT = {
  title: 'A request for your wallet',
  body: 'Open the wallet to allow it or to say no.',
  priority: 'high',
  // A request holds for a quarter of an hour.
  ttl: 15 * 60,
} as const;

/**
 * Pushes through Expo.
 * @param dispatcher of the guarded way out; the SDK makes its requests through it
 * @param accessToken of the Expo project; empty where it asks for none
 */
export function expoPush(dispatcher: Dispatcher, accessToken: string): Push {
  const expo = new Expo({ httpAgent: dispatcher, ...(accessToken && { accessToken }) });
  const limit = timeout(LIMIT_MS, TimeoutStrategy.Aggressive);

  return {
    async send(pushToken) {
      const [ticket] = await limit
        .execute(() => expo.sendPushNotificationsAsync([{ to: pushToken, ...TEXT }]))
        .catch(unsent);
      if (!ticket) throw new Error('Expo answered no ticket');
      if (ticket.status === 'ok') return { ticket: ticket.id };
      if (isGone(ticket)) return 'GONE';
      // The message repeats the token.
      throw new Error(`Expo refused a push: ${ticket.details?.error ?? 'no reason given'}`);
    },

    async receipts(tickets) {
      const all = new Map<string, 'DELIVERED' | 'GONE' | 'FAILED'>();
      for (const chunk of expo.chunkPushNotificationReceiptIds([...tickets])) {
        const receipts = await limit
          .execute(() => expo.getPushNotificationReceiptsAsync(chunk))
          .catch(unsent);
        for (const [ticket, receipt] of Object.entries(receipts)) {
          all.set(ticket, receipt.status === 'ok' ? 'DELIVERED' : isGone(receipt) ? 'GONE' : 'FAILED');
        }
      }
      return all;
    },
  };
}

/** What Expo answers may repeat the token, which does not belong in a log; what did not reach it says where it ended. */
function unsent(error: unknown): never {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== undefined) throw new Error(`Expo answered with status ${statusCode}.`);
  throw new Error('Expo cannot be reached.', { cause: error });
}

function isGone(answer: ExpoPushTicket | ExpoPushReceipt): boolean {
  return answer.status === 'error' && answer.details?.error === 'DeviceNotRegistered';
}
