import { StatusError } from '../../call/index.js';
import { compareAndSet, isUniqueViolation, type Db } from '../../storage/index.js';
import type { Assurance, Custody, Modality, Subject } from '../ports.js';

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
  custody: Custody;
  /** Templates in the blob that the phone was sent; null for none. */
  packedTemplates: number | null;
  /** End of the loan where the custody is LENT, otherwise null. */
  lentUntil: number | null;
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
  custody: Custody;
  packed_templates: number | null;
  lent_until: number | null;
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
    custody: row.custody,
    packedTemplates: row.packed_templates,
    lentUntil: row.lent_until,
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

/**
 * Those of others in an organisation, of one model, the latest enrolled first. What a phone keeps, or lent for an exam,
 * is not for others.
 */
export async function newestReferences(
  db: Db,
  { organisationId, userId }: Subject,
  { modality, modelId }: { modality: Modality; modelId: string },
  now: number,
  limit: number,
): Promise<ReferenceRecord[]> {
  const rows: ReferenceRow[] = await db<ReferenceRow>('biometric_references')
    .where({ organisation_id: organisationId, modality, model_id: modelId, custody: 'SERVER' })
    .whereNot({ user_id: userId })
    .where('expires_at', '>', now)
    .orderBy('enrolled_at', 'desc')
    .limit(limit);
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
    custody: record.custody,
    packed_templates: record.packedTemplates,
    lent_until: record.lentUntil,
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
  await deleteTemplates(tx, id);
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

/** How many templates a reference has, here or on the phone. */
export async function countTemplates(
  db: Db,
  { id, custody, packedTemplates }: ReferenceRecord,
): Promise<number> {
  if (custody === 'PHONE') return packedTemplates ?? 0;
  const row = (await db('biometric_templates').where({ reference_id: id }).count({ n: '*' }).first()) as
    { n: number } | undefined;
  return row?.n ?? 0;
}

/** Writes where the templates are. @throws StatusError VERSION_CONFLICT */
export async function setCustody(
  tx: Db,
  { id, version }: Pick<ReferenceRecord, 'id' | 'version'>,
  { custody, packedTemplates, lentUntil }: Pick<ReferenceRecord, 'custody' | 'packedTemplates' | 'lentUntil'>,
): Promise<void> {
  await compareAndSet(tx, 'biometric_references', { id }, version, {
    custody,
    packed_templates: packedTemplates,
    lent_until: lentUntil,
  });
}

export async function deleteTemplates(tx: Db, referenceId: string): Promise<void> {
  await tx('biometric_templates').where({ reference_id: referenceId }).delete();
}

/** References whose loan ended by `now`, the longest ended first. */
export async function endedLoans(db: Db, now: number, limit: number): Promise<ReferenceRecord[]> {
  const rows: ReferenceRow[] = await db<ReferenceRow>('biometric_references')
    .where('lent_until', '<=', now)
    .orderBy('lent_until')
    .limit(limit);
  return rows.map(toRecord);
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
