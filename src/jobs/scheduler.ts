import cron, { type ScheduledTask } from 'node-cron';
import type { Logger } from 'pino';
import type { Storage } from '../storage/index.js';
import type { Clock } from './clock.js';
import type { Job } from './job.js';
import { LeaseLost } from './leases.js';
import { underLease } from './under-lease.js';

export interface SchedulerOptions {
  storage: Storage;
  log: Logger;
  /** Names this node in the leases. Unique per process. */
  node: string;
  clock: Clock;
  /** Told of every run that this node made; for metrics. */
  onRun?: (run: JobRun) => void;
}

export interface JobRun {
  job: string;
  outcome: 'ok' | 'failed' | 'lost';
  durationMs: number;
}

/** What a wake came to: run (well or not), or not ours to run (another node's, or this node is still at it). */
export type WakeResult = 'ok' | 'failed' | 'lost' | 'held' | 'running';

export interface Scheduler {
  /** Adds a job. Before `start`. @throws on a name that is taken or a cron expression that is none */
  add(job: Job): void;
  start(): void;
  /** Runs a job now if the database lets this node, for the given scheduled time (now by default). Never throws. */
  wake(name: string, slot?: number): Promise<WakeResult>;
  /** No new runs; waits up to `drainMs` for those that run, then aborts their signals and returns. */
  stop(drainMs: number): Promise<void>;
}

/**
 * The scheduler of one node. node-cron wakes it; a lease in the database decides whether the run is this node's.
 * A job whose node died is run by the next wake after its lease ended.
 */
export function createScheduler({ storage, log, node, clock, onRun }: SchedulerOptions): Scheduler {
  const jobs = new Map<string, Job>();
  const running = new Map<string, { done: Promise<WakeResult>; abort: AbortController }>();
  const wakers: ScheduledTask[] = [];
  let stopped = false;

  async function attempt(job: Job, slot: number, abort: AbortController): Promise<WakeResult> {
    const jobLog = log.child({ job: job.name });
    let started: number | undefined;
    let outcome: JobRun['outcome'] = 'ok';
    try {
      const lease = { name: job.name, leaseMs: job.leaseMs, slot };
      const ours = await underLease({ storage, clock, node, log: jobLog }, lease, abort, async (context) => {
        started = clock.now();
        await job.run(context);
      });
      if (!ours) return 'held';
    } catch (error) {
      outcome = error instanceof LeaseLost ? 'lost' : 'failed';
      const what = started === undefined ? 'could not be claimed' : 'failed; its next wake tries again';
      jobLog.error({ err: error }, `the job ${what}`);
      if (started === undefined) return 'failed';
    }
    if (outcome === 'ok' && abort.signal.reason instanceof LeaseLost) outcome = 'lost';
    onRun?.({ job: job.name, outcome, durationMs: clock.now() - (started ?? clock.now()) });
    return outcome;
  }

  function wake(name: string, slot = clock.now()): Promise<WakeResult> {
    const job = jobs.get(name);
    if (!job) throw new Error(`There is no job ${name}.`);
    if (stopped || running.has(name)) return Promise.resolve('running');
    const abort = new AbortController();
    const done = attempt(job, slot, abort).finally(() => running.delete(name));
    running.set(name, { done, abort });
    return done;
  }

  return {
    wake,

    add(job) {
      if (jobs.has(job.name)) throw new Error(`There are two jobs ${job.name}.`);
      if (!cron.validate(job.cron)) throw new Error(`The job ${job.name} has no valid schedule: ${job.cron}`);
      jobs.set(job.name, job);
    },

    start() {
      const logger = {
        info: (message: string) => log.debug(message),
        debug: (message: string | Error) => log.debug(String(message)),
        warn: (message: string) => log.warn(message),
        error: (message: string | Error) => log.error(String(message)),
      };
      for (const job of jobs.values()) {
        const options = { name: job.name, timezone: 'UTC', logger };
        wakers.push(cron.schedule(job.cron, ({ date }) => wake(job.name, date.getTime()), options));
      }
    },

    async stop(drainMs) {
      stopped = true;
      await Promise.all(wakers.splice(0).map(async (waker) => waker.destroy()));
      const runs = [...running.values()];
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, drainMs);
      });
      await Promise.race([Promise.all(runs.map((run) => run.done)), late]);
      clearTimeout(timer);
      for (const run of running.values()) run.abort.abort(new Error('The node stops.'));
    },
  };
}
