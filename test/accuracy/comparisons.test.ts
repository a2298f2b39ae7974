import { score } from '../../src/biometrics/index.js';
import {
  bestScore,
  enrolments,
  forEachComparison,
  singlePictures,
} from '../../scripts/accuracy/comparisons.js';
import { evaluate } from '../../scripts/accuracy/evaluate.js';
import { acquisition, people, recogniser, vectorOf } from './subjects.js';
import { randomFrom } from '../../scripts/accuracy/statistics.js';

function countOf(design: Parameters<typeof forEachComparison>[0]): { genuine: number; impostor: number } {
  const count = { genuine: 0, impostor: 0 };
  forEachComparison(design, (_score, _reference, _probe, isGenuine) => {
    count[isGenuine ? 'genuine' : 'impostor'] += 1;
  });
  return count;
}

describe('what is compared', () => {
  test('single pictures: every pair once, none with itself', () => {
    expect(countOf(singlePictures(people(4, 3, 0.1)))).toEqual({ genuine: 4 * 3, impostor: 6 * 9 });
  });

  test('references of n: against every picture they were not made of', async () => {
    const design = await enrolments(people(4, 3, 0.1), 2, recogniser());
    expect(design.references).toHaveLength(12);
    expect(countOf(design)).toEqual({ genuine: 12, impostor: 12 * 9 });
    // Three of three pictures: one reference of each person, whatever it begins with, and no genuine probe.
    const all = await enrolments(people(4, 3, 0.1), 3, recogniser());
    expect(countOf(all)).toEqual({ genuine: 0, impostor: 4 * 9 });
  });

  test.each(['mean', 'max'] as const)('scores are those of the product, fusion %s', async (fusion) => {
    const subjects = people(5, 4, 0.6);
    const entry = recogniser(fusion);
    const design = await enrolments(subjects, 2, entry);
    let compared = 0;
    forEachComparison(design, (value, reference, probe) => {
      const template = (subject: number, picture: number) =>
        subjects[subject]!.acquisitions[picture]!.analysis!.primary!.template!;
      const templates = reference.pictures.map((picture) => template(reference.subject, picture));
      expect(value).toBeCloseTo(score(template(probe.subject, probe.picture), templates, entry), 6);
      compared += 1;
    });
    expect(compared).toBeGreaterThan(100);
  });

  test('vectors of any length are compared whole', () => {
    const a = Float32Array.from([0, 0, 0, 0, 0, 0.6, 0.8]);
    expect(bestScore([a], a)).toBeCloseTo(1, 6);
  });

  test('a stranger among the pictures does not enter the reference, a blurred one neither enters nor probes', async () => {
    const random = randomFrom(3);
    const subjects = people(3, 3, 0.05);
    subjects[0]!.acquisitions.splice(1, 0, acquisition(vectorOf(20, 0.05, random)));
    subjects[1]!.acquisitions.push(acquisition(vectorOf(1, 0.05, random), true));
    const design = await enrolments(subjects, 2, recogniser());
    const made = design.references.map(({ subject, pictures }) => [subject, ...pictures]);
    // From the stranger's picture on, nothing else joins: that reference stays incomplete.
    expect(made.filter(([subject, ...pictures]) => subject === 0 && pictures.includes(1))).toEqual([]);
    expect(made.filter(([subject, ...pictures]) => subject === 1 && pictures.includes(3))).toEqual([]);
    expect(design.probes.filter(({ subject, picture }) => subject === 1 && picture === 3)).toEqual([]);
    expect(design.probes.filter(({ subject, picture }) => subject === 0 && picture === 1)).toHaveLength(1);
  });
});

describe('error rates of a rule', () => {
  const subjects = people(30, 4, 1.1);

  test('at a threshold are those of counting the comparisons', async () => {
    const design = await enrolments(subjects, 1, recogniser());
    const result = evaluate(design, subjects.length, recogniser());
    const deployed = result.operating.find(({ label }) => label === 'deployed: match')!.at!;
    let falseMatches = 0;
    let falseNonMatches = 0;
    forEachComparison(design, (value, _reference, _probe, isGenuine) => {
      if (isGenuine && value < 0.6) falseNonMatches += 1;
      if (!isGenuine && value >= 0.6) falseMatches += 1;
    });
    expect(deployed.fmr).toMatchObject({ errors: falseMatches, trials: result.impostor });
    expect(deployed.fnmr).toMatchObject({ errors: falseNonMatches, trials: result.genuine });
    expect(falseNonMatches).toBeGreaterThan(0);
    expect(deployed.subjects.fnmr.low).toBeLessThanOrEqual(deployed.fnmr.estimate!);
    expect(deployed.subjects.fnmr.high).toBeGreaterThanOrEqual(deployed.fnmr.estimate!);
  });

  test('a target that the data cannot resolve has no threshold, one that they can is kept', () => {
    const { operating, impostor } = evaluate(singlePictures(subjects), subjects.length, recogniser());
    expect(impostor).toBe((30 * 29 * 16) / 2);
    const at = (label: string) => operating.find((each) => each.label === label)!.at;
    expect(at('FMR 1e-2')!.fmr.estimate).toBeLessThanOrEqual(0.01);
    expect(at('FMR 1e-3')).toBeNull();
    expect(at('FMR 1e-5')).toBeNull();
  });

  test('intervals by subjects hold the rate of unordered pairs too', () => {
    const { operating } = evaluate(singlePictures(subjects), subjects.length, recogniser());
    const { fmr, subjects: by } = operating[0]!.at!;
    expect(by.fmr.low).toBeLessThan(fmr.estimate!);
    expect(by.fmr.high).toBeGreaterThan(fmr.estimate!);
  });
});
