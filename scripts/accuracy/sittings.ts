import {
  evidenceAt,
  NO_EVIDENCE,
  observe,
  type FusionPolicy,
  type WatchedModality,
} from '../../src/exams/watching/fusion.js';

const HOUR_MS = 3_600_000;
/** A recording in 30 s of an oral exam. */
export const VOICE_CADENCE_MS = 30_000;

/** What one modality shows during a sitting. */
export interface Stream {
  modality: WatchedModality;
  /** Milliseconds from one observation to the next; the first comes after as many. */
  cadenceMs: number;
  /** Log-likelihood ratio of the next observation, nats; null where nothing can be compared. */
  next(): number | null;
}

/**
 * Plays a sitting of an hour through the rule that raises the "different person" alert.
 * @returns milliseconds from its beginning at which alerts opened. An alert lasts until no evidence is left: one event
 *   is one alert
 */
export function playHour(streams: readonly Stream[], policy: FusionPolicy, untilFirst: boolean): number[] {
  const opened: number[] = [];
  let state = NO_EVIDENCE;
  let open = false;
  for (const { at, stream } of inTime(streams)) {
    const ratio = stream.next();
    // Scores, thresholds and models are told, and weigh nothing.
    const compared =
      ratio === null ? null : { score: ratio, threshold: 0, modelId: '', logLikelihoodRatio: ratio };
    state = observe(state, { modality: stream.modality, at, compared }, policy);
    const evidence = evidenceAt(state, at, policy);
    if (!open && ratio !== null && evidence >= policy.threshold) {
      opened.push(at);
      open = true;
      if (untilFirst) break;
    } else if (evidence === 0) open = false;
  }
  return opened;
}

/** The observations of an hour in the order in which they come. */
function inTime(streams: readonly Stream[]): { at: number; stream: Stream }[] {
  return streams
    .flatMap((stream) =>
      Array.from({ length: Math.floor(HOUR_MS / stream.cadenceMs) }, (_, n) => ({
        at: (n + 1) * stream.cadenceMs,
        stream,
      })),
    )
    .sort((a, b) => a.at - b.at);
}
