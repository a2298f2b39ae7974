import { Agent } from 'undici';
import type { Push } from '../../src/wallet/index.js';
import { startFakeExpo, type FakeExpo } from '../support/fake-expo.js';

const TOKEN = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';
const OTHER_TOKEN = 'ExponentPushToken[yyyyyyyyyyyyyyyyyyyyyy]';

describe('pushes through Expo', () => {
  let expo: FakeExpo;
  let push: Push;
  const agent = new Agent();

  beforeAll(async () => {
    expo = await startFakeExpo();
    // The SDK reads where Expo is when it is loaded.
    process.env['EXPO_BASE_URL'] = expo.url;
    const { expoPush } = await import('../../src/wallet/expo.js');
    push = expoPush(agent, 'project secret');
  });
  afterAll(async () => {
    delete process.env['EXPO_BASE_URL'];
    await agent.close();
    await expo.close();
  });
  beforeEach(() => {
    expo.received.length = 0;
    expo.broken = null;
  });

  it('say the same to everybody, with the project’s token', async () => {
    expect(await push.send(TOKEN)).toEqual({ ticket: expect.stringMatching(/^ticket-/) as string });
    expect(expo.received).toEqual([
      {
        authorization: 'Bearer project secret',
        message: {
          to: TOKEN,
          title: 'A request for your wallet',
          body: 'Open the wallet to allow it or to say no.',
          priority: 'high',
          ttl: 900,
        },
      },
    ]);
  });

  it('tell of a phone that is gone: at once, or by the receipt', async () => {
    const sent = await push.send(OTHER_TOKEN);
    const { ticket } = sent as Exclude<typeof sent, string>;
    expect(await push.receipts([ticket, 'unknown'])).toEqual(new Map([[ticket, 'DELIVERED']]));
    expo.unregistered.later.add(OTHER_TOKEN);
    expect(await push.receipts([ticket])).toEqual(new Map([[ticket, 'GONE']]));
    expo.unregistered.atOnce.add(OTHER_TOKEN);
    expect(await push.send(OTHER_TOKEN)).toBe('GONE');
  });

  it('fail where Expo does, without telling the phone’s token', async () => {
    expo.broken = 500;
    await expect(push.send(TOKEN)).rejects.toThrow(/^Expo answered with status 500.$/);
    await expect(push.receipts(['ticket-1'])).rejects.toThrow();
  });
});
