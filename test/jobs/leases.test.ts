import { claim, fence, LeaseLost, release, renew } from '../../src/jobs/leases.js';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';

describe.each(databases)('a lease on $name', ({ open }) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  const ask = (holder: string, slot: number, now: number): Promise<number | undefined> =>
    claim(storage.db, { name: 'job', holder, slot, now, leaseMs: 100 });

  it('is claimed by one of many', async () => {
    const tickets = await Promise.all(
      Array.from({ length: 12 }, (_, i) => ask(`node${String(i)}`, 1_000, 1_000)),
    );
    expect(tickets.filter((ticket) => ticket !== undefined)).toEqual([1]);
  });

  it('is held until it expires or is given back', async () => {
    expect(await ask('a', 1_000, 1_000)).toBe(1);
    expect(await ask('b', 1_050, 1_099)).toBeUndefined();
    expect(await ask('b', 1_050, 1_100)).toBe(2);
    await release(storage.db, 'job', 1); // Late, and no longer a's to give.
    expect(await ask('a', 1_150, 1_150)).toBeUndefined();
    await release(storage.db, 'job', 2);
    expect(await ask('a', 1_150, 1_150)).toBe(3);
  });

  it('is given once for a slot', async () => {
    expect(await ask('a', 1_000, 1_000)).toBe(1);
    await release(storage.db, 'job', 1);
    expect(await ask('b', 1_000, 1_010)).toBeUndefined();
    expect(await ask('b', 1_001, 1_010)).toBe(2);
  });

  it('outside any schedule is given whenever nobody holds it', async () => {
    const lease = { name: 'work', holder: 'a', now: 1_000, leaseMs: 100 };
    expect(await claim(storage.db, lease)).toBe(1);
    expect(await claim(storage.db, lease)).toBeUndefined();
    await release(storage.db, 'work', 1);
    expect(await claim(storage.db, lease)).toBe(2);
  });

  it('is prolonged by its holder only', async () => {
    await ask('a', 1_000, 1_000);
    expect(await renew(storage.db, 'job', 1, 1_300)).toBe(true);
    expect(await ask('b', 1_200, 1_200)).toBeUndefined();
    expect(await ask('b', 1_300, 1_300)).toBe(2);
    expect(await renew(storage.db, 'job', 1, 9_000)).toBe(false);
  });

  it('fences off a holder that was overtaken', async () => {
    await ask('a', 1_000, 1_000);
    await storage.transaction((tx) => fence(tx, 'job', 1));
    await ask('b', 2_000, 2_000);
    const write = storage.transaction((tx) => fence(tx, 'job', 1));
    await expect(write).rejects.toThrow(LeaseLost);
  });
});
