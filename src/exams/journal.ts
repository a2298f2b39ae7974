import { emit, type Audit } from '../events/index.js';
import type { Db } from '../storage/index.js';

/** What happened, for the audit trail and, where others should know, for the outbox. */
export interface Entry {
  organisationId: string;
  actor: string | null;
  subject: string | null;
  /** Dotted, past tense: `exam.started`. The outbox's topic as well. */
  action: string;
  /** `exam/<id>`, `session/<id>`, `alert/<id>`. */
  target: string;
  details: Record<string, unknown>;
  /** UTC milliseconds. */
  at: number;
  /** Orders the events that others are told: an exam's or a session's id. Null: only the audit trail. */
  tell: string | null;
}

/** Writes the entry in the transaction of the change. */
export async function journal(tx: Db, audit: Audit, entry: Entry): Promise<void> {
  const { organisationId, actor, subject, action, target, details, at, tell } = entry;
  await audit.record(tx, { organisationId, actor, subject, action, target, details });
  if (tell === null) return;
  const payload = { target, ...(subject === null ? {} : { user: subject }), ...details };
  await emit(tx, { organisationId, topic: action, key: tell, payload, at });
}
