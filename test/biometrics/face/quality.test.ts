import {
  ADVICE,
  applyGate,
  GATES,
  type GatePurpose,
  type QualityMeasure,
} from '../../../src/biometrics/face/index.js';
import { notAssessed } from '../../../src/biometrics/face/not-assessed.js';
import { assessQuality, component, STANDARDS } from '../../../src/biometrics/face/quality.js';
import { analysisOf, goodQuality } from './analyses.js';

describe('quality', () => {
  it.each([
    ['INTER_EYE_DISTANCE', 20, 'TOO_LOW', 'MOVE_CLOSER'],
    ['FACE_SIZE', 0.95, 'TOO_HIGH', 'MOVE_BACK'],
    ['BRIGHTNESS', 20, 'TOO_LOW', 'MORE_LIGHT'],
    ['BRIGHTNESS', 250, 'TOO_HIGH', 'LESS_LIGHT'],
    ['YAW', -40, 'TOO_LOW', 'LOOK_STRAIGHT'],
    ['YAW', 40, 'TOO_HIGH', 'LOOK_STRAIGHT'],
    ['SHARPNESS', 0.01, 'TOO_LOW', 'HOLD_STILL'],
    ['FRAMING', 0.5, 'TOO_LOW', 'SHOW_WHOLE_FACE'],
    ['EYES_OPEN', 0.1, 'TOO_LOW', 'OPEN_EYES'],
  ] as const)('%s of %d is %s, with advice', (measure, value, outcome, advice) => {
    expect(component(measure, value)).toMatchObject({ measure, value, outcome, advice });
    expect(goodQuality({ [measure]: value })).toMatchObject({ outcome: 'POOR' });
  });

  it('takes its limits as still acceptable', () => {
    for (const [measure, { acceptable }] of Object.entries(STANDARDS)) {
      for (const limit of [acceptable.min, acceptable.max]) {
        if (limit !== undefined) {
          expect(component(measure as QualityMeasure, limit).outcome).toBe('ACCEPTABLE');
        }
      }
    }
  });

  it('advises in words wherever a limit can be passed', () => {
    for (const { acceptable, tooLow, tooHigh } of Object.values(STANDARDS)) {
      if (acceptable.min !== undefined) expect(ADVICE[tooLow!]).toMatch(/\.$/);
      if (acceptable.max !== undefined) expect(ADVICE[tooHigh!]).toMatch(/\.$/);
    }
  });

  it('is not poor for what was not assessed, and says why it was not', () => {
    const missing = notAssessed('NO_METHOD');
    const found = assessQuality(
      Object.fromEntries(Object.keys(STANDARDS).map((measure) => [measure, missing])) as never,
    );
    expect(found).toMatchObject({ outcome: 'ACCEPTABLE' });
    expect(component('OCCLUSION', missing)).toMatchObject({
      outcome: 'NOT_ASSESSED',
      value: null,
      reason: 'NO_METHOD',
      advice: null,
    });
  });
});

describe('the gates', () => {
  const purposes: GatePurpose[] = ['ENROLMENT', 'VERIFICATION'];

  it.each(purposes)('let a good picture of one face through for %s', (purpose) => {
    const analysis = analysisOf({});
    expect(applyGate(analysis, purpose)).toEqual({ passed: true, face: analysis.primary });
  });

  it.each(purposes)('want exactly one counting face for %s', (purpose) => {
    expect(applyGate(analysisOf({ presence: 'NO_FACE' }), purpose)).toMatchObject({
      passed: false,
      reasons: ['NO_FACE'],
    });
    expect(applyGate(analysisOf({ presence: 'SEVERAL_FACES' }), purpose)).toMatchObject({
      passed: false,
      reasons: ['SEVERAL_FACES'],
    });
  });

  it('hold a reference to more than a probe', () => {
    for (const [measure, probe] of Object.entries(GATES.VERIFICATION)) {
      const reference = GATES.ENROLMENT[measure as QualityMeasure]!;
      if (probe.min !== undefined) expect(reference.min).toBeGreaterThan(probe.min);
      if (probe.max !== undefined) expect(reference.max).toBeLessThan(probe.max);
    }
    const dim = analysisOf({ quality: goodQuality({ BRIGHTNESS: 30 }) });
    expect(applyGate(dim, 'VERIFICATION').passed).toBe(true);
    expect(applyGate(dim, 'ENROLMENT')).toMatchObject({
      passed: false,
      reasons: ['QUALITY_TOO_LOW'],
      failures: [{ measure: 'BRIGHTNESS', value: 30, acceptable: GATES.ENROLMENT.BRIGHTNESS }],
      advice: ['MORE_LIGHT'],
    });
  });

  it('give each piece of advice once', () => {
    const turned = analysisOf({ quality: goodQuality({ YAW: 60, SHARPNESS: 0.001 }) });
    const found = applyGate(turned, 'ENROLMENT');
    expect(found).toMatchObject({
      advice: ['HOLD_STILL', 'LOOK_STRAIGHT'],
    });
  });

  it('do not pass a picture whose quality nobody measured', () => {
    expect(() => applyGate(analysisOf({ quality: notAssessed('NOT_REQUESTED') }), 'ENROLMENT')).toThrow(
      'quality part',
    );
  });
});
