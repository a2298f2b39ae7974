/** What is odd about a frame as a capture, whatever is in the picture. */
export type CaptureAnomaly = 'SAME_BYTES' | 'NEAR_IDENTICAL' | 'STALE_TIME' | 'SEQUENCE_JUMP' | 'UNREADABLE';

export interface CapturePolicy {
  /** How far a client's clock may be from the server's, either way. */
  maxClockErrorMs: number;
  /** How much later than its quickest frame a frame may arrive, by the client's own clock. */
  maxLagMs: number;
  /** Earlier frames of the session whose pixels a frame is compared with. */
  window: number;
}

/** Five minutes is what signed requests are given too; half a minute is a lost connection taken up again. */
export const CAPTURE_POLICY: CapturePolicy = { maxClockErrorMs: 300_000, maxLagMs: 30_000, window: 60 };

/** The client's clock as seen so far. */
export interface ClientClock {
  /** Least difference of receive and capture time, ms: the clocks' offset and the quickest way; null before the first. */
  leastLagMs: number | null;
  /** Capture time of the last frame. */
  lastCapture: number | null;
}

export const UNKNOWN_CLOCK: ClientClock = { leastLagMs: null, lastCapture: null };

/**
 * Whether a frame's capture time is stale, ahead of its own clock, or before the frame that came before it.
 * @param captured by the client's clock, UTC milliseconds; null where the client does not say
 */
export function readClock(
  clock: ClientClock,
  captured: number | null,
  received: number,
  policy: CapturePolicy,
): { clock: ClientClock; stale: boolean } {
  if (captured === null) return { clock, stale: false };
  const lag = received - captured;
  const least = clock.leastLagMs;
  const stale =
    Math.abs(lag) > policy.maxClockErrorMs ||
    (least !== null && Math.abs(lag - least) > policy.maxLagMs) ||
    (clock.lastCapture !== null && captured < clock.lastCapture);
  return {
    clock: { leastLagMs: least === null ? lag : Math.min(least, lag), lastCapture: captured },
    stale,
  };
}

/** Where the numbers of a session's frames stand. */
export interface FrameNumbers {
  /** The highest committed; 0 before the first. */
  last: number;
  /** The lowest that is neither committed nor skipped: a client that comes back sends from here. */
  next: number;
}

/**
 * The numbers after `frame` is committed, and whether it jumped: some number before it was neither committed nor
 * refused by us for a moment (`owed`).
 * @param committed whether a number above `frame` is committed already
 */
export function advance(
  { last, next }: FrameNumbers,
  frame: number,
  owed: ReadonlySet<number>,
  committed: (number: number) => boolean,
): { numbers: FrameNumbers; jumped: boolean } {
  const highest = Math.max(last, frame);
  if (frame < next) return { numbers: { last: highest, next }, jumped: !owed.has(frame) };
  if (frame === next) {
    let free = frame + 1;
    while (free <= last && committed(free)) free++;
    return { numbers: { last: highest, next: free }, jumped: false };
  }
  for (let missing = Math.max(next, last + 1); missing < frame; missing++) {
    if (!owed.has(missing)) return { numbers: { last: highest, next: frame + 1 }, jumped: true };
  }
  // What we refused is still to come: it stays the first number that is not committed.
  return {
    numbers: { last: highest, next: owed.has(next) || next <= last ? next : frame + 1 },
    jumped: false,
  };
}
