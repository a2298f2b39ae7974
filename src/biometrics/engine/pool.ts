import { extname, join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Logger } from 'pino';
import { StatusError } from '../../call/index.js';
import type { Engine, EngineStatus, JobCall, JobDone, JobKind } from './engine.js';
import type { ModelEntry } from './manifest.js';
import type { EngineOptions } from './options.js';
import type { FromWorker, ToWorker, WorkerData } from './protocol.js';
import { selectModels } from './selection.js';

const DEFAULT_DEADLINE_MS = 30_000;
const DEFAULT_GRACE_MS = 1_000;
const DEFAULT_STUCK_LIMIT = 2;
/** Restart delay after n crashes in a row: FIRST * 2^(n-1), at most LAST. */
const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 30_000;
/** Bounds of the hint that an overloaded caller gets. */
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 10_000;
/**
 * Heap of a worker for what is young, MiB. Pictures and tensors lie outside of the heap, so a job leaves little in it;
 * by default V8 lets each worker grow by three times 16 MiB before it collects.
 */
const YOUNG_MIB = 8;
/** setTimeout takes no more than 32 bits; a later deadline is checked again when the timer fires. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Job {
  id: number;
  kind: string;
  input: unknown;
  transfer: ArrayBuffer[];
  queuedAt: number;
  startedAt: number;
  deadline: number;
  /** Settled jobs stay with their worker until it returns, but nobody waits for them. */
  settled: boolean;
  settle: (outcome: StatusError | JobDone<unknown>) => void;
}

/** A thread's life: starting → idle ⇄ busy (→ stuck) → ending → gone. */
interface Thread {
  worker: Worker;
  state: 'starting' | 'idle' | 'busy' | 'stuck' | 'ending';
  job: Job | null;
  grace: NodeJS.Timeout | null;
}

/**
 * Starts the pool. It answers at once; await `ready` before letting work in.
 *
 * A worker is never terminated while it may be inside a model: that aborts the whole process. A job that is
 * late or cancelled fails to its caller and its worker finishes it unheard; a worker that does not come back
 * within the grace is replaced, and ended when it does come back. The grace keeps a crowd of impatient callers
 * from making every worker reload its models.
 *
 * @throws StatusError MODEL_UNAVAILABLE when `faceModel` or `voiceModel` is not in the manifest
 */
export function createEngine(options: EngineOptions): Engine {
  const entries = selectModels(options.manifest, {
    'face.recognise': options.faceModel,
    'voice.embed': options.voiceModel,
  });
  return new Pool(options, entries);
}

class Pool implements Engine {
  readonly ready: Promise<void>;
  private resolveReady!: () => void;
  private rejectReady!: (error: StatusError) => void;
  private readonly threads = new Set<Thread>();
  private readonly queue: Job[] = [];
  private readonly log: Logger;
  private jobs = 0;
  private crashes = 0;
  private restart: NodeJS.Timeout | null = null;
  private draining: Promise<void> | null = null;
  private drained: (() => void) | null = null;
  /** Why no worker can be had; set once, before the engine was ever ready. */
  private unavailable: StatusError | null = null;
  private readyAt: number | null = null;
  private busyMs = 0;
  private meanJobMs = 50;
  private toldStuck = false;

  constructor(
    private readonly options: EngineOptions,
    private readonly entries: ModelEntry[],
  ) {
    this.log = options.log.child({ room: 'engine' });
    this.ready = new Promise((resolve, reject) => {
      this.resolveReady = resolve;
      this.rejectReady = reject;
    });
    // Whoever awaits `ready` gets the rejection; nobody doing so must not end the process.
    this.ready.catch(() => undefined);
    this.fill();
  }

  run<Input, Result>(
    kind: JobKind<Input, Result>,
    input: Input,
    call: JobCall = {},
  ): Promise<JobDone<Result>> {
    const refusal = this.refusal(call);
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const { signal } = call;
      const onAbort = (): void => this.abandon(job, new StatusError('CANCELLED', 'The caller went away.'));
      let timer: NodeJS.Timeout | null = null;
      const arm = (): void => {
        const left = job.deadline - Date.now();
        if (left > 0) timer = setTimeout(arm, Math.min(left, MAX_TIMER_MS));
        else this.abandon(job, new StatusError('DEADLINE_EXCEEDED', 'The deadline passed.'));
      };
      const job: Job = {
        id: ++this.jobs,
        kind: kind.name,
        input,
        transfer: call.transfer ?? [],
        queuedAt: performance.now(),
        startedAt: 0,
        deadline: call.deadline ?? Date.now() + DEFAULT_DEADLINE_MS,
        settled: false,
        settle: (outcome) => {
          if (job.settled) return;
          job.settled = true;
          if (timer) clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          const failed = outcome instanceof StatusError;
          this.options.onJob?.({
            kind: job.kind,
            outcome: failed ? outcome.reason : 'OK',
            timings: failed ? null : outcome.timings,
          });
          if (failed) reject(outcome);
          // The worker answered for this very kind, whose handler makes a Result.
          else resolve(outcome as JobDone<Result>);
          this.finishDrain();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.queue.push(job);
      arm();
      this.dispatch();
    });
  }

  status(): EngineStatus {
    const count = (...states: Thread['state'][]): number =>
      [...this.threads].filter((thread) => states.includes(thread.state)).length;
    const stuck = count('stuck');
    const now = performance.now();
    const elapsed = this.readyAt === null ? 0 : now - this.readyAt;
    const inJobs = [...this.threads].reduce(
      (sum, { job }) => sum + (job ? now - Math.max(job.startedAt, this.readyAt ?? job.startedAt) : 0),
      0,
    );
    const warm = this.readyAt !== null;
    return {
      ready: warm && this.draining === null && count('idle', 'busy') > 0,
      healthy: this.unavailable === null && stuck < this.stuckLimit,
      models: this.entries.map(({ id, role, sha256 }) => ({ id, role, sha256, warm })),
      workers: {
        configured: this.options.workers,
        ready: count('idle', 'busy'),
        busy: count('busy'),
        stuck,
      },
      queue: { length: this.queue.length, limit: this.options.queueLimit },
      utilisation: elapsed > 0 ? Math.min(1, (this.busyMs + inJobs) / (elapsed * this.options.workers)) : 0,
    };
  }

  drain(): Promise<void> {
    this.draining ??= new Promise((resolve) => {
      this.drained = resolve;
      if (this.restart) clearTimeout(this.restart);
      this.finishDrain();
    });
    return this.draining;
  }

  private get stuckLimit(): number {
    return this.options.stuckLimit ?? DEFAULT_STUCK_LIMIT;
  }

  private refusal(call: JobCall): StatusError | null {
    if (this.unavailable) return this.unavailable;
    if (this.draining) return new StatusError('DRAINING', 'The service is shutting down.');
    if (call.signal?.aborted) return new StatusError('CANCELLED', 'The caller went away.');
    if (call.deadline !== undefined && call.deadline <= Date.now()) {
      return new StatusError('DEADLINE_EXCEEDED', 'The deadline passed.');
    }
    if (this.queue.length >= this.options.queueLimit && !this.idle()) {
      const estimate = (this.queue.length * this.meanJobMs) / this.options.workers;
      const retryAfterMs = Math.round(Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, estimate)));
      return new StatusError('ENGINE_OVERLOADED', 'Too many pictures are waiting; try again later.', {
        retryAfterMs,
      });
    }
    return null;
  }

  private idle(): Thread | undefined {
    return [...this.threads].find((thread) => thread.state === 'idle');
  }

  private dispatch(): void {
    for (;;) {
      const thread = this.idle();
      const job = thread && this.queue.shift();
      if (!job) return;
      job.startedAt = performance.now();
      thread.state = 'busy';
      thread.job = job;
      try {
        post(thread, { type: 'run', job: job.id, kind: job.kind, input: job.input }, job.transfer);
      } catch (cause) {
        // An input that cannot be cloned never reached the worker.
        this.release(thread);
        job.settle(new StatusError('INTERNAL', 'Internal error.', {}, { cause }));
      }
    }
  }

  /** Fails a job to its caller. Queued, it never runs; running, its worker has the grace to come back. */
  private abandon(job: Job, error: StatusError): void {
    const at = this.queue.indexOf(job);
    if (at >= 0) this.queue.splice(at, 1);
    const thread = [...this.threads].find((each) => each.job === job);
    if (thread) {
      thread.grace = setTimeout(() => this.giveUpOn(thread), this.options.graceMs ?? DEFAULT_GRACE_MS);
    }
    job.settle(error);
  }

  private giveUpOn(thread: Thread): void {
    thread.grace = null;
    thread.state = 'stuck';
    const stuck = this.status().workers.stuck;
    this.log.error({ kind: thread.job?.kind, stuck, limit: this.stuckLimit }, 'a worker does not return');
    // A thread that never returns must not keep the process from exiting.
    thread.worker.unref();
    if (stuck >= this.stuckLimit && !this.toldStuck) {
      this.toldStuck = true;
      this.options.onStuck?.();
    }
    this.fill();
    this.finishDrain();
  }

  /** Starts workers until as many as configured take work, unless too many are stuck. */
  private fill(): void {
    if (this.draining || this.unavailable) return;
    const count = (stuck: boolean): number =>
      [...this.threads].filter(({ state }) => (state === 'stuck') === stuck && state !== 'ending').length;
    while (count(false) < this.options.workers && count(true) < this.stuckLimit) this.start();
  }

  private start(): void {
    const entry = this.options.workerEntry ?? join(__dirname, `worker${extname(__filename)}`);
    const workerData: WorkerData = { modelsDir: this.options.modelsDir, models: this.entries };
    const execArgv = this.options.execArgv ?? (extname(entry) === '.ts' ? ['--require', 'tsx/cjs'] : []);
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB };
    const worker = new Worker(entry, { workerData, execArgv, resourceLimits } satisfies WorkerOptions);
    const thread: Thread = { worker, state: 'starting', job: null, grace: null };
    this.threads.add(thread);
    let fault: unknown;
    worker.on('message', (message: FromWorker) => this.receive(thread, message));
    worker.on('error', (error) => (fault = error));
    worker.on('exit', (code) =>
      this.gone(thread, fault ?? new Error(`worker exited with code ${code} without being told to`)),
    );
  }

  private receive(thread: Thread, message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.crashes = 0;
        if (this.unavailable) {
          this.end(thread);
          return;
        }
        this.free(thread);
        if (this.readyAt === null && this.status().workers.ready >= this.options.workers) {
          this.readyAt = performance.now();
          this.resolveReady();
        }
        return;
      case 'unavailable': {
        this.log.error({ model: message.model, cause: message.cause }, 'a model is unavailable');
        thread.state = 'ending';
        const error = new StatusError(
          'MODEL_UNAVAILABLE',
          `Model ${message.model} is unavailable.`,
          { metadata: { model: message.model } },
          { cause: new Error(message.cause) },
        );
        if (this.readyAt === null) this.failClosed(error);
        else this.restartLater();
        return;
      }
      case 'done': {
        const { job } = thread;
        if (job?.id === message.job) {
          const ran = performance.now() - job.startedAt;
          this.meanJobMs += (ran - this.meanJobMs) / 16;
          const { stages, models } = message;
          const timings = { queued: job.startedAt - job.queuedAt, ran, stages, models };
          this.release(thread);
          job.settle({ result: message.result, timings });
        }
        return;
      }
      case 'failed': {
        const { job } = thread;
        if (job?.id === message.job) {
          const { reason, message: text, details, cause } = message.failure;
          this.release(thread);
          job.settle(
            new StatusError(reason, text, details, cause === undefined ? {} : { cause: new Error(cause) }),
          );
        }
      }
    }
  }

  /** The worker came back from its job: more work, or the end if a spare already has its place. */
  private release(thread: Thread): void {
    if (thread.job) this.busyMs += performance.now() - thread.job.startedAt;
    thread.job = null;
    if (thread.grace) clearTimeout(thread.grace);
    thread.grace = null;
    if (thread.state === 'stuck') {
      this.end(thread);
      this.fill();
    } else this.free(thread);
  }

  private free(thread: Thread): void {
    thread.state = 'idle';
    this.dispatch();
    this.finishDrain();
  }

  /** Only ever for a worker outside any job: it releases its models and leaves by itself. */
  private end(thread: Thread): void {
    thread.state = 'ending';
    post(thread, { type: 'end' });
  }

  private gone(thread: Thread, fault: unknown): void {
    this.threads.delete(thread);
    if (thread.grace) clearTimeout(thread.grace);
    if (thread.state !== 'ending') {
      this.log.error({ err: fault, kind: thread.job?.kind }, 'a worker crashed');
      thread.job?.settle(new StatusError('INTERNAL', 'Internal error.', {}, { cause: fault }));
      if (this.readyAt === null) {
        const text = 'The inference engine cannot start.';
        this.failClosed(new StatusError('MODEL_UNAVAILABLE', text, {}, { cause: fault }));
      } else this.restartLater();
    }
    this.finishDrain();
  }

  private restartLater(): void {
    if (this.restart || this.draining) return;
    const delay = Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** this.crashes++);
    this.restart = setTimeout(() => {
      this.restart = null;
      this.fill();
    }, delay);
  }

  /** Before it was ever ready, an engine that lacks a model serves nothing at all. */
  private failClosed(error: StatusError): void {
    this.unavailable ??= error;
    for (const job of this.queue.splice(0)) job.settle(error);
    for (const thread of this.threads) if (thread.state === 'idle') this.end(thread);
    this.rejectReady(error);
  }

  /** Called whenever something settled: ends the idle workers, and tells when nothing is left to wait for. */
  private finishDrain(): void {
    if (!this.drained) return;
    if (this.queue.length > 0 || [...this.threads].some(({ job }) => job && !job.settled)) return;
    for (const thread of this.threads) if (thread.state === 'idle') this.end(thread);
    if ([...this.threads].some(({ state }) => state !== 'stuck')) return;
    this.drained();
    this.drained = null;
  }
}

function post(thread: Thread, message: ToWorker, transfer: ArrayBuffer[] = []): void {
  thread.worker.postMessage(message, transfer);
}
