import { Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import {
  InteractionMethod,
  InteractionRule,
  type InteractionFinding,
} from '../../../src/grpc/gen/probity/biometrics/v1/interaction_service.js';
import { Assurance } from '../../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import type { Biometrics } from '../../../src/biometrics/index.js';
import { databases } from '../../support/databases.js';
import { addUser, createWorld, UC, UCY, type World } from '../services/world.js';
import { inlineEngine } from './inline-engine.js';
import { everything, fixed, free, typist, type Typist } from './typists.js';

const ME = 'users/me';
const MINUTE = 60_000;

describe.each(databases)('interaction on $name', ({ open }) => {
  let world: World;
  let biometrics: Biometrics;
  beforeEach(async () => {
    world = createWorld(await open());
    biometrics = world.rewire({ engine: inlineEngine() });
    addUser(world, 'ann');
  });

  const train = (userId: string, dataset: string, user = ME) =>
    biometrics.handlers.interaction.trainInteraction({ user, dataset }, world.as(userId));
  const test = async (userId: string, dataset: string, user = ME): Promise<InteractionFinding> =>
    (await biometrics.handlers.interaction.testInteraction({ user, dataset }, world.as(userId))).finding!;
  const ruleOf = ({ methods }: InteractionFinding, method: InteractionMethod) => {
    const found = methods.find((each) => each.method === method)!;
    return [found.rule, found.backgroundUsers];
  };

  /** So many students who have trained, with the times that they differ in. */
  async function classmates(count: number, organisationId = UC): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, n) =>
      addUser(world, `${organisationId}-${n}`, organisationId),
    );
    for (const [n, id] of ids.entries()) await train(id, everything(typist(100 + n)));
    return ids;
  }

  describe('training', () => {
    let ann: Typist;
    beforeEach(() => {
      ann = typist(0);
    });

    it('makes a reference that says what it is made of', async () => {
      const answer = await train('ann', everything(ann));
      expect(answer).toMatchObject({
        accepted: true,
        reasons: [],
        amounts: { repetitions: 8, actions: 60 },
        reference: {
          name: 'users/ann/references/interaction',
          model: 'interaction-rhythm/1',
          templateCount: 1,
          complete: true,
          assurance: Assurance.ASSURANCE_SELF_ASSERTED,
        },
      });
      const { references } = await biometrics.handlers.references.listReferences(
        { user: ME },
        world.as('ann'),
      );
      expect(references).toHaveLength(1);
    });

    it('needs enough, and says how much', async () => {
      const answer = await train('ann', fixed(ann, 4));
      expect(answer).toMatchObject({ accepted: false, amounts: { repetitions: 4 } });
      expect(answer.reference).toBeUndefined();
      expect(answer.reasons[0]).toMatch(/5 times .*200 keys/);
    });

    it('adds what matches within half an hour, and takes the same recording once', async () => {
      const first = everything(ann);
      await train('ann', first);
      expect(await train('ann', everything(ann))).toMatchObject({
        accepted: true,
        reference: { templateCount: 2 },
      });
      const again = await train('ann', first);
      expect(again).toMatchObject({ accepted: true, reference: { templateCount: 2 } });
      expect(again.reasons).toEqual(['This recording is enrolled already; another one says more.']);
      const other = await train('ann', everything(typist(4)));
      expect(other).toMatchObject({ accepted: false, reference: { templateCount: 2 } });
      expect(other.reasons[0]).toMatch(/does not look like the typing/);
    });

    it('replaces later only what it matches', async () => {
      await train('ann', everything(ann));
      world.clock.advance(31 * MINUTE);
      await expect(train('ann', everything(typist(4)))).rejects.toMatchObject({
        reason: 'REPLACEMENT_UNPROVEN',
      });
      expect(await train('ann', everything(ann))).toMatchObject({
        accepted: true,
        reference: { templateCount: 1 },
      });
      expect(world.changes).toEqual([{ userId: 'ann', change: 'REPLACED' }]);
    });

    it('needs consent, and an hour without an exam', async () => {
      world.consenting.clear();
      await expect(train('ann', everything(ann))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
      world.consenting.add('ann');
      world.sitting.add('ann');
      await expect(train('ann', everything(ann))).rejects.toMatchObject({ reason: 'REFERENCE_IN_USE' });
    });

    it.each(['', '{}', 'no JSON'])('refuses %p', async (dataset) => {
      await expect(train('ann', dataset)).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
    });
  });

  describe('testing', () => {
    let ann: Typist;
    beforeEach(async () => {
      ann = typist(0);
      await train('ann', everything(ann));
    });

    it('tells the person from another by their own typing alone, and says that it did', async () => {
      const own = await test('ann', everything(ann));
      expect(own).toMatchObject({ outcome: Outcome.OUTCOME_MATCH, threshold: 2, reviewThreshold: -2 });
      expect(ruleOf(own, InteractionMethod.INTERACTION_METHOD_FIXED_TEXT)).toEqual([
        InteractionRule.INTERACTION_RULE_SCALED_MANHATTAN,
        0,
      ]);
      expect(own.limits.at(-1)).toMatch(/Too few other users/);
      const other = await test('ann', everything(typist(4)));
      expect(other).toMatchObject({ outcome: Outcome.OUTCOME_NO_MATCH, reasons: [] });
    });

    it('tells them from the others of the organisation once there are fifteen', async () => {
      await classmates(15);
      await classmates(2, UCY);
      const own = await test('ann', everything(ann));
      expect(own.outcome).toBe(Outcome.OUTCOME_MATCH);
      expect(ruleOf(own, InteractionMethod.INTERACTION_METHOD_FIXED_TEXT)).toEqual([
        InteractionRule.INTERACTION_RULE_LLR_AND_PLDA,
        15,
      ]);
      expect(ruleOf(own, InteractionMethod.INTERACTION_METHOD_MOUSE)[0]).toBe(
        InteractionRule.INTERACTION_RULE_LOGISTIC_REGRESSION,
      );
      expect(own.limits.join()).not.toMatch(/Too few other users/);
      expect(await test('ann', everything(typist(4)))).toMatchObject({ outcome: Outcome.OUTCOME_NO_MATCH });
    });

    it('has nobody in the background who was erased, took their consent back or expired', async () => {
      const ids = await classmates(17);
      const told = async () =>
        ruleOf(await test('ann', free(ann, 120)), InteractionMethod.INTERACTION_METHOD_FREE_TEXT)[1];
      expect(await told()).toBe(17);
      const erased = await world.storage.transaction((tx) => biometrics.subjectData.erase(tx, ids[0]!));
      expect(erased).toMatchObject({ references: 1 });
      expect(await told()).toBe(16);
      await world.storage.transaction((tx) =>
        biometrics.references.forget(tx, { userId: ids[1]!, organisationId: UC }, 'INTERACTION'),
      );
      expect(await told()).toBe(15);
      // A policy that changed takes a minute: references stay, and are not used.
      world.consenting.delete(ids[2]!);
      biometrics = world.rewire({ engine: inlineEngine() });
      expect(await told()).toBe(0);
    });

    it('is an attempt, and its failures are counted', async () => {
      const stranger = typist(4);
      for (let n = 0; n < 5; n++) await test('ann', everything(stranger));
      await expect(test('ann', everything(stranger))).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    });

    it('is told by the audit trail, without what was typed', async () => {
      await test('ann', everything(ann));
      const rows = await world.storage.db('audit_entries').select();
      const text = JSON.stringify(rows);
      expect(text).toContain('interaction.verified');
      expect(text).not.toMatch(/KeyP|LEFT_INDEX|motto/);
    });

    it.each([
      ['nothing that can be compared', () => fixed(typist(0), 5, 'another text')],
      ['a recording that was enrolled', () => everything(typist(0))],
    ])('of %s costs no attempt', async (_what, dataset) => {
      for (let n = 0; n < 7; n++) {
        expect(await test('ann', dataset())).toMatchObject({
          outcome: Outcome.OUTCOME_INCONCLUSIVE,
          score: 0,
        });
      }
    });

    it('of somebody without a reference, or of nobody’s', async () => {
      addUser(world, 'bob');
      await expect(test('bob', everything(ann))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
      await expect(test('bob', everything(ann), 'users/ann')).rejects.toMatchObject({
        reason: 'USER_NOT_FOUND',
      });
      await expect(test('ann', '{}')).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
    });
  });

  it('is judged for whoever watches: no attempt is booked', async () => {
    const ann = typist(0);
    const judge = biometrics.judges.INTERACTION;
    const subject = { userId: 'ann', organisationId: UC };
    const said = (text: string) => judge.judge(world.storage.db, subject, Buffer.from(text));
    await expect(said(everything(ann))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
    await train('ann', everything(ann));
    const own = await said(everything(ann));
    expect(own).toMatchObject({ modality: 'INTERACTION', outcome: 'MATCH', modelId: 'interaction-rhythm/1' });
    expect(own.logLikelihoodRatio).toBe(own.score);
    for (let n = 0; n < 7; n++) expect((await said(everything(typist(4)))).outcome).toBe('NO_MATCH');
    expect(await said(free(ann, 40))).toMatchObject({
      outcome: 'INCONCLUSIVE',
      logLikelihoodRatio: null,
      reasons: [expect.stringMatching(/too little/)],
    });
    await expect(said('\u0000')).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
    world.consenting.clear();
    await expect(said(everything(ann))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
  });
});
