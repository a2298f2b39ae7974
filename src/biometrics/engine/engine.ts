/** The engine as the rest of the house sees it. `pool.ts` implements it. */

/** A kind of job and the types that go in and come out of the worker. Declared beside the job's code. */
export interface JobKind<Input, Result> {
  readonly name: string;
  /** Phantom: carries the types only, never set. */
  readonly types?: { input: Input; result: Result };
}

export interface JobCall {
  /** Aborting drops a queued job without running it and fails a running one with CANCELLED. */
  signal?: AbortSignal;
  /** UTC milliseconds after which the job fails with DEADLINE_EXCEEDED, queued or running. */
  deadline?: number;
  /** Buffers of the input to move rather than copy. The caller must not touch them afterwards. */
  transfer?: ArrayBuffer[];
}

export interface JobDone<Result> {
  result: Result;
  /** Milliseconds between `run` and the hand-over to a worker. */
  queuedMs: number;
  /** Milliseconds between hand-over and result, transfers included. */
  ranMs: number;
}

export interface ModelStatus {
  id: string;
  role: string;
  sha256: string;
  /** Loaded and run once in every worker that takes work. */
  warm: boolean;
}

export interface EngineStatus {
  ready: boolean;
  /** False when too many workers hold jobs that never return; the process should drain and exit. */
  healthy: boolean;
  models: ModelStatus[];
  workers: {
    configured: number;
    /** Warm and able to take work. */
    ready: number;
    busy: number;
    /** Still inside a job that already failed to its caller. */
    stuck: number;
  };
  queue: { length: number; limit: number };
  /** Share of worker time spent in jobs since the engine started, 0..1. */
  utilisation: number;
}

export interface Engine {
  /** Resolves when every model is warm in every worker; rejects with MODEL_UNAVAILABLE when one cannot be. */
  readonly ready: Promise<void>;
  /**
   * Runs one job in the pool.
   *
   * @throws StatusError ENGINE_OVERLOADED (queue full, with `retryAfterMs`), DEADLINE_EXCEEDED, CANCELLED,
   * DRAINING, MODEL_UNAVAILABLE, INTERNAL (the worker crashed), or what the job itself throws.
   */
  run<Input, Result>(kind: JobKind<Input, Result>, input: Input, call?: JobCall): Promise<JobDone<Result>>;
  status(): EngineStatus;
  /** Refuses new jobs, finishes the accepted ones and ends the idle workers. Idempotent. */
  drain(): Promise<void>;
}
