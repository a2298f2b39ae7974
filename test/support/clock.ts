import type { Clock } from '../../src/jobs/index.js';

/** A clock that only its test moves. */
export class TestClock implements Clock {
  private readonly timers = new Set<{ due: number; ms: number; tick: () => void }>();

  constructor(private time = 1_795_000_000_000) {}

  readonly now = (): number => this.time;

  every(ms: number, tick: () => void): () => void {
    const timer = { due: this.time + ms, ms, tick };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Goes on by `ms`, calling each timer as often as it comes due on the way. */
  advance(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const next = [...this.timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.time = next.due;
      next.due += next.ms;
      next.tick();
    }
    this.time = until;
  }
}
