/**
 * The rule of docs/adr/0006 as it was while the face was all that a session was watched by, word for word: what it
 * measured then holds for the face alone as long as fusion says the same.
 */

const THRESHOLD = 12;
const MAX_PER_FRAME = 4;
const CORRELATION_HALF_LIFE_MS = 5_000;
const LEAST_WEIGHT = 1 / 3;
const CEILING = 1.5;

export interface FaceState {
  evidence: number;
  at: number | null;
}

export const NOTHING: FaceState = { evidence: 0, at: null };

export function accumulate(
  state: FaceState,
  score: number | null,
  at: number,
  calibration: { slope: number; intercept: number },
): FaceState {
  if (score === null) return state;
  const ratio = -(calibration.slope * score + calibration.intercept);
  const capped = Math.min(MAX_PER_FRAME, Math.max(-MAX_PER_FRAME, ratio));
  const evidence = state.evidence + weight(state.at, at) * capped;
  return {
    evidence: Math.min(THRESHOLD * CEILING, Math.max(0, evidence)),
    at: Math.max(state.at ?? at, at),
  };
}

export function isImpostor(state: FaceState): boolean {
  return state.evidence >= THRESHOLD;
}

function weight(last: number | null, at: number): number {
  if (last === null) return 1;
  return Math.max(LEAST_WEIGHT, 1 - 2 ** (-Math.max(0, at - last) / CORRELATION_HALF_LIFE_MS));
}
