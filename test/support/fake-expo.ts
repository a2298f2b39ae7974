import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A message as Expo's push service is sent it. */
export interface ExpoMessage {
  to: string;
  title?: string;
  body?: string;
  data?: unknown;
}

/**
 * Expo's push service, as far as we use it, over HTTP on the loopback: tickets for messages, receipts for tickets.
 * https://docs.expo.dev/push-notifications/sending-notifications/
 */
export interface FakeExpo {
  url: string;
  received: { message: ExpoMessage; authorization: string | undefined }[];
  /** Tokens of phones on which the app is not installed any more: told by the ticket, or only by the receipt. */
  unregistered: { atOnce: Set<string>; later: Set<string> };
  /** A status that every request is answered with; null: as it should be. */
  broken: number | null;
  close(): Promise<void>;
}

export async function startFakeExpo(): Promise<FakeExpo> {
  const tickets = new Map<string, string>();
  const fake: Omit<FakeExpo, 'url' | 'close'> = {
    received: [],
    unregistered: { atOnce: new Set(), later: new Set() },
    broken: null,
  };
  const gone = (expoPushToken: string) => ({
    status: 'error',
    message: `"${expoPushToken}" is not a registered push notification recipient`,
    details: { error: 'DeviceNotRegistered', expoPushToken },
  });

  function send(messages: ExpoMessage[], authorization: string | undefined): unknown {
    return messages.map((message) => {
      fake.received.push({ message, authorization });
      if (fake.unregistered.atOnce.has(message.to)) return gone(message.to);
      const id = `ticket-${tickets.size + 1}`;
      tickets.set(id, message.to);
      return { status: 'ok', id };
    });
  }

  function receipts(ids: string[]): unknown {
    const known = ids.filter((id) => tickets.has(id));
    return Object.fromEntries(
      known.map((id) => {
        const to = tickets.get(id) ?? '';
        return [id, fake.unregistered.later.has(to) ? gone(to) : { status: 'ok' }];
      }),
    );
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const body = JSON.parse(text.toString()) as unknown;
      const data = request.url?.endsWith('/push/send')
        ? send(body as ExpoMessage[], request.headers.authorization)
        : receipts((body as { ids: string[] }).ids);
      response.writeHead(fake.broken ?? 200, { 'content-type': 'application/json' });
      const errors = [{ code: 'INTERNAL_SERVER_ERROR', message: `broken: ${JSON.stringify(body)}` }];
      response.end(JSON.stringify(fake.broken ? { errors } : { data }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  });
}
