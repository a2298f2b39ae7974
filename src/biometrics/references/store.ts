import { StatusError } from '../../call/index.js';
import { compareAndSet, isUniqueViolation, type Db } from '../../storage/index.js';
import type { Assurance, Modality } from '../ports.js';

/** A reference as kept; its templates are sealed beside it. */
export interface ReferenceRecord {
  id: string;
  organisationId: string;
  userId: string;
  modality: Modality;
  /** Sealed in it: exactly this reference's templates. Destroyed with it. */
  containerId: string;
  modelId: string;
  assurance: Assurance;
  /** All times in UTC milliseconds. */
  enrolledAt: number;
  expiresAt: number;
  /** The last server match; null for none. */
  matchedAt: number | null;
  version: number;
}

interface ReferenceRow {
  id: string;
  organisation_id: string;
  user_id: string;
  modality: Modality;
  container_id: string;
  model_id: string;
  assurance: Assurance;
  enrolled_at: number;
  expires_at: number;
  matched_at: number | null;
  version: number;
}

function toRecord(row: ReferenceRow): ReferenceRecord {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    userId: row.user_id,
    modality: row.modality,
    containerId: row.container_id,
    modelId: row.model_id,
    assurance: row.assurance,
    enrolledAt: row.enrolled_at,
    expiresAt: row.expires_at,
    matchedAt: row.matched_at,
    version: row.version,
  };
}

export async function findReference(
  db: Db,
  userId: string,
  modality: Modality,
): Promise<ReferenceRecord | null> {
  const row = await db<ReferenceRow>('biometric_references').where({ user_id: userId, modality }).first();
  return row ? toRecord(row) : null;
}

export async function referencesOf(db: Db, userId: string): Promise<ReferenceRecord[]> {
  const rows: ReferenceRow[] = await db<ReferenceRow>('biometric_references')
    .where({ user_id: userId })
    .orderBy('modality');
  return rows.map(toRecord);
}

/** @throws StatusError VERSION_CONFLICT when the user got one in the meantime */
export async function insertReference(tx: Db, record: ReferenceRecord): Promise<void> {
  const row: ReferenceRow = {
    id: record.id,
    organisation_id: record.organisationId,
    user_id: record.userId,
    modality: record.modality,
    container_id: record.containerId,
    model_id: record.modelId,
    assurance: record.assurance,
    enrolled_at: record.enrolledAt,
    expires_at: record.expiresAt,
    matched_at: record.matchedAt,
    version: record.version,
  };
  try {
    await tx<ReferenceRow>('biometric_references').insert(row);
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict();
    throw error;
  }
}

/** Claims the next version. @throws StatusError VERSION_CONFLICT */
export async function advanceReference(tx: Db, { id, version }: ReferenceRecord): Promise<void> {
  await compareAndSet(tx, 'biometric_references', { id }, version, {});
}

/** Deletes a reference that nobody changed since it was read, with its templates. @throws StatusError VERSION_CONFLICT */
export async function deleteReference(tx: Db, { id, version }: ReferenceRecord): Promise<void> {
  if ((await tx('biometric_references').where({ id, version }).delete()) === 0) throw conflict();
  await tx('biometric_templates').where({ reference_id: id }).delete();
}

/**
 * Notes a server match without a new version: it changes nothing that an enrolment rests on. False when the user does
 * not have that reference any more.
 */
export async function setMatchedAt(db: Db, userId: string, id: string, at: number): Promise<boolean> {
  return (await db('biometric_references').where({ id, user_id: userId }).update({ matched_at: at })) === 1;
}

export async function expiredReferences(db: Db, now: number, limit: number): Promise<ReferenceRecord[]> {
  const rows: ReferenceRow[] = await db<ReferenceRow>('biometric_references')
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit);
  return rows.map(toRecord);
}

/** Sealed templates in the order of their enrolment. */
export async function sealedTemplates(db: Db, referenceId: string): Promise<Buffer[]> {
  return db('biometric_templates')
    .where({ reference_id: referenceId })
    .orderBy('position')
    .pluck('sealed') as Promise<Buffer[]>;
}

export async function countTemplates(db: Db, referenceId: string): Promise<number> {
  const row = (await db('biometric_templates')
    .where({ reference_id: referenceId })
    .count({ n: '*' })
    .first()) as { n: number } | undefined;
  return row?.n ?? 0;
}

export async function insertTemplate(
  tx: Db,
  template: { referenceId: string; position: number; sealed: Buffer; at: number },
): Promise<void> {
  await tx('biometric_templates').insert({
    reference_id: template.referenceId,
    position: template.position,
    sealed: template.sealed,
    created_at: template.at,
  });
}

function conflict(): StatusError {
  return new StatusError('VERSION_CONFLICT', 'The reference was changed by someone else in the meantime.');
}
