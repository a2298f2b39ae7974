import type { Audit } from '../../events/index.js';
import type { JobContext } from '../../jobs/index.js';
import type { Db, Storage } from '../../storage/index.js';
import type { LmsError } from '../capabilities.js';
import type { Connection } from '../connection.js';
import { erasedOf } from './erased.js';
import { deleteChangesAbout, insertChanges, saveRun } from './run-store.js';
import type { Change, Progress, SyncRun } from './run.js';
import type { SyncState } from './settings.js';

export const DAY_MS = 86_400_000;
/** A site that is down is tried again after so long, and no longer than a day. */
const RETRY_MS = 5 * 60_000;

/** How whoever holds the lease of a run has it. */
export interface RunContext extends Pick<JobContext, 'signal' | 'fence' | 'log'> {
  /** When it is somebody else's turn: the run goes on another time. UTC milliseconds. */
  until: number;
}

export interface PassParts {
  storage: Storage;
  audit: Pick<Audit, 'pseudonym'>;
  clock: { now(): number };
}

/** What one call of a runner has in hand: the run as it is by now, and everything that is written on its behalf. */
export class Pass {
  run: SyncRun;
  requests: number;
  /** A run that goes on after a pause has told some things already. */
  readonly isFirstTurn: boolean;
  /** Accounts that were asked about: whether they are suspended. */
  readonly accounts = new Map<string, boolean>();

  constructor(
    private readonly parts: PassParts,
    readonly connection: Connection,
    readonly state: SyncState,
    unfinished: SyncRun,
    readonly context: RunContext,
  ) {
    this.run = { ...unfinished, state: 'RUNNING', retryAt: null, message: '' };
    this.requests = unfinished.progress.requests;
    this.isFirstTurn = this.requests === 0;
  }

  get now(): number {
    return this.parts.clock.now();
  }

  get isOutOfTime(): boolean {
    return this.now >= this.context.until;
  }

  advance(progress: Partial<Progress>): void {
    this.run = { ...this.run, progress: { ...this.run.progress, ...progress } };
  }

  /** Writes something and what the report says of it, unless the lease has gone to somebody else. */
  async write(changes: readonly Change[], work: (tx: Db, now: number) => Promise<void>): Promise<void> {
    await this.parts.storage.transaction(async (tx) => {
      await this.context.fence(tx);
      await work(tx, this.now);
      await insertChanges(tx, this.run, changes, this.now);
      // The report names nobody who was erased in the meantime.
      const told = changes.filter(({ kind, id }) => kind === 'MEMBER' && id !== '').map(({ id }) => id);
      for (const id of await erasedOf(tx, this.parts.audit, this.connection, told)) {
        await deleteChangesAbout(tx, this.connection.id, id);
      }
    });
    const counts = { ...this.run.progress.counts };
    for (const { action, count } of changes) counts[action] = (counts[action] ?? 0) + count;
    this.advance({ counts });
  }

  async report(changes: readonly Change[]): Promise<void> {
    if (changes.length > 0) await this.write(changes, () => Promise.resolve());
  }

  async save(): Promise<void> {
    this.run = { ...this.run, updatedAt: this.now };
    this.advance({ requests: this.requests });
    await this.write([], (tx) => saveRun(tx, this.run));
  }

  /** The site is not usable as it is, or not now. */
  async stop(error: LmsError): Promise<void> {
    const waits = error.failure === 'UNAVAILABLE' && this.now - this.run.beganAt < DAY_MS;
    this.run = {
      ...{ ...this.run, message: error.message },
      ...(waits
        ? { state: 'WAITING', retryAt: this.now + RETRY_MS }
        : { state: 'FAILED', endedAt: this.now }),
    };
    await this.save();
  }
}
