import { StatusError } from '../../call/index.js';
import { bool, insertIgnore, type Db } from '../../storage/index.js';
import type { Admission, AdmissionReason, AdmissionState } from './admission.js';

/** An admission as it was last told. */
export interface StoredAdmission extends Pick<Admission, 'admitted' | 'state' | 'reason' | 'dueAt'> {
  /** Grows with every change; 0 for what was never told. */
  revision: number;
}

interface AdmissionRow {
  exam_id: string;
  user_id: string;
  admitted: number;
  state: string;
  reason: string;
  revision: number;
  changed_at: number;
  due_at: number | null;
}

/** Of some students of an exam, by user; nothing of whom it was never told. */
export async function storedAdmissions(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, StoredAdmission>> {
  const rows = await db<AdmissionRow>('admissions').where('exam_id', examId).whereIn('user_id', userIds);
  return new Map(rows.map((row) => [row.user_id, read(row)]));
}

export async function storedAdmission(
  db: Db,
  examId: string,
  userId: string,
): Promise<StoredAdmission | undefined> {
  const row = await db<AdmissionRow>('admissions').where({ exam_id: examId, user_id: userId }).first();
  return row && read(row);
}

/**
 * Stores an admission that changed; its new revision. The first is the time: a student who is enrolled anew is told of
 * under a higher one than before, though nothing is left of that.
 * @throws StatusError VERSION_CONFLICT
 */
export async function saveAdmission(
  tx: Db,
  key: { examId: string; userId: string },
  { admitted, state, reason, dueAt, revision }: StoredAdmission,
  now: number,
): Promise<number> {
  const where = { exam_id: key.examId, user_id: key.userId };
  const columns = { admitted: admitted ? 1 : 0, state, reason, changed_at: now, due_at: dueAt };
  if (revision === 0) {
    if (await insertIgnore(tx, 'admissions', { ...where, ...columns, revision: now })) return now;
    throw new StatusError('VERSION_CONFLICT', 'It was told by someone else in the meantime.');
  }
  const changed = await tx('admissions')
    .where({ ...where, revision })
    .update({ ...columns, revision: revision + 1 });
  if (changed === 1) return revision + 1;
  throw new StatusError('VERSION_CONFLICT', 'It was told by someone else in the meantime.');
}

/** When it is to be looked at again, of one that has not changed. */
export async function setDue(tx: Db, examId: string, userId: string, dueAt: number | null): Promise<void> {
  await tx('admissions').where({ exam_id: examId, user_id: userId }).update({ due_at: dueAt });
}

/** Whose admission time may have changed by `now`, the longest waiting first. */
export async function admissionsDue(
  db: Db,
  now: number,
  limit: number,
): Promise<{ examId: string; userId: string }[]> {
  const rows = await db<AdmissionRow>('admissions')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .select('exam_id', 'user_id');
  return rows.map((row) => ({ examId: row.exam_id, userId: row.user_id }));
}

function read(row: AdmissionRow): StoredAdmission {
  return {
    admitted: bool(row.admitted),
    state: row.state as AdmissionState,
    reason: row.reason as AdmissionReason,
    dueAt: row.due_at,
    revision: row.revision,
  };
}
