import type { Db } from '../storage/index.js';
import type { Consent, Modality, Purpose } from './consent.js';
import type { Subject } from './subject.js';

interface ConsentRow {
  id: string;
  organisation_id: string;
  user_id: string | null;
  modality: Modality;
  purpose: Purpose;
  policy_version: string;
  given_by: string | null;
  attestation: string | null;
  granted_at: number;
  revoked_at: number | null;
}

function toConsent(row: ConsentRow): Consent {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    userId: row.user_id,
    modality: row.modality,
    purpose: row.purpose,
    policyVersion: row.policy_version,
    givenBy: row.given_by,
    attestation: row.attestation,
    grantedAt: row.granted_at,
    revokedAt: row.revoked_at,
  };
}

function about(db: Db, subject: Subject, modality: Modality, purpose: Purpose) {
  return db<ConsentRow>('consents')
    .where({ organisation_id: subject.organisationId, modality, purpose })
    .andWhere((whose) => {
      void whose.where('user_id', subject.userId).orWhereNull('user_id');
    })
    .orderBy([{ column: 'granted_at', order: 'desc' }, { column: 'id' }]);
}

/**
 * Every record about a person or about everybody of their organisation, the newest first. Inside a transaction
 * they cannot be withdrawn before it ends.
 */
export async function consentsAbout(
  db: Db,
  subject: Subject,
  modality: Modality,
  purpose: Purpose,
): Promise<Consent[]> {
  const query = about(db, subject, modality, purpose);
  const rows: ConsentRow[] = await (db.isTransaction ? query.forShare() : query);
  return rows.map(toConsent);
}

/** As `consentsAbout`, held against everybody who is about to rely on them. */
export async function consentsForWithdrawal(
  tx: Db,
  subject: Subject,
  modality: Modality,
  purpose: Purpose,
): Promise<Consent[]> {
  const rows: ConsentRow[] = await about(tx, subject, modality, purpose).forUpdate();
  return rows.map(toConsent);
}

/** What one person gave, or was attested for them alone, the newest first. */
export async function consentsOf(db: Db, userId: string): Promise<Consent[]> {
  const rows: ConsentRow[] = await db<ConsentRow>('consents')
    .where({ user_id: userId })
    .orderBy([{ column: 'granted_at', order: 'desc' }, { column: 'id' }]);
  return rows.map(toConsent);
}

export async function insertConsent(db: Db, consent: Consent): Promise<void> {
  await db<ConsentRow>('consents').insert({
    id: consent.id,
    organisation_id: consent.organisationId,
    user_id: consent.userId,
    modality: consent.modality,
    purpose: consent.purpose,
    policy_version: consent.policyVersion,
    given_by: consent.givenBy,
    attestation: consent.attestation,
    granted_at: consent.grantedAt,
    revoked_at: consent.revokedAt,
  });
}

export async function revokeConsents(tx: Db, ids: readonly string[], at: number): Promise<void> {
  await tx<ConsentRow>('consents')
    .whereIn('id', [...ids])
    .update({ revoked_at: at });
}

/** Deletes what is about a person, and forgets that they attested anything about others. */
export async function eraseConsents(tx: Db, userId: string): Promise<number> {
  const deleted = await tx<ConsentRow>('consents').where({ user_id: userId }).delete();
  await tx<ConsentRow>('consents').where({ given_by: userId }).update({ given_by: null });
  return deleted;
}

/** Deletes at most `limit` personal consents that were withdrawn before `before` and given again since. */
export async function expireConsents(db: Db, before: number, limit: number): Promise<number> {
  const ids = (await db('consents as old')
    .where('old.revoked_at', '<', before)
    .whereExists((newer) => {
      void newer
        .select(db.raw('1'))
        .from('consents as newer')
        .where('newer.user_id', db.ref('old.user_id'))
        .where('newer.modality', db.ref('old.modality'))
        .where('newer.purpose', db.ref('old.purpose'))
        .where('newer.granted_at', '>', db.ref('old.revoked_at'));
    })
    .limit(limit)
    .pluck('old.id')) as string[];
  return ids.length === 0 ? 0 : db('consents').whereIn('id', ids).delete();
}
