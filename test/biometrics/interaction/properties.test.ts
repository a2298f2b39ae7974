import fc from 'fast-check';
import '../../support/property-seed.js';
import {
  fusedDistance,
  laplaceRatio,
  repetitionOf,
  scaledManhattan,
  type Features,
} from '../../../src/biometrics/interaction/fixed-text.js';
import { cohortLikeness, slotDistance } from '../../../src/biometrics/interaction/free-text.js';
import { logTime } from '../../../src/biometrics/interaction/log-time.js';
import { fitRhythm } from '../../../src/biometrics/interaction/model.js';
import { fitMouse } from '../../../src/biometrics/interaction/mouse.js';
import { readRecording } from '../../../src/biometrics/interaction/recording.js';
import {
  backgroundShare,
  mergeRhythms,
  rhythmOf,
  type Rhythm,
} from '../../../src/biometrics/interaction/rhythm.js';
import { mean } from '../../../src/biometrics/interaction/statistics.js';
import { poolStatistics } from '../../../src/biometrics/interaction/typing-statistics.js';
import { everything, fixed, free, typist, TEXT } from './typists.js';

const rhythm = (text: string): Rhythm => rhythmOf(readRecording(text));
const featuresOf = ({ repetitions }: Rhythm): Features[] => repetitions.map(({ features }) => features);

const people = Array.from({ length: 22 }, (_, seed) => typist(seed));
const [ann, bob, ...others] = people;
const trained = rhythm(everything(ann!));
const background = others.map((who) => backgroundShare(rhythm(everything(who))));
const own = featuresOf(trained);
const population = background.map(featuresOf);
const probes = [...featuresOf(rhythm(fixed(ann!, 3))), ...featuresOf(rhythm(fixed(bob!, 3)))];
const typed = [rhythm(free(ann!, 120)).typing, rhythm(free(bob!, 120)).typing];

const shuffled = <T>(values: readonly T[]) =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });
/** A direction in the space of features: all of them move. */
const direction = fc.array(
  fc.double({ min: 0.2, max: 1, noNaN: true }).chain((size) => fc.constantFrom(size, -size)),
  {
    minLength: own[0]!.length,
    maxLength: own[0]!.length,
  },
);
const moved = (from: Features, along: Features, by: number): Features =>
  from.map((value, index) => value + along[index]! * by);

describe('the scale of times', () => {
  test('is odd, strictly increasing, and about linear below 50 ms', () => {
    const seconds = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (a, b) => {
        expect(logTime(-a)).toBeCloseTo(-logTime(a), 12);
        if (a < b - 1e-9) expect(logTime(a)).toBeLessThan(logTime(b));
      }),
    );
    expect(logTime(0.001)).toBeCloseTo(0.02, 3);
  });
});

describe('a score does not change', () => {
  test('with the order in which a person’s samples were enrolled', () => {
    fc.assert(
      fc.property(shuffled(own), fc.constantFrom(...probes), (order, probe) => {
        expect(scaledManhattan(order)(probe)).toBeCloseTo(scaledManhattan(own)(probe), 9);
        expect(fusedDistance(order, population)(probe)).toBeCloseTo(fusedDistance(own, population)(probe), 6);
      }),
      { numRuns: 10 },
    );
    const parts = [1, 2, 3].map(() => rhythm(free(ann!, 120)).typing);
    const reference = cohortLikeness(
      poolStatistics(parts),
      background.map(({ typing }) => typing),
    );
    fc.assert(
      fc.property(shuffled(parts), (order) => {
        const likeness = cohortLikeness(
          poolStatistics(order),
          background.map(({ typing }) => typing),
        );
        for (const probe of typed) expect(likeness(probe)).toBeCloseTo(reference(probe), 6);
      }),
      { numRuns: 5 },
    );
  });

  test('with the order of the background, beyond its first twenty', () => {
    fc.assert(
      fc.property(shuffled(background), fc.constantFrom(...probes), (order, probe) => {
        const distance = fusedDistance(own, order.map(featuresOf));
        expect(distance(probe)).toBeCloseTo(fusedDistance(own, population)(probe), 6);
      }),
      { numRuns: 5 },
    );
  });

  test('when everybody of the background is there twice', () => {
    const fused = [population, [...population, ...population]].map((each) => fusedDistance(own, each));
    for (const probe of probes) expect(fused[1]!(probe)).toBeCloseTo(fused[0]!(probe), 6);
    const mice = background.map(({ mouse }) => mouse);
    const odds = [mice, [...mice, ...mice]].map((each) => fitMouse(trained.mouse, each));
    const actions = rhythm(everything(bob!)).mouse;
    expect(odds[1]!(actions)).toBeCloseTo(odds[0]!(actions), 6);
  });

  test('when the clock of the client starts elsewhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 42 }), (offset) => {
        const keys = typist(7).type(TEXT);
        const at = (shift: number) =>
          keys.map(([, press, release]) => ({
            key: 'LEFT_INDEX' as const,
            press: press + shift,
            release: release + shift,
          }));
        expect(repetitionOf('motto', at(offset))).toEqual(repetitionOf('motto', at(0)));
      }),
    );
  });
});

describe('a probe that moves away from the person', () => {
  test('never comes closer by scaled Manhattan', () => {
    const centre = own[0]!.map((_, index) => mean(own.map((sample) => sample[index]!)));
    const distance = scaledManhattan(own);
    const step = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(direction, step, step, (along, near, more) => {
        const closer = distance(moved(centre, along, near));
        expect(distance(moved(centre, along, near + more))).toBeGreaterThanOrEqual(closer - 1e-9);
      }),
    );
  });

  test('is never nearer by the Laplace ratio than the person’s own medians, clipped or not', () => {
    const distance = laplaceRatio(own, population.flat());
    const medians = own[0]!.map((_, index) => {
      const sorted = own.map((sample) => sample[index]!).sort((a, b) => a - b);
      return (sorted[3]! + sorted[4]!) / 2;
    });
    fc.assert(
      fc.property(direction, fc.double({ min: 0, max: 50, noNaN: true }), (along, by) => {
        expect(distance(moved(medians, along, by))).toBeGreaterThanOrEqual(distance(medians) - 1e-9);
      }),
    );
  });

  test('is nobody’s match once it is far out, in whatever direction', () => {
    const distance = fusedDistance(own, population);
    const worst = Math.max(...own.map(distance));
    fc.assert(
      fc.property(direction, fc.double({ min: 10, max: 100, noNaN: true }), (along, by) => {
        const far = distance(moved(own[0]!, along, by));
        expect(far).toBeGreaterThan(worst);
        expect(distance(moved(own[0]!, along, by * 2))).toBeGreaterThan(far);
      }),
    );
  });

  test('never comes closer by free text, however slow or quick it becomes', () => {
    const distance = slotDistance(trained.typing);
    const slower = (by: number) => {
      const shift = (slots: Rhythm['typing']['hold']) =>
        new Map([...slots].map(([slot, held]) => [slot, { ...held, mean: held.mean + by }]));
      return { hold: shift(trained.typing.hold), digraph: shift(trained.typing.digraph) };
    };
    const step = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(step, step, fc.constantFrom(1, -1), (near, more, sign) => {
        const closer = distance(slower(sign * near));
        expect(distance(slower(sign * (near + more)))).toBeGreaterThanOrEqual(closer - 1e-9);
      }),
    );
  });
});

describe('with a population and without one', () => {
  const alone = fitRhythm(trained, []);
  const full = fitRhythm(trained, background);
  const evidence = (model: typeof alone, probe: Rhythm, method: string): number =>
    model(probe).find((each) => each.method === method)!.evidence!;

  /** The same typing, by somebody who takes so many times as long for everything. */
  const slowed = (text: string, times: number): string => {
    const dataset = JSON.parse(text) as { typing: { keys: [string, number, number][] }[] };
    for (const stretch of dataset.typing) {
      stretch.keys = stretch.keys.map(([key, press, release]) => [key, press * times, release * times]);
    }
    return JSON.stringify(dataset);
  };

  test.each(['FIXED_TEXT', 'FREE_TEXT'])('%s: extreme cases are told the same way', (method) => {
    const text = everything(ann!, { keys: 200 });
    for (const model of [alone, full]) {
      const [hers, slow, slower] = [1, 1.7, 2.5].map((times) =>
        evidence(model, rhythm(slowed(text, times)), method),
      );
      expect(hers).toBeGreaterThan(1);
      expect(slow).toBeLessThan(-1);
      expect(slower).toBeLessThanOrEqual(slow!);
    }
  });

  test('nobody is told from a population by the mouse alone, and never decided by it', () => {
    const probe = rhythm(everything(bob!));
    expect(alone(probe).find(({ method }) => method === 'MOUSE')).toMatchObject({
      rule: 'NOT_ASSESSED',
      evidence: null,
      reason: expect.stringContaining('15 other users') as string,
    });
    expect(Math.abs(evidence(full, probe, 'MOUSE'))).toBeLessThanOrEqual(1);
  });

  test('a method says which rule it went by, and how many it was told from', () => {
    const rules = (model: typeof alone) =>
      Object.fromEntries(model(trained).map(({ method, rule, background: n }) => [method, [rule, n]]));
    expect(rules(alone)).toEqual({
      FIXED_TEXT: ['SCALED_MANHATTAN', 0],
      FREE_TEXT: ['SCALED_MANHATTAN', 0],
      MOUSE: ['NOT_ASSESSED', 0],
    });
    expect(rules(full)).toEqual({
      FIXED_TEXT: ['LLR_AND_PLDA', 20],
      FREE_TEXT: ['COHORT_NORMALISED', 20],
      MOUSE: ['LOGISTIC_REGRESSION', 20],
    });
    expect(rules(fitRhythm(trained, background.slice(0, 14)))['FIXED_TEXT']).toEqual(['SCALED_MANHATTAN', 0]);
  });

  test('what was enrolled in pieces is what was enrolled at once', () => {
    const pieces = mergeRhythms([
      {
        ...trained,
        repetitions: trained.repetitions.slice(0, 3),
        typing: { hold: new Map(), digraph: new Map() },
      },
      { ...trained, repetitions: trained.repetitions.slice(3), mouse: [] },
    ]);
    const probe = rhythm(everything(ann!));
    const score = (model: typeof alone) => model(probe).map(({ evidence: said }) => said!);
    score(fitRhythm(pieces, background)).forEach((said, index) => {
      expect(said).toBeCloseTo(score(full)[index]!, 6);
    });
  });
});
