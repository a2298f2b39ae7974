import { fromJson, insertIgnore, toJson, type Db } from '../../storage/index.js';
import type { SessionSubject } from './assertion.js';
import type { SignInCode, SignInRequest } from './sign-in.js';

/** Rows that a new request takes away on its way: anybody may begin one. */
const SWEPT = 20;

interface RequestRow {
  id: string;
  provider_id: string;
  browser_hash: string;
  destination: string;
  expires_at: number;
}

export async function insertRequest(db: Db, request: SignInRequest, now: number): Promise<void> {
  await deleteExpired(db, 'sso_requests', 'id', now, SWEPT);
  await db('sso_requests').insert({
    id: request.id,
    provider_id: request.providerId,
    browser_hash: request.browserHash,
    destination: toJson(request.destination),
    expires_at: request.expiresAt,
  });
}

/** A request to this provider that is still waiting for its answer. */
export async function requestById(
  db: Db,
  providerId: string,
  id: string,
  now: number,
): Promise<SignInRequest | null> {
  const row = await db<RequestRow>('sso_requests')
    .where({ id, provider_id: providerId })
    .where('expires_at', '>', now)
    .first();
  return row
    ? {
        id: row.id,
        providerId: row.provider_id,
        browserHash: row.browser_hash,
        destination: fromJson(row.destination) as SignInRequest['destination'],
        expiresAt: row.expires_at,
      }
    : null;
}

/** Whether a request that this browser brought to the provider is still waiting for its answer. */
export async function hasRequest(
  db: Db,
  providerId: string,
  browserHash: string,
  now: number,
): Promise<boolean> {
  const row: unknown = await db('sso_requests')
    .where({ browser_hash: browserHash, provider_id: providerId })
    .where('expires_at', '>', now)
    .first('id');
  return row !== undefined;
}

/** True for the one, of all nodes, that has the answer. */
export async function takeRequest(tx: Db, id: string): Promise<boolean> {
  return (await tx('sso_requests').where({ id }).delete()) > 0;
}

/** Remembers that a message of a provider was used; false when it had been. */
export async function spend(
  tx: Db,
  message: { providerId: string; idHash: string; expiresAt: number },
): Promise<boolean> {
  const { providerId, idHash, expiresAt } = message;
  return insertIgnore(tx, 'sso_spent', { provider_id: providerId, id_hash: idHash, expires_at: expiresAt });
}

interface CodeRow {
  hash: string;
  provider_id: string;
  user_id: string;
  subject: string;
  redirect_uri: string;
  code_challenge: string;
  expires_at: number;
}

export async function insertCode(tx: Db, code: SignInCode): Promise<void> {
  await tx('sso_codes').insert({
    hash: code.hash,
    provider_id: code.providerId,
    user_id: code.userId,
    subject: toJson(code.subject),
    redirect_uri: code.redirectUri,
    code_challenge: code.codeChallenge,
    expires_at: code.expiresAt,
  });
}

/** Takes a code away, whatever it turns out to be worth; null for the second who asks. */
export async function takeCode(db: Db, hash: string): Promise<SignInCode | null> {
  const row = await db<CodeRow>('sso_codes').where({ hash }).first();
  if (!row || (await db('sso_codes').where({ hash }).delete()) === 0) return null;
  return {
    hash,
    providerId: row.provider_id,
    userId: row.user_id,
    subject: fromJson(row.subject) as SessionSubject,
    redirectUri: row.redirect_uri,
    codeChallenge: row.code_challenge,
    expiresAt: row.expires_at,
  };
}

/** Deletes at most `limit` rows of each table that are over; how many. */
export async function deleteEndedSignIns(db: Db, now: number, limit: number): Promise<number> {
  const requests = await deleteExpired(db, 'sso_requests', 'id', now, limit);
  const codes = await deleteExpired(db, 'sso_codes', 'hash', now, limit);
  return requests + codes + (await deleteExpired(db, 'sso_spent', 'id_hash', now, limit));
}

async function deleteExpired(
  db: Db,
  table: string,
  key: string,
  now: number,
  limit: number,
): Promise<number> {
  const keys = await db(table).where('expires_at', '<=', now).limit(limit).pluck<string[]>(key);
  return keys.length === 0 ? 0 : db(table).whereIn(key, keys).where('expires_at', '<=', now).delete();
}
