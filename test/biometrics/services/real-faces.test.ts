import { randomUUID } from 'node:crypto';
import { createFaceAnalyser, type Engine } from '../../../src/biometrics/index.js';
import { Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { databases } from '../../support/databases.js';
import { describeWithModels, groupPicture, PORTRAITS, testEngine } from '../../support/faces.js';
import { addUser, createWorld, type World } from './world.js';

describeWithModels('references of real faces', () => {
  let engine: Engine;
  let world: World;
  let user: string;
  beforeAll(async () => {
    engine = testEngine();
    await engine.ready;
  });
  afterAll(() => engine.drain());
  beforeEach(async () => {
    world = createWorld(await databases[0]!.open());
    world.biometrics = world.rewire({ engine, analyser: createFaceAnalyser(engine) });
    user = addUser(world, randomUUID());
  });

  it('admit one person, and recognise them on another occasion', async () => {
    const { enrolFace, verifyFace } = world.biometrics.handlers.references;
    const { obama1, obama2, obama3, biden } = PORTRAITS;
    const { reference, images } = await enrolFace(
      { user: 'users/me', images: [obama1, groupPicture(1), biden, obama2] },
      world.as(user),
    );
    expect(images.map(({ accepted }) => accepted)).toEqual([true, false, false, true]);
    expect(images[1]!.reasons[0]).toMatch(/several faces/);
    expect(images[2]!.reasons[0]).toMatch(/same person/);
    expect(reference).toMatchObject({ templateCount: 2, complete: true });
    const verified = await verifyFace({ user: 'users/me', image: obama3 }, world.as(user));
    expect(verified.comparison!.outcome).toBe(Outcome.OUTCOME_MATCH);
    const refused = await verifyFace({ user: 'users/me', image: biden }, world.as(user));
    expect(refused.comparison!.outcome).toBe(Outcome.OUTCOME_NO_MATCH);
  });

  it('are compared as a template with a picture', async () => {
    const { extractTemplate, compareFaces } = world.biometrics.handlers.faces;
    const { template } = await extractTemplate({ image: PORTRAITS.obama1 }, world.as(user));
    const compare = (value: Buffer) =>
      compareFaces(
        {
          probe: { sample: { $case: 'image', value } },
          reference: { sample: { $case: 'template', value: template } },
        },
        world.as(user),
      );
    expect((await compare(PORTRAITS.obama2)).comparison!.outcome).toBe(Outcome.OUTCOME_MATCH);
    expect((await compare(PORTRAITS.biden)).comparison!.outcome).toBe(Outcome.OUTCOME_NO_MATCH);
  });
});
