import { fromJson, toJson, type Db } from '../../storage/index.js';
import type { ProcessPolicy } from './process-policy.js';

/** Whose a policy is. */
export interface PolicyOwner {
  organisationId: string;
  /** Null: the organisation's own. */
  examId: string | null;
}

interface PolicyRow {
  organisation_id: string;
  exam_id: string;
  rules: string;
}

const OF_THE_ORGANISATION = '';

const key = ({ organisationId, examId }: PolicyOwner) => ({
  organisation_id: organisationId,
  exam_id: examId ?? OF_THE_ORGANISATION,
});

/** The own policies of an organisation and of some of its exams, by exam; the organisation's under null. */
export async function policiesOf(
  db: Db,
  organisationId: string,
  examIds: readonly string[],
): Promise<Map<string | null, ProcessPolicy>> {
  const rows = await db<PolicyRow>('process_policies')
    .where('organisation_id', organisationId)
    .whereIn('exam_id', [OF_THE_ORGANISATION, ...examIds]);
  return new Map(
    rows.map((row) => [
      row.exam_id === OF_THE_ORGANISATION ? null : row.exam_id,
      // `savePolicy` is the only writer of this column.
      fromJson(row.rules) as ProcessPolicy,
    ]),
  );
}

export async function savePolicy(tx: Db, owner: PolicyOwner, policy: ProcessPolicy): Promise<void> {
  const row: PolicyRow = { ...key(owner), rules: toJson(policy) };
  await tx<PolicyRow>('process_policies')
    .insert(row)
    .onConflict(['organisation_id', 'exam_id'])
    .merge(['rules']);
}

/** False where there was none. */
export async function deletePolicy(tx: Db, owner: PolicyOwner): Promise<boolean> {
  return (await tx('process_policies').where(key(owner)).delete()) > 0;
}
