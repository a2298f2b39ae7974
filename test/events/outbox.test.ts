import { randomUUID } from 'node:crypto';
import { deleteBefore, emit, readAfter, type NewEvent } from '../../src/events/index.js';
import { SETTLED_AFTER_MS } from '../../src/events/outbox.js';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';

const NOW = 1_795_000_000_000;
const organisationId = randomUUID();

function event(key: string, at = NOW): NewEvent {
  return { organisationId, topic: 'exam.started', key, payload: { exam: key, n: 1 }, at };
}

describe.each(databases)('the outbox on $name', ({ open, name }) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  const keys = async (cursor = 0, limit = 100, now = NOW): Promise<string[]> =>
    (await readAfter(storage.db, cursor, limit, now)).map(({ key }) => key);

  it('commits with the change it tells of, or not at all', async () => {
    await storage.transaction((tx) => emit(tx, event('a')));
    const undone = storage.transaction(async (tx) => {
      await emit(tx, event('b'));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const events = await readAfter(storage.db, 0, 10, NOW);
    expect(events).toEqual([{ ...event('a'), id: events[0]!.id }]);
  });

  it('is read in order, in pages, from a cursor', async () => {
    for (const key of ['a', 'b', 'c']) await emit(storage.db, event(key));
    const [first, second] = await readAfter(storage.db, 0, 2, NOW);
    expect([first!.key, second!.key]).toEqual(['a', 'b']);
    expect(await keys(second!.id, 2)).toEqual(['c']);
    expect(await keys(first!.id)).toEqual(['b', 'c']);
  });

  it('stops at a gap that may yet be filled, and passes it when it cannot be', async () => {
    for (const key of ['a', 'b', 'c']) await emit(storage.db, event(key));
    await storage.db('outbox').where({ key: 'b' }).delete();
    expect(await keys()).toEqual(['a']);
    expect(await keys(0, 100, NOW + SETTLED_AFTER_MS - 1)).toEqual(['a']);
    expect(await keys(0, 100, NOW + SETTLED_AFTER_MS)).toEqual(['a', 'c']);
  });

  it('forgets what is old, in batches, and nothing else', async () => {
    for (const [i, key] of ['a', 'b', 'c'].entries()) await emit(storage.db, event(key, NOW + i));
    expect(await deleteBefore(storage.db, NOW, 10)).toBe(0);
    expect(await deleteBefore(storage.db, NOW + 2, 1)).toBe(1);
    expect(await deleteBefore(storage.db, NOW + 2, 10)).toBe(1);
    expect(await storage.db('outbox').pluck('key')).toEqual(['c']);
  });

  if (name === 'mariadb') {
    it('passes over no event whose transaction commits late', async () => {
      let finish = (): void => undefined;
      const held = new Promise<void>((resolve) => (finish = resolve));
      let began = (): void => undefined;
      const started = new Promise<void>((resolve) => (began = resolve));
      await emit(storage.db, event('first'));
      const late = storage.transaction(async (tx) => {
        await emit(tx, event('late'));
        began();
        await held;
      });
      await started;
      await emit(storage.db, event('early'));
      expect(await keys()).toEqual(['first']);
      finish();
      await late;
      expect(await keys()).toEqual(['first', 'late', 'early']);
    });
  }
});
