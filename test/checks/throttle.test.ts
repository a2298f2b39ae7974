import { createThrottle, type Throttle, type ThrottlePolicy } from '../../src/checks/index.js';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';

const POLICY: ThrottlePolicy = {
  freeFailures: 3,
  firstDelayMs: 1_000,
  maxDelayMs: 8_000,
  hardStop: 6,
  forgetAfterMs: 60_000,
};

describe.each(databases)('the throttle on $name', ({ open }) => {
  const clock = { at: 1_000_000, now: () => clock.at };
  let storage: Storage;
  let throttle: Throttle;
  beforeAll(async () => {
    storage = await open();
    throttle = createThrottle({ storage, clock });
  });

  it('lets exactly as many through as the policy, however many try at once', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => throttle.attempt('parallel', POLICY)),
    );
    expect(tries.filter((tried) => tried.status === 'fulfilled').length).toBe(3);
    for (const tried of tries) {
      if (tried.status === 'rejected') expect(tried.reason).toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    }
    await expect(throttle.attempt('parallel', POLICY)).rejects.toMatchObject({
      reason: 'TOO_MANY_ATTEMPTS',
      details: { retryAfterMs: 1_000 },
    });
  });

  it('says beforehand what an attempt would be told, and takes none', async () => {
    for (let n = 0; n < 10; n++) await throttle.require('asked', POLICY);
    for (let n = 0; n < 3; n++) await throttle.attempt('asked', POLICY);
    const refused = { reason: 'TOO_MANY_ATTEMPTS', details: { retryAfterMs: 1_000 } };
    await expect(throttle.require('asked', POLICY)).rejects.toMatchObject(refused);
    await expect(throttle.attempt('asked', POLICY)).rejects.toMatchObject(refused);
  });

  it('lets one through after each wait, and none after the hard stop', async () => {
    for (let failures = 1; failures <= 6; failures++) {
      const attempt = await throttle.attempt('slow', POLICY);
      expect(attempt.failures).toBe(failures);
      if (attempt.delayMs > 0) {
        clock.at += attempt.delayMs - 1;
        await expect(throttle.attempt('slow', POLICY)).rejects.toMatchObject({
          details: failures < 6 ? { retryAfterMs: 1 } : { metadata: { blocked: 'true' } },
        });
        clock.at += 1;
      }
    }
    const refused = throttle.attempt('slow', POLICY);
    await expect(refused).rejects.toMatchObject({ details: { metadata: { blocked: 'true' } } });
    await throttle.clear(storage.db, 'slow');
    expect((await throttle.attempt('slow', POLICY)).failures).toBe(1);
  });

  it('forgets everything at a success', async () => {
    await throttle.attempt('right', POLICY);
    await throttle.attempt('right', POLICY);
    const third = await throttle.attempt('right', POLICY);
    expect(third.delayMs).toBe(1_000);
    await third.succeeded();
    expect(await throttle.attempt('right', POLICY)).toMatchObject({ failures: 1, delayMs: 0 });
  });

  it('takes a withdrawn attempt back, with its wait', async () => {
    await throttle.attempt('none', POLICY);
    await throttle.attempt('none', POLICY);
    await (await throttle.attempt('none', POLICY)).withdrawn();
    expect((await throttle.attempt('none', POLICY)).failures).toBe(3);
  });

  it('takes back only its own failure when others came after it', async () => {
    const first = await throttle.attempt('mixed', POLICY);
    await throttle.attempt('mixed', POLICY);
    await first.withdrawn();
    expect((await throttle.attempt('mixed', POLICY)).failures).toBe(2);
  });

  it('keeps keys apart', async () => {
    for (let i = 0; i < 3; i++) await throttle.attempt('one', POLICY);
    await expect(throttle.attempt('one', POLICY)).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    expect((await throttle.attempt('other', POLICY)).failures).toBe(1);
  });

  it('deletes what is over, a batch at a time, and nothing else', async () => {
    await throttle.forget(1_000);
    const before = await rows();
    clock.at += 40_000;
    await throttle.attempt('young', POLICY);
    clock.at += 30_000;
    expect(await throttle.forget(2)).toBe(Math.min(2, before));
    while ((await throttle.forget(2)) > 0);
    expect(await rows()).toBe(1);
    expect(await throttle.remove(storage.db, 'young')).toBe(1);
  });

  async function rows(): Promise<number> {
    return (await storage.db('throttles').pluck('key')).length;
  }
});
