import type { Db } from '../../storage/index.js';
import { examsNear } from '../exam-store.js';
import { NEAR_MS } from '../exam.js';
import { SHIPPED_PROCESS_POLICY } from './process-defaults.js';
import { policiesOf, type PolicyOwner } from './process-policy-store.js';
import type { ProcessPolicy } from './process-policy.js';

export type PolicySource = 'SHIPPED' | 'ORGANISATION' | 'EXAM';

/** The policy that an exam, or an organisation, follows: its own, the organisation's, or the one that is shipped. */
export async function policyInForce(
  db: Db,
  { organisationId, examId }: PolicyOwner,
): Promise<{ policy: ProcessPolicy; source: PolicySource }> {
  const own = await policiesOf(db, organisationId, examId === null ? [] : [examId]);
  const ofExam = examId === null ? undefined : own.get(examId);
  if (ofExam) return { policy: ofExam, source: 'EXAM' };
  const ofOrganisation = own.get(null);
  if (ofOrganisation) return { policy: ofOrganisation, source: 'ORGANISATION' };
  return { policy: SHIPPED_PROCESS_POLICY, source: 'SHIPPED' };
}

/** What a student must not run now: by all their exams that are on or near, or by their organisation. */
export async function policyForStudent(
  db: Db,
  { organisationId, userId }: { organisationId: string; userId: string },
  now: number,
): Promise<ProcessPolicy> {
  const near = await examsNear(db, userId, now, now + NEAR_MS);
  const own = await policiesOf(
    db,
    organisationId,
    near.map(({ id }) => id),
  );
  const otherwise = own.get(null) ?? SHIPPED_PROCESS_POLICY;
  return near.length === 0 ? otherwise : near.flatMap(({ id }) => own.get(id) ?? otherwise);
}
