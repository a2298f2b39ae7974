import type { Results } from './results.js';

/** What the house promises of its performance. */
export const LIMITS = {
  /** Share of one verification through REST outside JPEG decoding and the models' own runs, at most. */
  outside: 0.35,
  /** Throughput of two workers per one's, at least. */
  speedUp: 1.7,
  /** Growth of the resident set over the verifications, at most. */
  growth: 0.05,
} as const;

export interface Verdict {
  what: string;
  measured: string;
  limit: string;
  /** Null where nothing was promised, or the run was too short to tell. */
  passed: boolean | null;
}

/** @param quick a short run prints its figures and judges nothing */
export function verdicts({ quick, requests, pool, load }: Results): Verdict[] {
  const judged = (passed: boolean): boolean | null => (quick ? null : passed);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return [
    ...Object.entries(requests).map(([operation, { outside }]) => ({
      what: `${operation}: outside decoding and models`,
      measured: percent(outside),
      limit: `<= ${percent(LIMITS.outside)}`,
      passed: judged(outside <= LIMITS.outside),
    })),
    {
      what: `throughput of ${pool.workers} workers / 1 worker`,
      measured: pool.speedUp.toFixed(2),
      limit: pool.workers === 2 ? `>= ${LIMITS.speedUp}` : 'promised of 2 workers',
      passed: pool.workers === 2 ? judged(pool.speedUp >= LIMITS.speedUp) : null,
    },
    {
      what: 'event-loop delay p99, pool saturated',
      measured: `${load.loop.p99.toFixed(1)} ms in the service, ${pool.loop.p99.toFixed(1)} ms at the engine's door`,
      limit: 'stated',
      passed: null,
    },
    {
      what: `RSS growth over ${load.verifications} verifications after ${load.warmUp}`,
      measured: percent(load.growth),
      limit: `<= ${percent(LIMITS.growth)}`,
      passed: judged(load.growth <= LIMITS.growth),
    },
  ];
}
