import type { Role } from '../call/index.js';
import { insertIgnore, type Db } from '../storage/index.js';
import type { ApiKey } from './api-key.js';

interface ApiKeyRow {
  id: string;
  organisation_id: string;
  user_id: string;
  display_name: string;
  token_hash: string;
  container_id: string;
  sealed_secret: Buffer;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
}

/** A key with what only its own room sees: its secret, sealed. */
export interface StoredApiKey extends ApiKey {
  containerId: string;
  sealedSecret: Buffer;
}

function toKey(row: ApiKeyRow): StoredApiKey {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    userId: row.user_id,
    displayName: row.display_name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    containerId: row.container_id,
    sealedSecret: row.sealed_secret,
  };
}

export async function insertApiKey(tx: Db, key: StoredApiKey, tokenHash: string): Promise<void> {
  await tx('api_keys').insert({
    id: key.id,
    organisation_id: key.organisationId,
    user_id: key.userId,
    display_name: key.displayName,
    token_hash: tokenHash,
    container_id: key.containerId,
    sealed_secret: key.sealedSecret,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
  });
}

/** Keys of an organisation, the newest first. */
export async function listApiKeys(
  db: Db,
  organisationId: string,
  after: { createdAt: number; id: string } | null,
  limit: number,
): Promise<ApiKey[]> {
  const query = db<ApiKeyRow>('api_keys').where('organisation_id', organisationId);
  if (after) {
    void query.where((page) => {
      void page
        .where('created_at', '<', after.createdAt)
        .orWhere((same) => void same.where('created_at', after.createdAt).where('id', '<', after.id));
    });
  }
  const rows = await query
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(toKey);
}

export async function apiKeyById(db: Db, organisationId: string, id: string): Promise<StoredApiKey | null> {
  const row = await db<ApiKeyRow>('api_keys').where({ organisation_id: organisationId, id }).first();
  return row ? toKey(row) : null;
}

/** The key of a token, with the present role of whom it acts as. */
export async function apiKeyByToken(
  db: Db,
  tokenHash: string,
): Promise<(StoredApiKey & { role: Role }) | null> {
  const row = await withRole(db).where('api_keys.token_hash', tokenHash).first<KeyWithRole | undefined>();
  return row ? { ...toKey(row), role: row.role } : null;
}

/** The key that an access token came of, with the present role of whom it acts as. */
export async function apiKeyWithRole(db: Db, id: string): Promise<(ApiKey & { role: Role }) | null> {
  const row = await withRole(db).where('api_keys.id', id).first<KeyWithRole | undefined>();
  return row ? { ...toKey(row), role: row.role } : null;
}

type KeyWithRole = ApiKeyRow & { role: Role };

function withRole(db: Db) {
  return db('api_keys').join('users', 'users.id', 'api_keys.user_id').select('api_keys.*', 'users.role');
}

/** False when it had been revoked. */
export async function revokeApiKey(tx: Db, id: string, now: number): Promise<boolean> {
  return (await tx('api_keys').where({ id }).whereNull('revoked_at').update({ revoked_at: now })) > 0;
}

/** Uses a nonce up until `expiresAt`; false where it is used up already, by whoever came first on whichever node. */
export async function useNonce(
  db: Db,
  keyId: string,
  nonce: string,
  now: number,
  expiresAt: number,
): Promise<boolean> {
  const key = { key_id: keyId, nonce };
  if (await insertIgnore(db, 'api_key_nonces', { ...key, expires_at: expiresAt })) return true;
  // One that has ended, and that the job has not been by to delete.
  const renewed = await db('api_key_nonces')
    .where(key)
    .where('expires_at', '<=', now)
    .update({ expires_at: expiresAt });
  return renewed > 0;
}

/** Deletes at most `limit` nonces that ended before `now`; how many. */
export async function deleteEndedNonces(db: Db, now: number, limit: number): Promise<number> {
  const rows: { key_id: string; nonce: string }[] = await db('api_key_nonces')
    .where('expires_at', '<=', now)
    .limit(limit)
    .select('key_id', 'nonce');
  if (rows.length === 0) return 0;
  const keys = rows.map((row) => [row.key_id, row.nonce]);
  return db('api_key_nonces').whereIn(['key_id', 'nonce'], keys).where('expires_at', '<=', now).delete();
}

/** Keys that ended before `now`, with the containers of their secrets. */
export async function endedApiKeys(
  db: Db,
  now: number,
  limit: number,
): Promise<{ id: string; containerId: string }[]> {
  const rows = await db<ApiKeyRow>('api_keys')
    .where('expires_at', '<=', now)
    .limit(limit)
    .select('id', 'container_id');
  return rows.map((row) => ({ id: row.id, containerId: row.container_id }));
}

/** The keys that act as a user, oldest first. */
export async function apiKeysOfUser(db: Db, userId: string): Promise<StoredApiKey[]> {
  const rows = await db<ApiKeyRow>('api_keys').where({ user_id: userId }).orderBy(['created_at', 'id']);
  return rows.map(toKey);
}

/** Deletes a key; its nonces go with it. */
export async function deleteApiKey(tx: Db, id: string): Promise<number> {
  return tx('api_keys').where({ id }).delete();
}
