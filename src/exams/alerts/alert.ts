/** What a person should look at. The system alerts; a person decides. */
import type { Contribution } from '../watching/fusion.js';

/** Those that frames and samples show. */
export type ObservedAlertType =
  | 'NO_FACE'
  | 'SEVERAL_FACES'
  | 'DIFFERENT_PERSON'
  | 'SPOOF_SUSPECTED'
  | 'REPLAYED_FRAME'
  | 'INCONCLUSIVE_TOO_LONG'
  | 'REPLAYED_SAMPLE';

/** What a session follows as an episode: what frames and samples show, and what the client tells of its machine. */
export type EpisodeType = ObservedAlertType | 'FORBIDDEN_PROCESS';

/** The last two come from none of these: from silence, and from the student's reference. */
export type AlertType = EpisodeType | 'STREAM_INTERRUPTED' | 'REFERENCE_CHANGED';

export type AlertDecision = 'DISMISSED' | 'CONFIRMED';

/** Why an alert opened. */
export interface Cause {
  /** In words. */
  reason: string;
  /** In the unit of `threshold`; null where there is none. */
  score: number | null;
  threshold: number | null;
  modelId: string | null;
  /** DIFFERENT_PERSON only: what each modality said when it opened, the strongest first. */
  contributions?: Contribution[];
}

/** One event, however long it lasts. */
export interface OpenAlert extends Cause {
  id: string;
  type: AlertType;
  /** UTC milliseconds. */
  beganAt: number;
  lastAt: number;
  endedAt: number | null;
  /** Frames or checks that saw it. */
  occurrences: number;
  hasEvidence: boolean;
}

/** What one frame or check shows of a condition: it is there, it is over, or neither can be said. */
export type Sight = 'SEEN' | 'CLEAR' | 'UNKNOWN';

/** A condition over time: at first a run of sightings, then an alert until it is clear again. */
export interface Episode {
  /** Weight of the sightings since it was last clear. */
  run: number;
  /** Number of those sightings. */
  seen: number;
  /** UTC milliseconds of the first of them. */
  since: number;
  /** Null while the rule has not been met. */
  alert: OpenAlert | null;
}

export const CALM: Episode = { run: 0, seen: 0, since: 0, alert: null };

export type Change = 'OPENED' | 'CONTINUED' | 'ENDED';

/** An alert that changed, as it now is. */
export interface AlertChange {
  change: Change;
  alert: OpenAlert;
}

export interface EpisodeStep {
  episode: Episode;
  changed: AlertChange | null;
}

export interface Sighting {
  sight: Sight;
  /** UTC milliseconds. */
  at: number;
  /** How many ordinary sightings this one counts for. */
  weight?: number;
}

export interface EpisodeRule {
  type: AlertType;
  /** Whether a run that weighs `run` and began at `since` is an alert. */
  opens(run: number, since: number): boolean;
  /** Why; called when it opens. */
  cause(): Cause;
  newId(): string;
}

/** One more sighting. An alert opens once, continues while the condition is seen, and ends when it is clear. */
export function follow(
  episode: Episode,
  { sight, at, weight = 1 }: Sighting,
  rule: EpisodeRule,
): EpisodeStep {
  if (sight === 'UNKNOWN') return { episode, changed: null };
  if (sight === 'CLEAR') return { episode: CALM, changed: end(episode, at) };
  const run = episode.run + weight;
  const seen = episode.seen + 1;
  const since = episode.run === 0 ? at : episode.since;
  if (episode.alert) {
    const alert = { ...episode.alert, lastAt: at, occurrences: episode.alert.occurrences + 1 };
    return { episode: { run, seen, since, alert }, changed: { change: 'CONTINUED', alert } };
  }
  if (!rule.opens(run, since)) return { episode: { run, seen, since, alert: null }, changed: null };
  const alert: OpenAlert = {
    id: rule.newId(),
    type: rule.type,
    ...rule.cause(),
    beganAt: since,
    lastAt: at,
    endedAt: null,
    occurrences: seen,
    hasEvidence: false,
  };
  return { episode: { run, seen, since, alert }, changed: { change: 'OPENED', alert } };
}

/** The end of an episode's alert, if it has one. */
export function end(episode: Episode, at: number): EpisodeStep['changed'] {
  if (!episode.alert) return null;
  return { change: 'ENDED', alert: { ...episode.alert, endedAt: at } };
}

/** What one frame, sample or report shows of a condition, and when that is an alert. */
export interface Condition extends Omit<EpisodeRule, 'type' | 'newId'>, Omit<Sighting, 'at'> {
  type: EpisodeType;
}

/** The episodes of a session that are not calm. */
export type Episodes = Partial<Record<EpisodeType, Episode>>;

/** The episodes after one more sighting of some conditions; the others stand as they were. */
export function followAll(
  episodes: Episodes,
  conditions: readonly Condition[],
  at: number,
  newId: () => string,
): { episodes: Episodes; changes: AlertChange[] } {
  const after = new Map(Object.entries(episodes));
  const changes: AlertChange[] = [];
  for (const { sight, weight, ...rule } of conditions) {
    const before = after.get(rule.type) ?? CALM;
    const { episode, changed } = follow(before, { sight, at, weight }, { ...rule, newId });
    if (episode === CALM) after.delete(rule.type);
    else after.set(rule.type, episode);
    if (changed) changes.push(changed);
  }
  return { episodes: Object.fromEntries(after), changes };
}
