import { randomUUID } from 'node:crypto';
import { Assessment, Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import type { FaceSample } from '../../../src/grpc/gen/probity/biometrics/v1/face_service.js';
import { databases } from '../../support/databases.js';
import {
  addUser,
  BLURRED,
  createWorld,
  CROWD,
  idleEngine,
  manifest,
  NOBODY,
  OTHER_RECOGNISER,
  picture,
  RECOGNISER,
  scriptedAnalyser,
  UCY,
  type World,
} from './world.js';

const image = (value: Buffer): FaceSample => ({ sample: { $case: 'image', value } });
const template = (value: Buffer): FaceSample => ({ sample: { $case: 'template', value } });

describe.each(databases)('faces without a subject on $name', ({ open }) => {
  let world: World;
  let ann: string;
  beforeEach(async () => {
    world = createWorld(await open());
    ann = addUser(world, randomUUID());
  });
  const faces = () => world.biometrics.handlers.faces;
  const extract = async (who: string, shot: number) =>
    (await faces().extractTemplate({ image: picture(who, shot) }, world.as(ann))).template;
  const compare = (probe: FaceSample | undefined, reference: FaceSample | undefined, who = ann) =>
    faces().compareFaces({ probe, reference }, world.as(who));

  it('are compared as pictures, as templates, and as one of each', async () => {
    const [one, other] = [await extract('ann', 1), await extract('ann', 2)];
    const stranger = await extract('bob', 1);
    for (const [probe, reference] of [
      [image(picture('ann', 1)), image(picture('ann', 2))],
      [image(picture('ann', 1)), template(other)],
      [template(one), image(picture('ann', 2))],
      [template(one), template(other)],
    ] as const) {
      const { comparison, probeFinding, referenceFinding } = await compare(probe, reference);
      expect(comparison).toMatchObject({
        outcome: Outcome.OUTCOME_MATCH,
        threshold: RECOGNISER.decision.rules[0]!.match,
        model: RECOGNISER.id,
      });
      expect(probeFinding === undefined).toBe(probe.sample!.$case === 'template');
      expect(referenceFinding === undefined).toBe(reference.sample!.$case === 'template');
    }
    for (const probe of [template(one), image(picture('ann', 1))]) {
      expect((await compare(probe, template(stranger))).comparison).toMatchObject({
        outcome: Outcome.OUTCOME_NO_MATCH,
      });
    }
  });

  it('are inconclusive where either picture is of no use', async () => {
    for (const bad of [NOBODY, CROWD, BLURRED]) {
      for (const [probe, reference] of [
        [bad, picture('ann', 1)],
        [picture('ann', 1), bad],
      ] as const) {
        const { comparison } = await compare(image(probe), image(reference));
        expect(comparison).toMatchObject({ outcome: Outcome.OUTCOME_INCONCLUSIVE, score: 0 });
        expect(comparison!.reasons.length).toBeGreaterThan(0);
      }
    }
  });

  it('give no template where there is no usable face', async () => {
    const found = await faces().extractTemplate({ image: CROWD }, world.as(ann));
    expect(found.template).toHaveLength(0);
    expect(found.finding!.quality).toMatchObject({ assessment: Assessment.ASSESSMENT_ACCEPTABLE });
  });

  it('say what is wrong with a template', async () => {
    const one = await extract('ann', 1);
    const foreign = addUser(world, randomUUID(), UCY);
    const refused = { reason: 'TEMPLATE_INVALID' };
    await expect(compare(template(Buffer.from('rubbish')), template(one))).rejects.toMatchObject(refused);
    await expect(compare(image(picture('ann', 1)), template(one), foreign)).rejects.toMatchObject(refused);
    const other = world.rewire({
      engine: idleEngine(OTHER_RECOGNISER.id),
      analyser: scriptedAnalyser(OTHER_RECOGNISER.id),
    }).handlers.faces;
    await expect(
      other.compareFaces({ probe: image(picture('ann', 2)), reference: template(one) }, world.as(ann)),
    ).rejects.toMatchObject({ reason: 'MODEL_MISMATCH' });
  });

  it('need what they are asked about', async () => {
    await expect(compare(undefined, { sample: undefined })).rejects.toMatchObject({
      reason: 'INVALID_FIELDS',
      details: {
        fields: [
          { field: 'probe', problem: 'missing' },
          { field: 'reference', problem: 'missing' },
        ],
      },
    });
    await expect(faces().detectFaces({ image: Buffer.alloc(0) }, world.as(ann))).rejects.toMatchObject({
      reason: 'INVALID_FIELDS',
      details: { fields: [{ field: 'image', problem: 'missing' }] },
    });
  });

  it('are detected and assessed with advice in words', async () => {
    expect(await faces().detectFaces({ image: picture('ann', 1) }, world.as(ann))).toMatchObject({
      width: 640,
      height: 480,
    });
    const { finding } = await faces().assessFace({ image: BLURRED }, world.as(ann));
    expect(finding!.quality!.assessment).toBe(Assessment.ASSESSMENT_UNACCEPTABLE);
    const bad = finding!.quality!.components.filter(
      ({ assessment }) => assessment === Assessment.ASSESSMENT_UNACCEPTABLE,
    );
    expect(bad).toMatchObject([{ component: 'sharpness', value: 0, advice: finding!.quality!.advice[0] }]);
  });
});

describe('the models in use', () => {
  it('are listed with their thresholds, licences and state', async () => {
    const world = createWorld(await databases[0]!.open());
    const { models, workers, queuedJobs } = await world.biometrics.handlers.models.listModels(
      {},
      world.as('ann'),
    );
    expect({ workers, queuedJobs }).toEqual({ workers: 2, queuedJobs: 3 });
    expect(models.map(({ id }) => id)).not.toContain(OTHER_RECOGNISER.id);
    expect(new Set(models.map(({ role }) => role)).size).toBe(models.length);
    const recogniser = models.find(({ id }) => id === RECOGNISER.id)!;
    expect(recogniser).toMatchObject({
      warm: true,
      licence: RECOGNISER.licence.declared,
      sha256: RECOGNISER.sha256,
    });
    expect(recogniser.thresholds['match_1']).toBe(RECOGNISER.decision.rules[0]!.match);
    expect(manifest.models.length).toBeGreaterThan(models.length);
  });

  it('must be able to complete a reference', async () => {
    const storage = await databases[0]!.open();
    const options = { maxTemplates: 10, requiredTemplates: 9, referenceRetentionDays: 400 };
    expect(() => createWorld(storage, options)).toThrow(/fewer than are required/);
  });
});
