import type { FacePresence, LivenessFinding } from '../../biometrics/index.js';
import {
  end,
  followAll,
  type AlertChange,
  type Cause,
  type Condition,
  type Episodes,
  type OpenAlert,
} from '../alerts/alert.js';
import type { Comparison } from '../identifying/verification.js';
import { UNKNOWN_CLOCK, type CaptureAnomaly, type ClientClock } from './capture.js';
import { differentPerson } from './different-person.js';
import {
  FUSION_POLICY,
  identityAt,
  NO_EVIDENCE,
  observe,
  type Compared,
  type FusionPolicy,
  type FusionState,
  type IdentityConfidence,
  type SampleModality,
} from './fusion.js';

export interface WatchPolicy {
  fusion: FusionPolicy;
  /** NO_FACE: frames in a row, or one this long after the last face. */
  noFaceFrames: number;
  noFaceMs: number;
  /** SEVERAL_FACES: frames in a row. */
  severalFacesFrames: number;
  /** SPOOF_SUSPECTED: assessed as an attack in a row, without one assessed as live between. */
  spoofFrames: number;
  /** REPLAYED_FRAME: near-identical frames in a row; the same bytes count for all of them. */
  nearIdenticalFrames: number;
  /** INCONCLUSIVE_TOO_LONG: frames in a row, over at least this long. */
  inconclusiveFrames: number;
  inconclusiveMs: number;
}

export const WATCH_POLICY: WatchPolicy = {
  fusion: FUSION_POLICY,
  noFaceFrames: 2,
  noFaceMs: 20_000,
  severalFacesFrames: 1,
  spoofFrames: 2,
  nearIdenticalFrames: 2,
  inconclusiveFrames: 3,
  inconclusiveMs: 60_000,
};

/** What a session remembers between frames. Plain data: it is stored with the session. */
export interface Watch {
  fusion: FusionState;
  episodes: Episodes;
  /** Not a frame's: opened and ended by the job that looks for silence. */
  interruption: OpenAlert | null;
  /** UTC milliseconds of the last frame with a face, or of joining. */
  lastFaceAt: number;
  clock: ClientClock;
  /** A clock for each modality: a recording began before the frames that were sent while it ran. */
  sampleClocks: Partial<Record<SampleModality, ClientClock>>;
}

export function freshWatch(joinedAt: number): Watch {
  return {
    fusion: NO_EVIDENCE,
    episodes: {},
    interruption: null,
    lastFaceAt: joinedAt,
    clock: UNKNOWN_CLOCK,
    sampleClocks: {},
  };
}

/** What the rules need to know of one frame. */
export interface Look {
  /** When the server received it, UTC milliseconds. */
  at: number;
  /** Null when the frame could not be read. */
  presence: FacePresence | null;
  comparison: Comparison;
  /** Of the comparison's score, nats; null when there is none. */
  logLikelihoodRatio: number | null;
  liveness: LivenessFinding | null;
  anomalies: readonly CaptureAnomaly[];
}

/**
 * The watch after one more frame, and the alerts that it opened, continued or ended.
 * @param newId makes ids for alerts that open
 */
export function watchFrame(
  watch: Watch,
  look: Look,
  policy: WatchPolicy,
  newId: () => string,
): { watch: Watch; changes: AlertChange[] } {
  const observation = { modality: 'FACE', at: look.at, compared: comparedIn(look) } as const;
  const fusion = observe(watch.fusion, observation, policy.fusion);
  const identity = identityAt(fusion, look.at, policy.fusion);
  const step = followAll(watch.episodes, rules(watch, look, identity, policy), look.at, newId);
  const seen = look.presence !== null && look.presence !== 'NO_FACE';
  return {
    watch: { ...watch, fusion, episodes: step.episodes, lastFaceAt: seen ? look.at : watch.lastFaceAt },
    changes: step.changes,
  };
}

/** What the rules need to know of one sample of another modality. */
export interface Hearing {
  modality: SampleModality;
  /** When the server received it, UTC milliseconds. */
  at: number;
  comparison: Comparison;
  /** Of the comparison's score, nats; null when there is none. */
  logLikelihoodRatio: number | null;
  anomalies: readonly CaptureAnomaly[];
}

/** As `watchFrame`, after one more sample. A replayed one is no evidence. */
export function watchSample(
  watch: Watch,
  { modality, at, comparison, logLikelihoodRatio, anomalies }: Hearing,
  policy: WatchPolicy,
  newId: () => string,
): { watch: Watch; changes: AlertChange[] } {
  const { score, threshold, modelId } = comparison;
  const replayed = anomalies.includes('SAME_BYTES');
  const compared =
    replayed || score === null || logLikelihoodRatio === null
      ? null
      : { score, threshold, modelId, logLikelihoodRatio };
  const fusion = observe(watch.fusion, { modality, at, compared }, policy.fusion);
  const conditions: Condition[] = [
    differentPerson(identityAt(fusion, at, policy.fusion), score !== null),
    {
      type: 'REPLAYED_SAMPLE',
      // A muted microphone sends the same bytes again and again, and nothing in them to compare.
      sight: score === null ? 'UNKNOWN' : replayed ? 'SEEN' : 'CLEAR',
      opens: () => true,
      cause: () => because(`The very same ${SAMPLE_WORDS[modality]} was sent before in this exam.`),
    },
  ];
  const { episodes, changes } = followAll(watch.episodes, conditions, at, newId);
  return { watch: { ...watch, fusion, episodes }, changes };
}

const SAMPLE_WORDS: Record<SampleModality, string> = {
  VOICE: 'recording',
  INTERACTION: 'typing and mouse movement',
};

/** The watch when the session ends, and the alerts that end with it. */
export function closeWatch(watch: Watch, at: number): { watch: Watch; changes: AlertChange[] } {
  const open = Object.values(watch.episodes).flatMap((episode) => end(episode, at) ?? []);
  const interruption = watch.interruption && {
    change: 'ENDED' as const,
    alert: { ...watch.interruption, endedAt: at },
  };
  return {
    watch: { ...watch, episodes: {}, interruption: null },
    changes: interruption ? [...open, interruption] : open,
  };
}

/**
 * The watch once the student has shown again who they are, and the alert that ends with it: what spoke against them is
 * of the time before. Whoever sits there next is seen anew.
 */
export function shownAgain(watch: Watch, at: number): { watch: Watch; changes: AlertChange[] } {
  const { DIFFERENT_PERSON: episode, ...episodes } = watch.episodes;
  const ended = episode ? end(episode, at) : null;
  return { watch: { ...watch, fusion: NO_EVIDENCE, episodes }, changes: ended ? [ended] : [] };
}

/** The watch once staff have said who it is: what lasted ends, and what spoke against the student is of the time before. */
export function vouchedFor(watch: Watch, at: number): { watch: Watch; changes: AlertChange[] } {
  const closed = closeWatch(watch, at);
  return { ...closed, watch: { ...closed.watch, fusion: NO_EVIDENCE } };
}

/** A watch as it may be stored: an earlier version knew the face alone, and kept it under `impostor`. */
type StoredWatch = Omit<Watch, 'fusion' | 'sampleClocks'> & {
  fusion?: FusionState;
  sampleClocks?: Watch['sampleClocks'];
  impostor?: { evidence: number; at: number | null };
};

/** The watch out of what is stored of it. */
export function readWatch({ impostor, fusion, sampleClocks = {}, ...same }: StoredWatch): Watch {
  return { ...same, sampleClocks, fusion: fusion ?? faceAlone(impostor) };
}

function faceAlone(
  { evidence, at }: NonNullable<StoredWatch['impostor']> = { evidence: 0, at: null },
): FusionState {
  return at === null ? NO_EVIDENCE : { FACE: { evidence, at, observations: 0, latest: null } };
}

/** Marks alerts that just opened as having their evidence kept. */
export function withEvidence(watch: Watch, ids: ReadonlySet<string>): Watch {
  const episodes = Object.fromEntries(
    Object.entries(watch.episodes).map(([type, episode]) => [
      type,
      episode.alert && ids.has(episode.alert.id)
        ? { ...episode, alert: { ...episode.alert, hasEvidence: true } }
        : episode,
    ]),
  );
  return { ...watch, episodes };
}

/** A replayed picture, or one of a screen, says nothing of who sits there: it neither accuses nor exonerates. */
function comparedIn({ comparison, logLikelihoodRatio, liveness, anomalies }: Look): Compared | null {
  const { score, threshold, modelId } = comparison;
  const doubtful = replayWeight(anomalies, 1) > 0 || liveness?.outcome === 'SPOOF_SUSPECTED';
  if (doubtful || score === null || logLikelihoodRatio === null) return null;
  return { score, threshold, modelId, logLikelihoodRatio };
}

function rules(watch: Watch, look: Look, identity: IdentityConfidence, policy: WatchPolicy): Condition[] {
  const { at, presence, comparison, liveness, anomalies } = look;
  const conclusive = comparison.outcome !== 'INCONCLUSIVE';
  const replayed = replayWeight(anomalies, policy.nearIdenticalFrames);
  return [
    {
      type: 'NO_FACE',
      sight: presence === null ? 'UNKNOWN' : presence === 'NO_FACE' ? 'SEEN' : 'CLEAR',
      opens: (run) => run >= policy.noFaceFrames || at - watch.lastFaceAt >= policy.noFaceMs,
      cause: () => because(`Nobody has been in the picture for ${seconds(at - watch.lastFaceAt)}.`),
    },
    {
      type: 'SEVERAL_FACES',
      sight: presence === 'SEVERAL_FACES' ? 'SEEN' : presence === 'ONE_FACE' ? 'CLEAR' : 'UNKNOWN',
      opens: (run) => run >= policy.severalFacesFrames,
      cause: () => because('More than one person is in the picture.'),
    },
    differentPerson(identity, comparison.score !== null),
    {
      type: 'SPOOF_SUSPECTED',
      sight:
        liveness?.outcome === 'SPOOF_SUSPECTED' ? 'SEEN' : liveness?.outcome === 'LIVE' ? 'CLEAR' : 'UNKNOWN',
      opens: (run) => run >= policy.spoofFrames,
      cause: () => ({
        reason: 'The picture repeatedly looks like a screen or a print instead of a person.',
        ...(liveness && liveness.outcome !== 'NOT_ASSESSED'
          ? { score: liveness.score, threshold: liveness.threshold, modelId: liveness.modelId }
          : { score: null, threshold: null, modelId: null }),
      }),
    },
    {
      type: 'REPLAYED_FRAME',
      sight: replayed > 0 ? 'SEEN' : presence === null ? 'UNKNOWN' : 'CLEAR',
      weight: replayed,
      opens: (run) => run >= policy.nearIdenticalFrames,
      cause: () =>
        because(
          anomalies.includes('SAME_BYTES')
            ? 'The very same picture was sent before in this exam.'
            : 'Pictures are too alike to an earlier one to be new captures.',
        ),
    },
    {
      type: 'INCONCLUSIVE_TOO_LONG',
      sight: conclusive
        ? 'CLEAR'
        : presence === 'NO_FACE' || presence === 'SEVERAL_FACES'
          ? 'UNKNOWN'
          : 'SEEN',
      opens: (run, since) => run >= policy.inconclusiveFrames && at - since >= policy.inconclusiveMs,
      cause: () =>
        because(`For too long it could not be said who is there. ${comparison.reasons.join(' ')}`.trim()),
    },
  ];
}

/** The same bytes are certain at once, like pixels only when it goes on. */
function replayWeight(anomalies: readonly CaptureAnomaly[], certain: number): number {
  if (anomalies.includes('SAME_BYTES')) return certain;
  return anomalies.includes('NEAR_IDENTICAL') ? 1 : 0;
}

function because(reason: string): Cause {
  return { reason, score: null, threshold: null, modelId: null };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
