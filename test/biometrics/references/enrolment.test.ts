import fc from 'fast-check';
import {
  decideEnrolment,
  ENROLMENT_WINDOW_MS,
  needsMatch,
  type Enrolment,
} from '../../../src/biometrics/references/enrolment.js';
import { faceMatcher } from '../../../src/biometrics/references/face-matcher.js';
import { standingProof, MATCH_FRESH_MS } from '../../../src/biometrics/references/removal.js';
import type { FaceAnalysis } from '../../../src/biometrics/index.js';
import { analysisOf, goodQuality } from '../face/analyses.js';
import { embedding, RECOGNISER } from '../services/world.js';

const NOW = 1_795_000_000_000;
const most = RECOGNISER.decision.rules.length;
type Who = 'ann' | 'bob';

function template(who: Who, shot: number) {
  return { modelId: RECOGNISER.id, vector: embedding(who, shot) };
}

function face(who: Who, shot: number): FaceAnalysis {
  return analysisOf({ template: template(who, shot) });
}

const unusable = [
  analysisOf({ presence: 'NO_FACE' }),
  analysisOf({ presence: 'SEVERAL_FACES', template: template('ann', 1) }),
  analysisOf({ template: template('ann', 1), quality: goodQuality({ YAW: 40 }) }),
];

function enrolment(by: Partial<Enrolment<FaceAnalysis>>): Enrolment<FaceAnalysis> {
  return {
    existing: null,
    samples: [],
    matcher: faceMatcher(RECOGNISER, most),
    assurance: 'SELF_ASSERTED',
    now: NOW,
    leave: null,
    ...by,
  };
}

const pictures = fc.array(
  fc.oneof(
    fc.record({ who: fc.constantFrom<Who>('ann', 'bob'), shot: fc.nat(5) }),
    fc.constantFrom(...unusable.map((analysis) => ({ analysis }))),
  ),
  { minLength: 1, maxLength: 10 },
);
type Drawn = { who: Who; shot: number } | { analysis: FaceAnalysis };
const shown = (drawn: Drawn[]): FaceAnalysis[] =>
  drawn.map((each) => ('analysis' in each ? each.analysis : face(each.who, each.shot)));

describe('an enrolment', () => {
  it('never holds two people, whatever comes in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (drawn) => {
        const { plan, templates, verdicts } = await decideEnrolment(enrolment({ samples: shown(drawn) }));
        const accepted = drawn.filter((_, i) => verdicts[i]!.accepted);
        expect(verdicts).toHaveLength(drawn.length);
        expect(verdicts.filter((each) => each.accepted && each.reasons.length === 0)).toHaveLength(
          templates.length,
        );
        expect(templates.length).toBeLessThanOrEqual(most);
        expect(new Set(accepted.map((each) => ('who' in each ? each.who : 'unusable'))).size).toBe(
          templates.length > 0 ? 1 : 0,
        );
        expect(accepted.some((each) => 'analysis' in each)).toBe(false);
        expect(plan).toBe(templates.length > 0 ? 'CREATE' : 'NOTHING');
        // Whoever comes first is the subject.
        const first = drawn.find((each) => 'who' in each);
        if (first) expect(accepted[0]).toBe(first);
      }),
    );
  });

  it('never takes the place of another person’s reference without leave', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, fc.nat(3 * ENROLMENT_WINDOW_MS), async (drawn, age) => {
        const existing = {
          modelId: RECOGNISER.id,
          assurance: 'SELF_ASSERTED' as const,
          enrolledAt: NOW - age,
          templates: [template('ann', 6)],
        };
        const by = enrolment({ samples: shown(drawn), existing });
        const { plan, templates, verdicts } = await decideEnrolment(by);
        const people = new Set(
          drawn.flatMap((each, i) => ('who' in each && verdicts[i]?.accepted ? [each.who] : [])),
        );
        if (templates.length > 0) expect([...people]).toEqual(['ann']);
        if (plan === 'UNPROVEN') expect(templates).toEqual([]);
        expect(needsMatch(by)).toBe(age >= ENROLMENT_WINDOW_MS);
        expect(plan).not.toBe(age < ENROLMENT_WINDOW_MS ? 'REPLACE' : 'ADD');
        expect(plan === 'UNPROVEN' && age < ENROLMENT_WINDOW_MS).toBe(false);
      }),
    );
  });

  it('that staff allowed anew joins nothing, and needs no match', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, fc.nat(3 * ENROLMENT_WINDOW_MS), async (drawn, age) => {
        const existing = {
          ...{ modelId: RECOGNISER.id, assurance: 'SELF_ASSERTED' as const, enrolledAt: NOW - age },
          templates: [template('ann', 6)],
        };
        const by = enrolment({ samples: shown(drawn), existing, leave: 'STAFF_ALLOWANCE' });
        expect(needsMatch(by)).toBe(false);
        // As if nothing had been there.
        const first = await decideEnrolment(enrolment({ samples: shown(drawn) }));
        const plan = first.plan === 'CREATE' ? 'REPLACE' : 'NOTHING';
        expect(await decideEnrolment(by)).toEqual({ ...first, plan });
      }),
    );
  });
});

describe('a removal without a picture', () => {
  const reference = { enrolledAt: NOW - ENROLMENT_WINDOW_MS, matchedAt: null };
  it.each([
    ['nobody', reference, 'STUDENT', null],
    ['nobody, staff or not', reference, 'INSTRUCTOR', null],
    ['an ADMIN', reference, 'ADMIN', 'ADMIN'],
    [
      'who is still enrolling',
      { ...reference, enrolledAt: NOW - ENROLMENT_WINDOW_MS + 1 },
      'STUDENT',
      'ENROLMENT_WINDOW',
    ],
    [
      'who was matched just now',
      { ...reference, matchedAt: NOW - MATCH_FRESH_MS + 1 },
      'STUDENT',
      'FRESH_MATCH',
    ],
    ['nobody after ten minutes', { ...reference, matchedAt: NOW - MATCH_FRESH_MS }, 'STUDENT', null],
  ] as const)('is open to %s', (_, held, role, proof) => {
    expect(standingProof(held, role, NOW)).toBe(proof);
  });
});
