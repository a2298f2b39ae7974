import { fromJson, toJson, type Db } from '../storage/index.js';

/** An erasure that was asked for and is not done yet. */
export interface ErasureRequest {
  id: string;
  organisationId: string;
  userId: string;
  /** How the audit trail calls the user. */
  pseudonym: string;
  requestedBy: string;
  requestedAt: number;
  /** Rows erased so far, by kind. */
  erased: Record<string, number>;
}

interface ErasureRow {
  id: string;
  organisation_id: string;
  user_id: string | null;
  pseudonym: string;
  requested_by: string;
  requested_at: number;
  finished_at: number | null;
  erased: string;
}

function toRequest(row: ErasureRow & { user_id: string }): ErasureRequest {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    userId: row.user_id,
    pseudonym: row.pseudonym,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    erased: fromJson(row.erased) as Record<string, number>,
  };
}

export async function insertErasure(tx: Db, request: ErasureRequest): Promise<void> {
  const row: ErasureRow = {
    id: request.id,
    organisation_id: request.organisationId,
    user_id: request.userId,
    pseudonym: request.pseudonym,
    requested_by: request.requestedBy,
    requested_at: request.requestedAt,
    finished_at: null,
    erased: toJson(request.erased),
  };
  await tx<ErasureRow>('erasure_requests').insert(row);
}

export async function unfinishedErasureOf(db: Db, userId: string): Promise<ErasureRequest | null> {
  const row = await db<ErasureRow>('erasure_requests').where({ user_id: userId }).first();
  return row?.user_id ? toRequest({ ...row, user_id: row.user_id }) : null;
}

/** The oldest erasures that are not done. */
export async function unfinishedErasures(db: Db, limit: number): Promise<ErasureRequest[]> {
  const rows: ErasureRow[] = await db<ErasureRow>('erasure_requests')
    .whereNull('finished_at')
    .orderBy([{ column: 'requested_at' }, { column: 'id' }])
    .limit(limit);
  return rows.flatMap((row) => (row.user_id ? [toRequest({ ...row, user_id: row.user_id })] : []));
}

/** Notes what has been erased by now. */
export async function noteErased(tx: Db, id: string, erased: Record<string, number>): Promise<void> {
  await tx<ErasureRow>('erasure_requests')
    .where({ id })
    .update({ erased: toJson(erased) });
}

/** Ends an erasure and forgets whom it was about. False when it had ended. */
export async function finishErasure(
  tx: Db,
  id: string,
  at: number,
  erased: Record<string, number>,
): Promise<boolean> {
  const changed = await tx<ErasureRow>('erasure_requests')
    .where({ id, finished_at: null })
    .update({ user_id: null, finished_at: at, erased: toJson(erased) });
  return changed === 1;
}

/** Deletes at most `limit` records of erasures that were done before `before`. */
export async function expireErasures(db: Db, before: number, limit: number): Promise<number> {
  const ids = (await db('erasure_requests')
    .where('finished_at', '<', before)
    .limit(limit)
    .pluck('id')) as string[];
  return ids.length === 0 ? 0 : db('erasure_requests').whereIn('id', ids).delete();
}
