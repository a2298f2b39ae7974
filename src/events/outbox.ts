import { fromJson, toJson, TRANSACTION_LIMIT_MS, type Db } from '../storage/index.js';

/** Something that happened, to be told to others. The payload names things by id and holds no biometric data. */
export interface NewEvent {
  organisationId: string;
  /** Dotted, past tense: `exam.started`, `alert.raised`. At most 64 characters. */
  topic: string;
  /** Events with the same key are delivered in order: an exam's or a session's id. */
  key: string;
  payload: Record<string, unknown>;
  /** UTC milliseconds. */
  at: number;
}

export interface Event extends NewEvent {
  /** Grows in order of commit as far as a reader can see; a reader's cursor. */
  id: number;
}

/** How long a missing id may still belong to a transaction that has yet to commit; leaves room for clock skew. */
export const SETTLED_AFTER_MS = 3 * TRANSACTION_LIMIT_MS;

const PSEUDONYMISE_BATCH = 500;

interface OutboxRow {
  id: number;
  organisation_id: string;
  topic: string;
  key: string;
  payload: string;
  created_at: number;
}

/** Writes an event in the transaction of the change it tells of. */
export async function emit(tx: Db, event: NewEvent): Promise<void> {
  await tx('outbox').insert({
    organisation_id: event.organisationId,
    topic: event.topic,
    key: event.key,
    payload: toJson(event.payload),
    created_at: event.at,
  });
}

/**
 * Events with an id above `cursor`, in order, `limit` at most. No event is ever passed over: MariaDB gives ids
 * before commit, so the list ends at a gap until what follows is old enough for the gap to be a rollback.
 * @param now UTC milliseconds
 */
export async function readAfter(db: Db, cursor: number, limit: number, now: number): Promise<Event[]> {
  const rows = await db<OutboxRow>('outbox').where('id', '>', cursor).orderBy('id').limit(limit);
  const events: Event[] = [];
  let expected = cursor + 1;
  for (const row of rows) {
    if (row.id !== expected && row.created_at > now - SETTLED_AFTER_MS) break;
    expected = row.id + 1;
    events.push({
      id: row.id,
      organisationId: row.organisation_id,
      topic: row.topic,
      key: row.key,
      payload: fromJson(row.payload) as Event['payload'],
      at: row.created_at,
    });
  }
  return events;
}

/** Deletes at most `limit` events from before `before`, read or not; returns how many. */
export async function deleteBefore(db: Db, before: number, limit: number): Promise<number> {
  const ids = (await db('outbox').where('created_at', '<', before).limit(limit).pluck('id')) as number[];
  return ids.length === 0 ? 0 : db('outbox').whereIn('id', ids).delete();
}

/**
 * Calls a person by their pseudonym in every event of their organisation, read or not: what was erased must
 * not live on in what is told of it. Works in batches, each row by itself, and may be repeated.
 * @param userId a UUID, which is nothing else's text
 * @returns how many events were changed
 */
export async function pseudonymiseOutbox(
  db: Db,
  organisationId: string,
  userId: string,
  pseudonym: string,
): Promise<number> {
  let changed = 0;
  for (let after = 0; ;) {
    const rows: Pick<OutboxRow, 'id' | 'key' | 'payload'>[] = await db<OutboxRow>('outbox')
      .where('id', '>', after)
      .where('organisation_id', organisationId)
      .orderBy('id')
      .limit(PSEUDONYMISE_BATCH)
      .select('id', 'key', 'payload');
    for (const { id, key, payload } of rows) {
      if (!key.includes(userId) && !payload.includes(userId)) continue;
      changed += await db('outbox')
        .where({ id })
        .update({ key: key.replaceAll(userId, pseudonym), payload: payload.replaceAll(userId, pseudonym) });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PSEUDONYMISE_BATCH) return changed;
    after = last.id;
  }
}
