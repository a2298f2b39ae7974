import type { Logger } from 'pino';
import type { JobTimings } from './engine.js';
import type { Manifest } from './manifest.js';

export interface EngineOptions {
  /** The repository's `models/`. */
  modelsDir: string;
  manifest: Manifest;
  /** Id of the face recognition model; without it the manifest's first. */
  faceModel?: string;
  /** Id of the speaker model; without it the manifest's first. */
  voiceModel?: string;
  /** Threads that hold all models each; one a core is right. */
  workers: number;
  /** Jobs that may wait for a worker. */
  queueLimit: number;
  /** How long a worker may stay in a job that already failed before a spare takes its place. Default 1 s. */
  graceMs?: number;
  /** Stuck workers at which the engine is unhealthy and starts no more spares. Default 2. */
  stuckLimit?: number;
  log: Logger;
  /** Called once, when the stuck limit is reached: the process should drain and exit. */
  onStuck?: () => void;
  /** Called for every job that was accepted, when it settles. */
  onJob?: (event: JobEvent) => void;
  /** Another worker entry made with `runWorker`; tests add job kinds with it. */
  workerEntry?: string;
  /** Node options of the workers; by default what the worker entry's language needs. */
  execArgv?: string[];
}

export interface JobEvent {
  kind: string;
  /** OK or the reason of the StatusError. */
  outcome: string;
  /** Null when the job did not finish in a worker. */
  timings: JobTimings | null;
}
