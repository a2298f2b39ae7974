/**
 * Frames that were taken and are not answered. The reader waits for room, and room is made when an answer has been
 * taken by the client, not when it is ready: a client that does not read is not read from.
 */
export class InFlight {
  private readonly frames: number[] = [];
  private waiting: (() => void) | null = null;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.frames.length;
  }

  get full(): boolean {
    return this.frames.length >= this.most;
  }

  add(frame: number): void {
    this.frames.push(frame);
  }

  /** A frame was answered; one that is not in flight is none of ours. */
  answered(frame: number): void {
    const at = this.frames.indexOf(frame);
    if (at < 0) return;
    this.frames.splice(at, 1);
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
