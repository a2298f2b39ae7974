import { bulkhead } from 'cockatiel';
import type { Logger } from 'pino';
import { LeaseLost, nextRun, underLease, type Clock, type Job } from '../../jobs/index.js';
import type { Storage } from '../../storage/index.js';
import { anyConnection } from '../connection-store.js';
import type { Connection } from '../connection.js';
import { insertRun, unfinishedRun, unfinishedRuns, wakeRun } from './run-store.js';
import { newRun, type SyncRun } from './run.js';
import { createRunner, type RunnerDependencies } from './runner.js';
import { insertSyncState, saveNext, syncsDue, syncStateOf } from './settings-store.js';
import { DEFAULT_SETTINGS, type SyncState } from './settings.js';

const LEASE_MS = 60_000;
/** Connections that one node synchronises at a time. */
const AT_A_TIME = 4;
/** How long the schedule works before it looks again who is due, and lets go on whoever has waited the longest. */
const TURN_MS = 120_000;
const DUE_AT_ONCE = 100;

export interface EngineDependencies extends RunnerDependencies {
  storage: Storage;
  clock: Clock;
  log: Logger;
  /** Names this node in leases. */
  node: string;
}

/** Runs, one of a connection at a time, on whichever node comes first. */
export interface SyncEngine {
  /** The settings of a connection; made where there are none. */
  stateOf(connection: Pick<Connection, 'id' | 'organisationId'>): Promise<SyncState>;
  /** The unfinished run of a connection, which goes on at once even if it waits; a new one where there is none. */
  request(state: SyncState, requestedBy: string | null): Promise<SyncRun>;
  /**
   * Works at an unfinished run until it ends, waits, or is aborted. Does nothing where another node is at it, or where
   * it is not time yet.
   * @param until when it is to be left for another time; what is in hand is done first. UTC milliseconds
   */
  work(run: SyncRun, abort: AbortController, until?: number): Promise<void>;
  job: Job;
}

export function createEngine(dependencies: EngineDependencies): SyncEngine {
  const { storage, clock, log, node } = dependencies;
  const { db } = storage;
  const runner = createRunner(dependencies);

  const engine: SyncEngine = {
    async stateOf({ id: connectionId, organisationId }) {
      const known = await syncStateOf(db, connectionId);
      if (known) return known;
      const fresh: SyncState = {
        ...{ ...DEFAULT_SETTINGS, connectionId, organisationId },
        ...{ changesSince: null, fullAt: null, nextAt: null, version: 1 },
      };
      await insertSyncState(db, fresh);
      return (await syncStateOf(db, connectionId)) ?? fresh;
    },

    async request(state, requestedBy) {
      const run = newRun(state, requestedBy, clock.now());
      if (await insertRun(db, run)) return run;
      const unfinished = await unfinishedRun(db, state.connectionId);
      // It ended between the two.
      if (!unfinished) return engine.request(state, requestedBy);
      if (unfinished.state === 'WAITING') await wakeRun(db, unfinished.id);
      return { ...unfinished, state: 'RUNNING', retryAt: null };
    },

    async work({ connectionId }, abort, until = Infinity) {
      const lease = { name: `lms-sync:${connectionId}`, leaseMs: LEASE_MS };
      const own = log.child({ connection: connectionId });
      await underLease({ storage, clock, node, log: own }, lease, abort, async (context) => {
        // As it is now: another node may have had it until this moment.
        const run = await unfinishedRun(db, connectionId);
        if (!run || (run.retryAt ?? 0) > clock.now()) return;
        const connection = await anyConnection(db, connectionId);
        const state = await syncStateOf(db, connectionId);
        if (connection && state) await runner.run(connection, state, run, { ...context, until });
      });
    },

    job: {
      name: 'lms-sync',
      cron: '*/10 * * * * *',
      leaseMs: LEASE_MS,
      async run({ signal }) {
        for (const state of await syncsDue(db, clock.now(), DUE_AT_ONCE)) {
          await saveNext(db, state.connectionId, state.schedule ? nextRun(state.schedule) : null);
          await engine.request(state, null);
        }
        const now = clock.now();
        const open = (await unfinishedRuns(db)).filter(({ retryAt }) => (retryAt ?? 0) <= now);
        const some = bulkhead(AT_A_TIME, Infinity);
        await Promise.all(open.map((run) => some.execute(() => oneOf(run, signal, now + TURN_MS))));
      },
    },
  };

  /** One that fails stops no other; it is tried again later. */
  async function oneOf(run: SyncRun, signal: AbortSignal, until: number): Promise<void> {
    const abort = new AbortController();
    const stop = (): void => abort.abort(signal.reason);
    signal.addEventListener('abort', stop);
    try {
      if (!signal.aborted && clock.now() < until) await engine.work(run, abort, until);
    } catch (error) {
      if (!abort.signal.aborted && !(error instanceof LeaseLost)) {
        log.error({ err: error, connection: run.connectionId }, 'a synchronisation failed');
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  return engine;
}
