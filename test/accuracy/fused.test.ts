import { simulateFused } from '../../scripts/accuracy/fused.js';
import { playHour, type Stream } from '../../scripts/accuracy/sittings.js';
import { FUSION_POLICY as policy } from '../../src/exams/watching/fusion.js';
import { people, recogniser } from './subjects.js';

describe('sittings of several modalities', () => {
  const stream = (modality: Stream['modality'], cadenceMs: number, ratio: number | null): Stream => ({
    modality,
    cadenceMs,
    next: () => ratio,
  });

  test('what compares nothing, and what fits, opens nothing', () => {
    expect(playHour([stream('FACE', 10_000, null), stream('VOICE', 30_000, null)], policy, false)).toEqual(
      [],
    );
    expect(playHour([stream('FACE', 10_000, 5), stream('VOICE', 30_000, 5)], policy, false)).toEqual([]);
  });

  test('an event is one alert, however long; two modalities open it sooner than either', () => {
    const face = stream('FACE', 10_000, -9);
    const voice = stream('VOICE', 10_000, -9);
    const [alone] = playHour([face], policy, false);
    expect(playHour([face], policy, false)).toHaveLength(1);
    expect(alone).toBe(40_000);
    const [both] = playHour([voice, face], policy, true);
    expect(both).toBe(30_000);
  });

  test('a face finds no other voice, a voice does, beside a face that fits', async () => {
    const subjects = people(6, 3, 0.05);
    const run = (watched: 'face' | 'face and voice') =>
      simulateFused(subjects, recogniser(), { watched, observations: 'changing' });
    const face = await run('face');
    expect(face.attacks.map(({ attack }) => attack)).toEqual(['another person']);
    const { honest, attacks } = await run('face and voice');
    expect(honest.studentHours).toBe(180);
    const [person, voice] = attacks;
    expect(person).toMatchObject({ attack: 'another person', sittings: 90, detected: 90 });
    expect(voice).toMatchObject({ attack: 'another voice', sittings: 90, detected: 90 });
    expect(person!.meanSeconds!).toBeLessThanOrEqual(face.attacks[0]!.meanSeconds!);
    expect(voice!.meanSeconds!).toBeGreaterThan(person!.meanSeconds!);
  });
});
