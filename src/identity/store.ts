import type { Role } from '../call/index.js';
import { insertIgnore, type Db } from '../storage/index.js';
import type { Organisation, Origin, User } from './types.js';

/** Rows a statement: knex writes an SQLite insert as a compound select, which SQLite limits to 500 terms. */
const BATCH = 400;

interface UserRow {
  id: string;
  organisation_id: string;
  email: string;
  given_name: string;
  family_name: string;
  role: Role;
  created_at: number;
}
const USER_COLUMNS = ['id', 'organisation_id', 'email', 'given_name', 'family_name', 'role', 'created_at'];

function toUser(row: UserRow): User {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    email: row.email,
    givenName: row.given_name,
    familyName: row.family_name,
    role: row.role,
    createdAt: row.created_at,
  };
}

function toRow(
  user: User,
  passwordHash: string | null,
  origin: Origin | null = null,
): UserRow & { password_hash: string | null; origin: Origin | null } {
  return {
    id: user.id,
    organisation_id: user.organisationId,
    email: user.email,
    given_name: user.givenName,
    family_name: user.familyName,
    role: user.role,
    password_hash: passwordHash,
    origin,
    created_at: user.createdAt,
  };
}

/** Makes the organisation unless it is there; its display name follows the configuration. */
export async function seedOrganisation(db: Db, organisation: Organisation, now: number): Promise<void> {
  const { id, displayName } = organisation;
  if (await insertIgnore(db, 'organisations', { id, display_name: displayName, created_at: now })) return;
  await db('organisations').where({ id }).update({ display_name: displayName });
}

/** All organisations, by code. */
export async function organisations(db: Db): Promise<Organisation[]> {
  const rows = await db<{ id: string; display_name: string }>('organisations')
    .orderBy('id')
    .select('id', 'display_name');
  return rows.map((row) => ({ id: row.id, displayName: row.display_name }));
}

export async function organisationExists(db: Db, id: string): Promise<boolean> {
  return (await db('organisations').where({ id }).first('id')) !== undefined;
}

/** Throws a unique violation (`isUniqueViolation`) when the e-mail is taken. */
export async function insertUser(
  db: Db,
  user: User,
  passwordHash: string | null,
  origin: Origin | null = null,
): Promise<void> {
  await db('users').insert(toRow(user, passwordHash, origin));
}

/** Inserts users without a password, leaving alone those whose e-mail is taken. */
export async function insertNewUsers(
  db: Db,
  users: readonly User[],
  origin: Origin | null = null,
): Promise<void> {
  for (const batch of batches(users)) {
    // Not `ignore()`: on MariaDB it would swallow every other error as well.
    await db('users')
      .insert(batch.map((user) => toRow(user, null, origin)))
      .onConflict(['organisation_id', 'email'])
      .merge(['email']);
  }
}

/** A user of the organisation. */
export async function userById(db: Db, organisationId: string, id: string): Promise<User | null> {
  const row = await db<UserRow>('users')
    .where({ organisation_id: organisationId, id })
    .first<UserRow | undefined>(USER_COLUMNS);
  return row ? toUser(row) : null;
}

/** Keeps others from a user's row until the transaction ends; false when there is no such user. */
export async function lockUser(tx: Db, organisationId: string, id: string): Promise<boolean> {
  const key = { organisation_id: organisationId, id };
  return (await tx('users').where(key).forUpdate().first('id')) !== undefined;
}

export interface UserWithPassword {
  user: User;
  passwordHash: string | null;
}

type PasswordRow = UserRow & { password_hash: string | null };

/** A user by e-mail (normalised), with the password hash. */
export async function userToSignIn(
  db: Db,
  organisationId: string,
  email: string,
): Promise<UserWithPassword | null> {
  const row = await db<PasswordRow>('users')
    .where({ organisation_id: organisationId, email })
    .first<PasswordRow | undefined>([...USER_COLUMNS, 'password_hash']);
  return row ? { user: toUser(row), passwordHash: row.password_hash } : null;
}

export async function hasPassword(db: Db, organisationId: string, id: string): Promise<boolean> {
  const row: unknown = await db('users')
    .where({ organisation_id: organisationId, id })
    .whereNotNull('password_hash')
    .first('id');
  return row !== undefined;
}

/** The password hash; its row is locked until the transaction ends. Undefined when there is no such user. */
export async function lockPasswordHash(tx: Db, userId: string): Promise<string | null | undefined> {
  const row = await tx<PasswordRow>('users').where({ id: userId }).forUpdate().first('password_hash');
  return row?.password_hash;
}

export async function setPasswordHash(db: Db, userId: string, passwordHash: string): Promise<void> {
  await db('users').where({ id: userId }).update({ password_hash: passwordHash });
}

/** Users by id; those of other organisations are not found. */
export async function usersByIds(db: Db, organisationId: string, ids: readonly string[]): Promise<User[]> {
  return usersWhere(db, organisationId, 'id', ids);
}

/** Users by e-mail (normalised). */
export async function usersByEmails(
  db: Db,
  organisationId: string,
  emails: readonly string[],
): Promise<User[]> {
  return usersWhere(db, organisationId, 'email', emails);
}

/** Users by e-mail (normalised), with what tells whether another system may claim them. */
export async function usersToClaim(
  db: Db,
  organisationId: string,
  emails: readonly string[],
): Promise<{ user: User; role: Role; origin: Origin | null; hasPassword: boolean }[]> {
  const found: Awaited<ReturnType<typeof usersToClaim>> = [];
  for (const batch of batches(emails)) {
    const rows = await db<PasswordRow & { origin: Origin | null }>('users')
      .where('organisation_id', organisationId)
      .whereIn('email', batch)
      .select<(PasswordRow & { origin: Origin | null })[]>([...USER_COLUMNS, 'password_hash', 'origin']);
    for (const row of rows) {
      const { role, origin, password_hash: hash } = row;
      found.push({ user: toUser(row), role, origin, hasPassword: hash !== null });
    }
  }
  return found;
}

/** Students become instructors; the ids of those who did. */
export async function makeInstructors(
  tx: Db,
  organisationId: string,
  ids: readonly string[],
): Promise<string[]> {
  const changed: string[] = [];
  for (const id of ids) {
    const key = { organisation_id: organisationId, id, role: 'STUDENT' };
    if ((await tx('users').where(key).update({ role: 'INSTRUCTOR' })) === 1) changed.push(id);
  }
  return changed;
}

async function usersWhere(
  db: Db,
  organisationId: string,
  column: 'id' | 'email',
  values: readonly string[],
): Promise<User[]> {
  const found: User[] = [];
  for (const batch of batches(values)) {
    const rows = await db<UserRow>('users')
      .where('organisation_id', organisationId)
      .whereIn(column, batch)
      .select<UserRow[]>(USER_COLUMNS);
    found.push(...rows.map(toUser));
  }
  return found;
}

/** Users by e-mail, those after `after` (null for the first), `limit` at most. */
export async function listUsers(
  db: Db,
  organisationId: string,
  after: string | null,
  limit: number,
): Promise<User[]> {
  const query = db<UserRow>('users').where('organisation_id', organisationId);
  if (after !== null) query.where('email', '>', after);
  const rows = await query.orderBy('email').limit(limit).select<UserRow[]>(USER_COLUMNS);
  return rows.map(toUser);
}

/** Codes of the organisations that have nobody with the role ADMIN. */
export async function organisationsWithoutAdmin(db: Db): Promise<string[]> {
  return db('organisations')
    .whereNotExists(
      db('users')
        .select(db.raw('1'))
        .where('role', 'ADMIN')
        .where('users.organisation_id', db.ref('organisations.id')),
    )
    .orderBy('id')
    .pluck('id') as Promise<string[]>;
}

/** One user, whatever the organisation, for the subject's own export and erasure. */
export async function anyUserById(db: Db, id: string): Promise<User | null> {
  const row = await db<UserRow>('users').where({ id }).first<UserRow | undefined>(USER_COLUMNS);
  return row ? toUser(row) : null;
}

/** Deletes the user's row; logins and refresh tokens go with it. */
export async function deleteUser(tx: Db, id: string): Promise<number> {
  return tx('users').where({ id }).delete();
}

function* batches<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}
