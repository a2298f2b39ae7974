import { median } from 'simple-statistics';
import type { Child } from './child.js';
import type { LoopDelay } from './clocks.js';
import type { EngineQuestions } from './engine.js';

export interface PoolResult {
  workers: number;
  blocks: number;
  /** Jobs in each block. */
  jobs: number;
  /** Jobs a second of the whole pool per those of one worker, block by block; the median. */
  speedUp: number;
  perSecond: { one: number; all: number };
  /** CPU milliseconds a job. */
  cpu: { one: number; all: number };
  /** Of the event loop that feeds the saturated pool; medians over the blocks. */
  loop: LoopDelay;
}

/** Saturates one worker and the whole pool in turn, at the engine's door. */
export async function measurePool(
  engine: Child<EngineQuestions>,
  probe: Buffer,
  { workers, blocks, jobs }: { workers: number; blocks: number; jobs: number },
): Promise<PoolResult> {
  const saturate = (count: number) => engine.ask('saturate', { workers: count, jobs, image: probe });
  await saturate(1);
  await saturate(workers);
  const one = [];
  const all = [];
  for (let block = 0; block < blocks; block++) {
    one.push(await saturate(1));
    all.push(await saturate(workers));
  }
  const of = <T>(results: readonly T[], value: (result: T) => number): number => median(results.map(value));
  const speeds = one.map(({ perSecond }) => perSecond);
  return {
    workers,
    blocks,
    jobs,
    speedUp: median(all.map(({ perSecond }, block) => perSecond / (speeds[block] ?? NaN))),
    perSecond: { one: median(speeds), all: of(all, ({ perSecond }) => perSecond) },
    cpu: { one: of(one, ({ cpu }) => cpu), all: of(all, ({ cpu }) => cpu) },
    loop: {
      p50: of(all, ({ loop }) => loop.p50),
      p99: of(all, ({ loop }) => loop.p99),
      max: of(all, ({ loop }) => loop.max),
    },
  };
}
