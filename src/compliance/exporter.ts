import type { ComplianceDependencies } from './compliance.js';
import type { SubjectData } from './subject.js';

const AUDIT_PAGE = 500;

/** Who asks: of which organisation, and as whom in the audit trail. */
export interface Caller {
  organisationId: string;
  userId: string;
}

/** Everything held about a person, as one JSON document. That the caller may ask for it is the caller's to know. */
export type Exporter = (caller: Caller, userId: string) => Promise<Buffer>;

export function createExporter(
  { storage: { db }, audit, clock }: Pick<ComplianceDependencies, 'storage' | 'audit' | 'clock'>,
  parts: readonly SubjectData[],
): Exporter {
  /** What the audit trail holds about a person, without who else is in it. */
  async function trailOf({ organisationId }: Caller, subject: string): Promise<object[]> {
    const entries: object[] = [];
    for (let after = 0; ;) {
      const page = await audit.list(db, { organisationId, subject, after, limit: AUDIT_PAGE });
      entries.push(...page.map(({ at, action, details }) => ({ at: iso(at), action, details })));
      const last = page.at(-1);
      if (!last || page.length < AUDIT_PAGE) return entries;
      after = last.id;
    }
  }

  return async (caller, userId) => {
    const document: Record<string, unknown> = { user: `users/${userId}`, exported: iso(clock.now()) };
    for (const part of parts) document[part.name] = await part.export(db, userId);
    document['audit'] = await trailOf(caller, userId);
    await audit.record(db, {
      organisationId: caller.organisationId,
      actor: caller.userId,
      subject: userId,
      action: 'subject.exported',
      target: null,
      details: { parts: parts.map((part) => part.name) },
    });
    return Buffer.from(JSON.stringify(document, null, 2));
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
