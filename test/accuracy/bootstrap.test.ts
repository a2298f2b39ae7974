import fc from 'fast-check';
import { bootstrapSubjects, type SubjectCounts } from '../../scripts/accuracy/bootstrap.js';

const subject = (genuine: number, falseNonMatches: number): SubjectCounts => ({
  references: 3,
  probes: 3,
  genuine,
  falseNonMatches,
});

describe('bootstrap over subjects', () => {
  test('errors of one subject make a wide interval, the same errors spread over all a narrow one', () => {
    const one = Array.from({ length: 50 }, (_, index) => subject(10, index === 0 ? 10 : 0));
    const spread = Array.from({ length: 50 }, (_, index) => subject(10, index < 10 ? 1 : 0));
    const wide = bootstrapSubjects(one, []).fnmr;
    const narrow = bootstrapSubjects(spread, []).fnmr;
    expect(wide.high - wide.low).toBeGreaterThan(2 * (narrow.high - narrow.low));
  });

  test('holds the estimate when every pair of subjects has the same rate', () => {
    const subjects = Array.from({ length: 20 }, () => subject(10, 1));
    const falseMatches = subjects.flatMap((_, reference) =>
      subjects.flatMap((_unused, probe) => (reference === probe ? [] : [{ reference, probe, count: 1 }])),
    );
    const { fmr, fnmr } = bootstrapSubjects(subjects, falseMatches);
    expect(fmr.low).toBeCloseTo(1 / 9, 9);
    expect(fmr.high).toBeCloseTo(1 / 9, 9);
    expect(fnmr.low).toBeCloseTo(0.1, 9);
    expect(fnmr.high).toBeCloseTo(0.1, 9);
  });

  test('intervals are ordered and within 0..1', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 2, maxLength: 8 }), (counts) => {
        const subjects = counts.map(([a, b]) => subject(Math.max(a, b), Math.min(a, b)));
        const { fmr, fnmr } = bootstrapSubjects(subjects, [{ reference: 0, probe: 1, count: 9 }]);
        for (const { low, high } of [fmr, fnmr]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(high);
        }
      }),
      { numRuns: 20 },
    );
  });
});
