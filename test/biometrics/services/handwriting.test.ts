import { randomUUID } from 'node:crypto';
import { Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { databases } from '../../support/databases.js';
import { pictureOfTrace, trace, withoutPressure } from '../../support/handwriting.js';
import { addUser, createWorld, UC, type World } from './world.js';

const MINUTE = 60_000;
const NAME = 'users/me/references/handwriting';

const own = (number: number) => trace(1, number);
const DOT = Buffer.from(JSON.stringify({ version: 1, strokes: [[[0, 5, 5]]] }));

describe.each(databases)('handwriting on $name', ({ open }) => {
  let world: World;
  let ann: string;

  beforeEach(async () => {
    world = createWorld(await open());
    ann = addUser(world, randomUUID());
  });

  const service = () => world.biometrics.handlers.handwriting;
  const enrol = (...samples: Buffer[]) =>
    service().enrolHandwriting({ user: 'users/me', samples }, world.as(ann));
  const verify = async (sample: Buffer) =>
    (await service().verifyHandwriting({ user: 'users/me', sample }, world.as(ann))).comparison!;
  const trail = async () =>
    (await world.audit.list(world.storage.db, { organisationId: UC, subject: ann, after: 0, limit: 99 })).map(
      ({ action, details }) => ({ action, details }),
    );

  it('is enrolled by three traces and verified by another', async () => {
    const first = await enrol(own(1), own(2));
    expect(first.samples).toMatchObject([
      { accepted: true, reasons: [] },
      { accepted: true, reasons: [] },
    ]);
    expect(first.reference).toMatchObject({
      model: 'handwriting-trace/1',
      templateCount: 2,
      complete: false,
    });
    await expect(verify(own(7))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
    const { reference, meaning } = await enrol(own(3));
    expect(reference).toMatchObject({
      name: `users/${ann}/references/handwriting`,
      templateCount: 3,
      complete: true,
    });
    expect(meaning).toMatch(/how the pen moved/);
    const comparison = await verify(own(7));
    expect(comparison).toMatchObject({
      outcome: Outcome.OUTCOME_MATCH,
      model: 'handwriting-trace/1',
      reasons: [],
    });
    expect(comparison.score).toBeGreaterThanOrEqual(comparison.threshold);
    expect(await trail()).toMatchObject([
      { action: 'reference.enrolled' },
      { action: 'reference.extended' },
      { action: 'handwriting.verified', details: { outcome: 'MATCH', model: 'handwriting-trace/1' } },
    ]);
  });

  it('is somebody else’s, and a trace without pressure is compared without', async () => {
    await enrol(own(1), own(2), own(3));
    expect(await verify(trace(2, 4))).toMatchObject({ outcome: Outcome.OUTCOME_NO_MATCH });
    expect(await verify(withoutPressure(trace(1, 7)))).toMatchObject({
      outcome: Outcome.OUTCOME_MATCH,
    });
    expect(await verify(withoutPressure(trace(2, 4)))).toMatchObject({
      outcome: Outcome.OUTCOME_NO_MATCH,
    });
  });

  it('takes samples of one hand only, and says why', async () => {
    const { samples, reference } = await enrol(own(1), trace(2, 1), DOT, own(1), own(2));
    expect(samples.map(({ accepted }) => accepted)).toEqual([true, false, false, true, true]);
    expect(samples[1]!.reasons).toEqual([expect.stringContaining('same hand')]);
    expect(samples[2]!.reasons[0]).toMatch(/too little writing/);
    expect(samples[3]!.reasons).toEqual([expect.stringContaining('enrolled already')]);
    expect(reference).toMatchObject({ templateCount: 2 });
  });

  it('cannot say of a copy, nor of a dot', async () => {
    await enrol(own(1), own(2), own(3));
    for (const [sample, why] of [
      [own(2), /copy/],
      [DOT, /too little writing/],
    ] as const) {
      const comparison = await verify(sample);
      expect(comparison).toMatchObject({ outcome: Outcome.OUTCOME_INCONCLUSIVE, score: 0 });
      expect(comparison.reasons[0]).toMatch(why);
    }
  });

  it('in pictures rules somebody else out, and says what it cannot tell', async () => {
    const { reference, meaning } = await enrol(
      await pictureOfTrace(1, 1),
      await pictureOfTrace(1, 2),
      await pictureOfTrace(1, 3),
    );
    expect(reference).toMatchObject({ model: 'handwriting-image/1', complete: true });
    expect(meaning).toMatch(/does not catch a skilled forger/);
    expect(await verify(await pictureOfTrace(1, 7))).toMatchObject({ outcome: Outcome.OUTCOME_MATCH });
    expect(await verify(await pictureOfTrace(2, 4))).toMatchObject({ outcome: Outcome.OUTCOME_NO_MATCH });
    // A trace is never compared with an image.
    await expect(verify(own(7))).rejects.toMatchObject({ reason: 'MODEL_MISMATCH' });
  });

  it('of the other form replaces a reference only by leave of staff', async () => {
    await enrol(own(1), own(2), own(3));
    const picture = await pictureOfTrace(1, 5);
    await expect(enrol(picture)).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
    const teacher = world.as(addUser(world, randomUUID()), 'INSTRUCTOR');
    await world.biometrics.handlers.references.allowReplacement(
      { name: `users/${ann}/references/handwriting`, reason: 'The tablet is broken.' },
      teacher,
    );
    expect((await enrol(picture)).reference).toMatchObject({
      model: 'handwriting-image/1',
      templateCount: 1,
    });
  });

  it('replaces itself by a match only, and counts what fails', async () => {
    await enrol(own(1), own(2), own(3));
    world.clock.advance(31 * MINUTE);
    await expect(enrol(trace(2, 1))).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
    expect((await enrol(own(6))).reference).toMatchObject({ templateCount: 1 });
    expect(world.changes).toEqual([{ userId: ann, change: 'REPLACED' }]);
  });

  it('keeps five samples', async () => {
    await enrol(own(1), own(2), own(3), own(5), own(6));
    const { samples, reference } = await enrol(own(7));
    expect(reference).toMatchObject({ templateCount: 5 });
    expect(samples[0]!.reasons).toEqual([expect.stringContaining('all the 5 samples')]);
  });

  it('is listed, and removed after a match', async () => {
    const { references } = world.biometrics.handlers;
    await enrol(own(1), own(2), own(3));
    const listed = await references.listReferences({ user: 'users/me' }, world.as(ann));
    expect(listed.references).toMatchObject([
      { name: `users/${ann}/references/handwriting`, complete: true },
    ]);
    world.clock.advance(31 * MINUTE);
    const remove = () => references.deleteReference({ name: NAME, image: Buffer.alloc(0) }, world.as(ann));
    await expect(remove()).rejects.toMatchObject({
      reason: 'REPLACEMENT_UNPROVEN',
      message: expect.stringMatching(/must have matched/) as string,
    });
    await verify(own(7));
    await remove();
    expect((await references.listReferences({ user: 'users/me' }, world.as(ann))).references).toEqual([]);
  });

  it('needs consent before anything is read', async () => {
    world.consenting.delete(ann);
    const rubbish = Buffer.from('{ rubbish');
    await expect(enrol(rubbish)).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    await expect(verify(rubbish)).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
  });

  it('says what is wrong with a request', async () => {
    await expect(enrol(Buffer.from('{ rubbish'))).rejects.toMatchObject({ reason: 'TRACE_UNREADABLE' });
    await expect(enrol(Buffer.from('rubbish'))).rejects.toMatchObject({
      reason: 'IMAGE_UNREADABLE',
    });
    await expect(enrol()).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
    await expect(enrol(Buffer.alloc(0))).rejects.toMatchObject({
      details: { fields: [{ field: 'samples[0]', problem: 'missing' }] },
    });
    await expect(enrol(own(1), await pictureOfTrace(1, 1))).rejects.toMatchObject({
      details: { fields: [{ field: 'samples', description: 'must all be of one form' }] },
    });
  });

  describe('judged for whoever watches', () => {
    const judge = (bytes: Buffer) =>
      world.biometrics.judges.HANDWRITING.judge(world.storage.db, { userId: ann, organisationId: UC }, bytes);

    it('is told with its log-likelihood ratio, and books no attempt', async () => {
      await expect(judge(trace(1, 7))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
      await enrol(own(1), own(2), own(3));
      const good = await judge(trace(1, 7));
      expect(good).toMatchObject({ modality: 'HANDWRITING', outcome: 'MATCH', reasons: [] });
      expect(good.logLikelihoodRatio).toBe(good.score);
      for (let attempt = 0; attempt < 7; attempt++) {
        expect(await judge(trace(2, 4))).toMatchObject({ outcome: 'NO_MATCH' });
      }
      await expect(judge(await pictureOfTrace(1, 7))).rejects.toMatchObject({ reason: 'MODEL_MISMATCH' });
      world.consenting.delete(ann);
      await expect(judge(trace(1, 7))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    });
  });
});
