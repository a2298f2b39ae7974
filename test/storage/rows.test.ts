import { randomBytes } from 'node:crypto';
import { StatusError } from '../../src/call/index.js';
import {
  bool,
  compareAndSet,
  fromJson,
  insertIgnore,
  isUniqueViolation,
  toJson,
  type Storage,
} from '../../src/storage/index.js';
import { bytes, createTable, flag, id, jsonText, millis, version } from '../../src/storage/schema.js';
import { databases } from '../support/databases.js';

interface Thing {
  id: string;
  email: string;
  on_off: unknown;
  at: number;
  score: number;
  data: Buffer;
  json: string;
  version: number;
}

describe.each(databases)('rows on $name', ({ open }) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
    await createTable(storage.db, 'things', (t) => {
      id(t, 'id').primary();
      t.string('email', 254).notNullable().unique();
      flag(t, 'on_off').defaultTo(0);
      millis(t, 'at');
      t.double('score');
      bytes(t, 'data');
      jsonText(t, 'json');
      version(t);
    });
  });
  beforeEach(() => storage.db('things').delete());

  const thing = (key: string, changes: object = {}): Record<string, string | number | boolean | Buffer> => ({
    ...{
      id: key,
      email: `${key}@example.org`,
      on_off: true,
      at: 0,
      score: 0,
      data: Buffer.of(1),
      json: '{}',
    },
    ...changes,
  });
  const read = async (key: string): Promise<Thing> =>
    (await storage.db<Thing>('things').where({ id: key }).first()) as Thing;

  it('read back as they were written', async () => {
    const data = randomBytes(100_000);
    const json = { text: 'Ä 🎓 \u0000 "', list: [1, null, { deep: true }] };
    await storage
      .db('things')
      .insert(thing('a', { at: 1_795_000_000_123, score: 0.1 + 0.2, data, json: toJson(json) }));
    const row = await read('a');
    expect(row).toMatchObject({ at: 1_795_000_000_123, score: 0.1 + 0.2, version: 1 });
    expect(Buffer.isBuffer(row.data)).toBe(true);
    expect(row.data.equals(data)).toBe(true);
    expect(fromJson(row.json)).toEqual(json);
    expect(bool(row.on_off)).toBe(true);
    await storage.db('things').where({ id: 'a' }).update({ on_off: false });
    expect(bool((await read('a')).on_off)).toBe(false);
  });

  it('keep integers up to 2^53, and numbers in text as written', async () => {
    await storage.db('things').insert(thing('a', { at: Number.MAX_SAFE_INTEGER, score: 5, email: 5 }));
    expect(await read('a')).toMatchObject({ at: Number.MAX_SAFE_INTEGER, score: 5, email: '5' });
    await storage.db('things').where({ id: 'a' }).update({ at: -1 });
    expect((await read('a')).at).toBe(-1);
  });

  it('count and sum as numbers', async () => {
    await storage.db('things').insert([thing('a', { at: 2 }), thing('b', { at: 3 })]);
    const rows = await storage.db('things').count({ n: '*' }).sum({ total: 'at' });
    expect(rows).toEqual([{ n: 2, total: 5 }]);
  });

  it('compare text by code point', async () => {
    await storage.db('things').insert([thing('a'), thing('A', { email: 'A@example.org' }), thing('ä')]);
    expect(await storage.db('things').where({ email: 'a@example.org' }).pluck('id')).toEqual(['a']);
    expect(await storage.db('things').orderBy('id').pluck('id')).toEqual(['A', 'a', 'ä']);
  });

  it('come in any number', async () => {
    const all = Array.from({ length: 250 }, (_, i) => thing(String(i).padStart(3, '0')));
    for (let i = 0; i < all.length; i += 50) await storage.db('things').insert(all.slice(i, i + 50));
    for (const limit of [0, 1, 99, 100, 101, 199, 200, 201, 250, 300]) {
      const found = (await storage.db('things').orderBy('id').limit(limit).pluck('id')) as string[];
      expect(found).toEqual(all.slice(0, limit).map((row) => row['id']));
    }
  });

  it('report what they matched, not what they changed', async () => {
    await storage.db('things').insert(thing('a'));
    expect(await storage.db('things').where({ id: 'a' }).update({ at: 0 })).toBe(1);
    expect(await storage.db('things').where({ id: 'b' }).update({ at: 0 })).toBe(0);
  });

  it('are unique where they must be, and the transaction goes on', async () => {
    await storage.transaction(async (tx) => {
      await tx('things').insert(thing('a'));
      const twice = await tx('things')
        .insert(thing('b', { email: 'a@example.org' }))
        .catch((error: unknown) => error);
      expect(isUniqueViolation(twice)).toBe(true);
      await tx('things').insert(thing('c'));
    });
    expect(await storage.db('things').orderBy('id').pluck('id')).toEqual(['a', 'c']);
  });

  it('insertIgnore says whether the row is new, and hides no other problem', async () => {
    expect(await insertIgnore(storage.db, 'things', thing('a'))).toBe(true);
    expect(await insertIgnore(storage.db, 'things', thing('a', { at: 9 }))).toBe(false);
    expect((await read('a')).at).toBe(0);
    await expect(insertIgnore(storage.db, 'things', { id: 'b' })).rejects.toThrow();
  });

  it('compareAndSet lets one of two win', async () => {
    await storage.db('things').insert(thing('a'));
    const attempts = [1, 2, 3, 4].map((at) => compareAndSet(storage.db, 'things', { id: 'a' }, 1, { at }));
    const results = await Promise.allSettled(attempts);
    expect(results.filter((result) => result.status === 'fulfilled').map((result) => result.value)).toEqual([
      2,
    ]);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ reason: 'VERSION_CONFLICT' });
    }
    expect((await read('a')).version).toBe(2);
    await expect(compareAndSet(storage.db, 'things', { id: 'b' }, 1, {})).rejects.toThrow(StatusError);
  });
});
