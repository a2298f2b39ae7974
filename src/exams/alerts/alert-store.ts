import { compareAndSet, fromJson, toJson, type Db } from '../../storage/index.js';
import type { Contribution } from '../watching/fusion.js';
import type { AlertDecision, AlertType, OpenAlert } from './alert.js';

/** An alert as it is kept: the event, whose it is, and what a person decided. */
export interface StoredAlert extends OpenAlert {
  organisationId: string;
  examId: string;
  /** Null for REFERENCE_CHANGED outside a session. */
  sessionId: string | null;
  userId: string;
  evidenceId: string | null;
  /** UTC milliseconds. */
  evidenceExpiresAt: number | null;
  decision: AlertDecision | null;
  decisionNote: string;
  decidedBy: string | null;
  decidedAt: number | null;
  version: number;
}

interface AlertRow {
  id: string;
  organisation_id: string;
  exam_id: string;
  session_id: string | null;
  user_id: string;
  type: string;
  reason: string;
  score: number | null;
  threshold: number | null;
  model_id: string | null;
  contributions: string | null;
  began_at: number;
  last_at: number;
  ended_at: number | null;
  occurrences: number;
  evidence_id: string | null;
  evidence_expires_at: number | null;
  decision: string | null;
  decision_note: string;
  decided_by: string | null;
  decided_at: number | null;
  version: number;
}

/** Where a page ended: beginning and id of its last alert. */
export interface AlertCursor {
  beganAt: number;
  id: string;
}

const REASON_MAX = 500;

export async function insertAlert(
  tx: Db,
  alert: OpenAlert,
  of: Pick<StoredAlert, 'organisationId' | 'examId' | 'sessionId' | 'userId'>,
  evidence: { id: string; expiresAt: number } | null,
): Promise<void> {
  const row: AlertRow = {
    id: alert.id,
    organisation_id: of.organisationId,
    exam_id: of.examId,
    session_id: of.sessionId,
    user_id: of.userId,
    type: alert.type,
    reason: alert.reason.slice(0, REASON_MAX),
    score: alert.score,
    threshold: alert.threshold,
    model_id: alert.modelId,
    contributions: alert.contributions ? toJson(alert.contributions) : null,
    began_at: alert.beganAt,
    last_at: alert.lastAt,
    ended_at: alert.endedAt,
    occurrences: alert.occurrences,
    evidence_id: evidence?.id ?? null,
    evidence_expires_at: evidence?.expiresAt ?? null,
    decision: null,
    decision_note: '',
    decided_by: null,
    decided_at: null,
    version: 1,
  };
  await tx<AlertRow>('alerts').insert(row);
}

/** The event goes on, or is over. Beside the row version, which belongs to the decision. */
export async function prolongAlert(
  tx: Db,
  { id, lastAt, endedAt, occurrences }: Pick<OpenAlert, 'id' | 'lastAt' | 'endedAt' | 'occurrences'>,
): Promise<void> {
  await tx('alerts').where({ id }).update({ last_at: lastAt, ended_at: endedAt, occurrences });
}

/** @throws StatusError VERSION_CONFLICT */
export async function decideAlert(tx: Db, alert: StoredAlert): Promise<void> {
  await compareAndSet(tx, 'alerts', { id: alert.id }, alert.version, {
    decision: alert.decision,
    decision_note: alert.decisionNote,
    decided_by: alert.decidedBy,
    decided_at: alert.decidedAt,
  });
}

export async function alertById(db: Db, examId: string, id: string): Promise<StoredAlert | undefined> {
  const row = await db<AlertRow>('alerts').where({ id, exam_id: examId }).first();
  return row && read(row);
}

/** Alerts of an exam, or of one student in it, the newest first. */
export async function listAlerts(
  db: Db,
  of: { examId: string; userId?: string },
  after: AlertCursor | null,
  limit: number,
): Promise<StoredAlert[]> {
  const query = db<AlertRow>('alerts').where('exam_id', of.examId);
  if (of.userId !== undefined) void query.where('user_id', of.userId);
  if (after) {
    void query.where((page) => {
      void page
        .where('began_at', '<', after.beganAt)
        .orWhere((same) => void same.where('began_at', after.beganAt).where('id', '<', after.id));
    });
  }
  const rows = await query
    .orderBy([
      { column: 'began_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(read);
}

/**
 * When the latest alert about each of some students of an exam began that says it is somebody else, that lasts and that
 * nobody dismissed; nothing where there is none.
 */
export async function otherPersonSince(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  const rows: { user_id: string; since: number }[] = await db('alerts')
    .whereIn('user_id', userIds)
    .where({ exam_id: examId, type: 'DIFFERENT_PERSON' satisfies AlertType })
    .whereRaw(LASTING)
    .groupBy('user_id')
    .select('user_id')
    .max({ since: 'began_at' });
  return new Map(rows.map((row) => [row.user_id, row.since]));
}

/** Of the alerts about a student: how many last that nobody dismissed, and on how many nobody has decided. */
export interface OpenAlerts {
  lasting: number;
  undecided: number;
}

/** Of some students of an exam; nothing where there is no alert. */
export async function countOpen(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, OpenAlerts>> {
  const rows: (OpenAlerts & { user_id: string })[] = await db('alerts')
    .whereIn('user_id', userIds)
    .where('exam_id', examId)
    .groupBy('user_id')
    .select('user_id')
    .select(db.raw(`count(case when ${LASTING} then 1 end) as lasting`))
    .select(db.raw('count(case when decision is null then 1 end) as undecided'));
  return new Map(rows.map(({ user_id: userId, ...counts }) => [userId, counts]));
}

const LASTING = "ended_at is null and coalesce(decision, '') <> 'DISMISSED'";

/** Some alerts of an exam, by id. */
export async function alertsByIds(
  db: Db,
  examId: string,
  ids: readonly string[],
): Promise<Map<string, StoredAlert>> {
  const rows = await db<AlertRow>('alerts').whereIn('id', ids).where('exam_id', examId);
  return new Map(rows.map((row) => [row.id, read(row)]));
}

/** Alerts of one student in an exam that began until `until`, the newest first. */
export async function alertsUntil(
  db: Db,
  { examId, userId }: { examId: string; userId: string },
  until: number,
  limit: number,
): Promise<StoredAlert[]> {
  const rows = await db<AlertRow>('alerts')
    .where({ user_id: userId, exam_id: examId })
    .where('began_at', '<=', until)
    .orderBy([
      { column: 'began_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return rows.map(read);
}

/** How many alerts of one kind a student has. */
export interface AlertTally {
  type: AlertType;
  count: number;
  /** Those that last. */
  open: number;
  undecided: number;
  confirmed: number;
}

interface TallyRow {
  user_id: string;
  type: AlertType;
  // MariaDB sums decimals, and answers them as text.
  count: number | string;
  open: number | string;
  undecided: number | string;
  confirmed: number | string;
}

/** Alerts of some students of an exam, counted by kind. */
export async function tallyAlerts(
  db: Db,
  examId: string,
  userIds: readonly string[],
): Promise<Map<string, AlertTally[]>> {
  const rows: TallyRow[] = await db('alerts')
    .whereIn('user_id', userIds)
    .where('exam_id', examId)
    .groupBy('user_id', 'type')
    .orderBy('type')
    .select('user_id', 'type')
    .select(db.raw('count(*) as ??', ['count']))
    .select(db.raw('sum(case when ended_at is null then 1 else 0 end) as ??', ['open']))
    .select(db.raw('sum(case when decision is null then 1 else 0 end) as ??', ['undecided']))
    .select(db.raw("sum(case when decision = 'CONFIRMED' then 1 else 0 end) as ??", ['confirmed']));
  const tallies = new Map<string, AlertTally[]>();
  for (const { user_id: userId, type, ...counts } of rows) {
    const tally: AlertTally = {
      type,
      count: Number(counts.count),
      open: Number(counts.open),
      undecided: Number(counts.undecided),
      confirmed: Number(counts.confirmed),
    };
    tallies.set(userId, [...(tallies.get(userId) ?? []), tally]);
  }
  return tallies;
}

/** How many alerts of some exams nobody decided on; nothing where there is none. */
export async function countUndecided(db: Db, examIds: readonly string[]): Promise<Map<string, number>> {
  const rows: { exam_id: string; count: number }[] = await db('alerts')
    .whereIn('exam_id', examIds)
    .whereNull('decision')
    .groupBy('exam_id')
    .select('exam_id')
    .count({ count: '*' });
  return new Map(rows.map((row) => [row.exam_id, row.count]));
}

/** Reasons of the newest alerts of some students of an exam, `each` at most, the newest first. */
export async function newestReasons(
  db: Db,
  examId: string,
  userIds: readonly string[],
  each: number,
): Promise<Map<string, string[]>> {
  const ranked = db('alerts')
    .where('exam_id', examId)
    .whereIn('user_id', userIds)
    .select('user_id', 'reason')
    .rowNumber('place', (over) => {
      void over.partitionBy('user_id').orderBy([
        { column: 'began_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ]);
    })
    .as('ranked');
  const rows: { user_id: string; reason: string }[] = await db
    .from(ranked)
    .where('place', '<=', each)
    .orderBy('place')
    .select('user_id', 'reason');
  const reasons = new Map<string, string[]>();
  for (const { user_id: userId, reason } of rows) {
    const known = reasons.get(userId);
    if (known) known.push(reason);
    else reasons.set(userId, [reason]);
  }
  return reasons;
}

function read(row: AlertRow): StoredAlert {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    examId: row.exam_id,
    sessionId: row.session_id,
    userId: row.user_id,
    type: row.type as AlertType,
    reason: row.reason,
    score: row.score,
    threshold: row.threshold,
    modelId: row.model_id,
    // `insertAlert` is the only writer of this column.
    ...(row.contributions === null ? {} : { contributions: fromJson(row.contributions) as Contribution[] }),
    beganAt: row.began_at,
    lastAt: row.last_at,
    endedAt: row.ended_at,
    occurrences: row.occurrences,
    hasEvidence: row.evidence_id !== null,
    evidenceId: row.evidence_id,
    evidenceExpiresAt: row.evidence_expires_at,
    decision: row.decision as AlertDecision | null,
    decisionNote: row.decision_note,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    version: row.version,
  };
}
