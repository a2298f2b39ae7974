import type { Speaker } from '../../scripts/accuracy/speech/acquire.js';
import { measureSittings } from '../../scripts/accuracy/speech/sittings.js';
import { entriesOf, loadManifest } from '../../src/biometrics/index.js';

const [speaker] = entriesOf(loadManifest('models'), 'voice.embed');
const WHOLE = 2;

/** Speakers whose voices are as far apart as can be, and whose recordings are all alike. */
function speakers(count: number, recordings: number): Speaker[] {
  return Array.from({ length: count }, (_, axis) => {
    const vector = new Float32Array(speaker!.dimensions);
    vector[axis] = 1;
    const template = { modelId: speaker!.id, vector };
    return {
      name: String(axis),
      recordings: Array.from({ length: recordings }, (_unused, n) => ({
        file: `${axis}-${n}`,
        speech: new Float32Array(16_000 * 10),
        noise: { outcome: 'ASSESSED', snrDb: 40 },
        speakers: { outcome: 'ONE_SPEAKER', similarity: 0.9 } as Speaker['recordings'][number]['speakers'],
        templates: [template, template, template, template],
      })),
    };
  });
}

test('voices that are told apart: nobody is accused, and every other speaker is found as soon as the cap allows', () => {
  const { honest, impostor } = measureSittings(speakers(3, 5), speaker!, WHOLE, 'changing');
  expect(honest).toEqual({ alerts: 0, studentHours: 30, speakersWithAlert: 0 });
  expect(impostor).toMatchObject({ sittings: 60, detected: 60, pairsNeverDetected: 0, pairs: 6 });
  // Eight full observations of 1.5 nats, less what has faded and what one moment knows of the last.
  expect(impostor.meanSeconds).toBeGreaterThanOrEqual(8 * 30);
});

test('recordings that the product would not judge find nobody', () => {
  const mute = speakers(2, 4).map(({ name, recordings }) => ({
    name,
    recordings: recordings.map((each) => ({ ...each, speech: new Float32Array(0) })),
  }));
  const { honest, impostor } = measureSittings(mute, speaker!, WHOLE, 'constant');
  expect([honest.alerts, impostor.detected, impostor.pairsNeverDetected]).toEqual([0, 0, 2]);
});
