import { randomBytes, randomUUID } from 'node:crypto';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';

describe.each(databases)('blobs on $name', ({ open }) => {
  let storage: Storage;
  let containerId: string;
  let now: number;
  beforeEach(async () => {
    now = 1_000;
    storage = await open(undefined, { now: () => now });
    containerId = await storage.containers.create(storage.db, {
      organisationId: randomUUID(),
      kind: 'session',
      ownerId: randomUUID(),
    });
  });

  const put = (bytes: Buffer, expiresAt: number | null = null): Promise<string> =>
    storage.blobs.put(storage.db, { containerId, contentType: 'image/jpeg', bytes, expiresAt });

  it.each([0, 1, 70_000, 3_000_000])('give back %i bytes', async (size) => {
    const bytes = randomBytes(size);
    const id = await put(bytes, 2_000);
    const { bytes: back, ...blob } = (await storage.blobs.get(storage.db, id))!;
    expect(back.equals(bytes)).toBe(true);
    expect(blob).toEqual({ id, containerId, contentType: 'image/jpeg', createdAt: 1_000, expiresAt: 2_000 });
  });

  it('are unreadable in the table, and at each other’s place', async () => {
    const [a, b] = [await put(Buffer.from('a face, in the clear')), await put(Buffer.from('another'))];
    const row = (await storage.db('blobs').where({ id: a }).first()) as { sealed: Buffer };
    expect(row.sealed.includes('in the clear')).toBe(false);
    await storage.db('blobs').where({ id: b }).update({ sealed: row.sealed });
    await expect(storage.blobs.get(storage.db, b)).rejects.toMatchObject({ problem: 'authentication' });
  });

  it('are deleted once', async () => {
    const id = await put(Buffer.from('x'));
    expect(await storage.blobs.delete(storage.db, id)).toBe(true);
    expect(await storage.blobs.delete(storage.db, id)).toBe(false);
    expect(await storage.blobs.get(storage.db, id)).toBeUndefined();
  });

  it('are gone at their expiry, and deleted in batches', async () => {
    const kept = [await put(Buffer.from('for ever')), await put(Buffer.from('later'), 5_001)];
    const expired = await Promise.all([2_000, 3_000, 5_000].map((at) => put(Buffer.from('x'), at)));
    now = 5_000;
    for (const id of expired) expect(await storage.blobs.get(storage.db, id)).toBeUndefined();
    expect(await storage.blobs.deleteExpired(storage.db, now, 2)).toBe(2);
    expect(await storage.blobs.deleteExpired(storage.db, now, 2)).toBe(1);
    expect(await storage.blobs.deleteExpired(storage.db, now, 2)).toBe(0);
    for (const id of kept) expect(await storage.blobs.get(storage.db, id)).toBeDefined();
  });

  it('need a container', async () => {
    const orphan = {
      containerId: randomUUID(),
      contentType: 'image/png',
      bytes: Buffer.of(1),
      expiresAt: null,
    };
    await expect(storage.blobs.put(storage.db, orphan)).rejects.toMatchObject({ problem: 'no_container' });
    const id = await put(Buffer.of(1));
    const unlinked = storage.db('blobs').where({ id }).update({ container_id: randomUUID() });
    await expect(unlinked).rejects.toThrow(/foreign key constraint/i);
  });
});
