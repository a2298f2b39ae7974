import type {
  NotAssessed,
  NotAssessedReason,
  QualityComponent,
  QualityFinding,
  QualityMeasure,
  Range,
} from './finding.js';

/** What was measured; a missing number comes with the reason why. */
export type QualityValues = Record<QualityMeasure, number | NotAssessed>;

interface Standard {
  unit: string;
  acceptable: Range;
  tooLow: string;
  tooHigh: string;
}

/**
 * What a good capture looks like; it advises, `gate.ts` decides. Geometry follows the spirit of ISO/IEC
 * 19794-5 with the resolution of a webcam. Focus and light are set on 545 LFW pictures, of which 19 of 20
 * pass: sharpness had a 5 % quantile of 0.045 and a median of 0.14. Pitch leans down because the pose net
 * does (median -9 degrees on pictures of people who look ahead).
 */
export const STANDARDS: Record<QualityMeasure, Standard> = {
  SHARPNESS: {
    unit: 'variance of the Laplacian per variance of luma, on the aligned face',
    acceptable: { min: 0.03 },
    tooLow: 'Hold still and let the camera focus.',
    tooHigh: 'The picture is too noisy; use more light.',
  },
  BRIGHTNESS: {
    unit: 'mean luma of the face, 0..255',
    acceptable: { min: 45, max: 215 },
    tooLow: 'More light on your face.',
    tooHigh: 'Less light on your face.',
  },
  CONTRAST: {
    unit: 'standard deviation of luma of the face',
    acceptable: { min: 18 },
    tooLow: 'Use even light from the front and clean the lens.',
    tooHigh: 'Use even light from the front.',
  },
  CLIPPING: {
    unit: 'share of the face without detail, 0..1',
    acceptable: { max: 0.3 },
    tooLow: '',
    tooHigh: 'Avoid hard light and deep shadow on your face.',
  },
  INTER_EYE_DISTANCE: {
    unit: 'pixels',
    acceptable: { min: 40 },
    tooLow: 'Move closer.',
    tooHigh: 'Move back.',
  },
  FACE_SIZE: {
    unit: 'height of the face per height of the picture',
    acceptable: { min: 0.15, max: 0.9 },
    tooLow: 'Move closer.',
    tooHigh: 'Move back.',
  },
  CENTRING: {
    unit: 'offset of the face from the middle per size of the picture, 0..0.5',
    acceptable: { max: 0.3 },
    tooLow: '',
    tooHigh: 'Move to the middle of the picture.',
  },
  FRAMING: {
    unit: 'share of the face inside the picture, 0..1',
    acceptable: { min: 0.95 },
    tooLow: 'Show your whole face.',
    tooHigh: '',
  },
  YAW: {
    unit: 'degrees',
    acceptable: { min: -25, max: 25 },
    tooLow: 'Look straight into the camera.',
    tooHigh: 'Look straight into the camera.',
  },
  PITCH: {
    unit: 'degrees',
    acceptable: { min: -35, max: 25 },
    tooLow: 'Raise or lower your head to look straight into the camera.',
    tooHigh: 'Raise or lower your head to look straight into the camera.',
  },
  ROLL: {
    unit: 'degrees',
    acceptable: { min: -25, max: 25 },
    tooLow: 'Hold your head upright.',
    tooHigh: 'Hold your head upright.',
  },
  EYES_OPEN: {
    unit: 'probability that the more open eye is open, 0..1',
    acceptable: { min: 0.5 },
    tooLow: 'Open your eyes and take off dark glasses.',
    tooHigh: '',
  },
  OCCLUSION: { unit: 'none', acceptable: {}, tooLow: '', tooHigh: '' },
};

/** One component against a range; by default the standard one. */
export function component(
  measure: QualityMeasure,
  value: number | NotAssessed,
  acceptable: Range = STANDARDS[measure].acceptable,
): QualityComponent {
  const { unit, tooLow, tooHigh } = STANDARDS[measure];
  const common = { measure, unit, acceptable };
  if (typeof value !== 'number') return missing(common, value.reason);
  if (acceptable.min !== undefined && value < acceptable.min) {
    return { ...common, outcome: 'TOO_LOW', value, advice: tooLow };
  }
  if (acceptable.max !== undefined && value > acceptable.max) {
    return { ...common, outcome: 'TOO_HIGH', value, advice: tooHigh };
  }
  return { ...common, outcome: 'ACCEPTABLE', value, advice: null };
}

export function assessQuality(values: QualityValues): QualityFinding {
  const components = (Object.keys(STANDARDS) as QualityMeasure[]).map((measure) =>
    component(measure, values[measure]),
  );
  return { outcome: components.some(isPoor) ? 'POOR' : 'ACCEPTABLE', components };
}

export function isPoor({ outcome }: QualityComponent): boolean {
  return outcome === 'TOO_LOW' || outcome === 'TOO_HIGH';
}

function missing(
  common: Pick<QualityComponent, 'measure' | 'unit' | 'acceptable'>,
  reason: NotAssessedReason,
): QualityComponent {
  return { ...common, outcome: 'NOT_ASSESSED', value: null, advice: null, reason };
}
