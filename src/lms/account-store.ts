import { insertIgnore, type Db } from '../storage/index.js';

/** Ids in one statement: well below what SQLite takes. */
const CHUNK = 500;

/** Who somebody of an LMS is here. */
export interface LmsAccount {
  externalId: string;
  userId: string;
}

interface AccountRow {
  connection_id: string;
  external_id: string;
  organisation_id: string;
  user_id: string;
  created_at: number;
}

/** Those of the people of a connection who are known, by their ids there. */
export async function accountsByExternalIds(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<LmsAccount[]> {
  return accountsWhere(db, connectionId, 'external_id', externalIds);
}

/** The people of a connection who these users are. */
export async function accountsByUserIds(
  db: Db,
  connectionId: string,
  userIds: readonly string[],
): Promise<LmsAccount[]> {
  return accountsWhere(db, connectionId, 'user_id', userIds);
}

async function accountsWhere(
  db: Db,
  connectionId: string,
  column: 'external_id' | 'user_id',
  values: readonly string[],
): Promise<LmsAccount[]> {
  const found: LmsAccount[] = [];
  for (let from = 0; from < values.length; from += CHUNK) {
    const rows = await db<AccountRow>('lms_accounts')
      .where('connection_id', connectionId)
      .whereIn(column, values.slice(from, from + CHUNK))
      .select('external_id', 'user_id');
    found.push(...rows.map((row) => ({ externalId: row.external_id, userId: row.user_id })));
  }
  return found;
}

/** False where one of the two is somebody's already. */
export async function insertAccount(
  tx: Db,
  connection: { id: string; organisationId: string },
  { externalId, userId }: LmsAccount,
  now: number,
): Promise<boolean> {
  return insertIgnore(tx, 'lms_accounts', {
    ...{ connection_id: connection.id, external_id: externalId, organisation_id: connection.organisationId },
    ...{ user_id: userId, created_at: now },
  });
}

/** Somebody's account in one LMS. */
export interface AccountOf extends LmsAccount {
  connectionId: string;
  organisationId: string;
  /** Of the LMS. */
  address: string;
  createdAt: number;
}

/** A user's accounts in every LMS. */
export async function accountsOf(db: Db, userId: string): Promise<AccountOf[]> {
  const rows: (AccountRow & { address: string })[] = await db('lms_accounts as a')
    .join('lms_connections as c', 'c.id', 'a.connection_id')
    .where('a.user_id', userId)
    .orderBy(['a.created_at', 'a.connection_id'])
    .select('a.*', 'c.address');
  return rows.map((row) => ({
    connectionId: row.connection_id,
    organisationId: row.organisation_id,
    externalId: row.external_id,
    userId: row.user_id,
    address: row.address,
    createdAt: row.created_at,
  }));
}

export async function deleteAccountsOf(tx: Db, userId: string): Promise<number> {
  return tx('lms_accounts').where('user_id', userId).delete();
}
