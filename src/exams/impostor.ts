/**
 * Whether it is somebody else, from evidence over several frames and never from one.
 *
 * A one-sided CUSUM (Page 1954) over the log-likelihood ratio of each comparison score, ln p(score | impostor) /
 * p(score | genuine). Frames of one sitting are not independent: a turned head or a bad light lasts for seconds,
 * so a frame counts by the time since the last one that counted.
 */

/** ln p(score | same subject) / p(score | different subjects) = slope * score + intercept; of the model's manifest entry. */
export interface Calibration {
  slope: number;
  intercept: number;
}

export interface ImpostorPolicy {
  /** Evidence in nats at which it is an alert. */
  threshold: number;
  /** The most that one frame adds or takes away, in nats; at most a third of `threshold`. */
  maxPerFrame: number;
  /** Milliseconds after which a frame is worth half of an independent one. */
  correlationHalfLifeMs: number;
  /**
   * What a frame is worth at least, 0 to 1, however soon it comes. Frames that waited for the network arrive
   * together though they were taken apart, and the client's word on when is not taken.
   */
  leastWeight: number;
}

/**
 * Three frames at the very least, and half a minute at one frame in 10 s. `scripts/accuracy` measures what it
 * costs and what it yields; see docs/adr/0006-different-person.md.
 */
export const IMPOSTOR_POLICY: ImpostorPolicy = {
  threshold: 12,
  maxPerFrame: 4,
  correlationHalfLifeMs: 5_000,
  leastWeight: 1 / 3,
};

/** What is remembered between frames. */
export interface ImpostorState {
  /** Nats, from 0 to 1.5 times the threshold, so that it drains in as few frames as it took to grow. */
  evidence: number;
  /** UTC milliseconds of the last frame that could be compared; null before the first. */
  at: number | null;
}

export const NO_EVIDENCE: ImpostorState = { evidence: 0, at: null };

export interface ScoreObservation {
  /** Comparison score; null when the frame was inconclusive. */
  score: number | null;
  /** UTC milliseconds at which the server received the frame. The client's clock has no say. */
  at: number;
  /** Of the decision rule that made the score. */
  calibration: Calibration;
}

const CEILING = 1.5;

/** @throws Error when one or two frames could raise an alert */
export function checkImpostorPolicy(policy: ImpostorPolicy): void {
  const { threshold, maxPerFrame, correlationHalfLifeMs, leastWeight } = policy;
  const proper = correlationHalfLifeMs > 0 && leastWeight >= 0 && leastWeight <= 1;
  if (!(proper && maxPerFrame > 0 && maxPerFrame * 3 <= threshold)) {
    throw new Error('The different-person policy would let fewer than three frames raise an alert.');
  }
}

/** The state after one more frame. Inconclusive frames change nothing. */
export function accumulate(
  state: ImpostorState,
  { score, at, calibration }: ScoreObservation,
  policy: ImpostorPolicy,
): ImpostorState {
  if (score === null) return state;
  const ratio = -(calibration.slope * score + calibration.intercept);
  const capped = Math.min(policy.maxPerFrame, Math.max(-policy.maxPerFrame, ratio));
  const evidence = state.evidence + weight(state.at, at, policy) * capped;
  return {
    evidence: Math.min(policy.threshold * CEILING, Math.max(0, evidence)),
    at: Math.max(state.at ?? at, at),
  };
}

/** Whether the evidence suffices for an alert. */
export function isImpostor(state: ImpostorState, policy: ImpostorPolicy): boolean {
  return state.evidence >= policy.threshold;
}

/** Towards 1 with the time since the last frame: what this one adds that the last one did not know. */
function weight(last: number | null, at: number, policy: ImpostorPolicy): number {
  if (last === null) return 1;
  return Math.max(policy.leastWeight, 1 - 2 ** (-Math.max(0, at - last) / policy.correlationHalfLifeMs));
}
