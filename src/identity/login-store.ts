import type { LoginMethod, Role } from '../call/index.js';
import type { Db } from '../storage/index.js';
import type { Login, PresentedToken, RefreshPolicy } from './login.js';

interface LoginRow {
  id: string;
  organisation_id: string;
  user_id: string;
  method: LoginMethod;
  refresh_policy: RefreshPolicy;
  began_at: number;
  ends_at: number;
  revoked_at: number | null;
}

function toLogin(row: LoginRow): Login {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    userId: row.user_id,
    method: row.method,
    refreshPolicy: row.refresh_policy,
    beganAt: row.began_at,
    endsAt: row.ends_at,
    revokedAt: row.revoked_at,
  };
}

export async function insertLogin(tx: Db, login: Login): Promise<void> {
  await tx('logins').insert({
    id: login.id,
    organisation_id: login.organisationId,
    user_id: login.userId,
    method: login.method,
    refresh_policy: login.refreshPolicy,
    began_at: login.beganAt,
    ends_at: login.endsAt,
    revoked_at: login.revokedAt,
  });
}

/** A login and the present role of its user; null when either is gone. */
export async function loginWithRole(db: Db, id: string): Promise<(Login & { role: Role }) | null> {
  const row = await db('logins')
    .join('users', 'users.id', 'logins.user_id')
    .where('logins.id', id)
    .first<(LoginRow & { role: Role }) | undefined>('logins.*', 'users.role');
  return row ? { ...toLogin(row), role: row.role } : null;
}

/** The logins of a user, oldest first. */
export async function loginsOfUser(db: Db, userId: string): Promise<Login[]> {
  const rows = await db<LoginRow>('logins').where({ user_id: userId }).orderBy(['began_at', 'id']);
  return rows.map(toLogin);
}

/** Ends a login; false when it had been ended. */
export async function revokeLogin(tx: Db, id: string, now: number): Promise<boolean> {
  return (await tx('logins').where({ id }).whereNull('revoked_at').update({ revoked_at: now })) > 0;
}

/** Ends all logins of a user but one; how many ended. */
export async function revokeOtherLogins(
  tx: Db,
  userId: string,
  keep: string | null,
  now: number,
): Promise<number> {
  const query = tx('logins').where({ user_id: userId }).whereNull('revoked_at').where('ends_at', '>', now);
  if (keep !== null) query.whereNot('id', keep);
  return query.update({ revoked_at: now });
}

export async function insertRefreshToken(
  tx: Db,
  token: { hash: string; loginId: string; expiresAt: number },
): Promise<void> {
  const { hash, loginId, expiresAt } = token;
  await tx('refresh_tokens').insert({ hash, login_id: loginId, expires_at: expiresAt, used_at: null });
}

interface TokenRow extends LoginRow {
  role: Role;
  used_at: number | null;
  expires_at: number;
}

/** A refresh token by its hash, with its login and the user's present role. */
export async function refreshToken(db: Db, hash: string): Promise<(PresentedToken & { role: Role }) | null> {
  const row = await db('refresh_tokens')
    .join('logins', 'logins.id', 'refresh_tokens.login_id')
    .join('users', 'users.id', 'logins.user_id')
    .where('refresh_tokens.hash', hash)
    .first<TokenRow | undefined>(
      'logins.*',
      'users.role',
      'refresh_tokens.used_at',
      'refresh_tokens.expires_at',
    );
  if (!row) return null;
  return { usedAt: row.used_at, expiresAt: row.expires_at, login: toLogin(row), role: row.role };
}

/** Marks a refresh token as exchanged; false when it was before, by whoever came first. */
export async function useRefreshToken(tx: Db, hash: string, now: number): Promise<boolean> {
  return (await tx('refresh_tokens').where({ hash }).whereNull('used_at').update({ used_at: now })) > 0;
}

/** Deletes at most `limit` logins that ended before `now`, with their refresh tokens; how many. */
export async function deleteEndedLogins(db: Db, now: number, limit: number): Promise<number> {
  const ids = (await db('logins').where('ends_at', '<=', now).limit(limit).pluck('id')) as string[];
  return ids.length === 0 ? 0 : db('logins').whereIn('id', ids).delete();
}
