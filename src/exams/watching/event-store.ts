import { fromJson, toJson, type Db } from '../../storage/index.js';
import type { OpenAlert } from '../alerts/alert.js';

/**
 * A session's log, numbered from 1 without gaps: what a stream that comes back is told again. A finding is kept
 * once, with its frame or sample.
 */
export type SessionEvent =
  | { number: number; kind: 'FINDING'; frame: number; at: number }
  | { number: number; kind: 'SAMPLE'; sample: number; at: number }
  | { number: number; kind: 'ALERT'; alert: OpenAlert; at: number };

interface EventRow {
  session_id: string;
  number: number;
  kind: SessionEvent['kind'];
  frame: number | null;
  sample: number | null;
  payload: string | null;
  at: number;
}

export async function appendEvent(tx: Db, sessionId: string, event: SessionEvent): Promise<void> {
  const row: EventRow = {
    session_id: sessionId,
    number: event.number,
    kind: event.kind,
    frame: event.kind === 'FINDING' ? event.frame : null,
    sample: event.kind === 'SAMPLE' ? event.sample : null,
    payload: event.kind === 'ALERT' ? toJson(event.alert) : null,
    at: event.at,
  };
  await tx<EventRow>('session_events').insert(row);
}

/** Events of a session after `number`, in order. */
export async function eventsAfter(
  db: Db,
  sessionId: string,
  number: number,
  limit: number,
): Promise<SessionEvent[]> {
  const rows = await db<EventRow>('session_events')
    .where('session_id', sessionId)
    .where('number', '>', number)
    .orderBy('number')
    .limit(limit);
  // `appendEvent` is the only writer of these columns.
  return rows.map(({ number: at, kind, ...row }): SessionEvent => {
    switch (kind) {
      case 'FINDING':
        return { number: at, kind, frame: row.frame ?? 0, at: row.at };
      case 'SAMPLE':
        return { number: at, kind, sample: row.sample ?? 0, at: row.at };
      case 'ALERT':
        return { number: at, kind, alert: fromJson(row.payload ?? '') as OpenAlert, at: row.at };
    }
  });
}

/** The event that told of a frame's finding. */
export async function eventOfFrame(db: Db, sessionId: string, frame: number): Promise<number | undefined> {
  const row = await db<EventRow>('session_events')
    .where({ session_id: sessionId, kind: 'FINDING', frame })
    .first('number');
  return row?.number;
}

/** The event that told of a sample's finding. */
export async function eventOfSample(db: Db, sessionId: string, sample: number): Promise<number | undefined> {
  const row = await db<EventRow>('session_events')
    .where({ session_id: sessionId, kind: 'SAMPLE', sample })
    .first('number');
  return row?.number;
}

/** What the client told of itself while it streamed. A claim. */
export interface ClientClaim {
  sessionId: string;
  type: string;
  /** By the client's clock, UTC milliseconds. */
  clientTime: number | null;
  at: number;
}

/** The latest of these claims in a session. */
export async function latestClientClaim(
  db: Db,
  sessionId: string,
  types: readonly string[],
): Promise<string | undefined> {
  const row = await db<{ type: string }>('client_events')
    .where('session_id', sessionId)
    .whereIn('type', types)
    .orderBy('id', 'desc')
    .first('type');
  return row?.type;
}

export async function countClientClaims(db: Db, sessionId: string): Promise<number> {
  const row = await db('client_events').where('session_id', sessionId).count({ n: '*' }).first();
  return Number(row?.['n'] ?? 0);
}

export async function insertClientClaim(
  db: Db,
  { sessionId, type, clientTime, at }: ClientClaim,
): Promise<void> {
  await db('client_events').insert({ session_id: sessionId, type, client_time: clientTime, at });
}
