import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds of wall time and of this process's CPU time, all threads, kernel included. */
export interface Spent {
  wall: number;
  cpu: number;
}

/** Starts a watch; call what it answers to read it. */
export function stopwatch(): () => Spent {
  const started = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wall: performance.now() - started, cpu: (user + system) / 1000 };
  };
}

/** Milliseconds by which the event loop came late. */
export interface LoopDelay {
  p50: number;
  p99: number;
  max: number;
}

const RESOLUTION_MS = 5;

/** Watches the event loop of this process until what it answers is called. */
export function watchLoop(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return () => {
    histogram.disable();
    // The histogram has the time between two ticks, of which its own resolution was asked for.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    return {
      p50: late(histogram.percentile(50)),
      p99: late(histogram.percentile(99)),
      max: late(histogram.max),
    };
  };
}
