import type { Reason, StatusDetails } from '../../call/index.js';
import type { ModelEntry } from './manifest.js';

/** What passes between the pool and a worker. One job at a time is inside a worker. */

export interface WorkerData {
  modelsDir: string;
  /** The models this worker loads: at most one of each role. */
  models: ModelEntry[];
}

export type ToWorker = { type: 'run'; job: number; kind: string; input: unknown } | { type: 'end' };

/** A StatusError as data; other exceptions travel as INTERNAL with their stack as `cause`. */
export interface Failure {
  reason: Reason;
  message: string;
  details: StatusDetails;
  cause?: string;
}

export type FromWorker =
  | { type: 'ready' }
  | { type: 'unavailable'; model: string; cause: string }
  | {
      type: 'done';
      job: number;
      result: unknown;
      stages: Record<string, number>;
      models: Record<string, number>;
    }
  | { type: 'failed'; job: number; failure: Failure };
