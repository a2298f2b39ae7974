import type { Db } from '../../storage/index.js';
import type { Modality } from '../ports.js';

/** Staff's leave to replace or remove a reference once, without a match. */
export interface Allowance {
  id: string;
  organisationId: string;
  userId: string;
  modality: Modality;
  /** The member of staff; null once they were erased. */
  allowedBy: string | null;
  reason: string;
  /** UTC milliseconds. */
  allowedAt: number;
  /** UTC milliseconds. */
  expiresAt: number;
}

interface AllowanceRow {
  id: string;
  organisation_id: string;
  user_id: string;
  modality: Modality;
  allowed_by: string | null;
  reason: string;
  allowed_at: number;
  expires_at: number;
}

function toAllowance(row: AllowanceRow): Allowance {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    userId: row.user_id,
    modality: row.modality,
    allowedBy: row.allowed_by,
    reason: row.reason,
    allowedAt: row.allowed_at,
    expiresAt: row.expires_at,
  };
}

/** Puts an allowance in the place of those before: however often staff allow it, it is once. */
export async function putAllowance(tx: Db, allowance: Allowance): Promise<void> {
  const { userId, modality } = allowance;
  await tx('replacement_allowances').where({ user_id: userId, modality }).delete();
  const row: AllowanceRow = {
    id: allowance.id,
    organisation_id: allowance.organisationId,
    user_id: userId,
    modality,
    allowed_by: allowance.allowedBy,
    reason: allowance.reason,
    allowed_at: allowance.allowedAt,
    expires_at: allowance.expiresAt,
  };
  await tx<AllowanceRow>('replacement_allowances').insert(row);
}

export async function findAllowance(
  db: Db,
  userId: string,
  modality: Modality,
  now: number,
): Promise<Allowance | null> {
  const row = await db<AllowanceRow>('replacement_allowances')
    .where({ user_id: userId, modality })
    .where('expires_at', '>', now)
    .first();
  return row ? toAllowance(row) : null;
}

/** Uses an allowance up. False when somebody did before. */
export async function consumeAllowance(tx: Db, id: string): Promise<boolean> {
  return (await tx('replacement_allowances').where({ id }).delete()) === 1;
}

export async function allowancesOf(db: Db, userId: string): Promise<Allowance[]> {
  const rows: AllowanceRow[] = await db<AllowanceRow>('replacement_allowances').where({ user_id: userId });
  return rows.map(toAllowance);
}

/** Deletes those for a person, and forgets that they allowed any to others. */
export async function eraseAllowances(tx: Db, userId: string): Promise<number> {
  const deleted = await tx('replacement_allowances').where({ user_id: userId }).delete();
  await tx('replacement_allowances').where({ allowed_by: userId }).update({ allowed_by: null });
  return deleted;
}

export async function expireAllowances(db: Db, now: number, limit: number): Promise<number> {
  const ids = (await db('replacement_allowances')
    .where('expires_at', '<=', now)
    .limit(limit)
    .pluck('id')) as string[];
  return ids.length === 0 ? 0 : db('replacement_allowances').whereIn('id', ids).delete();
}
