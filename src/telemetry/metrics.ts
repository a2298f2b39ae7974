import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a fast rpc to a frame that waited its turn, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Metrics {
  /** One rpc of the core, however it was called. `reason` is `OK` or of the StatusError. */
  readonly rpc: (call: { path: string; reason: string; seconds: number }) => void;
  /** One HTTP request of the façade. `operation` is the row's name, never the raw path; both may be empty. */
  readonly observe: (request: {
    family: string;
    operation: string;
    method: string;
    status: number;
    seconds: number;
  }) => void;
  /** One inference job. Times in milliseconds. */
  readonly job: (event: {
    kind: string;
    outcome: string;
    timings: {
      queued: number;
      ran: number;
      stages: Record<string, number>;
      models: Record<string, number>;
    } | null;
  }) => void;
  /** One statement of the database. */
  readonly query: (seconds: number) => void;
  /** What one run of retention deleted, by whose part it was. */
  readonly expired: (part: string, deleted: number) => void;
  /** One run of a scheduled job. */
  readonly scheduled: (run: { job: string; outcome: string; durationMs: number }) => void;
  /** Called at every scrape to read the engine. */
  readonly watchEngine: (read: () => { queued: number; busyWorkers: number; readyWorkers: number }) => void;
  /** Prometheus text format, with its content type. */
  readonly page: () => Promise<{ contentType: string; text: string }>;
}

/** Metrics of one process, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const rpc = new Histogram({
    name: 'probity_rpc_seconds',
    help: 'Calls of the core, by method and reason',
    labelNames: ['method', 'reason'],
    buckets: SECONDS,
    registers,
  });
  const http = new Histogram({
    name: 'probity_http_seconds',
    help: 'HTTP requests, by family, operation and status',
    labelNames: ['family', 'operation', 'method', 'status'],
    buckets: SECONDS,
    registers,
  });
  const jobs = new Histogram({
    name: 'probity_inference_job_seconds',
    help: 'Inference jobs from hand-over to result, by kind and outcome',
    labelNames: ['kind', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const waits = new Histogram({
    name: 'probity_inference_wait_seconds',
    help: 'Time inference jobs waited for a worker',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers,
  });
  const stages = new Histogram({
    name: 'probity_inference_stage_seconds',
    help: 'Stages of inference jobs',
    labelNames: ['kind', 'stage'],
    buckets: SECONDS,
    registers,
  });
  const models = new Histogram({
    name: 'probity_inference_model_seconds',
    help: 'Inside the runs of each model, by job',
    labelNames: ['kind', 'model'],
    buckets: SECONDS,
    registers,
  });
  const refused = new Counter({
    name: 'probity_inference_unfinished_total',
    help: 'Inference jobs that no worker finished, by outcome',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const queries = new Histogram({
    name: 'probity_query_seconds',
    help: 'Statements of the database, BEGIN and COMMIT included',
    buckets: [0.0001, 0.00025, 0.0005, ...SECONDS],
    registers,
  });
  const expired = new Counter({
    name: 'probity_retention_deleted_total',
    help: 'What retention deleted, by part',
    labelNames: ['part'],
    registers,
  });
  const scheduled = new Histogram({
    name: 'probity_scheduled_job_seconds',
    help: 'Runs of scheduled jobs on this node',
    labelNames: ['job', 'outcome'],
    buckets: [0.01, 0.1, 1, 10, 60, 600],
    registers,
  });

  return {
    rpc: ({ path, reason, seconds }) => rpc.observe({ method: path, reason }, seconds),
    observe: ({ seconds, status, ...labels }) => http.observe({ ...labels, status: String(status) }, seconds),
    job({ kind, outcome, timings }) {
      if (!timings) {
        refused.inc({ kind, outcome });
        return;
      }
      waits.observe({ kind }, timings.queued / 1000);
      jobs.observe({ kind, outcome }, timings.ran / 1000);
      for (const [stage, ms] of Object.entries(timings.stages)) stages.observe({ kind, stage }, ms / 1000);
      for (const [model, ms] of Object.entries(timings.models)) models.observe({ kind, model }, ms / 1000);
    },
    query: (seconds) => queries.observe(seconds),
    expired: (part, deleted) => expired.inc({ part }, deleted),
    scheduled: ({ job, outcome, durationMs }) => scheduled.observe({ job, outcome }, durationMs / 1000),
    watchEngine(read) {
      new Gauge({
        name: 'probity_inference_queue',
        help: 'Inference jobs waiting for a worker',
        registers,
        collect() {
          this.set(read().queued);
        },
      });
      new Gauge({
        name: 'probity_inference_workers',
        help: 'Inference workers, by state',
        labelNames: ['state'],
        registers,
        collect() {
          const { busyWorkers, readyWorkers } = read();
          this.set({ state: 'busy' }, busyWorkers);
          this.set({ state: 'idle' }, readyWorkers - busyWorkers);
        },
      });
    },
    page: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
