import type { Assurance } from '../biometrics/index.js';
import { StatusError } from '../call/index.js';
import { bool, compareAndSet, type Db } from '../storage/index.js';
import type { Exam, ExamState, ExamType, LivenessPolicy } from './exam.js';
import { searchRows } from './search-store.js';
import { runBy } from './staff-store.js';
import type { Found, Search } from './search.js';

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
  automatic: number;
  challenge: number;
  monitor: number;
  grace_ms: number;
  created_at: number;
  started_at: number | null;
  ends_at: number | null;
  /** NULL in rows older than the column, which nobody changed since. */
  updated_at: number | null;
  version: number;
}

/** Where a page ended: the schedule and number of its last exam. */
export interface ExamCursor {
  scheduledAt: number;
  number: number;
}

/** That an exam is on at `:now`, as `stateAt` has it; `e` is the table's alias. */
export const EXAM_IS_ON = `((e.state = 'STARTED' or (e.automatic = 1 and e.state = 'UPCOMING' and e.scheduled_at <= :now))
  and (e.ends_at is null or e.ends_at > :now))`;

/** The state of an exam at `:now`, as `stateAt` has it; `e` is the table's alias. */
export const EXAM_STATE = `case when ${EXAM_IS_ON} then 'STARTED'
  when e.ends_at <= :now and (e.state = 'STARTED' or e.automatic = 1) then 'COMPLETED' else e.state end`;

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

/** Whose exams are meant: of an organisation, of one who runs them, of one student. */
export interface ExamScope {
  organisationId: string;
  staffId?: string;
  studentId?: string;
}

function examsOf(db: Db, { organisationId, staffId, studentId }: ExamScope) {
  const query = db<ExamRow>('exams as e').where('e.organisation_id', organisationId);
  if (staffId !== undefined) void query.where(runBy(db, staffId));
  if (studentId !== undefined) {
    void query.whereIn('e.id', db('exam_students').where('user_id', studentId).select('exam_id'));
  }
  return query;
}

/** Exams that somebody may see, the latest scheduled first. */
export async function listExams(
  db: Db,
  whose: ExamScope,
  after: ExamCursor | null,
  limit: number,
): Promise<Exam[]> {
  const query = examsOf(db, whose);
  if (after) {
    const { scheduledAt, number } = after;
    void query.where((page) => {
      void page
        .where('e.scheduled_at', '<', scheduledAt)
        .orWhere((same) => void same.where('e.scheduled_at', scheduledAt).where('e.number', '<', number));
    });
  }
  const rows = await query
    .orderBy([
      { column: 'e.scheduled_at', order: 'desc' },
      { column: 'e.number', order: 'desc' },
    ])
    .limit(limit)
    .select<ExamRow[]>('e.*');
  return rows.map(read);
}

/** Exams that somebody may see, by what is asked for. Their state is that of `now`. */
export async function searchExams(
  db: Db,
  whose: ExamScope,
  search: Search,
  now: number,
): Promise<Found<Exam>> {
  const rows = examsOf(db, whose)
    .select('e.id', 'e.number', 'e.display_name', 'e.type')
    .select({ schedule_time: 'e.scheduled_at', duration: 'e.duration_minutes', create_time: 'e.created_at' })
    .select({ start_time: 'e.started_at', end_time: 'e.ends_at' })
    .select(db.raw('coalesce(e.updated_at, e.created_at) as update_time'))
    .select(db.raw(`${EXAM_STATE} as state`, { now }));
  const { page, total } = await searchRows<{ id: string }>(db, rows, search);
  const ids = page.map(({ id }) => id);
  const found = await db<ExamRow>('exams').whereIn('id', ids);
  const byId = new Map(found.map((row) => [row.id, read(row)]));
  return { page: ids.flatMap((id) => byId.get(id) ?? []), total };
}

/** What belongs to an exam that has not started, in the order in which it may be deleted. */
const BEFORE_THE_START = [
  'alerts',
  'challenges',
  'exam_claims',
  'exam_feedback',
  'process_policies',
  'exam_events',
  'exam_event_numbers',
  'verifications',
  'admissions',
  'exam_attempts',
  'exam_staff',
  'enrolments',
  'exam_students',
] as const;

/**
 * Deletes an exam that has not started, and all that belongs to it.
 * @throws StatusError VERSION_CONFLICT
 */
export async function deleteExam(tx: Db, { id, version }: Exam): Promise<void> {
  for (const table of BEFORE_THE_START) await tx(table).where('exam_id', id).delete();
  if ((await tx('exams').where({ id, version }).delete()) === 0) {
    throw new StatusError('VERSION_CONFLICT', 'The exam was changed by someone else in the meantime.');
  }
}

/** Exams whose times have brought about another state than the one that is stored. */
export async function examsDue(db: Db, now: number, limit: number): Promise<Exam[]> {
  const over = await db<ExamRow>('exams')
    .where('state', 'STARTED')
    .where('ends_at', '<=', now)
    .orderBy('ends_at')
    .limit(limit);
  const begun = await db<ExamRow>('exams')
    .where({ automatic: 1, state: 'UPCOMING' })
    .where('scheduled_at', '<=', now)
    .limit(limit);
  return [...over, ...begun].map(read);
}

/** A student's exams that are on, or are to begin by `until`, in one order for whoever locks several. */
export async function examsNear(db: Db, userId: string, now: number, until: number): Promise<Exam[]> {
  const rows = await db<ExamRow>('exams as e')
    .whereIn('e.id', db('exam_students').where('user_id', userId).select('exam_id'))
    .where((near) => {
      void near
        .whereRaw(EXAM_IS_ON, { now })
        .orWhere((soon) => {
          void soon.where('e.state', 'UPCOMING').where('e.automatic', 0).where('e.scheduled_at', '<=', until);
        })
        .orWhere((soon) => {
          void soon
            .where('e.state', 'UPCOMING')
            .where('e.automatic', 1)
            .whereBetween('e.scheduled_at', [now, until]);
        });
    })
    .orderBy('e.id')
    .select<ExamRow[]>('e.*');
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
    automatic: exam.automatic ? 1 : 0,
    challenge: exam.admission.challenge ? 1 : 0,
    monitor: exam.admission.monitor ? 1 : 0,
    grace_ms: exam.admission.graceMs,
    started_at: exam.startedAt,
    ends_at: exam.endsAt,
    updated_at: exam.updatedAt,
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
    automatic: bool(row.automatic),
    admission: { challenge: bool(row.challenge), monitor: bool(row.monitor), graceMs: row.grace_ms },
    createdAt: row.created_at,
    updatedAt: row.updated_at ?? row.created_at,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    version: row.version,
  };
}
