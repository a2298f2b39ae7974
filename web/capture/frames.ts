import { askedPause, passes, Refused } from '../lib/api.js';
import type { FrameTaken } from './answers.js';

/** Frames that wait for the network: ten minutes of them at the usual ten seconds. */
const MOST_WAITING = 60;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

export interface Frame {
  picture: Blob;
  /** By this machine's clock, UTC milliseconds. */
  capturedAt: number;
}

/**
 * Frames on their way to the server, one at a time and in order. A frame has its number when it is sent, so that one
 * that is dropped leaves no hole; sent again, it has the same, and counts once.
 */
export class Frames {
  private readonly waiting: Frame[] = [];
  private sending = false;
  private pauseMs = 0;
  private notBefore = 0;

  constructor(
    private readonly send: (frame: Frame, number: number) => Promise<FrameTaken>,
    private next: number,
  ) {}

  get count(): number {
    return this.waiting.length;
  }

  /** Takes one more; of too many the oldest go. */
  add(frame: Frame): void {
    this.waiting.push(frame);
    // The first may be on its way: it stays, for its number is used.
    while (this.waiting.length > MOST_WAITING) this.waiting.splice(1, 1);
  }

  /**
   * Sends what waits, unless it is being sent or an earlier failure asks for a pause.
   * @param taken is told of each that arrived
   * @throws Refused where the server takes no frames from here
   */
  async flush(now: number, taken: (answer: FrameTaken) => void): Promise<void> {
    if (this.sending || now < this.notBefore) return;
    this.sending = true;
    try {
      for (let frame = this.waiting[0]; frame; frame = this.waiting[0]) {
        const answer = await this.numbered(frame);
        this.waiting.shift();
        this.next = answer.nextFrame;
        this.pauseMs = 0;
        taken(answer);
      }
    } catch (failure) {
      if (failure instanceof Refused && failure.status === 400) this.waiting.shift();
      else if (passes(failure)) {
        this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2 || FIRST_PAUSE_MS);
        this.notBefore = now + Math.max(this.pauseMs, askedPause(failure));
      } else throw failure;
    } finally {
      this.sending = false;
    }
  }

  /** Another window, or this one before it was loaded again, may have used the number: the server says which is free. */
  private async numbered(frame: Frame): Promise<FrameTaken> {
    for (;;) {
      try {
        return await this.send(frame, this.next);
      } catch (failure) {
        const free = failure instanceof Refused ? failure.nextNumber : null;
        if (free === null || free <= this.next) throw failure;
        this.next = free;
      }
    }
  }
}
