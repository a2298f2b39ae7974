import type { Engine, JobKind } from '../../../src/biometrics/index.js';
import type { AnyJobHandler, JobOutput } from '../../../src/biometrics/engine/worker-loop.js';
import type { Models } from '../../../src/biometrics/engine/sessions.js';
import {
  interactionJudge,
  interactionRead,
  interactionScore,
} from '../../../src/biometrics/interaction/job.js';
import { idleEngine } from '../services/world.js';

/** None of them asks for one. */
const NO_MODELS = null as unknown as Models;
const HANDLERS: AnyJobHandler[] = [interactionRead, interactionScore, interactionJudge];

/** Runs what interaction does in the engine here and now, on copies, as a worker would. */
export function inlineEngine(): Engine {
  return {
    ...idleEngine(),
    async run<Input, Result>(kind: JobKind<Input, Result>, input: Input) {
      const handler = HANDLERS.find((each) => each.kind.name === kind.name);
      if (!handler) throw new Error(`no handler for ${kind.name}`);
      const done: JobOutput<unknown> = await handler.prepare(NO_MODELS)(structuredClone(input));
      const timings = { queued: 0, ran: 0, stages: {}, models: {} };
      return { result: structuredClone(done.result) as Result, timings };
    },
  };
}
