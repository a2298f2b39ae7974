import type { JWK } from 'jose';
import { fromJson, toJson, type Db } from '../storage/index.js';

/** A signing key as stored: the private half sealed in its container. */
export interface StoredKey {
  /** UUID, the `kid` of its tokens. */
  id: string;
  period: number;
  containerId: string;
  publicJwk: JWK;
  sealedPrivate: Buffer;
  /** UTC milliseconds: when its last token is dead. */
  verifiesUntil: number;
}

interface Row {
  id: string;
  period: number;
  container_id: string;
  public_jwk: string;
  sealed_private: Buffer;
  verifies_until: number;
}

function toKey(row: Row): StoredKey {
  return {
    id: row.id,
    period: row.period,
    containerId: row.container_id,
    publicJwk: fromJson(row.public_jwk) as JWK,
    sealedPrivate: row.sealed_private,
    verifiesUntil: row.verifies_until,
  };
}

/** Throws a unique violation when the period has its key. */
export async function insertKey(tx: Db, key: StoredKey): Promise<void> {
  await tx('signing_keys').insert({
    id: key.id,
    period: key.period,
    container_id: key.containerId,
    public_jwk: toJson(key.publicJwk),
    sealed_private: key.sealedPrivate,
    verifies_until: key.verifiesUntil,
  });
}

export async function keyOfPeriod(db: Db, period: number): Promise<StoredKey | null> {
  const row = await db<Row>('signing_keys').where({ period }).first();
  return row ? toKey(row) : null;
}

export async function keyById(db: Db, id: string): Promise<StoredKey | null> {
  const row = await db<Row>('signing_keys').where({ id }).first();
  return row ? toKey(row) : null;
}

/** Keys whose tokens may still live, newest first. */
export async function livingKeys(db: Db, now: number): Promise<StoredKey[]> {
  const rows = await db<Row>('signing_keys').where('verifies_until', '>', now).orderBy('period', 'desc');
  return rows.map(toKey);
}

/** Keys whose last token is dead. */
export async function deadKeys(db: Db, now: number): Promise<{ id: string; containerId: string }[]> {
  const rows = await db<Row>('signing_keys').where('verifies_until', '<=', now).select('id', 'container_id');
  return rows.map((row) => ({ id: row.id, containerId: row.container_id }));
}

export async function deleteKey(tx: Db, id: string): Promise<void> {
  await tx('signing_keys').where({ id }).delete();
}
