/** What a recording says of whether it is a user's: outcome, score, and how it came about. */
import { type MethodFinding, type RhythmModel } from './model.js';
import { DECISION, ENOUGH, MODEL_ID, MOST_EVIDENCE } from './policy.js';
import type { Recording } from './recording.js';
import { rhythmOf, type Rhythm } from './rhythm.js';
import { clamp } from './statistics.js';
import { keystrokesIn, KINDS, type TypingStatistics } from './typing-statistics.js';
import { windowsOf } from './windows.js';

export type InteractionReason =
  'TOO_LITTLE' | 'REPLAYED' | 'MOUSE_ALONE' | 'SCORE_BETWEEN_THRESHOLDS' | 'RHYTHM_CHANGES';

export interface InteractionFinding {
  outcome: 'MATCH' | 'NO_MATCH' | 'INCONCLUSIVE';
  /** ln p(recording | user) / p(recording | somebody else), provisional; null when nothing was compared. */
  score: number | null;
  threshold: number;
  /** At this score and below it is no match. */
  reviewThreshold: number;
  modelId: string;
  reasons: InteractionReason[];
  methods: MethodFinding[];
  windows: { from: number; to: number; score: number }[];
}

/** The sum of what the methods say; null where none was assessed. */
export function evidenceOf(methods: readonly MethodFinding[]): number | null {
  const said = methods.flatMap(({ evidence }) => (evidence === null ? [] : [evidence]));
  return said.length === 0
    ? null
    : clamp(
        said.reduce((sum, each) => sum + each, 0),
        MOST_EVIDENCE,
      );
}

/** @param enrolled the recordings that the model was fitted to */
export function judgeRecording(
  recording: Recording,
  enrolled: readonly Rhythm[],
  model: RhythmModel,
): InteractionFinding {
  const rhythm = rhythmOf(recording);
  const methods = model(rhythm);
  const windows = windowsOf(recording).flatMap(({ from, to, rhythm: piece }) => {
    const said = evidenceOf(model(piece));
    return said === null ? [] : [{ from, to, score: said }];
  });
  const replayed = enrolled.some((each) => isReplay(rhythm, each));
  const score = replayed ? null : evidenceOf(methods);
  const reason = replayed ? 'REPLAYED' : reasonOf(score, methods, windows);
  return {
    outcome: reason ? 'INCONCLUSIVE' : score !== null && score >= DECISION.match ? 'MATCH' : 'NO_MATCH',
    score,
    threshold: DECISION.match,
    reviewThreshold: DECISION.review,
    modelId: MODEL_ID,
    reasons: reason ? [reason] : [],
    methods,
    windows,
  };
}

/** Nobody types a text twice to the millisecond, or so much free text with the same times. */
function isReplay(rhythm: Rhythm, enrolled: Rhythm): boolean {
  const texts = new Set(enrolled.repetitions.map(({ features }) => features.join()));
  return (
    rhythm.repetitions.some(({ features }) => texts.has(features.join())) ||
    (keystrokesIn(rhythm.typing) >= ENOUGH.test.keystrokes && sameTimes(rhythm.typing, enrolled.typing))
  );
}

function sameTimes(one: TypingStatistics, other: TypingStatistics): boolean {
  return KINDS.every(
    (kind) =>
      one[kind].size === other[kind].size &&
      [...one[kind]].every(([slot, { n, mean, variance }]) => {
        const held = other[kind].get(slot);
        return held?.n === n && held.mean === mean && held.variance === variance;
      }),
  );
}

/** Why it does not decide, or null. The whole cannot vouch for a part that is not the user's: two windows in a row. */
function reasonOf(
  score: number | null,
  methods: readonly MethodFinding[],
  windows: readonly { score: number }[],
): InteractionReason | null {
  if (score === null) return 'TOO_LITTLE';
  if (methods.every(({ method, evidence }) => method === 'MOUSE' || evidence === null)) return 'MOUSE_ALONE';
  if (score > DECISION.review && score < DECISION.match) return 'SCORE_BETWEEN_THRESHOLDS';
  const strange = windows.map((window) => window.score <= DECISION.review);
  const stranger = strange.some((each, index) => each && strange[index + 1]);
  return score >= DECISION.match && stranger ? 'RHYTHM_CHANGES' : null;
}
