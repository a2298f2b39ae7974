import { createHmac } from 'node:crypto';
import type { Db, Storage } from '../storage/index.js';
import type { AuditRow } from './audit.js';
import { SETTLED_AFTER_MS } from './outbox.js';

/** Entries under one seal at most, so that sealing and verifying never read more at once. */
export const SEAL_BATCH = 500;

/** The hash that the first seal follows. */
const GENESIS = '0'.repeat(64);

interface SealRow {
  seq: number;
  first_id: number;
  last_id: number;
  entries: number;
  hash: string;
  prev_hash: string;
  sealed_at: number;
}

export interface Seal {
  seq: number;
  lastId: number;
  entries: number;
  /** Kept elsewhere (the log has it), it proves that the chain was not cut short. */
  hash: string;
}

export interface ChainReport {
  seals: number;
  /** Entries under the seals that hold. */
  entries: number;
  /** Entries up to this id are sealed. */
  sealedThrough: number;
  /** The first seal that does not hold, and why; null when all hold. */
  broken: { seq: number; problem: 'chain' | 'entries_missing' | 'entries_added' | 'entries_changed' } | null;
}

/**
 * Seals the oldest unsealed entries, one batch. Undefined when none is old enough: an entry may be committed up
 * to a transaction's length after its time, and nothing may appear behind a seal.
 * @param now UTC milliseconds
 * @throws a unique violation when another node sealed at the same moment; nothing is lost by it
 */
export async function sealAudit(storage: Storage, tx: Db, now: number): Promise<Seal | undefined> {
  const key = sealKey(storage);
  const head = await tx<SealRow>('audit_seals').orderBy('seq', 'desc').first();
  const candidates = await entriesAfter(tx, head?.last_id ?? 0, SEAL_BATCH);
  const settled = candidates.findIndex((entry) => entry.at > now - SETTLED_AFTER_MS);
  const batch = settled === -1 ? candidates : candidates.slice(0, settled);
  const [first, last] = [batch[0], batch.at(-1)];
  if (!first || !last) return undefined;
  const seal: SealRow = {
    seq: (head?.seq ?? 0) + 1,
    first_id: first.id,
    last_id: last.id,
    entries: batch.length,
    prev_hash: head?.hash ?? GENESIS,
    hash: '',
    sealed_at: now,
  };
  seal.hash = sealHash(key, seal, batch);
  await tx<SealRow>('audit_seals').insert(seal);
  return { seq: seal.seq, lastId: seal.last_id, entries: seal.entries, hash: seal.hash };
}

/** Walks the whole chain and stops at the first seal that does not hold. */
export async function verifyAuditChain(storage: Storage, db: Db): Promise<ChainReport> {
  const key = sealKey(storage);
  let [seq, hash, through, checked] = [0, GENESIS, 0, 0];
  const report = (problem?: NonNullable<ChainReport['broken']>['problem']): ChainReport => ({
    seals: seq,
    entries: checked,
    sealedThrough: through,
    broken: problem ? { seq: seq + 1, problem } : null,
  });
  for (;;) {
    const seal = await db<SealRow>('audit_seals').where('seq', '>', seq).orderBy('seq').first();
    if (!seal) return report();
    if (seal.seq !== seq + 1 || seal.prev_hash !== hash) return report('chain');
    // One more than sealed: an entry added anywhere since the last seal shows as one too many.
    const entries = (await entriesAfter(db, through, seal.entries + 1)).filter(
      ({ id }) => id <= seal.last_id,
    );
    if (entries.length > seal.entries) return report('entries_added');
    if (entries.length < seal.entries) return report('entries_missing');
    if (sealHash(key, seal, entries) !== seal.hash) return report('entries_changed');
    [seq, hash, through, checked] = [seal.seq, seal.hash, seal.last_id, checked + seal.entries];
  }
}

async function entriesAfter(db: Db, id: number, limit: number): Promise<AuditRow[]> {
  return db<AuditRow>('audit_entries').where('id', '>', id).orderBy('id').limit(limit);
}

/** Keyed, so that whoever can write to the database but has no master key cannot seal what they changed. */
function sealKey(storage: Storage): Buffer {
  return storage.deriveKey('audit seals v1');
}

function sealHash(key: Buffer, seal: SealRow, entries: readonly AuditRow[]): string {
  const hmac = createHmac('sha256', key);
  // JSON arrays: every field is delimited, so no two different batches give the same text.
  hmac.update(
    JSON.stringify([seal.seq, seal.prev_hash, seal.first_id, seal.last_id, seal.entries, seal.sealed_at]),
  );
  for (const { id, organisation_id, at, actor, subject, action, target, details } of entries) {
    hmac.update(JSON.stringify([id, organisation_id, at, actor, subject, action, target, details]));
  }
  return hmac.digest('hex');
}
