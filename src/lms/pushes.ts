import type { Logger } from 'pino';
import type { Db, Storage } from '../storage/index.js';
import { accountsByUserIds } from './account-store.js';
import { activitiesOf, lmsExamOf } from './activity-store.js';
import { LmsError } from './capabilities.js';
import type { Connection } from './connection.js';
import { anyConnection } from './connection-store.js';
import type { AdmissionChange } from './ports.js';
import { deletePush, postponePush, pushesDue, putPush, type Push } from './push-store.js';
import type { Sites } from './sites.js';

/** States in one call, and in one run of the job. */
const AT_ONCE = 100;
const BATCH = 1_000;
/** A state is sent again 10 s later, then twice as long, and given up after eight times: twenty minutes. */
const FIRST_DELAY_MS = 10_000;
const MOST_ATTEMPTS = 8;

/** Keeps what an LMS is to be told, in the transaction that changed it, where it is one that can be told. */
export async function keepPush(tx: Db, change: AdmissionChange): Promise<void> {
  const exam = await lmsExamOf(tx, change.examId);
  const connection = exam && (await anyConnection(tx, exam.connectionId));
  if (connection?.token) await putPush(tx, connection.id, change);
}

/**
 * Sends what is due, the newest state of each student. Nothing rests on its arrival: an LMS that was not told asks at the
 * door all the same.
 * @returns how many states arrived
 */
export async function sendPushes(
  { storage, sites, clock }: { storage: Pick<Storage, 'db'>; sites: Sites; clock: { now(): number } },
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<number> {
  const { db } = storage;
  let sent = 0;
  const due = await pushesDue(db, clock.now(), BATCH);
  const bySite = new Map<string, Push[]>();
  for (const push of due) bySite.set(push.connectionId, [...(bySite.get(push.connectionId) ?? []), push]);
  for (const [connectionId, pushes] of bySite) {
    const connection = await anyConnection(db, connectionId);
    for (let from = 0; connection && from < pushes.length && !signal.aborted; from += AT_ONCE) {
      const batch = pushes.slice(from, from + AT_ONCE);
      const failure = await send(connection, batch);
      if (failure) {
        log.warn({ connection: connectionId, states: batch.length, err: failure }, 'an LMS was not told');
        for (const push of batch) await again(push);
        break;
      }
      for (const push of batch) await deletePush(db, push);
      sent += batch.length;
    }
  }
  return sent;

  /** @returns why it did not arrive; null when it did. What the LMS does not know any more is nothing to tell. */
  async function send(connection: Connection, batch: readonly Push[]): Promise<LmsError | null> {
    const examIds = [...new Set(batch.map(({ examId }) => examId))];
    const userIds = [...new Set(batch.map(({ userId }) => userId))];
    const activities = await activitiesOf(db, connection.id, examIds);
    const people = await accountsByUserIds(db, connection.id, userIds);
    const byUser = new Map(people.map(({ userId, externalId }) => [userId, externalId]));
    const states = batch.flatMap(({ examId, userId, admitted, state, reason, revision }) => {
      const [activityId, personId] = [activities.get(examId), byUser.get(userId)];
      if (activityId === undefined || personId === undefined) return [];
      return [{ activityId, personId, admitted, state, reason, revision: BigInt(revision) }];
    });
    if (states.length === 0) return null;
    try {
      const site = await sites.open(db, connection);
      await site.integration.setAdmission(states, signal);
      return null;
    } catch (error) {
      if (error instanceof LmsError) return error;
      throw error;
    }
  }

  async function again(push: Push): Promise<void> {
    if (push.attempts + 1 >= MOST_ATTEMPTS) await deletePush(db, push);
    else await postponePush(db, push, clock.now() + FIRST_DELAY_MS * 2 ** push.attempts);
  }
}
