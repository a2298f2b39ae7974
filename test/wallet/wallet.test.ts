import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { StatusError } from '../../src/call/index.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  AnswerOutcome,
  Custody,
  PushOutcome,
} from '../../src/grpc/gen/probity/biometrics/v1/wallet_service.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { picture, UC, UCY } from '../biometrics/services/world.js';
import { databases } from '../support/databases.js';
import { trace } from '../support/handwriting.js';
import '../support/property-seed.js';
import { addUser, createWalletWorld, LOAN_HOURS, OTHER_TOKEN, TOKEN, type WalletWorld } from './world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FACE = Modality.MODALITY_FACE;
const { ANSWER_OUTCOME_GIVEN: GIVEN, ANSWER_OUTCOME_KEPT: KEPT } = AnswerOutcome;
const { ANSWER_OUTCOME_DENIED: DENIED, ANSWER_OUTCOME_NOTHING: NOTHING } = AnswerOutcome;
const NO = Buffer.alloc(0);

describe.each(databases)('the wallet on $name', ({ open }) => {
  let world: WalletWorld;
  let ann: string;
  let teacher: string;

  beforeEach(async () => {
    world = createWalletWorld(await open());
    ann = addUser(world, randomUUID());
    teacher = addUser(world, randomUUID());
    await enrol();
  });

  const service = () => world.room.handlers.wallet;
  const references = () => world.biometrics.handlers.references;
  const enrol = (who = ann, ...images: Buffer[]) =>
    references().enrolFace(
      { user: 'users/me', images: images.length > 0 ? images : [picture(who, 1)] },
      world.as(who),
    );
  const verify = (who = ann) =>
    references().verifyFace({ user: 'users/me', image: picture(who, 9) }, world.as(who));
  const handOver = async (who = ann, pushToken = TOKEN): Promise<Buffer> =>
    (await service().handOver({ modality: FACE, pushToken }, world.as(who))).template;
  const ask = (who = ann) => service().requestTemplates({ user: 'users/me' }, world.as(who));
  const answer = async (template: Buffer, who = ann): Promise<AnswerOutcome> => {
    const { answers } = await service().returnTemplates(
      { answers: [{ modality: FACE, template }] },
      world.as(who),
    );
    return answers[0]!.outcome;
  };
  const entries = async (who = ann) =>
    (await service().getWalletStatus({ user: 'users/me' }, world.as(who))).entries;
  const entry = async (who = ann) => (await entries(who))[0];
  const custody = async (who = ann): Promise<Custody | undefined> => (await entry(who))?.custody;
  const templatesHeld = async (): Promise<number> => {
    const rows = (await world.storage.db('biometric_templates').select('sealed')) as unknown[];
    return rows.length;
  };
  const trail = async (): Promise<string[]> => {
    const of = { organisationId: UC, subject: ann, after: 0, limit: 99 };
    const entries = await world.audit.list(world.storage.db, of);
    return entries.map(({ action }) => action).filter((action) => action.startsWith('wallet.'));
  };
  /** The phone has it, and the server does not. */
  const handedOver = async (): Promise<Buffer> => {
    const blob = await handOver();
    expect(await answer(blob)).toBe(KEPT);
    return blob;
  };

  it('keeps the templates until the phone has sent them back, and then no more', async () => {
    const blob = await handOver();
    expect(await custody()).toBe(Custody.CUSTODY_OFFERED);
    expect(await templatesHeld()).toBe(1);
    expect((await verify()).comparison).toMatchObject({ outcome: Outcome.OUTCOME_MATCH });

    expect(await answer(blob)).toBe(KEPT);
    expect(await custody()).toBe(Custody.CUSTODY_PHONE);
    expect(await templatesHeld()).toBe(0);
    await expect(verify()).rejects.toMatchObject({
      reason: 'REFERENCE_MISSING',
      message: expect.stringContaining('The phone has the face reference') as string,
    });
    await expect(handOver()).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
    // It is enrolled all the same.
    const { references: listed } = await references().listReferences({ user: 'users/me' }, world.as(ann));
    expect(listed).toMatchObject([{ modality: FACE, templateCount: 1, complete: true }]);
    expect(await trail()).toEqual(['wallet.offered', 'wallet.phone_registered', 'wallet.handed_over']);
  });

  it('has them for an exam when the student gives them, and no longer', async () => {
    const blob = await handedOver();
    expect(await ask()).toEqual({ modalities: [FACE], push: PushOutcome.PUSH_OUTCOME_SENT });
    expect((await entry())?.requestExpireTime).toEqual(new Date(world.clock.now() + 15 * MINUTE));
    expect(await answer(blob)).toBe(GIVEN);
    expect(await entry()).toEqual({
      modality: FACE,
      custody: Custody.CUSTODY_LENT,
      requestExpireTime: undefined,
      loanExpireTime: new Date(world.clock.now() + LOAN_HOURS * HOUR),
    });
    expect((await verify()).comparison).toMatchObject({ outcome: Outcome.OUTCOME_MATCH });

    world.clock.advance(LOAN_HOURS * HOUR - 1);
    await world.runJob('wallet-loans');
    expect(await custody()).toBe(Custody.CUSTODY_LENT);
    world.clock.advance(1);
    await world.runJob('wallet-loans');
    expect(await custody()).toBe(Custody.CUSTODY_PHONE);
    expect(await templatesHeld()).toBe(0);
    expect((await trail()).slice(3)).toEqual(['wallet.requested', 'wallet.given', 'wallet.loan_ended']);

    // The same blob serves the next exam.
    await ask();
    expect(await answer(blob)).toBe(GIVEN);
  });

  it('keeps what was given until half an hour after the exams that are near', async () => {
    const blob = await handedOver();
    world.examsEnd.set(ann, world.clock.now() + 2 * HOUR);
    await ask();
    await answer(blob);
    expect((await entry())?.loanExpireTime).toEqual(new Date(world.clock.now() + 2.5 * HOUR));
  });

  it('is for every modality: complete references only, and each blob for its own', async () => {
    const { MODALITY_HANDWRITING: HANDWRITING } = Modality;
    const hand = () => world.biometrics.handlers.handwriting;
    const write = (...numbers: number[]) =>
      hand().enrolHandwriting(
        { user: 'users/me', samples: numbers.map((number) => trace(1, number)) },
        world.as(ann),
      );
    const handOverHand = () => service().handOver({ modality: HANDWRITING, pushToken: '' }, world.as(ann));
    await write(1, 2);
    await expect(handOverHand()).rejects.toMatchObject({ reason: 'REFERENCE_MISSING' });
    await write(3);
    const { template } = await handOverHand();
    const face = await handOver();
    const send = (...given: [Modality, Buffer][]) =>
      service().returnTemplates(
        { answers: given.map(([modality, blob]) => ({ modality, template: blob })) },
        world.as(ann),
      );
    await expect(send([HANDWRITING, face], [FACE, template])).rejects.toMatchObject({
      details: { fields: [{ field: 'answers[0].template' }, { field: 'answers[1].template' }] },
    });
    await send([HANDWRITING, template], [FACE, face]);
    const verifyHand = () =>
      hand().verifyHandwriting({ user: 'users/me', sample: trace(1, 7) }, world.as(ann));
    await expect(verifyHand()).rejects.toMatchObject({
      reason: 'REFERENCE_MISSING',
      message: expect.stringContaining('The phone has the handwriting reference') as string,
    });
    expect((await ask()).modalities.sort()).toEqual([FACE, HANDWRITING].sort());
    expect(await send([HANDWRITING, template], [FACE, NO])).toEqual({
      answers: [
        { modality: HANDWRITING, outcome: GIVEN },
        { modality: FACE, outcome: DENIED },
      ],
    });
    expect((await verifyHand()).comparison).toMatchObject({ outcome: Outcome.OUTCOME_MATCH });
  });

  it('takes nothing away while the student sits an exam', async () => {
    const blob = await handOver();
    world.sitting.add(ann);
    await expect(answer(blob)).rejects.toMatchObject({ reason: 'REFERENCE_IN_USE' });
    await ask();
    expect(await answer(blob)).toBe(GIVEN);
    world.clock.advance(LOAN_HOURS * HOUR);
    await world.runJob('wallet-loans');
    expect(await custody()).toBe(Custody.CUSTODY_LENT);
    expect(await templatesHeld()).toBe(1);
    world.sitting.delete(ann);
    world.clock.advance(15 * MINUTE);
    await world.runJob('wallet-loans');
    expect(await custody()).toBe(Custody.CUSTODY_PHONE);
  });

  it('takes a no, and takes nothing after it until it has asked again', async () => {
    const blob = await handedOver();
    expect(await answer(NO)).toBe(NOTHING);
    await ask();
    expect(await answer(NO)).toBe(DENIED);
    expect(await answer(NO)).toBe(NOTHING);
    expect(await answer(blob)).toBe(KEPT);
    expect(await custody()).toBe(Custody.CUSTODY_PHONE);
    expect(await templatesHeld()).toBe(0);
    await ask();
    expect(await answer(blob)).toBe(GIVEN);
    expect((await trail()).slice(3)).toEqual([
      'wallet.requested',
      'wallet.denied',
      'wallet.requested',
      'wallet.given',
    ]);
  });

  it('takes nothing after a quarter of an hour in which nobody answered', async () => {
    const blob = await handedOver();
    await ask();
    world.clock.advance(15 * MINUTE);
    expect((await entry())?.requestExpireTime).toBeUndefined();
    expect(await answer(blob)).toBe(KEPT);
    expect(await templatesHeld()).toBe(0);
  });

  it('answers what is repeated as before', async () => {
    const blob = await handedOver();
    expect(await answer(blob)).toBe(KEPT);
    await ask();
    await ask();
    expect(await answer(blob)).toBe(GIVEN);
    expect(await answer(blob)).toBe(GIVEN);
    expect((await trail()).slice(3)).toEqual(['wallet.requested', 'wallet.given']);
    expect(await templatesHeld()).toBe(1);
  });

  it('gives the blob again, to another phone too, as long as it has the templates', async () => {
    const first = await handOver();
    const second = await handOver(ann, OTHER_TOKEN);
    expect(second).not.toEqual(first);
    // Either is whole; whichever comes back proves that there is one.
    expect(await answer(first)).toBe(KEPT);
    await ask();
    expect(await answer(second)).toBe(GIVEN);
    expect(await handOver(ann, OTHER_TOKEN)).not.toEqual(second);
    expect(await custody()).toBe(Custody.CUSTODY_LENT);
  });

  describe('a blob that is not right', () => {
    const refused = (blob: Buffer, who = ann) =>
      expect(answer(blob, who)).rejects.toMatchObject({
        reason: 'TEMPLATE_INVALID',
        details: { fields: [{ field: 'answers[0].template', problem: 'bad_format' }] },
      });

    it('is refused where it is another person’s', async () => {
      const bob = addUser(world, randomUUID());
      await enrol(bob);
      const blob = await handedOver();
      await refused(blob, bob);
      expect(await custody(bob)).toBe(Custody.CUSTODY_SERVER);
      await refused(blob, addUser(world, randomUUID()));
    });

    it('is refused in another organisation, of the same person', async () => {
      const blob = await handedOver();
      await world.storage.db('biometric_references').update({ organisation_id: UCY });
      await refused(blob);
    });

    it('is refused where a picture was added since', async () => {
      const blob = await handOver();
      await enrol(ann, picture(ann, 2));
      await refused(blob);
      expect(await templatesHeld()).toBe(2);
      expect(await answer(await handOver())).toBe(KEPT);
    });

    it('is refused where the enrolment was replaced since', async () => {
      const blob = await handOver();
      world.clock.advance(HOUR);
      await enrol(ann, picture(ann, 2));
      expect(await custody()).toBe(Custody.CUSTODY_SERVER);
      await refused(blob);
    });

    it('is refused, and can never be read again, where the consent was withdrawn', async () => {
      const blob = await handedOver();
      const { db } = world.storage;
      await world.storage.transaction((tx) =>
        world.biometrics.references.forget(tx, { userId: ann, organisationId: UC }, 'FACE'),
      );
      await refused(blob);
      await enrol();
      await refused(blob);
      const keys = (await db('containers').whereNotNull('wrapped_key').pluck('kind')) as string[];
      expect(keys.sort()).toEqual(['phone', 'reference']);
    });

    it('is refused where it is changed, cut short, empty of content or rubbish', async () => {
      const blob = await handedOver();
      const changed = Buffer.from(blob);
      changed[changed.length - 20]! ^= 1;
      const later = Buffer.from(blob);
      later.write('PBW2', 0, 'latin1');
      for (const bad of [
        changed,
        later,
        blob.subarray(0, 40),
        Buffer.from('PBW1'),
        Buffer.from('embeddings'),
      ]) {
        await refused(bad);
      }
    });

    it('undoes what else the phone answered', async () => {
      const blob = await handedOver();
      await ask();
      const answers = [
        { modality: FACE, template: blob },
        { modality: Modality.MODALITY_VOICE, template: blob },
      ];
      await expect(service().returnTemplates({ answers }, world.as(ann))).rejects.toMatchObject({
        reason: 'TEMPLATE_INVALID',
        details: { fields: [{ field: 'answers[1].template' }] },
      });
      expect(await templatesHeld()).toBe(0);
    });
  });

  it('keeps what was added while it had the templates on loan', async () => {
    const blob = await handedOver();
    await ask();
    await answer(blob);
    await enrol(ann, picture(ann, 2));
    world.clock.advance(LOAN_HOURS * HOUR);
    await world.runJob('wallet-loans');
    expect(await custody()).toBe(Custody.CUSTODY_SERVER);
    expect(await templatesHeld()).toBe(2);
  });

  it('ends the other loans where one has changed in between', async () => {
    const bob = addUser(world, randomUUID());
    await enrol(bob);
    for (const who of [ann, bob]) {
      const blob = await handOver(who);
      await ask(who);
      await answer(blob, who);
    }
    const { custodian } = world.biometrics;
    const move = custodian.move.bind(custodian);
    jest.spyOn(custodian, 'move').mockImplementationOnce(async (tx, reference, to) => {
      // Somebody else was first.
      await move(tx, { ...reference, version: reference.version - 1 }, to);
    });
    world.clock.advance(LOAN_HOURS * HOUR);
    await world.runJob('wallet-loans');
    expect([await custody(ann), await custody(bob)].sort()).toEqual(
      [Custody.CUSTODY_LENT, Custody.CUSTODY_PHONE].sort(),
    );
    await world.runJob('wallet-loans');
    expect([await custody(ann), await custody(bob)]).toEqual([Custody.CUSTODY_PHONE, Custody.CUSTODY_PHONE]);
  });

  it('needs consent to take what the student gives', async () => {
    const blob = await handedOver();
    await ask();
    world.consenting.delete(ann);
    await expect(answer(blob)).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    expect(await templatesHeld()).toBe(0);
  });

  it('lets nobody enrol over what it cannot compare with, but with staff', async () => {
    await handedOver();
    await expect(enrol(ann, picture('eve', 1))).rejects.toMatchObject({
      reason: 'REPLACEMENT_UNPROVEN',
      message: expect.stringContaining('The phone has the reference') as string,
    });
    await references().allowReplacement(
      { name: `users/${ann}/references/face`, reason: 'lost her phone' },
      world.as(teacher, 'INSTRUCTOR'),
    );
    await enrol(ann, picture(ann, 3));
    expect(await custody()).toBe(Custody.CUSTODY_SERVER);
    expect(await templatesHeld()).toBe(1);
  });

  it('compares no picture of a removal with what the phone has', async () => {
    await handedOver();
    world.clock.advance(HOUR);
    const remove = references().deleteReference(
      { name: 'users/me/references/face', image: picture(ann, 4) },
      world.as(ann),
    );
    await expect(remove).rejects.toMatchObject({
      reason: 'REPLACEMENT_UNPROVEN',
      message: expect.stringContaining('The phone has the face reference') as string,
    });
  });

  describe('pushes', () => {
    it('go to the phone at most once a minute, whoever asks', async () => {
      await handedOver();
      await ask();
      const byStaff = () =>
        service().requestTemplates({ user: `users/${ann}` }, world.as(teacher, 'INSTRUCTOR'));
      expect((await byStaff()).push).toBe(PushOutcome.PUSH_OUTCOME_RECENT);
      await service().registerPhone({ pushToken: OTHER_TOKEN }, world.as(ann));
      expect((await ask()).push).toBe(PushOutcome.PUSH_OUTCOME_RECENT);
      expect(world.push.sent).toEqual([TOKEN]);
      world.clock.advance(MINUTE);
      expect(await byStaff()).toEqual({ modalities: [FACE], push: PushOutcome.PUSH_OUTCOME_SENT });
      expect(world.push.sent).toEqual([TOKEN, OTHER_TOKEN]);
    });

    it('are for what is in the wallet', async () => {
      expect(await ask()).toEqual({ modalities: [], push: PushOutcome.PUSH_OUTCOME_NOT_NEEDED });
      expect(world.push.sent).toEqual([]);
    });

    it.each([
      ['BROKEN', PushOutcome.PUSH_OUTCOME_FAILED],
      ['GONE', PushOutcome.PUSH_OUTCOME_NO_PHONE],
    ] as const)('leave the request in force where they are %s', async (how, outcome) => {
      const blob = await handedOver();
      world.push.answer = how;
      expect((await ask()).push).toBe(outcome);
      expect(await answer(blob)).toBe(GIVEN);
    });

    it('are off by default, and the request is not', async () => {
      const blob = await handedOver();
      const off = world.node(null).handlers.wallet;
      const { push } = await off.requestTemplates({ user: 'users/me' }, world.as(ann));
      expect(push).toBe(PushOutcome.PUSH_OUTCOME_OFF);
      expect(await answer(blob)).toBe(GIVEN);
    });

    it('forget a phone whose receipt says that it has no wallet any more', async () => {
      await handedOver();
      await ask();
      world.push.receipt = null;
      world.clock.advance(15 * MINUTE);
      await world.runJob('wallet-receipts');
      world.push.receipt = 'GONE';
      await world.runJob('wallet-receipts');
      expect(await ask()).toEqual({ modalities: [FACE], push: PushOutcome.PUSH_OUTCOME_NO_PHONE });
      const status = await service().getWalletStatus({ user: 'users/me' }, world.as(ann));
      expect(status.phoneRegistered).toBe(false);
      expect(await world.storage.db('wallet_pushes').select('ticket')).toEqual([]);
      expect(await trail()).toContain('wallet.phone_gone');
    });

    it('leave a phone alone that was registered after the push', async () => {
      await handedOver();
      await ask();
      await service().registerPhone({ pushToken: OTHER_TOKEN }, world.as(ann));
      world.push.receipt = 'GONE';
      world.clock.advance(15 * MINUTE);
      await world.runJob('wallet-receipts');
      expect((await ask()).push).toBe(PushOutcome.PUSH_OUTCOME_SENT);
    });

    it('need a token of Expo’s', async () => {
      for (const pushToken of ['x', `ExponentPushToken[${'x'.repeat(300)}]`]) {
        const registering = service().registerPhone({ pushToken }, world.as(ann));
        await expect(registering).rejects.toMatchObject({
          reason: 'INVALID_FIELDS',
          details: { fields: [{ field: 'push_token', problem: 'bad_format' }] },
        });
      }
    });
  });

  describe('a person’s data', () => {
    it('can be taken along, and leave nothing', async () => {
      await handedOver();
      await ask();
      const { db } = world.storage;
      expect(await world.room.subjectData.export(db, ann)).toEqual({
        phone: { push_token: TOKEN, registered: new Date(world.clock.now()).toISOString() },
        references: [{ modality: 'FACE', custody: 'PHONE', lent_until: null }],
      });
      await world.storage.transaction((tx) => world.room.subjectData.erase(tx, ann));
      expect(await db('wallet_phones').select('user_id')).toEqual([]);
      expect(await db('wallet_pushes').select('ticket')).toEqual([]);
      expect(await db('containers').whereNotNull('wrapped_key').pluck('kind')).toEqual(['reference']);
    });

    it('is kept no longer than Expo keeps receipts', async () => {
      await handedOver();
      await ask();
      world.clock.advance(24 * HOUR);
      expect(await world.room.subjectData.expire(world.clock.now(), 10)).toBe(1);
    });

    it('says nothing readable in the database', async () => {
      await handedOver();
      const tokens = (await world.storage.db('wallet_phones').pluck('push_token')) as Buffer[];
      expect(Buffer.from(tokens[0]!).includes('ExponentPushToken')).toBe(false);
    });
  });

  it('shows a student nobody else’s, and staff nobody’s of another organisation', async () => {
    await handedOver();
    const stranger = addUser(world, randomUUID());
    const foreign = addUser(world, randomUUID(), UCY);
    for (const ctx of [world.as(stranger), world.as(foreign, 'ADMIN')]) {
      const user = { user: `users/${ann}` };
      await expect(service().getWalletStatus(user, ctx)).rejects.toMatchObject({ reason: 'USER_NOT_FOUND' });
      await expect(service().requestTemplates(user, ctx)).rejects.toMatchObject({ reason: 'USER_NOT_FOUND' });
    }
    const byStaff = await service().getWalletStatus(
      { user: `users/${ann}` },
      world.as(teacher, 'INSTRUCTOR'),
    );
    expect(byStaff).toMatchObject({ entries: [{ custody: Custody.CUSTODY_PHONE }], phoneRegistered: true });
  });

  // The rules have their own property tests; this one is of what keeps them.
  it('loses no template and takes no wrong blob, whatever comes in whatever order', async () => {
    const command = fc.oneof(
      fc.constantFrom('enrol', 'add', 'hand over', 'ask', 'deny', 'wait', 'withdraw' as const),
      fc.nat(9),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 14, size: 'max' }), async (story) => {
        const who = addUser(world, randomUUID());
        const { db } = world.storage;
        const blobs: { blob: Buffer; enrolment: number; templates: number }[] = [];
        let enrolment = 0;
        let shots = 0;
        for (const step of ['enrol' as const, 'hand over' as const, ...story]) {
          const before = (await world.biometrics.custodian.ofUser(db, who)).at(0);
          if (typeof step === 'number') {
            const sent = blobs[step % (blobs.length || 1)];
            if (!sent) continue;
            const right = sent.enrolment === enrolment && sent.templates === before?.templates;
            const open = (await entries(who)).some(({ requestExpireTime }) => requestExpireTime);
            const outcome = await answer(sent.blob, who).catch(
              (error: unknown) => (error as StatusError).reason,
            );
            if (!right) expect(outcome).toBe('TEMPLATE_INVALID');
            else expect(outcome).toBe(open || before.custody === 'LENT' ? GIVEN : KEPT);
          } else if (step === 'withdraw') {
            await world.storage.transaction((tx) =>
              world.biometrics.references.forget(tx, { userId: who, organisationId: UC }, 'FACE'),
            );
            enrolment++;
          } else if (step === 'enrol' || step === 'add') {
            if (step === 'enrol') world.clock.advance(HOUR);
            await enrol(who, picture(who, ++shots)).catch((error: unknown) =>
              expect((error as StatusError).reason).toBe('REPLACEMENT_UNPROVEN'),
            );
            const after = (await world.biometrics.custodian.ofUser(db, who)).at(0);
            if (after && after.id !== before?.id) enrolment++;
          } else if (step === 'hand over') {
            const blob = await handOver(who).catch((error: unknown) => {
              expect((error as StatusError).reason).toBe('REFERENCE_MISSING');
            });
            if (blob) blobs.push({ blob, enrolment, templates: before!.templates });
          } else if (step === 'ask') await ask(who);
          else if (step === 'deny') await answer(NO, who);
          else {
            world.clock.advance(LOAN_HOURS * HOUR);
            await world.runJob('wallet-loans');
          }
          const now = (await world.biometrics.custodian.ofUser(db, who)).at(0);
          if (!now) continue;
          const here = await db('biometric_templates').where({ reference_id: now.id }).pluck('position');
          const outside = blobs.some(
            (each) => each.enrolment === enrolment && each.templates === now.templates,
          );
          expect(here).toHaveLength(now.custody === 'PHONE' ? 0 : now.templates);
          expect(now.custody !== 'PHONE' || outside).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
