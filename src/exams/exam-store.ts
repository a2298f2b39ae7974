import type { Assurance } from '../biometrics/index.js';
import { bool, compareAndSet, insertIgnore, type Db } from '../storage/index.js';
import type { Exam, ExamState, ExamType, LivenessPolicy } from './exam.js';

interface ExamRow {
  id: string;
  organisation_id: string;
  number: number;
  owner_id: string;
  display_name: string;
  type: string;
  state: string;
  scheduled_at: number;
  duration_minutes: number;
  privacy_policy: string;
  additional_material: number;
  frame_interval_ms: number;
  liveness_policy: string;
  minimum_assurance: string;
  created_at: number;
  started_at: number | null;
  ends_at: number | null;
  version: number;
}

/** Where a page ended: the schedule and number of its last exam. */
export interface ExamCursor {
  scheduledAt: number;
  number: number;
}

/** The next number of an organisation. The row is locked until the caller's transaction ends: no gap, no repeat. */
export async function nextNumber(tx: Db, organisationId: string): Promise<number> {
  const counted = (): Promise<number> =>
    tx('exam_numbers')
      .where({ organisation_id: organisationId })
      .update({ last: tx.raw('?? + 1', ['last']) });
  if ((await counted()) === 0) {
    await insertIgnore(tx, 'exam_numbers', { organisation_id: organisationId, last: 0 });
    await counted();
  }
  const row = await tx<{ organisation_id: string; last: number }>('exam_numbers')
    .where({ organisation_id: organisationId })
    .first('last');
  if (!row) throw new Error('The exam number that was just counted is gone.');
  return row.last;
}

export async function insertExam(tx: Db, exam: Exam): Promise<void> {
  await tx('exams').insert({
    id: exam.id,
    organisation_id: exam.organisationId,
    number: exam.number,
    owner_id: exam.ownerId,
    created_at: exam.createdAt,
    version: exam.version,
    ...changing(exam),
  });
}

/** @throws StatusError VERSION_CONFLICT */
export async function saveExam(tx: Db, exam: Exam): Promise<void> {
  await compareAndSet(tx, 'exams', { id: exam.id }, exam.version, changing(exam));
}

export async function examByNumber(
  db: Db,
  organisationId: string,
  number: number,
): Promise<Exam | undefined> {
  const row = await db<ExamRow>('exams').where({ organisation_id: organisationId, number }).first();
  return row && read(row);
}

export async function examById(db: Db, id: string): Promise<Exam | undefined> {
  const row = await db<ExamRow>('exams').where({ id }).first();
  return row && read(row);
}

/** Exams that somebody may see, the latest scheduled first. */
export async function listExams(
  db: Db,
  whose: { organisationId: string; ownerId?: string; studentId?: string },
  after: ExamCursor | null,
  limit: number,
): Promise<Exam[]> {
  const query = db<ExamRow>('exams').where('organisation_id', whose.organisationId);
  if (whose.ownerId !== undefined) void query.where('owner_id', whose.ownerId);
  if (whose.studentId !== undefined) {
    void query.whereIn('id', db('exam_students').where('user_id', whose.studentId).select('exam_id'));
  }
  if (after) {
    const { scheduledAt, number } = after;
    void query.where((page) => {
      void page
        .where('scheduled_at', '<', scheduledAt)
        .orWhere((same) => void same.where('scheduled_at', scheduledAt).where('number', '<', number));
    });
  }
  const rows = await query
    .orderBy([
      { column: 'scheduled_at', order: 'desc' },
      { column: 'number', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(read);
}

/** Exams that are stored as started although their time is up. */
export async function examsDue(db: Db, now: number, limit: number): Promise<Exam[]> {
  const rows = await db<ExamRow>('exams')
    .where('state', 'STARTED')
    .where('ends_at', '<=', now)
    .orderBy('ends_at')
    .limit(limit);
  return rows.map(read);
}

/** A student's exams that are on, or are to begin by `until`. */
export async function examsNear(db: Db, userId: string, now: number, until: number): Promise<Exam[]> {
  const rows = await db<ExamRow>('exams')
    .whereIn('id', db('exam_students').where('user_id', userId).select('exam_id'))
    .where((near) => {
      void near
        .where((on) => void on.where('state', 'STARTED').where('ends_at', '>', now))
        .orWhere((soon) => void soon.where('state', 'UPCOMING').where('scheduled_at', '<=', until));
    });
  return rows.map(read);
}

function changing(exam: Exam) {
  return {
    display_name: exam.displayName,
    type: exam.type,
    state: exam.state,
    scheduled_at: exam.scheduledAt,
    duration_minutes: exam.durationMinutes,
    privacy_policy: exam.privacyPolicy,
    additional_material: exam.additionalMaterial ? 1 : 0,
    frame_interval_ms: exam.frameIntervalMs,
    liveness_policy: exam.livenessPolicy,
    minimum_assurance: exam.minimumAssurance,
    started_at: exam.startedAt,
    ends_at: exam.endsAt,
  };
}

function read(row: ExamRow): Exam {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    number: row.number,
    ownerId: row.owner_id,
    displayName: row.display_name,
    type: row.type as ExamType,
    state: row.state as ExamState,
    scheduledAt: row.scheduled_at,
    durationMinutes: row.duration_minutes,
    privacyPolicy: row.privacy_policy,
    additionalMaterial: bool(row.additional_material),
    frameIntervalMs: row.frame_interval_ms,
    livenessPolicy: row.liveness_policy as LivenessPolicy,
    minimumAssurance: row.minimum_assurance as Assurance,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    version: row.version,
  };
}
