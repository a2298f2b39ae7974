import type { Logger } from 'pino';
import type { Db } from '../storage/index.js';

/** What a run of a job is given. */
export interface JobContext {
  /** Aborts when the node drains or the lease was lost: stop soon, what is committed stays. */
  signal: AbortSignal;
  /** Grows with every run of this job on any node. */
  ticket: number;
  log: Logger;
  /**
   * Call first in a transaction whose change must not be made twice.
   * @throws LeaseLost when another node has taken the job over
   */
  readonly fence: (tx: Db) => Promise<void>;
}

/** Work done on a schedule by one node at a time. It may be cut off anywhere and run again: make it repeatable. */
export interface Job {
  /** Names it in the database, logs and metrics. At most 64 characters. */
  name: string;
  /** Five or six cron fields, UTC. */
  cron: string;
  /** After this long without a renewal another node may take over. A run may last longer: it renews. */
  leaseMs: number;
  run(context: JobContext): Promise<void>;
}
