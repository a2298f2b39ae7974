import type { Child } from './child.js';
import type { Spent } from './clocks.js';
import type { Prepared, RestClient } from './client.js';
import type { ServerQuestions } from './server.js';
import { breakDown, shareOutside, type Breakdown } from './trace.js';

/** One request through the façade: wall time at the client, CPU time of the server, and where it went. */
export interface RequestSample extends Spent {
  breakdown: Breakdown;
  /** Share outside JPEG decoding and the models' own runs, 0..1. */
  outside: number;
}

/** Sends one request and asks the server what it spent. */
export async function measured(
  rest: RestClient,
  server: Child<ServerQuestions>,
  request: Prepared,
  check: (answer: Buffer) => void = () => undefined,
): Promise<RequestSample> {
  await server.ask('begin', undefined);
  const started = performance.now();
  const answer = await rest.send(request);
  const wall = performance.now() - started;
  const trace = await server.ask('end', undefined);
  check(answer);
  const breakdown = breakDown(wall, trace);
  return { wall, cpu: trace.cpu, breakdown, outside: shareOutside(wall, breakdown) };
}
