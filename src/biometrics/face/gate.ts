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
 * What a picture must fulfil before it is used. A reference is kept for years and is taken once, so it is
 * held to the standard of a good capture. A probe is refused only where a comparison would mean nothing: a
 * gate that is too narrow turns every odd frame of an exam into a gap.
 */
export const GATES: Record<GatePurpose, Partial<Record<QualityMeasure, Range>>> = {
  ENROLMENT: {
    SHARPNESS: { min: 60 },
    BRIGHTNESS: { min: 45, max: 215 },
    CONTRAST: { min: 18 },
    CLIPPING: { max: 0.2 },
    INTER_EYE_DISTANCE: { min: 40 },
    FRAMING: { min: 0.95 },
    YAW: { min: -25, max: 25 },
    PITCH: { min: -25, max: 25 },
    ROLL: { min: -25, max: 25 },
  },
  VERIFICATION: {
    SHARPNESS: { min: 15 },
    BRIGHTNESS: { min: 20, max: 240 },
    CONTRAST: { min: 8 },
    INTER_EYE_DISTANCE: { min: 20 },
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
      advice: string[];
    };

/**
 * Whether a picture may be enrolled or compared: exactly one counting face, in at least the quality that the
 * purpose needs. A component that was not assessed does not fail.
 *
 * @throws Error when the analysis was made without its quality part
 */
export function applyGate({ presence, primary }: FaceAnalysis, purpose: GatePurpose): GateFinding {
  if (presence === 'NO_FACE' || primary === null) {
    return refused('NO_FACE', ['Show your face to the camera.']);
  }
  if (presence === 'SEVERAL_FACES') {
    return refused('SEVERAL_FACES', ['Make sure that nobody else is in the picture.']);
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
  advice: string[],
  failures: QualityComponent[] = [],
): GateFinding {
  return { passed: false, reasons: [reason], failures, advice };
}
