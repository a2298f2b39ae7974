import type { Child } from './child.js';
import type { LoopDelay } from './clocks.js';
import type { Prepared, RestClient } from './client.js';
import { growthOf } from './growth.js';
import type { ServerQuestions } from './server.js';

export interface LoadResult {
  warmUp: number;
  verifications: number;
  /** Requests that are under way at any time: twice as many as there are workers. */
  inFlight: number;
  perSecond: number;
  /** Resident set of the server process, bytes: medians around the end of the warm-up and around the end. */
  rss: { start: number; end: number };
  /** end / start - 1 */
  growth: number;
  /** Of the server's event loop, while its pool is saturated. */
  loop: LoopDelay;
}

/** Verifications between two looks at the resident set. */
const LOOK_EVERY = 25;

/** Saturates the service with verifications, and watches what it holds. */
export async function load(
  rest: RestClient,
  server: Child<ServerQuestions>,
  requests: readonly Prepared[],
  check: (answer: Buffer) => void,
  { warmUp, verifications }: { warmUp: number; verifications: number },
  onDone: (done: number, of: number) => void = () => undefined,
): Promise<LoadResult> {
  const looks: number[] = [];
  let done = 0;
  const run = async (count: number): Promise<void> => {
    let left = count;
    await Promise.all(
      requests.map(async (request) => {
        while (left-- > 0) {
          check(await rest.send(request));
          const nth = ++done;
          if (nth % LOOK_EVERY === 0) looks.push(await server.ask('rss', undefined));
          onDone(nth, warmUp + verifications);
        }
      }),
    );
  };
  await run(warmUp);
  const warm = looks.length;
  await server.ask('watchLoop', undefined);
  const started = performance.now();
  await run(verifications);
  const seconds = (performance.now() - started) / 1000;
  const loop = await server.ask('loopDelay', undefined);
  return {
    warmUp,
    verifications,
    inFlight: requests.length,
    perSecond: verifications / seconds,
    ...growthOf(looks, warm),
    loop,
  };
}
