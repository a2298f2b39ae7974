import {
  ADVICE,
  type Advice,
  type ComparisonFinding,
  type FaceAnalysis,
  type InconclusiveReason,
  type LivenessFinding,
  type QualityFinding,
} from './face/index.js';
import { presentRemarks } from './remark.js';
import {
  Assessment,
  LivenessOutcome,
  Outcome,
  type ComparisonFinding as ComparisonMessage,
  type FaceFinding as FaceMessage,
  type LivenessFinding as LivenessMessage,
  type QualityFinding as QualityMessage,
} from '../grpc/gen/probity/biometrics/v1/finding.js';

export const OUTCOMES: Record<ComparisonFinding['outcome'], Outcome> = {
  MATCH: Outcome.OUTCOME_MATCH,
  NO_MATCH: Outcome.OUTCOME_NO_MATCH,
  INCONCLUSIVE: Outcome.OUTCOME_INCONCLUSIVE,
};

const REASONS: Record<InconclusiveReason, string> = {
  NO_FACE: 'There is no face in the picture.',
  SEVERAL_FACES: 'There are several faces in the picture.',
  QUALITY_TOO_LOW: 'The picture is not good enough.',
  SCORE_BETWEEN_THRESHOLDS: 'The faces are neither alike nor different enough to say.',
};

const LIVENESS: Record<LivenessFinding['outcome'], LivenessOutcome> = {
  LIVE: LivenessOutcome.LIVENESS_OUTCOME_LIVE,
  SPOOF_SUSPECTED: LivenessOutcome.LIVENESS_OUTCOME_SPOOF,
  NOT_ASSESSED: LivenessOutcome.LIVENESS_OUTCOME_NOT_ASSESSED,
};

/** Why a picture or a comparison says nothing, and what to do about it, in words. */
export function inWords({
  reasons,
  advice,
}: {
  reasons: readonly InconclusiveReason[];
  advice: readonly Advice[];
}): string[] {
  return [...reasons.map((reason) => REASONS[reason]), ...advice.map((each) => ADVICE[each])];
}

/** A comparison as a message. A score that does not exist is 0. */
export function presentComparison(finding: ComparisonFinding): ComparisonMessage {
  return {
    outcome: OUTCOMES[finding.outcome],
    score: finding.score ?? 0,
    threshold: finding.threshold,
    model: finding.modelId,
    reasons: inWords(finding),
    remarks: presentRemarks([...finding.reasons, ...finding.advice]),
  };
}

/** Everything that was found in a picture, as a message. */
export function presentFace({ faces, primary }: FaceAnalysis): FaceMessage {
  return {
    faces: faces.map(({ box, score, counts }) => ({ box, score, counts })),
    faceCount: faces.filter((face) => face.counts).length,
    pose: primary?.pose.outcome === 'ASSESSED' ? poseOf(primary.pose) : undefined,
    landmarks: primary ? primary.landmarks.map(({ x, y }) => ({ x, y })) : [],
    quality: primary ? presentQuality(primary.quality) : undefined,
    liveness: primary ? presentLiveness(primary.liveness) : undefined,
  };
}

function poseOf({ yaw, pitch, roll }: { yaw: number; pitch: number; roll: number }) {
  return { yaw, pitch, roll };
}

function presentQuality(finding: QualityFinding): QualityMessage {
  if (finding.outcome === 'NOT_ASSESSED') {
    return { assessment: Assessment.ASSESSMENT_NOT_ASSESSED, components: [], advice: [], remarks: [] };
  }
  const components = finding.components.map(({ measure, outcome, value, unit, acceptable, advice }) => ({
    component: measure.toLowerCase(),
    assessment: assessmentOf(outcome),
    value: value ?? 0,
    minimum: acceptable.min,
    maximum: acceptable.max,
    unit,
    advice: advice === null ? '' : ADVICE[advice],
  }));
  const advice = adviceOf(finding);
  return {
    assessment: assessmentOf(finding.outcome),
    components,
    advice: advice.map((each) => ADVICE[each]),
    remarks: presentRemarks(advice),
  };
}

/** What would make the picture better, the most important first. */
export function adviceOf(finding: QualityFinding): Advice[] {
  if (finding.outcome === 'NOT_ASSESSED') return [];
  return [...new Set(finding.components.flatMap(({ advice }) => advice ?? []))];
}

function assessmentOf(outcome: string): Assessment {
  if (outcome === 'ACCEPTABLE') return Assessment.ASSESSMENT_ACCEPTABLE;
  if (outcome === 'NOT_ASSESSED') return Assessment.ASSESSMENT_NOT_ASSESSED;
  return Assessment.ASSESSMENT_UNACCEPTABLE;
}

function presentLiveness(finding: LivenessFinding): LivenessMessage {
  const outcome = LIVENESS[finding.outcome];
  if (finding.outcome === 'NOT_ASSESSED') {
    return { outcome, score: 0, threshold: 0, model: '', reason: finding.explanation };
  }
  return { outcome, score: finding.score, threshold: finding.threshold, model: finding.modelId, reason: '' };
}
