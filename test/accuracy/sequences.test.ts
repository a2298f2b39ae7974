import { simulate } from '../../scripts/accuracy/sequences.js';
import { FUSION_POLICY as policy } from '../../src/exams/watching/fusion.js';
import { people, recogniser } from './subjects.js';

describe('the different-person rule on made-up sittings', () => {
  test('people who are told apart: every impostor is found, in as few frames as the policy allows, nobody is accused', async () => {
    const result = await simulate(people(8, 3, 0.05), recogniser(), {
      templates: 1,
      frames: 'changing',
      cadenceMs: 60_000,
      policy,
    });
    expect(result.honest).toMatchObject({ alerts: 0, sittings: 240, studentHours: 240, people: 8 });
    expect(result.impostor).toMatchObject({ sittings: 24 * 5, detected: 24 * 5, medianFrames: 4 });
  });

  test('templates that say nothing accuse honest students, once an event', async () => {
    const subjects = people(8, 3, 20);
    const result = await simulate(subjects, recogniser(), {
      templates: 1,
      frames: 'constant',
      cadenceMs: 10_000,
      policy,
    });
    expect(result.honest.alerts).toBeGreaterThan(0);
    // One picture all along: the evidence never drains, so the event never ends.
    expect(result.honest.alerts).toBe(result.honest.sittingsWithAlert);
    expect(result.honest.peopleWithAlert).toBeLessThanOrEqual(8);
  });

  test('more frames in the same time need more of them to detect', async () => {
    const subjects = people(8, 3, 0.05);
    const frames = async (cadenceMs: number): Promise<number> => {
      const options = { templates: 1, frames: 'changing', cadenceMs, policy } as const;
      return (await simulate(subjects, recogniser(), options)).impostor.meanFrames!;
    };
    expect(await frames(2_000)).toBeGreaterThan(await frames(10_000));
  });

  test('the same simulation gives the same figures', async () => {
    const run = () =>
      simulate(people(6, 4, 1), recogniser(), {
        templates: 2,
        frames: 'changing',
        cadenceMs: 10_000,
        policy,
      });
    expect(await run()).toEqual(await run());
  });

  test('a number of templates without a rule is refused', async () => {
    const options = { templates: 4, frames: 'constant', cadenceMs: 10_000 } as const;
    await expect(simulate(people(3, 3, 0.1), recogniser(), options)).rejects.toThrow(RangeError);
  });
});
