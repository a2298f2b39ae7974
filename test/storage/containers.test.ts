import { randomBytes, randomUUID } from 'node:crypto';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';

const plaintext = Buffer.from('an embedding');

function newContainer(): { organisationId: string; kind: string; ownerId: string } {
  return { organisationId: randomUUID(), kind: 'subject', ownerId: randomUUID() };
}

describe.each(databases)('containers on $name', ({ open, place }) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });

  it('open what they sealed, for its purpose and in its container only', async () => {
    const { db, containers } = storage;
    const [a, b] = [await containers.create(db, newContainer()), await containers.create(db, newContainer())];
    const sealed = await containers.seal(db, a, 'template:1', plaintext);
    expect(await containers.open(db, a, 'template:1', sealed)).toEqual(plaintext);
    await expect(containers.open(db, a, 'template:2', sealed)).rejects.toMatchObject({
      problem: 'authentication',
    });
    await expect(containers.open(db, b, 'template:1', sealed)).rejects.toMatchObject({
      problem: 'authentication',
    });
    await expect(containers.open(db, randomUUID(), 'p', sealed)).rejects.toMatchObject({
      problem: 'no_container',
    });
  });

  it('open after a restart', async () => {
    const at = await place();
    const before = await open(at);
    const id = await before.containers.create(before.db, newContainer());
    const sealed = await before.containers.seal(before.db, id, 'p', plaintext);
    const after = await open(at);
    expect(await after.containers.open(after.db, id, 'p', sealed)).toEqual(plaintext);
  });

  it('keep no usable key in the database', async () => {
    const id = await storage.containers.create(storage.db, newContainer());
    const other = await storage.containers.create(storage.db, newContainer());
    const sealed = await storage.containers.seal(storage.db, id, 'p', plaintext);
    const row = (await storage.db('containers').where({ id }).first()) as { wrapped_key: Buffer };
    await storage.db('containers').where({ id: other }).update({ wrapped_key: row.wrapped_key });
    await expect(storage.containers.open(storage.db, other, 'p', sealed)).rejects.toMatchObject({
      problem: 'authentication',
    });
  });

  it('are erased for good, on every node at once', async () => {
    const at = await place();
    const [one, two] = [await open(at), await open(at)];
    const id = await one.containers.create(one.db, newContainer());
    const sealed = await one.containers.seal(one.db, id, 'p', plaintext);
    await two.containers.open(two.db, id, 'p', sealed); // Node two now has the key in memory.
    const blob = await one.blobs.put(one.db, {
      containerId: id,
      contentType: 'image/jpeg',
      bytes: randomBytes(99),
      expiresAt: null,
    });

    expect(await one.containers.destroy(one.db, id)).toBe(true);
    expect(await one.containers.destroy(one.db, id)).toBe(false);
    for (const { containers, db, blobs } of [one, two]) {
      await expect(containers.open(db, id, 'p', sealed)).rejects.toMatchObject({ problem: 'destroyed' });
      await expect(containers.seal(db, id, 'p', plaintext)).rejects.toMatchObject({ problem: 'destroyed' });
      expect(await blobs.get(db, blob)).toBeUndefined();
    }
    const row = (await one.db('containers').where({ id }).first()) as {
      wrapped_key: unknown;
      destroyed_at: number;
    };
    expect(row.wrapped_key).toBeNull();
    expect(row.destroyed_at).toBeGreaterThan(0);
  });

  it('are not erased by a transaction that rolls back', async () => {
    const id = await storage.containers.create(storage.db, newContainer());
    const sealed = await storage.containers.seal(storage.db, id, 'p', plaintext);
    const undone = storage.transaction(async (tx) => {
      await storage.containers.destroy(tx, id);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await storage.containers.open(storage.db, id, 'p', sealed)).toEqual(plaintext);
  });

  it('are found by their owner while they live', async () => {
    const mine = newContainer();
    const { containers, db } = storage;
    const first = await containers.create(db, mine);
    const second = await containers.create(db, { ...mine, kind: 'session' });
    await containers.create(db, { ...mine, organisationId: randomUUID() });
    const found = await containers.ofOwner(db, mine.organisationId, mine.ownerId);
    expect(found.map((container) => container.id).sort()).toEqual([first, second].sort());
    expect(found.find((container) => container.id === second)).toMatchObject({ ...mine, kind: 'session' });
    await containers.destroy(db, first);
    expect(await containers.ofOwner(db, mine.organisationId, mine.ownerId)).toHaveLength(1);
  });
});
