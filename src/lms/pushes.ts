import { bulkhead } from 'cockatiel';
import type { Logger } from 'pino';
import type { Db, Storage } from '../storage/index.js';
import { accountsByUserIds } from './account-store.js';
import { activitiesOf, lmsExamOf } from './activity-store.js';
import { batchesOf } from './batches.js';
import type { Connection } from './connection.js';
import { anyConnection } from './connection-store.js';
import { LmsError } from './capabilities.js';
import type { AdmissionChange } from './ports.js';
import { connectionsDue, deletePush, postponePush, pushesDue, putPush, type Push } from './push-store.js';
import type { Sites } from './sites.js';

/** States in one call, and to one site in one run of the job. */
const AT_ONCE = 100;
const BATCH = 500;
/** Sites that are told at a time, and the longest that one of them may take of a run. */
const SITES_AT_ONCE = 8;
const SITE_MS = 15_000;
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
 * door all the same. A site that fails, whatever the fault, keeps no other waiting.
 * @returns how many states arrived
 */
export async function sendPushes(
  { storage, sites, clock }: { storage: Pick<Storage, 'db'>; sites: Sites; clock: { now(): number } },
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<number> {
  const { db } = storage;
  const some = bulkhead(SITES_AT_ONCE, Infinity);
  const due = await connectionsDue(db, clock.now());
  const sent = await Promise.all(due.map((connectionId) => some.execute(() => tell(connectionId))));
  return sent.reduce((sum, each) => sum + each, 0);

  async function tell(connectionId: string): Promise<number> {
    const connection = await anyConnection(db, connectionId);
    if (!connection) return 0;
    // Why it ends is the site's fault: its circuit breaker counts it.
    const limit = new AbortController();
    const tooLong = new LmsError('UNAVAILABLE', `${connection.displayName} took too long.`);
    const timer = setTimeout(() => limit.abort(tooLong), SITE_MS);
    const inTime = AbortSignal.any([signal, limit.signal]);
    const pushes = await pushesDue(db, connectionId, clock.now(), BATCH);
    let told = 0;
    try {
      for (const batch of batchesOf(pushes, AT_ONCE)) {
        inTime.throwIfAborted();
        await send(connection, batch, inTime);
        for (const push of batch) await deletePush(db, push);
        told += batch.length;
      }
    } catch (error) {
      if (signal.aborted) return told;
      const left = pushes.slice(told);
      log.warn({ connection: connectionId, states: left.length, err: error }, 'an LMS was not told');
      for (const push of left) await again(push);
    } finally {
      clearTimeout(timer);
    }
    return told;
  }

  /** What the LMS does not know any more is nothing to tell. @throws LmsError, or whatever went wrong here */
  async function send(connection: Connection, batch: readonly Push[], inTime: AbortSignal): Promise<void> {
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
    if (states.length === 0) return;
    const site = await sites.open(db, connection);
    await site.integration.setAdmission(states, inTime);
  }

  async function again(push: Push): Promise<void> {
    if (push.attempts + 1 >= MOST_ATTEMPTS) await deletePush(db, push);
    else await postponePush(db, push, clock.now() + FIRST_DELAY_MS * 2 ** push.attempts);
  }
}
