import { randomUUID } from 'node:crypto';
import pino from 'pino';
import {
  auditSealJob,
  createAudit,
  outboxRetentionJob,
  emit,
  sealAudit,
  verifyAuditChain,
  type Audit,
  type NewAuditEntry,
  type Seal,
} from '../../src/events/index.js';
import { SETTLED_AFTER_MS } from '../../src/events/outbox.js';
import { SEAL_BATCH } from '../../src/events/seals.js';
import { createScheduler, systemClock } from '../../src/jobs/index.js';
import type { Storage } from '../../src/storage/index.js';
import { databases, type Place } from '../support/databases.js';

const organisationId = randomUUID();
const [teacher, student] = [randomUUID(), randomUUID()];

function entry(action: string, changes: Partial<NewAuditEntry> = {}): NewAuditEntry {
  const details = { score: 0.61, threshold: 0.42 };
  return { organisationId, actor: teacher, subject: student, action, target: 'exam/1', details, ...changes };
}

describe.each(databases)('the audit trail on $name', ({ open, place, name }) => {
  let at: Place;
  let storage: Storage;
  let audit: Audit;
  let now: number;
  beforeEach(async () => {
    now = 1_795_000_000_000;
    at = await place();
    storage = await open(at);
    audit = createAudit(storage, () => now);
  });
  const record = async (...actions: string[]): Promise<void> => {
    for (const action of actions) await audit.record(storage.db, entry(action));
  };
  const settle = (): number => (now += SETTLED_AFTER_MS);
  const seal = (): Promise<Seal | undefined> => storage.transaction((tx) => sealAudit(storage, tx, now));
  const verify = (): ReturnType<typeof verifyAuditChain> => verifyAuditChain(storage, storage.db);
  const idOf = async (action: string): Promise<number> =>
    ((await storage.db('audit_entries').where({ action }).pluck('id')) as number[])[0]!;

  it('tells who did what to whom, by pseudonyms that every node gives alike', async () => {
    await record('reference.enrolled');
    await audit.record(storage.db, entry('retention.ran', { actor: null, subject: null, target: null }));
    const [first, second] = await audit.list(storage.db, { organisationId, after: 0, limit: 10 });
    const other = createAudit(await open(at));
    expect(first).toEqual({
      ...entry('reference.enrolled'),
      id: first!.id,
      at: now,
      actor: other.pseudonym(organisationId, teacher),
      subject: other.pseudonym(organisationId, student),
    });
    expect(second).toMatchObject({ actor: null, subject: null, target: null });
    const stored = JSON.stringify(await storage.db('audit_entries').select());
    expect(stored).not.toContain(teacher);
    expect(stored).not.toContain(student);
  });

  it('gives pseudonyms that differ between people, organisations and installations', async () => {
    const elsewhere = createAudit(await open());
    const names = [
      audit.pseudonym(organisationId, student),
      audit.pseudonym(organisationId, teacher),
      audit.pseudonym(randomUUID(), student),
      elsewhere.pseudonym(organisationId, student),
    ];
    expect(new Set(names).size).toBe(4);
  });

  it('lists by organisation, subject and page', async () => {
    await record('one', 'two');
    await audit.record(storage.db, entry('three', { subject: randomUUID() }));
    await audit.record(storage.db, entry('elsewhere', { organisationId: randomUUID() }));
    const list = async (query: object): Promise<string[]> =>
      (await audit.list(storage.db, { organisationId, after: 0, limit: 10, ...query })).map(
        ({ action }) => action,
      );
    expect(await list({})).toEqual(['one', 'two', 'three']);
    expect(await list({ subject: student })).toEqual(['one', 'two']);
    expect(await list({ limit: 1 })).toEqual(['one']);
    expect(await list({ after: await idOf('one') })).toEqual(['two', 'three']);
    expect(await list({ organisationId: randomUUID() })).toEqual([]);
  });

  it('is undone with the change it belongs to', async () => {
    const undone = storage.transaction(async (tx) => {
      await audit.record(tx, entry('never'));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await audit.list(storage.db, { organisationId, after: 0, limit: 10 })).toEqual([]);
  });

  it('is sealed in a chain once entries have settled', async () => {
    await record('a', 'b');
    expect(await seal()).toBeUndefined();
    settle();
    await record('c');
    expect(await seal()).toMatchObject({ seq: 1, entries: 2, lastId: await idOf('b') });
    expect(await seal()).toBeUndefined();
    settle();
    expect(await seal()).toMatchObject({ seq: 2, entries: 1, lastId: await idOf('c') });
    expect(await verify()).toEqual({ seals: 2, entries: 3, sealedThrough: await idOf('c'), broken: null });
  });

  it('has no seal twice when two nodes seal at once', async () => {
    await record('a');
    settle();
    const results = await Promise.allSettled([seal(), seal(), seal()]);
    expect(await storage.db('audit_seals').pluck('seq')).toEqual([1]);
    expect(results.some((result) => result.status === 'fulfilled' && result.value?.seq === 1)).toBe(true);
    expect((await verify()).broken).toBeNull();
  });

  it('is sealed in batches', async () => {
    const rows = Array.from({ length: SEAL_BATCH + 1 }, () => ({
      ...{
        organisation_id: organisationId,
        at: now,
        actor: null,
        subject: null,
        action: 'x',
        target: null,
        details: '{}',
      },
    }));
    for (let i = 0; i < rows.length; i += 100)
      await storage.db('audit_entries').insert(rows.slice(i, i + 100));
    settle();
    expect([(await seal())?.entries, (await seal())?.entries, await seal()]).toEqual([
      SEAL_BATCH,
      1,
      undefined,
    ]);
    expect(await verify()).toMatchObject({ seals: 2, broken: null });
  });

  describe('behind its seals', () => {
    beforeEach(async () => {
      for (const batch of [['gap', 'a', 'gap', 'b', 'c'], ['gap', 'd'], ['e']]) {
        await record(...batch);
        // Ids that were never committed, as MariaDB leaves them: 1, 3 and 6.
        await storage.db('audit_entries').where({ action: 'gap' }).delete();
        settle();
        await seal();
      }
      await record('f');
    });

    it('holds with gaps and unsealed entries', async () => {
      expect(await verify()).toEqual({ seals: 3, entries: 5, sealedThrough: await idOf('e'), broken: null });
    });

    it.each([
      ['at', 1],
      ['actor', 'someone'],
      ['subject', null],
      ['action', 'nothing'],
      ['target', 'exam/2'],
      ['details', '{"score":0.99}'],
      ['organisation_id', 'another'],
    ])('shows a changed %s', async (column, value) => {
      await storage
        .db('audit_entries')
        .where({ action: 'b' })
        .update({ [column]: value });
      expect((await verify()).broken).toEqual({ seq: 1, problem: 'entries_changed' });
    });

    it.each([
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['d', 2],
      ['e', 3],
    ])('shows that %s was deleted', async (action, seq) => {
      await storage.db('audit_entries').where({ action }).delete();
      expect((await verify()).broken).toEqual({ seq, problem: 'entries_missing' });
    });

    it.each([
      ['before the first', 1, 1],
      ['in the middle of a batch', 3, 1],
      ['between two batches', 6, 2],
    ])('shows an entry added %s', async (_where, id, seq) => {
      const copy = (await storage.db('audit_entries').where({ action: 'b' }).first()) as object;
      await storage.db('audit_entries').insert({ ...copy, id });
      expect((await verify()).broken).toEqual({ seq, problem: 'entries_added' });
    });

    it('shows an entry replaced by another', async () => {
      const b = (await storage.db('audit_entries').where({ action: 'b' }).first()) as Record<string, string>;
      await storage.db('audit_entries').where({ action: 'b' }).delete();
      await storage.db('audit_entries').insert({ ...b, details: '{}' });
      expect((await verify()).broken).toEqual({ seq: 1, problem: 'entries_changed' });
    });

    it.each([1, 2])('shows that seal %i is gone', async (seq) => {
      await storage.db('audit_seals').where({ seq }).delete();
      expect((await verify()).broken).toEqual({ seq, problem: 'chain' });
    });

    it('shows a chain sealed anew without the master key', async () => {
      const stranger = await open();
      await storage.db('audit_entries').where({ action: 'e' }).update({ action: 'harmless' });
      await storage.db('audit_seals').where({ seq: 3 }).delete();
      await storage.transaction((tx) => sealAudit(stranger, tx, now));
      expect((await verify()).broken).toEqual({ seq: 3, problem: 'entries_changed' });
    });
  });

  it('is sealed by its job, to the end', async () => {
    const scheduler = createScheduler({
      storage,
      log: pino({ level: 'silent' }),
      node: 'n',
      clock: systemClock,
    });
    scheduler.add(auditSealJob(storage, () => now));
    scheduler.add(outboxRetentionJob(storage, 7, () => now));
    await record('a', 'b');
    settle();
    expect(await scheduler.wake('audit-seal')).toBe('ok');
    expect(await verify()).toMatchObject({ seals: 1, broken: null });

    const old = now - 7 * 86_400_000 - 1;
    await emit(storage.db, { organisationId, topic: 't', key: 'old', payload: {}, at: old });
    await emit(storage.db, { organisationId, topic: 't', key: 'new', payload: {}, at: old + 1 });
    expect(await scheduler.wake('outbox-retention')).toBe('ok');
    expect(await storage.db('outbox').pluck('key')).toEqual(['new']);
    await scheduler.stop(0);
  });

  if (name === 'mariadb') {
    it('takes an entry of a transaction that commits late, before it seals what came after', async () => {
      let finish = (): void => undefined;
      const held = new Promise<void>((resolve) => (finish = resolve));
      let began = (): void => undefined;
      const started = new Promise<void>((resolve) => (began = resolve));
      const late = storage.transaction(async (tx) => {
        await audit.record(tx, entry('late'));
        began();
        await held;
      });
      await started;
      await record('early');
      expect(await seal()).toBeUndefined();
      finish();
      await late;
      settle();
      expect(await seal()).toMatchObject({ entries: 2 });
      expect((await verify()).broken).toBeNull();
    });
  }
});
