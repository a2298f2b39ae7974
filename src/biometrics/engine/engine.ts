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
  /** UTC milliseconds after which the job fails with DEADLINE_EXCEEDED, queued or running. Default: 30 s from now. */
  deadline?: number;
  /** Buffers of the input to move rather than copy. The caller must not touch them afterwards. */
  transfer?: ArrayBuffer[];
}

/** Milliseconds, by what they were spent on. */
export interface JobTimings {
  /** Between `run` and the hand-over to a worker. */
  queued: number;
  /** Between hand-over and result, transfers included. */
  ran: number;
  /** Steps of the job, its models' runs included; only those that were taken, in their order. */
  stages: Record<string, number>;
  /** Inside the runs of each model, by model id. */
  models: Record<string, number>;
}

export interface JobDone<Result> {
  result: Result;
  timings: JobTimings;
}

export interface ModelStatus {
  id: string;
  role: string;
  sha256: string;
  /** Loaded and run once in every worker that takes work. */
  warm: boolean;
}

export interface EngineStatus {
  /** Every model is warm in every configured worker, or was and a worker is being replaced. */
  ready: boolean;
  /** False when too many workers hold jobs that never return; the process should drain and exit. */
  healthy: boolean;
  models: ModelStatus[];
  workers: {
    configured: number;
    /** Warm: idle or in a job whose caller still waits, or that is late by less than the grace. */
    ready: number;
    /** Of those, in a job. */
    busy: number;
    /** Still inside a job that failed to its caller more than the grace ago. */
    stuck: number;
  };
  queue: { length: number; limit: number };
  /** Share of the configured workers' time that went into jobs since the engine became ready, 0..1. */
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
  /**
   * Refuses new jobs with DRAINING, lets the accepted ones settle and ends the idle workers. Idempotent.
   * Workers stuck in a job are left behind: ending them would abort the process.
   */
  drain(): Promise<void>;
}
