import { quantileSorted } from 'simple-statistics';
import { stopwatch } from '../clocks.js';

/** Frames of one student, apart. */
export const INTERVAL_MS = 10_000;

/** What the service did under one arrival rate. */
export interface Level {
  students: number;
  /** Frames that were due, and how they ended. */
  frames: { sent: number; acknowledged: number; refused: number };
  perSecond: number;
  /** Milliseconds from when a frame was due to its finding; a generator that is late counts against the service. */
  latency: { p50: number; p99: number; max: number };
  /** Share of frames that were refused, 0..1. */
  refused: number;
  /** CPU of the generator, in cores: it shares the machine with the service. */
  generatorCores: number;
}

/** How one frame ended. */
export type Ending = 'ACKNOWLEDGED' | 'REFUSED';

/** What a level must keep: it is past the knee otherwise. */
export const KNEE = { p99Ms: 2_000, refused: 0.01 } as const;

export function sustained({ latency, refused }: Pick<Level, 'latency' | 'refused'>): boolean {
  return latency.p99 <= KNEE.p99Ms && refused <= KNEE.refused;
}

/**
 * Every student sends a frame each interval, at a moment of their own, for as many rounds; whoever waits for an answer
 * sends the next one all the same (an open loop: a slow service does not slow its callers down).
 */
export async function runLevel(
  students: number,
  rounds: number,
  send: (student: number, frame: number) => Promise<Ending>,
): Promise<Level> {
  const read = stopwatch();
  const started = performance.now();
  const latencies: number[] = [];
  const frames = { sent: 0, acknowledged: 0, refused: 0 };
  const one = async (student: number, round: number): Promise<void> => {
    const due = started + (round + student / students) * INTERVAL_MS;
    await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    frames.sent++;
    if ((await send(student, round)) === 'ACKNOWLEDGED') {
      frames.acknowledged++;
      latencies.push(performance.now() - due);
    } else frames.refused++;
  };
  await Promise.all(
    Array.from({ length: students * rounds }, (_, n) => one(n % students, Math.floor(n / students))),
  );
  const { wall, cpu } = read();
  latencies.sort((a, b) => a - b);
  const at = (p: number): number => (latencies.length > 0 ? quantileSorted(latencies, p) : Infinity);
  return {
    students,
    frames,
    perSecond: (frames.acknowledged * 1000) / wall,
    latency: { p50: at(0.5), p99: at(0.99), max: at(1) },
    refused: frames.refused / frames.sent,
    generatorCores: cpu / wall,
  };
}
