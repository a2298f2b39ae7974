import type { CheckAttempt } from '../../checks/index.js';
import type { Db } from '../../storage/index.js';
import { alertsUntil, type StoredAlert } from '../alerts/alert-store.js';
import { notesAbout, type ExamEvent } from '../exam-event-store.js';
import { attemptsFor } from '../identifying/identification.js';
import { unmatchedFrames } from '../watching/observation-store.js';
import type { Observation } from '../watching/observation.js';
import { sessionsOf } from '../watching/session-store.js';
import type { Session } from '../watching/session.js';

/** One thing that happened with a student in an exam. */
export type Moment = {
  /** UTC milliseconds. */
  at: number;
  /** Orders what happened at the same time; unique in a timeline. */
  key: string;
} & (
  | { kind: 'ATTEMPT'; attempt: CheckAttempt }
  | { kind: 'SESSION'; session: Session }
  | { kind: 'FRAME'; sessionId: string; observation: Observation }
  | { kind: 'ALERT'; alert: StoredAlert }
  | { kind: 'NOTE'; note: ExamEvent }
);

/** Where a page ended: its last moment. */
export type TimelineCursor = Pick<Moment, 'at' | 'key'>;

/** More of one kind than ever happen to one student in the same millisecond. */
const TIES = 50;

/**
 * What happened, the newest first, at most `limit`. Every source is asked for as many as the page may need, and no more
 * of a page than that is read.
 */
export async function moments(
  db: Db,
  of: { examId: string; userId: string },
  after: TimelineCursor | null,
  limit: number,
): Promise<Moment[]> {
  const until = after?.at ?? Number.MAX_SAFE_INTEGER;
  const most = limit + TIES;
  const sessions = await sessionsOf(db, of.examId, [of.userId]);
  const ids = sessions.map(({ id }) => id);
  const attempts = await attemptsFor(db, of, until, most);
  const frames = await unmatchedFrames(db, ids, until, most);
  const alerts = await alertsUntil(db, of, until, most);
  const notes = await notesAbout(db, of, until, most);
  const all: Moment[] = [
    ...sessions.map((session): Moment => {
      return { kind: 'SESSION', at: session.joinedAt, key: `session ${session.id}`, session };
    }),
    ...attempts.map(({ id, ...attempt }): Moment => {
      return { kind: 'ATTEMPT', at: attempt.at, key: `attempt ${padded(id)}`, attempt };
    }),
    ...frames.map(({ sessionId, observation }): Moment => {
      const key = `frame ${padded(observation.frame)} ${sessionId}`;
      return { kind: 'FRAME', at: observation.receivedAt, key, sessionId, observation };
    }),
    ...alerts.map((alert): Moment => {
      return { kind: 'ALERT', at: alert.beganAt, key: `alert ${alert.id}`, alert };
    }),
    ...notes.map((note): Moment => {
      return { kind: 'NOTE', at: note.at, key: `note ${padded(note.number)}`, note };
    }),
  ];
  return all
    .filter((moment) => after === null || newestFirst(after, moment) < 0)
    .sort(newestFirst)
    .slice(0, limit);
}

/** So that the order of texts is that of numbers. */
function padded(number: number): string {
  return String(number).padStart(16, '0');
}

function newestFirst(a: TimelineCursor, b: TimelineCursor): number {
  if (a.at !== b.at) return b.at - a.at;
  return a.key === b.key ? 0 : a.key < b.key ? 1 : -1;
}
