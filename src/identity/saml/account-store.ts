import { fromJson, toJson, type Db } from '../../storage/index.js';
import type { SessionSubject } from './assertion.js';

/** Somebody as a provider knows them. */
export interface Account {
  providerId: string;
  externalId: string;
  userId: string;
  /** UTC milliseconds. */
  createdAt: number;
}

interface AccountRow {
  provider_id: string;
  external_id: string;
  user_id: string;
  created_at: number;
}

/** The user whom a provider knows by this id. */
export async function userOfAccount(
  db: Db,
  { providerId, externalId }: Pick<Account, 'providerId' | 'externalId'>,
): Promise<string | null> {
  const row = await db<AccountRow>('sso_accounts')
    .where({ provider_id: providerId, external_id: externalId })
    .first('user_id');
  return row?.user_id ?? null;
}

/** Throws a unique violation (`isUniqueViolation`) when the provider's id is somebody's already. */
export async function insertAccount(tx: Db, account: Account): Promise<void> {
  await tx('sso_accounts').insert({
    provider_id: account.providerId,
    external_id: account.externalId,
    user_id: account.userId,
    created_at: account.createdAt,
  });
}

/** Whom the providers take a user for, the oldest first. */
export async function accountsOfUser(db: Db, userId: string): Promise<Account[]> {
  const rows = await db<AccountRow>('sso_accounts')
    .where('user_id', userId)
    .orderBy(['created_at', 'provider_id']);
  return rows.map((row) => ({
    providerId: row.provider_id,
    externalId: row.external_id,
    userId: row.user_id,
    createdAt: row.created_at,
  }));
}

/** Whether a provider knows anybody. */
export async function hasAccounts(db: Db, providerId: string): Promise<boolean> {
  return (await db('sso_accounts').where({ provider_id: providerId }).first('user_id')) !== undefined;
}

/** A login, and how the provider that it came through names that session. */
export interface Session {
  loginId: string;
  providerId: string;
  nameHash: string;
  subject: SessionSubject;
}

interface SessionRow {
  login_id: string;
  provider_id: string;
  name_hash: string;
  subject: string;
}

export async function insertSession(tx: Db, session: Session): Promise<void> {
  await tx('sso_sessions').insert({
    login_id: session.loginId,
    provider_id: session.providerId,
    name_hash: session.nameHash,
    subject: toJson(session.subject),
  });
}

export async function sessionOfLogin(db: Db, loginId: string): Promise<Session | null> {
  const row = await db<SessionRow>('sso_sessions').where({ login_id: loginId }).first();
  return row ? toSession(row) : null;
}

/** Sessions of somebody with a provider. */
export async function sessionsNamed(db: Db, providerId: string, nameHash: string): Promise<Session[]> {
  const rows = await db<SessionRow>('sso_sessions').where({ provider_id: providerId, name_hash: nameHash });
  return rows.map(toSession);
}

/** Ends the logins that came through a provider; how many. */
export async function endLoginsThrough(tx: Db, providerId: string, now: number): Promise<number> {
  const through = tx('sso_sessions').where({ provider_id: providerId }).select('login_id');
  return tx('logins').whereIn('id', through).whereNull('revoked_at').update({ revoked_at: now });
}

function toSession(row: SessionRow): Session {
  return {
    loginId: row.login_id,
    providerId: row.provider_id,
    nameHash: row.name_hash,
    subject: fromJson(row.subject) as SessionSubject,
  };
}
