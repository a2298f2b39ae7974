import { randomUUID } from 'node:crypto';
import { Assurance } from '../../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { Outcome } from '../../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { databases } from '../../support/databases.js';
import {
  addUser,
  BLURRED,
  createWorld,
  CROWD,
  idleEngine,
  NOBODY,
  OTHER_RECOGNISER,
  picture,
  RECOGNISER,
  scriptedAnalyser,
  UC,
  UCY,
  type World,
} from './world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FACE = 'users/me/references/face';

describe.each(databases)('references on $name', ({ open }) => {
  let world: World;
  let ann: string;
  let teacher: string;
  let admin: string;

  beforeEach(async () => {
    world = createWorld(await open());
    ann = addUser(world, randomUUID());
    teacher = addUser(world, randomUUID());
    admin = addUser(world, randomUUID());
  });

  const service = () => world.biometrics.handlers.references;
  const enrol = (...images: Buffer[]) => service().enrolFace({ user: 'users/me', images }, world.as(ann));
  const verify = (image: Buffer) => service().verifyFace({ user: 'users/me', image }, world.as(ann));
  const remove = (image: Buffer = Buffer.alloc(0)) =>
    service().deleteReference({ name: FACE, image }, world.as(ann));
  const allow = (reason = 'She wears glasses now.') =>
    service().allowReplacement(
      { name: `users/${ann}/references/face`, reason },
      world.as(teacher, 'INSTRUCTOR'),
    );
  const held = async () => {
    const reference = await world.biometrics.references.reference(world.storage.db, ann, 'FACE');
    if (!reference) return null;
    const { open, ...facts } = reference;
    return { ...facts, templates: await open() };
  };
  const rows = async (table: string): Promise<number> => {
    return ((await world.storage.db(table).select(world.storage.db.raw('1'))) as unknown[]).length;
  };
  const trail = async (): Promise<string[]> => {
    const entries = await world.audit.list(world.storage.db, {
      organisationId: UC,
      subject: ann,
      after: 0,
      limit: 99,
    });
    return entries.map(({ action }) => action);
  };

  describe('enrolment', () => {
    it('makes a reference of the pictures of one person', async () => {
      const { reference, images } = await enrol(picture('ann', 1), picture('ann', 2));
      expect(images.map(({ accepted, reasons }) => ({ accepted, reasons }))).toEqual([
        { accepted: true, reasons: [] },
        { accepted: true, reasons: [] },
      ]);
      expect(reference).toMatchObject({
        name: `users/${ann}/references/face`,
        model: RECOGNISER.id,
        templateCount: 2,
        complete: true,
        assurance: Assurance.ASSURANCE_SELF_ASSERTED,
        enrolTime: new Date(world.clock.now()),
        expireTime: new Date(world.clock.now() + 400 * DAY),
      });
      expect(await held()).toMatchObject({ templateCount: 2, complete: true, assurance: 'SELF_ASSERTED' });
      expect(await trail()).toEqual(['reference.enrolled']);
      expect(world.changes).toEqual([]);
    });

    it('takes pictures of one person only, within a call and over several', async () => {
      const first = await enrol(picture('ann', 1), picture('bob', 1), picture('ann', 2));
      expect(first.images.map(({ accepted }) => accepted)).toEqual([true, false, true]);
      expect(first.images[1]!.reasons).toEqual([expect.stringContaining('same person')]);
      world.clock.advance(29 * MINUTE);
      const later = await enrol(picture('bob', 2), picture('ann', 3));
      expect(later.images.map(({ accepted }) => accepted)).toEqual([false, true]);
      expect(later.reference).toMatchObject({ templateCount: 3 });
      expect(await trail()).toEqual(['reference.enrolled', 'reference.extended']);
    });

    it.each([
      ['nobody', NOBODY, /no face/],
      ['several people', CROWD, /several faces/],
      ['a blurred face', BLURRED, /not good enough/],
    ])('does not take a picture of %s, and says why', async (_, bad, why) => {
      const { reference, images } = await enrol(bad);
      expect(reference).toBeUndefined();
      expect(images[0]!.accepted).toBe(false);
      expect(images[0]!.reasons[0]).toMatch(why);
      expect(images[0]!.reasons.length).toBeGreaterThan(1);
      expect(await rows('biometric_references')).toBe(0);
    });

    it('takes the same picture once', async () => {
      const { images, reference } = await enrol(picture('ann', 1), picture('ann', 1));
      expect(images[1]!.reasons).toEqual([expect.stringContaining('enrolled already')]);
      expect(reference).toMatchObject({ templateCount: 1 });
    });

    it('keeps as many templates as a decision rule was measured for', async () => {
      const most = RECOGNISER.decision.rules.length;
      const shots = Array.from({ length: most + 1 }, (_, i) => picture('ann', i + 1));
      const { images, reference } = await enrol(...shots);
      expect(reference).toMatchObject({ templateCount: most });
      expect(images.at(-1)!.reasons).toEqual([expect.stringContaining(`all the ${most} pictures`)]);
    });

    it('is complete with the required number of pictures, and unusable before', async () => {
      const options = { maxTemplates: 10, requiredTemplates: 2, referenceRetentionDays: 400 };
      world.biometrics = world.rewire({ options });
      expect((await enrol(picture('ann', 1))).reference).toMatchObject({ complete: false });
      await expect(verify(picture('ann', 5))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
      expect((await enrol(picture('ann', 2))).reference).toMatchObject({ complete: true });
      expect((await verify(picture('ann', 5))).comparison).toMatchObject({ outcome: Outcome.OUTCOME_MATCH });
    });

    it('needs consent before any picture is looked at', async () => {
      world.consenting.delete(ann);
      await expect(enrol(picture('ann', 1))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
      await expect(verify(picture('ann', 1))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
      expect(world.analyser.calls).toBe(0);
    });

    it('stores nothing when consent is withdrawn while the picture is looked at', async () => {
      const { analyse } = world.analyser;
      world.analyser.analyse = (...call) => {
        world.consenting.delete(ann);
        return analyse.apply(world.analyser, call);
      };
      await expect(enrol(picture('ann', 1))).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
      expect(await rows('biometric_references')).toBe(0);
      expect(await rows('containers')).toBe(0);
    });

    it('is refused during an exam', async () => {
      world.sitting.add(ann);
      await expect(enrol(picture('ann', 1))).rejects.toMatchObject({ reason: 'REFERENCE_IN_USE' });
    });

    it('tells all that is wrong with a request', async () => {
      const images = [picture('ann', 1), Buffer.alloc(0)];
      await expect(service().enrolFace({ user: 'me', images }, world.as(ann))).rejects.toMatchObject({
        reason: 'INVALID_FIELDS',
        details: {
          fields: expect.arrayContaining([
            expect.objectContaining({ field: 'user', problem: 'bad_format' }),
            expect.objectContaining({ field: 'images[1]', problem: 'missing' }),
          ]) as unknown,
        },
      });
    });

    it.each([0, 11])('does not take %d pictures', async (count) => {
      const images = Array.from({ length: count }, () => picture('ann', 1));
      await expect(enrol(...images)).rejects.toMatchObject({
        reason: 'INVALID_FIELDS',
        details: { fields: [{ field: 'images', problem: count === 0 ? 'missing' : 'bad_format' }] },
      });
    });

    it('passes on that a picture cannot be read', async () => {
      await expect(enrol(Buffer.from('rubbish'))).rejects.toMatchObject({ reason: 'IMAGE_UNREADABLE' });
    });

    it('of one user at the same time behaves as if one had come after the other', async () => {
      const shots = [1, 2, 3].map((shot) => picture('ann', shot));
      const done = await Promise.all(shots.map((shot) => enrol(shot)));
      expect(done.every(({ images }) => images[0]!.accepted)).toBe(true);
      expect(await held()).toMatchObject({ templateCount: 3 });
      expect(await rows('biometric_references')).toBe(1);
      expect(await rows('biometric_templates')).toBe(3);
      // Two people at once: whoever comes first is the subject, the other is not taken.
      const bob = addUser(world, randomUUID());
      const both = await Promise.all(
        ['bob', 'eve'].map((who) =>
          service().enrolFace({ user: 'users/me', images: [picture(who, 1)] }, world.as(bob)),
        ),
      );
      expect(both.map(({ images }) => images[0]!.accepted).sort()).toEqual([false, true]);
    });
  });

  describe('replacement', () => {
    beforeEach(async () => {
      await enrol(picture('ann', 1));
      world.clock.advance(31 * MINUTE);
    });

    it('takes the place of the old reference when its first picture matches it', async () => {
      const before = await held();
      const { reference } = await enrol(picture('ann', 2), picture('ann', 3));
      expect(reference).toMatchObject({ templateCount: 2, enrolTime: new Date(world.clock.now()) });
      expect((await held())!.referenceId).not.toBe(before!.referenceId);
      expect(world.changes).toEqual([{ userId: ann, change: 'REPLACED' }]);
      expect(await trail()).toEqual(['reference.enrolled', 'reference.replaced']);
      expect(await rows('biometric_references')).toBe(1);
      const destroyed = await world.storage.db('containers').whereNotNull('destroyed_at');
      expect(destroyed).toHaveLength(1);
    });

    it('is refused to anybody else, and the old reference stays', async () => {
      const before = await held();
      await expect(enrol(picture('bob', 1), picture('ann', 2))).rejects.toMatchObject({
        reason: 'REPLACEMENT_UNPROVEN',
      });
      expect(await held()).toEqual(before);
      expect(world.changes).toEqual([]);
    });

    it('rests on the first picture that can be used', async () => {
      const { images } = await enrol(NOBODY, picture('ann', 2));
      expect(images.map(({ accepted }) => accepted)).toEqual([false, true]);
      expect(world.changes).toHaveLength(1);
    });

    it('leaves everything as it is when no picture can be used', async () => {
      const before = await held();
      const { reference } = await enrol(NOBODY);
      expect(reference).toMatchObject({ templateCount: 1 });
      expect(await held()).toEqual(before);
    });

    it('limits guesses: after five, every further one waits', async () => {
      for (let i = 0; i < 5; i++) {
        await expect(enrol(picture('bob', i))).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
      }
      const seen = world.analyser.calls;
      await expect(verify(picture('bob', 9))).rejects.toMatchObject({
        reason: 'TOO_MANY_ATTEMPTS',
        details: { retryAfterMs: 30_000 },
      });
      expect(world.analyser.calls).toBe(seen);
      world.clock.advance(30_000);
      expect((await verify(picture('ann', 9))).comparison).toMatchObject({ outcome: Outcome.OUTCOME_MATCH });
    });

    it('needs no match once staff allowed it, and only once', async () => {
      const { expireTime } = await allow();
      expect(expireTime).toEqual(new Date(world.clock.now() + DAY));
      const [listed] = (await service().listReferences({ user: 'users/me' }, world.as(ann))).references;
      expect(listed).toMatchObject({ replacementExpireTime: expireTime });
      const { reference } = await enrol(picture('ann the older', 1));
      expect(reference).toMatchObject({ replacementExpireTime: undefined });
      expect(world.changes).toEqual([{ userId: ann, change: 'REPLACED' }]);
      world.clock.advance(31 * MINUTE);
      await expect(enrol(picture('bob', 1))).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
    });

    it('uses the allowance up, whatever would have done without it, and not with a picture that cannot be used', async () => {
      await allow();
      await enrol(NOBODY);
      expect(await rows('replacement_allowances')).toBe(1);
      await enrol(picture('ann', 2));
      expect(await rows('replacement_allowances')).toBe(0);
    });

    it('by leave of staff takes the place of what was enrolled a moment ago, and grows from there', async () => {
      await enrol(picture('ann', 2), picture('ann', 3));
      await allow();
      const { images, reference } = await enrol(picture('ann in the light', 1));
      expect(images[0]).toMatchObject({ accepted: true, reasons: [] });
      expect(reference).toMatchObject({ templateCount: 1 });
      expect((await enrol(picture('ann in the light', 2))).reference).toMatchObject({ templateCount: 2 });
      expect((await trail()).at(-1)).toBe('reference.extended');
    });

    it('by staff is what they allowed, too: the student is not asked to do it again', async () => {
      await allow();
      const images = [picture('ann', 1)];
      await service().enrolFace({ user: `users/${ann}`, images }, world.as(teacher, 'INSTRUCTOR'));
      expect(await rows('replacement_allowances')).toBe(0);
      expect(await held()).toMatchObject({ assurance: 'STAFF_APPROVED' });
    });

    it('lets an allowance go after a day', async () => {
      await allow();
      world.clock.advance(DAY);
      expect(await world.biometrics.references.replaceableUntil(world.storage.db, ann, 'FACE')).toBeNull();
      await expect(enrol(picture('bob', 1))).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
    });

    it('gives one allowance to one of two who ask at the same time', async () => {
      await allow();
      const done = await Promise.allSettled([enrol(picture('bob', 1)), enrol(picture('eve', 1))]);
      // The other's picture is measured against the reference that came first, and belongs to somebody else.
      const taken = done.filter((each) => each.status === 'fulfilled' && each.value.images[0]!.accepted);
      expect(taken).toHaveLength(1);
      expect(await held()).toMatchObject({ templateCount: 1 });
    });
  });

  describe('assurance', () => {
    it('is staff’s when staff enrol, and their pictures replace what the student had', async () => {
      await enrol(picture('bob', 1));
      const byStaff = await service().enrolFace(
        { user: `users/${ann}`, images: [picture('ann', 1)] },
        world.as(teacher, 'INSTRUCTOR'),
      );
      expect(byStaff.reference).toMatchObject({
        assurance: Assurance.ASSURANCE_STAFF_APPROVED,
        templateCount: 1,
      });
      expect(world.changes).toEqual([{ userId: ann, change: 'REPLACED' }]);
    });

    it('is not lent to what the student enrols later', async () => {
      await service().enrolFace(
        { user: `users/${ann}`, images: [picture('ann', 1)] },
        world.as(admin, 'ADMIN'),
      );
      await expect(enrol(picture('bob', 1))).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
      const { reference } = await enrol(picture('ann', 2));
      expect(reference).toMatchObject({ assurance: Assurance.ASSURANCE_SELF_ASSERTED, templateCount: 1 });
    });

    it('is the university’s when that proved who signed in', async () => {
      const ctx = world.as(ann);
      const { reference } = await service().enrolFace(
        { user: 'users/me', images: [picture('ann', 1)] },
        { ...ctx, principal: { ...ctx.principal!, method: 'SSO' } },
      );
      expect(reference).toMatchObject({ assurance: Assurance.ASSURANCE_SINGLE_SIGN_ON });
    });

    it('is self-asserted for staff’s own pictures', async () => {
      const { reference } = await service().enrolFace(
        { user: 'users/me', images: [picture('teacher', 1)] },
        world.as(teacher, 'INSTRUCTOR'),
      );
      expect(reference).toMatchObject({ assurance: Assurance.ASSURANCE_SELF_ASSERTED });
    });
  });

  describe('removal', () => {
    beforeEach(async () => {
      await enrol(picture('ann', 1));
    });
    const later = (): void => world.clock.advance(31 * MINUTE);
    const gone = async (): Promise<void> => {
      expect(await held()).toBeNull();
      expect(await rows('biometric_templates')).toBe(0);
      expect(world.changes).toEqual([{ userId: ann, change: 'REMOVED' }]);
      const entries = await world.storage.db('containers').whereNull('destroyed_at');
      expect(entries).toHaveLength(0);
    };

    it('is free while the reference is being enrolled', async () => {
      await remove();
      await gone();
    });

    it('needs a picture that matches', async () => {
      later();
      await expect(remove()).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
      await expect(remove(picture('bob', 1))).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
      await expect(remove(NOBODY)).rejects.toMatchObject({
        reason: 'REPLACEMENT_UNPROVEN',
        message: expect.stringContaining('no face') as string,
      });
      await remove(picture('ann', 2));
      await gone();
    });

    it('follows a fresh match on the server, for ten minutes', async () => {
      later();
      await verify(picture('ann', 2));
      world.clock.advance(10 * MINUTE);
      await expect(remove()).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
      const { references } = world.biometrics;
      const held = (await references.reference(world.storage.db, ann, 'FACE'))!;
      const { referenceId } = held;
      await references.recordMatch(world.storage.db, { userId: ann, referenceId }, world.clock.now());
      world.clock.advance(10 * MINUTE - 1);
      await remove();
      await gone();
    });

    it('does not follow a match with a reference that is no longer there', async () => {
      const { references } = world.biometrics;
      const { referenceId } = (await references.reference(world.storage.db, ann, 'FACE'))!;
      const record = (userId: string) =>
        references.recordMatch(world.storage.db, { userId, referenceId }, world.clock.now());
      await expect(record(randomUUID())).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
      await remove();
      await expect(record(ann)).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
    });

    it('does not follow a match that staff made', async () => {
      later();
      await service().verifyFace(
        { user: `users/${ann}`, image: picture('ann', 2) },
        world.as(teacher, 'INSTRUCTOR'),
      );
      await expect(remove()).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
    });

    it('follows staff’s allowance', async () => {
      later();
      await allow();
      await remove(picture('bob', 1));
      await gone();
      expect(await rows('replacement_allowances')).toBe(0);
    });

    it('is an ADMIN’s right, and not an INSTRUCTOR’s', async () => {
      later();
      const name = `users/${ann}/references/face`;
      const image = Buffer.alloc(0);
      await expect(
        service().deleteReference({ name, image }, world.as(teacher, 'INSTRUCTOR')),
      ).rejects.toMatchObject({ reason: 'REPLACEMENT_UNPROVEN' });
      await service().deleteReference({ name, image }, world.as(admin, 'ADMIN'));
      await gone();
    });

    it('is refused during an exam, to an ADMIN too', async () => {
      world.sitting.add(ann);
      await expect(remove(picture('ann', 2))).rejects.toMatchObject({ reason: 'REFERENCE_IN_USE' });
      await expect(
        service().deleteReference(
          { name: `users/${ann}/references/face`, image: Buffer.alloc(0) },
          world.as(admin, 'ADMIN'),
        ),
      ).rejects.toMatchObject({ reason: 'REFERENCE_IN_USE' });
    });

    it('of what is not there answers so', async () => {
      await remove();
      await expect(remove()).rejects.toMatchObject({ reason: 'REFERENCE_NOT_FOUND' });
      for (const kind of ['voice', 'gait']) {
        const request = { name: `users/me/references/${kind}`, image: Buffer.alloc(0) };
        await expect(service().deleteReference(request, world.as(ann))).rejects.toMatchObject({
          reason: 'REFERENCE_NOT_FOUND',
        });
      }
    });

    it('asks nobody when consent is withdrawn', async () => {
      later();
      world.sitting.add(ann);
      const subject = { userId: ann, organisationId: UC };
      const forget = () =>
        world.storage.transaction((tx) => world.biometrics.references.forget(tx, subject, 'FACE'));
      expect(await forget()).toBe(1);
      await gone();
      expect(await forget()).toBe(0);
    });
  });

  describe('verification', () => {
    it('tells match, no match and inconclusive apart', async () => {
      await enrol(picture('ann', 1), picture('ann', 2));
      expect((await verify(picture('ann', 7))).comparison).toMatchObject({
        outcome: Outcome.OUTCOME_MATCH,
        threshold: RECOGNISER.decision.rules[1]!.match,
        model: RECOGNISER.id,
        reasons: [],
      });
      expect((await verify(picture('bob', 1))).comparison).toMatchObject({
        outcome: Outcome.OUTCOME_NO_MATCH,
      });
      const unclear = await verify(CROWD);
      expect(unclear.comparison).toMatchObject({ outcome: Outcome.OUTCOME_INCONCLUSIVE, score: 0 });
      expect(unclear.comparison!.reasons[0]).toMatch(/several faces/);
      expect(await trail()).toEqual(['reference.enrolled', ...Array<string>(3).fill('face.verified')]);
    });

    it('counts wrong faces, not bad pictures', async () => {
      await enrol(picture('ann', 1));
      for (let i = 0; i < 9; i++) await verify(BLURRED);
      for (let i = 0; i < 5; i++) await verify(picture('bob', i));
      await expect(verify(picture('ann', 2))).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
      await allow('It was really her.');
      expect((await verify(picture('ann', 2))).comparison).toMatchObject({ outcome: Outcome.OUTCOME_MATCH });
    });

    it('needs a reference', async () => {
      await expect(verify(picture('ann', 1))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
    });
  });

  describe('of another model', () => {
    beforeEach(async () => {
      world.analyser.analyse = scriptedAnalyser(OTHER_RECOGNISER.id).analyse;
      const before = world.rewire({ engine: idleEngine(OTHER_RECOGNISER.id) }).handlers.references;
      await before.enrolFace({ user: 'users/me', images: [picture('ann', 1)] }, world.as(ann));
      world.analyser.analyse = scriptedAnalyser().analyse;
    });

    it('are never compared', async () => {
      await expect(verify(picture('ann', 2))).rejects.toMatchObject({
        reason: 'MODEL_MISMATCH',
        details: { metadata: { template: OTHER_RECOGNISER.id, model: RECOGNISER.id } },
      });
    });

    it('are replaced by staff’s leave only, even within the enrolment window', async () => {
      await expect(enrol(picture('ann', 2))).rejects.toMatchObject({
        reason: 'REPLACEMENT_UNPROVEN',
        message: expect.stringContaining('another model') as string,
      });
      await allow('The model was changed.');
      expect((await enrol(picture('ann', 2))).reference).toMatchObject({
        model: RECOGNISER.id,
        templateCount: 1,
      });
    });
  });

  describe('access', () => {
    it('is one’s own and staff’s: to other students nobody else exists', async () => {
      await enrol(picture('ann', 1));
      const bob = addUser(world, randomUUID());
      const user = `users/${ann}`;
      const asBob = world.as(bob);
      const name = `${user}/references/face`;
      for (const call of [
        () => service().enrolFace({ user, images: [picture('bob', 1)] }, asBob),
        () => service().verifyFace({ user, image: picture('bob', 1) }, asBob),
        () => service().listReferences({ user }, asBob),
        () => service().deleteReference({ name, image: Buffer.alloc(0) }, asBob),
      ]) {
        await expect(call()).rejects.toMatchObject({ reason: 'USER_NOT_FOUND' });
      }
      await expect(service().allowReplacement({ name, reason: 'please' }, asBob)).rejects.toMatchObject({
        reason: 'ROLE_REQUIRED',
      });
      expect(
        (await service().listReferences({ user }, world.as(teacher, 'INSTRUCTOR'))).references,
      ).toHaveLength(1);
    });

    it('ends at the organisation, for its ADMIN too', async () => {
      const foreign = addUser(world, randomUUID(), UCY);
      await enrol(picture('ann', 1));
      for (const user of [`users/${ann}`, `users/${randomUUID()}`]) {
        await expect(service().listReferences({ user }, world.as(foreign, 'ADMIN'))).rejects.toMatchObject({
          reason: 'USER_NOT_FOUND',
        });
      }
    });
  });

  describe('retention', () => {
    it('treats an expired reference as gone, and deletes it', async () => {
      await enrol(picture('ann', 1));
      await allow();
      world.clock.advance(400 * DAY);
      await expect(verify(picture('ann', 2))).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
      expect((await service().listReferences({ user: 'users/me' }, world.as(ann))).references).toEqual([]);
      const { subjectData } = world.biometrics;
      expect(await subjectData.expire(world.clock.now(), 1)).toBe(1);
      expect(await subjectData.expire(world.clock.now(), 5)).toBe(1);
      expect(await subjectData.expire(world.clock.now(), 5)).toBe(0);
      for (const table of ['biometric_references', 'biometric_templates', 'replacement_allowances']) {
        expect(await rows(table)).toBe(0);
      }
      expect(world.changes).toEqual([]);
    });

    it('lets anybody’s picture take the place of an expired reference', async () => {
      await enrol(picture('ann', 1));
      world.clock.advance(400 * DAY);
      const { reference } = await enrol(picture('ann the older', 1));
      expect(reference).toMatchObject({ templateCount: 1 });
      expect(await trail()).toEqual(['reference.enrolled', 'reference.enrolled']);
    });
  });

  describe('what is held about a person', () => {
    it('is exported without templates and erased whole', async () => {
      await enrol(picture('ann', 1), picture('ann', 2));
      await allow();
      await verify(picture('bob', 1));
      const { subjectData } = world.biometrics;
      const exported = await subjectData.export(world.storage.db, ann);
      expect(exported).toMatchObject({
        references: [{ modality: 'FACE', model: RECOGNISER.id, templates: 2, assurance: 'SELF_ASSERTED' }],
        replacement_allowances: [{ reason: 'She wears glasses now.' }],
      });
      const sealed = (await world.storage.db('biometric_templates').pluck('sealed')) as Buffer[];
      for (const bytes of sealed)
        expect(JSON.stringify(exported)).not.toContain(bytes.toString('base64').slice(0, 40));
      const erase = () => world.storage.transaction((tx) => subjectData.erase(tx, ann));
      expect(await erase()).toEqual({ references: 1, replacement_allowances: 1, verification_attempts: 1 });
      expect(await erase()).toEqual({ references: 0, replacement_allowances: 0, verification_attempts: 0 });
    });
  });
});
