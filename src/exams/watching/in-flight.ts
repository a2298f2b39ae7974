/**
 * Frames and samples that were taken and are not answered. The reader waits for room, and room is made when an answer has been
 * taken by the client, not when it is ready: a client that does not read is not read from.
 */
export class InFlight {
  private readonly under: string[] = [];
  private waiting: (() => void) | null = null;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.under.length;
  }

  get full(): boolean {
    return this.under.length >= this.most;
  }

  add(arrival: string): void {
    this.under.push(arrival);
  }

  /** One was answered; what is not in flight is none of ours. */
  answered(arrival: string): void {
    const at = this.under.indexOf(arrival);
    if (at < 0) return;
    this.under.splice(at, 1);
    this.waiting?.();
  }

  /** Resolves when there is room. One waiter at a time. */
  async room(): Promise<void> {
    while (this.full) {
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
      this.waiting = null;
    }
  }
}
