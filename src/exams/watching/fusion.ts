/**
 * Whether it is still the student, from everything that one session shows of them: face, voice, typing.
 *
 * For each modality a one-sided CUSUM (Page 1954) over the log-likelihood ratio of its comparisons, ln p(score |
 * impostor) / p(score | genuine), and their sum over the modalities (Mei 2010, "Efficient scalable schemes for
 * monitoring a large number of data streams"). No modality's evidence falls below zero, so none excuses another: a
 * face that fits takes nothing away from a voice that does not. What a modality does not show is no evidence.
 *
 * Observations of one modality are not independent: a turned head, a bad light or a hoarse voice lasts, so one counts
 * by the time since the last that counted. docs/adr/0013-fusion.md has the reasons and the figures.
 */
import type { Modality } from '../../biometrics/index.js';

/** What a session is watched by, in the order in which it is summed. */
export const WATCHED = ['FACE', 'VOICE', 'INTERACTION'] as const satisfies readonly Modality[];
export type WatchedModality = (typeof WATCHED)[number];
/** What comes as a sample and not as a frame. */
export type SampleModality = Exclude<WatchedModality, 'FACE'>;

export interface ModalityPolicy {
  /** The most that one observation adds or takes away, in nats; at most a third of the threshold. */
  maxPerObservation: number;
  /** Milliseconds after which an observation is worth half of an independent one. */
  correlationHalfLifeMs: number;
  /**
   * What an observation is worth at least, 0 to 1, however soon it comes. Those that waited for the network arrive
   * together though they were taken apart, and the client's word on when is not taken.
   */
  leastWeight: number;
  /** Milliseconds after which evidence is worth half; null where only observations take it away. */
  halfLifeMs: number | null;
}

export interface FusionPolicy {
  /** Evidence of all modalities together, in nats, at which it is an alert. */
  threshold: number;
  /** Probability that it is the student where nothing speaks against it. Stated, not measured. */
  prior: number;
  modalities: Readonly<Record<WatchedModality, ModalityPolicy>>;
}

/**
 * The face's figures are those of docs/adr/0006 and measured. The others are provisional: the cap is at most the log
 * of the number of people whom a modality was measured on, since a rarer error than one of them was not seen.
 */
export const FUSION_POLICY: FusionPolicy = {
  threshold: 12,
  prior: 0.99,
  modalities: {
    FACE: { maxPerObservation: 4, correlationHalfLifeMs: 5_000, leastWeight: 1 / 3, halfLifeMs: null },
    VOICE: { maxPerObservation: 1.5, correlationHalfLifeMs: 10_000, leastWeight: 1 / 3, halfLifeMs: 600_000 },
    INTERACTION: {
      maxPerObservation: 1,
      correlationHalfLifeMs: 60_000,
      leastWeight: 1 / 10,
      halfLifeMs: 1_800_000,
    },
  },
};

/** ln p(score | same subject) / p(score | different subjects) = slope * score + intercept; of the manifest entry. */
export interface Calibration {
  slope: number;
  intercept: number;
}

/** A comparison that counts. */
export interface Compared {
  score: number;
  threshold: number;
  modelId: string;
  /** ln p(score | same subject) / p(score | different subjects), nats. */
  logLikelihoodRatio: number;
}

/** What one modality has shown so far. */
export interface ModalityEvidence {
  /** Nats at `at`, from 0 to 1.5 times the threshold, so that it drains in as few observations as it took to grow. */
  evidence: number;
  /** UTC milliseconds of the last observation that counted. */
  at: number;
  /** Observations that counted since there was no evidence. */
  observations: number;
  /** The last of them; null where an earlier version did not keep it. */
  latest: Compared | null;
}

/** What is remembered between observations, by the modalities that were observed. Plain data. */
export type FusionState = Readonly<Partial<Record<WatchedModality, ModalityEvidence>>>;

export const NO_EVIDENCE: FusionState = {};

export interface IdentityObservation {
  modality: WatchedModality;
  /** UTC milliseconds at which the server received it. The client's clock has no say. */
  at: number;
  /** Null where nothing could be compared, or what came is doubtful as a capture. */
  compared: Compared | null;
}

/** What one modality says against it being the student. */
export interface Contribution extends ModalityEvidence {
  modality: WatchedModality;
}

/** How sure it is that it is the student. A calibrated summary for a person who looks, and no verdict. */
export interface IdentityConfidence {
  /** 0 to 1: the prior's odds times exp(-evidence). */
  confidence: number;
  prior: number;
  /** Nats, the sum of the contributions; from `threshold` on it is an alert. */
  evidence: number;
  threshold: number;
  /** Of every modality that was observed, the strongest first. */
  contributions: Contribution[];
}

const CEILING = 1.5;
/** Nats below which evidence that fades is gone: a likelihood ratio of 1.1. */
const FADED = 0.1;

/** Nats in favour of the same subject. */
export function logLikelihoodRatio(score: number, { slope, intercept }: Calibration): number {
  return slope * score + intercept;
}

/** @throws Error when one or two observations, of whatever modalities, could raise an alert */
export function checkFusionPolicy({ threshold, prior, modalities }: FusionPolicy): void {
  for (const modality of WATCHED) {
    const { maxPerObservation, correlationHalfLifeMs, leastWeight, halfLifeMs } = modalities[modality];
    const times = correlationHalfLifeMs > 0 && (halfLifeMs === null || halfLifeMs > 0);
    if (!(times && leastWeight >= 0 && leastWeight <= 1)) {
      throw new Error(`The different-person policy for ${modality} makes no sense.`);
    }
    if (!(maxPerObservation > 0 && maxPerObservation * 3 <= threshold)) {
      throw new Error('The different-person policy would let fewer than three observations raise an alert.');
    }
  }
  if (!(prior > 0 && prior < 1)) throw new Error('The prior of identity confidence lies between 0 and 1.');
}

/** The state after one more observation. One that compares nothing changes nothing. */
export function observe(
  state: FusionState,
  { modality, at, compared }: IdentityObservation,
  policy: FusionPolicy,
): FusionState {
  if (compared === null) return state;
  const rule = policy.modalities[modality];
  const before = state[modality];
  const against = -compared.logLikelihoodRatio;
  const capped = Math.min(rule.maxPerObservation, Math.max(-rule.maxPerObservation, against));
  const left = before ? faded(before, at, rule) : 0;
  const sum = left + (before ? weight(before.at, at, rule) : 1) * capped;
  const evidence = Math.min(policy.threshold * CEILING, Math.max(0, sum));
  return {
    ...state,
    [modality]: {
      evidence,
      at: Math.max(before?.at ?? at, at),
      observations: evidence === 0 ? 0 : (left === 0 ? 0 : (before?.observations ?? 0)) + 1,
      latest: compared,
    },
  };
}

/** Evidence of all modalities at `at`, in nats. */
export function evidenceAt(state: FusionState, at: number, policy: FusionPolicy): number {
  return contributionsAt(state, at, policy).reduce((sum, { evidence }) => sum + evidence, 0);
}

export function identityAt(state: FusionState, at: number, policy: FusionPolicy): IdentityConfidence {
  const { prior, threshold } = policy;
  const evidence = evidenceAt(state, at, policy);
  return {
    confidence: 1 / (1 + ((1 - prior) / prior) * Math.exp(evidence)),
    prior,
    evidence,
    threshold,
    contributions: contributionsAt(state, at, policy).sort((a, b) => b.evidence - a.evidence),
  };
}

function contributionsAt(state: FusionState, at: number, { modalities }: FusionPolicy): Contribution[] {
  return WATCHED.flatMap((modality) => {
    const shown = state[modality];
    return shown ? { ...shown, modality, evidence: faded(shown, at, modalities[modality]) } : [];
  });
}

/** Towards 1 with the time since the last observation: what this one adds that the last one did not know. */
function weight(last: number, at: number, { correlationHalfLifeMs, leastWeight }: ModalityPolicy): number {
  return Math.max(leastWeight, 1 - 2 ** (-Math.max(0, at - last) / correlationHalfLifeMs));
}

/** What is left of the evidence: who spoke ten minutes ago says less of who sits there now. */
function faded({ evidence, at: last }: ModalityEvidence, at: number, { halfLifeMs }: ModalityPolicy): number {
  if (halfLifeMs === null) return evidence;
  const left = evidence * 2 ** (-Math.max(0, at - last) / halfLifeMs);
  return left < FADED ? 0 : left;
}
