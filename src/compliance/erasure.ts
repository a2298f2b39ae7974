import { randomUUID } from 'node:crypto';
import { StatusError } from '../call/index.js';
import { emit, pseudonymiseOutbox } from '../events/index.js';
import type { Db } from '../storage/index.js';
import type { ComplianceDependencies } from './compliance.js';
import {
  finishErasure,
  insertErasure,
  noteErased,
  unfinishedErasureOf,
  unfinishedErasures,
  type ErasureRequest,
} from './erasure-store.js';
import type { Caller } from './exporter.js';
import type { SubjectData } from './subject.js';

export interface Erased {
  /** UTC milliseconds. */
  at: number;
  /** Rows erased, by kind. */
  erased: Record<string, number>;
}

export interface Eraser {
  /**
   * Erases a user, whole. From its first commit on nothing sealed can be read; if the process dies after it, the
   * job goes on where it stopped.
   *
   * @throws StatusError REFERENCE_IN_USE while the user sits an exam
   */
  erase(caller: Caller, userId: string): Promise<Erased>;
  /** Goes on with what a crash cut short; how many erasures were finished. */
  resume(signal: AbortSignal, limit: number): Promise<number>;
}

export function createEraser(
  { storage, audit, sitting, clock }: ComplianceDependencies,
  parts: readonly SubjectData[],
): Eraser {
  const { containers } = storage;

  /** The point of no return: the data keys and the request, in one transaction. */
  async function begin(caller: Caller, userId: string): Promise<ErasureRequest> {
    const { organisationId } = caller;
    return storage.transaction(async (tx) => {
      const unfinished = await unfinishedErasureOf(tx, userId);
      if (unfinished) return unfinished;
      if (await sitting.isSitting(tx, userId)) {
        throw new StatusError('REFERENCE_IN_USE', 'The user is in an exam; erase them when it is over.');
      }
      const request: ErasureRequest = {
        id: randomUUID(),
        organisationId,
        userId,
        pseudonym: audit.pseudonym(organisationId, userId),
        requestedBy: audit.pseudonym(organisationId, caller.userId),
        requestedAt: clock.now(),
        erased: {},
      };
      request.erased = { data_keys: await destroyKeys(tx, request) };
      await insertErasure(tx, request);
      await audit.record(tx, {
        organisationId,
        actor: caller.userId,
        subject: userId,
        action: 'subject.erasure_requested',
        target: `erasures/${request.id}`,
        details: request.erased,
      });
      return request;
    });
  }

  async function destroyKeys(tx: Db, { organisationId, userId }: ErasureRequest): Promise<number> {
    const held = await containers.ofOwner(tx, organisationId, userId);
    let destroyed = 0;
    for (const { id } of held) if (await containers.destroy(tx, id)) destroyed++;
    return destroyed;
  }

  /** One part, and the note that it is done, in one transaction: a crash repeats at most a part. */
  async function erasePart(request: ErasureRequest, part: SubjectData): Promise<ErasureRequest> {
    return storage.transaction(async (tx) => {
      const erased = add(request.erased, await part.erase(tx, request.userId));
      await noteErased(tx, request.id, erased);
      return { ...request, erased };
    });
  }

  async function complete(request: ErasureRequest): Promise<Erased> {
    const { id, organisationId, userId, pseudonym } = request;
    let state = request;
    for (const part of parts) state = await erasePart(state, part);
    await pseudonymiseOutbox(storage.db, organisationId, userId, pseudonym);
    return storage.transaction(async (tx) => {
      // Once more: what a call that was under way wrote after its part was done.
      let erased = add(state.erased, { data_keys: await destroyKeys(tx, state) });
      for (const part of parts) erased = add(erased, await part.erase(tx, userId));
      await containers.forget(tx, organisationId, userId);
      const at = clock.now();
      if (await finishErasure(tx, id, at, erased)) {
        await emit(tx, {
          organisationId,
          topic: 'subject.erased',
          key: pseudonym,
          payload: { pseudonym },
          at,
        });
        await audit.record(tx, {
          organisationId,
          actor: null,
          subject: userId,
          action: 'subject.erased',
          target: `erasures/${id}`,
          details: erased,
        });
      }
      return { at, erased };
    });
  }

  return {
    erase: async (caller, userId) => complete(await begin(caller, userId)),

    async resume(signal, limit) {
      let finished = 0;
      for (const request of await unfinishedErasures(storage.db, limit)) {
        if (signal.aborted) break;
        await complete(request);
        finished++;
      }
      return finished;
    },
  };
}

function add(sum: Record<string, number>, more: Record<string, number>): Record<string, number> {
  const result = { ...sum };
  for (const [kind, count] of Object.entries(more)) result[kind] = (result[kind] ?? 0) + count;
  return result;
}
