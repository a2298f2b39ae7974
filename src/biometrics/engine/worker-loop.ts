import { parentPort, workerData, type Transferable } from 'node:worker_threads';
import { StatusError } from '../../call/index.js';
import type { JobKind } from './engine.js';
import type { Failure, FromWorker, ToWorker, WorkerData } from './protocol.js';
import { Models, ModelUnavailable } from './sessions.js';
import { Stopwatch } from './stopwatch.js';

export interface JobOutput<Result> {
  result: Result;
  /** Buffers of the result to move rather than copy. */
  transfer: ArrayBuffer[];
}

/** The code of a job kind, in the worker. */
export interface JobHandler<Input, Result> {
  kind: JobKind<Input, Result>;
  /** Called once per worker with the warm models; what it allocates is reused between jobs. */
  prepare(models: Models): (input: Input) => Promise<JobOutput<Result>>;
}

// Contravariant in its input, so a list of handlers has no narrower common type than this one.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyJobHandler = JobHandler<any, any>;

/**
 * Turns the thread this is called on into a worker of the pool: loads and warms the models, then answers one
 * job at a time until told to end.
 */
export async function runWorker(handlers: readonly AnyJobHandler[]): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('runWorker belongs in a worker thread');
  const send = (message: FromWorker, transfer: readonly Transferable[] = []): void =>
    port.postMessage(message, transfer);
  const { modelsDir, models: entries } = workerData as WorkerData;
  const watch = new Stopwatch();

  let models: Models;
  try {
    models = await Models.load(modelsDir, entries, watch);
  } catch (thrown) {
    if (!(thrown instanceof ModelUnavailable)) throw thrown;
    send({ type: 'unavailable', model: thrown.model, cause: thrown.stack ?? thrown.message });
    return;
  }
  const jobs = new Map(
    handlers.map((handler): [string, (input: unknown) => Promise<JobOutput<unknown>>] => [
      handler.kind.name,
      handler.prepare(models),
    ]),
  );

  port.on('message', (message: ToWorker) => {
    if (message.type === 'end') void models.release().finally(() => port.close());
    else void answer(message.job, message.kind, message.input);
  });
  send({ type: 'ready' });

  async function answer(job: number, kind: string, input: unknown): Promise<void> {
    watch.reset();
    try {
      const handle = jobs.get(kind);
      if (!handle) throw new Error(`No handler for job kind ${kind}`);
      const { result, transfer } = await handle(input);
      send({ type: 'done', job, result, stages: watch.stages, models: watch.models }, transfer);
    } catch (thrown) {
      send({ type: 'failed', job, failure: failureOf(thrown) });
    }
  }
}

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof StatusError) {
    const { reason, message, details, cause } = thrown;
    return { reason, message, details, ...(cause === undefined ? {} : { cause: textOf(cause) }) };
  }
  return { reason: 'INTERNAL', message: 'Internal error.', details: {}, cause: textOf(thrown) };
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
