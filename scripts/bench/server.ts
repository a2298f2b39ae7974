import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from './child.js';
import { stopwatch, watchLoop, type LoopDelay } from './clocks.js';
import { ROOT } from './paths.js';
import { app, configuration, telemetry } from './product.js';
import type { RequestTrace } from './trace.js';

/**
 * The service as it is deployed, in a process of its own, listened in on by its metrics: what a request spent
 * its time on is asked for after each.
 */

type Metrics = ReturnType<typeof telemetry.createMetrics>;

const dataDir = mkdtempSync(join(tmpdir(), 'probity-bench-'));
const config = configuration.loadConfig({
  PROBITY_HTTP_PORT: '0',
  PROBITY_GRPC_PORT: '0',
  PROBITY_DATA_DIR: dataDir,
  PROBITY_MODELS_DIR: join(ROOT, 'models'),
  PROBITY_REGISTRATION: 'open',
  PROBITY_DRAIN_SECONDS: '1',
});

/** Of the request that is under way; null while nobody asked, so that a long load leaves nothing behind. */
let trace: Omit<RequestTrace, 'cpu'> | null = null;
let watch = stopwatch();
let loop = watchLoop();
/** Called when a request is over. */
let over: () => void = () => undefined;

function listeningIn(): Metrics {
  const metrics = telemetry.createMetrics();
  return {
    ...metrics,
    observe(request) {
      metrics.observe(request);
      if (!trace) return;
      trace.served += request.seconds * 1000;
      over();
    },
    job(event) {
      metrics.job(event);
      if (event.timings) trace?.jobs.push(event.timings);
    },
    query(seconds) {
      metrics.query(seconds);
      if (trace) trace.storage += seconds * 1000;
    },
  };
}

let comparing = 0;
subscribe('tracing:probity:face.compare:start', () => (comparing = performance.now()));
subscribe('tracing:probity:face.compare:end', () => {
  if (trace) trace.comparison += performance.now() - comparing;
});

const service = app.createApp(config, {
  log: telemetry.createLog(config.logLevel),
  metrics: listeningIn(),
});

const questions = {
  async start(): Promise<{ port: number }> {
    const { httpPort } = await (await service).start();
    if (httpPort === null) throw new Error('The service has no REST façade');
    return { port: httpPort };
  },
  /** Before a request: everything counted so far is none of it. */
  begin(): void {
    trace = { served: 0, jobs: [], storage: 0, comparison: 0 };
    watch = stopwatch();
  },
  /** After a request: what it spent, once its connection says that it is over. */
  async end(): Promise<RequestTrace> {
    const heard = trace;
    if (!heard) throw new Error('No request was begun');
    if (heard.served === 0) await new Promise<void>((resolve) => (over = resolve));
    over = () => undefined;
    trace = null;
    return { ...heard, cpu: watch().cpu };
  },
  /** Frames that the sessions of an exam have, as its teacher is told. */
  async framesOf({ examId, token }: { examId: number; token: string }): Promise<number> {
    const { core } = await service;
    let frames = 0;
    for (let pageToken = ''; ;) {
      const request = { exam: `exams/${examId}`, pageSize: 1000, pageToken };
      const page = await core.proctoring.listSessions(request, { token });
      for (const { frameCount } of page.sessions) frames += frameCount;
      if (!page.nextPageToken) return frames;
      pageToken = page.nextPageToken;
    }
  },
  rss: (): number => process.memoryUsage.rss(),
  watchLoop(): void {
    loop();
    loop = watchLoop();
  },
  loopDelay: (): LoopDelay => loop(),
};

export type ServerQuestions = typeof questions;

answer(questions, async () => {
  await (await service).stop();
  rmSync(dataDir, { recursive: true, force: true });
});
