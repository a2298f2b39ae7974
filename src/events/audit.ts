import { createHmac } from 'node:crypto';
import { fromJson, toJson, type Db, type Storage } from '../storage/index.js';

/** Something worth proving later. `details` holds facts (scores, thresholds, model ids), never personal data. */
export interface NewAuditEntry {
  organisationId: string;
  /** The user who did it; null for the system itself. */
  actor: string | null;
  /** Whom it was done to, where it was done to someone. */
  subject: string | null;
  /** Dotted: `reference.enrolled`, `personal_data.read`. At most 64 characters. */
  action: string;
  /** What it was done to: `exam/<id>`. At most 128 characters, no personal data. */
  target: string | null;
  details: Record<string, unknown>;
}

/** An entry as kept: people are pseudonyms, which `Audit.pseudonym` gives for a known id. */
export interface AuditEntry extends NewAuditEntry {
  id: number;
  /** UTC milliseconds. */
  at: number;
}

export interface AuditQuery {
  organisationId: string;
  /** A subject's id, not their pseudonym. */
  subject?: string;
  /** Entries with a greater id. */
  after: number;
  limit: number;
}

/** The audit trail: append-only, and sealed into a chain by `sealAudit`. */
export interface Audit {
  /** Appends in the caller's transaction, without a lock. */
  record(tx: Db, entry: NewAuditEntry): Promise<void>;
  /** Entries in the order they were made. */
  list(db: Db, query: AuditQuery): Promise<AuditEntry[]>;
  /** How a person of an organisation is called in the trail. */
  pseudonym(organisationId: string, id: string): string;
}

/** Half of a SHA-256: 128 bits, in hex. */
const PSEUDONYM_LENGTH = 32;

export interface AuditRow {
  id: number;
  organisation_id: string;
  at: number;
  actor: string | null;
  subject: string | null;
  action: string;
  target: string | null;
  details: string;
}

/**
 * The trail in `storage`. Pseudonyms are HMAC-SHA256 under a key derived from the key ring: when a person's id
 * is erased everywhere else, theirs can no longer be linked, and the chain stays whole.
 */
export function createAudit(storage: Pick<Storage, 'deriveKey'>, now: () => number = Date.now): Audit {
  const key = storage.deriveKey('audit pseudonyms v1');
  const pseudonym = (organisationId: string, id: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([organisationId, id]))
      .digest('hex')
      .slice(0, PSEUDONYM_LENGTH);
  const named = (organisationId: string, id: string | null): string | null =>
    id === null ? null : pseudonym(organisationId, id);

  return {
    pseudonym,

    async record(tx, { organisationId, actor, subject, action, target, details }) {
      await tx('audit_entries').insert({
        organisation_id: organisationId,
        at: now(),
        actor: named(organisationId, actor),
        subject: named(organisationId, subject),
        action,
        target,
        details: toJson(details),
      });
    },

    async list(db, { organisationId, subject, after, limit }) {
      const query = db<AuditRow>('audit_entries')
        .where('organisation_id', organisationId)
        .where('id', '>', after);
      if (subject !== undefined) query.where('subject', pseudonym(organisationId, subject));
      const rows = await query.orderBy('id').limit(limit);
      return rows.map((row) => ({
        id: row.id,
        organisationId: row.organisation_id,
        at: row.at,
        actor: row.actor,
        subject: row.subject,
        action: row.action,
        target: row.target,
        details: fromJson(row.details) as AuditEntry['details'],
      }));
    },
  };
}
