import { StatusError } from '../../src/call/index.js';
import type { Engine } from '../../src/biometrics/index.js';
import type { AnyJobHandler, JobOutput } from '../../src/biometrics/engine/worker-loop.js';
import type { Models } from '../../src/biometrics/engine/sessions.js';

/** Runs jobs that need no model right here, as a worker would. */
export function inlineEngine(handlers: readonly AnyJobHandler[]): Engine {
  const prepared = new Map(
    handlers.map(({ kind, prepare }) => [kind.name, prepare(null as unknown as Models)]),
  );
  return {
    ready: Promise.resolve(),
    async run(kind, input, call) {
      if (call?.signal?.aborted) throw new StatusError('CANCELLED', 'The caller went away.');
      const { result } = (await prepared.get(kind.name)!(input)) as JobOutput<unknown>;
      return { result: result as never, timings: { queued: 0, ran: 0, stages: {}, models: {} } };
    },
    status: () => {
      throw new Error('nothing to tell');
    },
    drain: () => Promise.resolve(),
  };
}
