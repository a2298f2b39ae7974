/** What counts as consent. Knows no database. */

export type Modality = 'FACE' | 'VOICE' | 'HANDWRITING' | 'INTERACTION';
export type Purpose = 'EXAM_IDENTITY';

/** A consent given in person (`attestation` null), or the organisation's word that it holds one. */
export interface Consent {
  id: string;
  organisationId: string;
  /** Null: for everybody of the organisation. */
  userId: string | null;
  modality: Modality;
  purpose: Purpose;
  policyVersion: string;
  /** Who gave or attested it; null once that person was erased. */
  givenBy: string | null;
  attestation: string | null;
  /** UTC milliseconds. */
  grantedAt: number;
  /** UTC milliseconds; null while in force. */
  revokedAt: number | null;
}

/**
 * Whether somebody may be asked for a biometric, by every record that is about them or about everybody: their own
 * consent to the version in force, or an attestation of it. What they said last themselves comes first: their
 * own withdrawal beats any attestation, until they consent again themselves.
 */
export function isConsented(records: readonly Consent[], versionInForce: string): boolean {
  if (isWithdrawn(records)) return false;
  return records.some((each) => each.revokedAt === null && each.policyVersion === versionInForce);
}

/** Whether the last thing that the person said themselves was no. */
function isWithdrawn(records: readonly Consent[]): boolean {
  const own = records.filter((each) => each.userId !== null && each.attestation === null);
  return own.length > 0 && own.every((each) => each.revokedAt !== null);
}
