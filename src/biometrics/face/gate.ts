import type { Advice } from './advice.js';
import type {
  FaceAnalysis,
  InconclusiveReason,
  PrimaryFace,
  QualityComponent,
  QualityMeasure,
  Range,
} from './finding.js';
import { component, isPoor } from './quality.js';

export type GatePurpose = 'ENROLMENT' | 'VERIFICATION';

/**
 * What a picture must fulfil before it is used. A reference is taken once and kept for years, so it is held to
 * more than a probe, which is refused only where a comparison would mean nothing: a gate that is too narrow
 * turns every odd frame of an exam into a gap.
 *
 * The probe's limits are where spoilt copies of 70 LFW probes stopped matching another picture of the same
 * person (false non-matches of the originals: 4 %): blur of 3 px (sharpness 0.007) 36 %, luma 15: 41 %, luma
 * 236: 43 %, contrast 8: 28 %, 10 px between the eyes: 20 % but 15 px 7 %. The reference's limits lie where
 * nothing was lost yet. Yaw of a probe is where one eye disappears.
 */
export const GATES: Record<GatePurpose, Partial<Record<QualityMeasure, Range>>> = {
  ENROLMENT: {
    SHARPNESS: { min: 0.02 },
    BRIGHTNESS: { min: 40, max: 215 },
    CONTRAST: { min: 14 },
    CLIPPING: { max: 0.3 },
    INTER_EYE_DISTANCE: { min: 30 },
    FRAMING: { min: 0.95 },
    YAW: { min: -30, max: 30 },
    PITCH: { min: -40, max: 30 },
    ROLL: { min: -30, max: 30 },
  },
  VERIFICATION: {
    SHARPNESS: { min: 0.006 },
    BRIGHTNESS: { min: 18, max: 235 },
    CONTRAST: { min: 6 },
    CLIPPING: { max: 0.7 },
    INTER_EYE_DISTANCE: { min: 12 },
    FRAMING: { min: 0.75 },
    YAW: { min: -50, max: 50 },
  },
};

export type GateFinding =
  | { passed: true; face: PrimaryFace }
  | {
      passed: false;
      reasons: InconclusiveReason[];
      /** The components that were out of the gate's range, with that range. */
      failures: QualityComponent[];
      advice: Advice[];
    };

/**
 * Whether a picture may be enrolled or compared: exactly one counting face, in at least the quality that the
 * purpose needs. A component that was not assessed does not fail.
 *
 * @throws Error when the analysis was made without its quality part
 */
export function applyGate({ presence, primary }: FaceAnalysis, purpose: GatePurpose): GateFinding {
  if (presence === 'NO_FACE' || primary === null) {
    return refused('NO_FACE', ['SHOW_FACE']);
  }
  if (presence === 'SEVERAL_FACES') {
    return refused('SEVERAL_FACES', ['BE_ALONE']);
  }
  const { quality } = primary;
  if (quality.outcome === 'NOT_ASSESSED') throw new Error('A quality gate needs the quality part');
  const gate = GATES[purpose];
  const failures = quality.components.flatMap(({ measure, value }) => {
    const range = gate[measure];
    if (!range || value === null) return [];
    const held = component(measure, value, range);
    return isPoor(held) ? [held] : [];
  });
  if (failures.length === 0) return { passed: true, face: primary };
  const advice = failures.flatMap((failure) => failure.advice ?? []);
  return refused('QUALITY_TOO_LOW', [...new Set(advice)], failures);
}

function refused(
  reason: InconclusiveReason,
  advice: Advice[],
  failures: QualityComponent[] = [],
): GateFinding {
  return { passed: false, reasons: [reason], failures, advice };
}
