import { randomUUID } from 'node:crypto';
import { databases } from '../support/databases.js';
import { picture } from '../biometrics/services/world.js';
import { CONSENT_URL, createWorld, FACE, VERSION, type World } from './world.js';

describe.each(databases)('consents on $name', ({ open }) => {
  let world: World;
  let ann: string;
  let admin: string;
  beforeEach(async () => {
    world = await createWorld(await open());
    ann = (await world.user()).id;
    admin = (await world.user()).id;
  });

  const service = () => world.compliance.handlers.consents;
  const grant = (who = ann) => service().grantConsent({ ...FACE, policyVersion: VERSION }, world.as(who));
  const revoke = (who = ann) => service().revokeConsent(FACE, world.as(who));
  const attest = (user = '') =>
    service().attestConsent(
      { ...FACE, policyVersion: VERSION, user, statement: 'Signed on paper at registration.' },
      world.as(admin, 'ADMIN'),
    );
  const required = (userId = ann, organisationId = 'UC') =>
    world.consent.require(world.storage.db, { userId, organisationId }, 'FACE', 'EXAM_IDENTITY');
  const enrol = () =>
    world.biometrics.handlers.references.enrolFace(
      { user: 'users/me', images: [picture('ann', 1)] },
      world.as(ann),
    );

  it('are required, and the refusal says where to give them', async () => {
    await expect(required()).rejects.toMatchObject({
      reason: 'CONSENT_REQUIRED',
      message: expect.stringContaining(CONSENT_URL) as string,
      details: { metadata: { url: CONSENT_URL, modality: 'FACE', policy_version: VERSION } },
    });
    await expect(enrol()).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
  });

  it('are given once for one modality', async () => {
    const given = await grant();
    expect(given).toMatchObject({
      ...FACE,
      policyVersion: VERSION,
      givenBy: `users/${ann}`,
      attestation: '',
    });
    expect(given.name).toMatch(`users/${ann}/consents/`);
    expect(await grant()).toEqual(given);
    await required();
    await expect(
      world.consent.require(
        world.storage.db,
        { userId: ann, organisationId: 'UC' },
        'VOICE',
        'EXAM_IDENTITY',
      ),
    ).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    await expect(required(admin)).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
  });

  it('are to the text in force', async () => {
    await expect(
      service().grantConsent({ ...FACE, policyVersion: '1999-01' }, world.as(ann)),
    ).rejects.toMatchObject({
      reason: 'INVALID_FIELDS',
      details: { fields: [{ field: 'policy_version', problem: 'bad_format' }] },
    });
    await grant();
    // As after a new version of the text.
    await world.storage.db('consents').update({ policy_version: '1999-01' });
    await expect(required()).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
  });

  it('are taken back at any time, and the biometrics go with them', async () => {
    await grant();
    await enrol();
    world.sitting.add(ann);
    expect((await revoke()).revokeTime).toEqual(new Date(world.clock.now()));
    expect(await world.biometrics.references.reference(world.storage.db, ann, 'FACE')).toBeNull();
    expect(await world.storage.db('biometric_templates')).toHaveLength(0);
    expect(world.changes).toEqual([{ userId: ann, change: 'REMOVED' }]);
    await expect(required()).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    // Again: nothing new, and nothing refused.
    expect((await revoke()).revokeTime).toEqual(new Date(world.clock.now()));
    await expect(revoke(admin)).rejects.toMatchObject({ reason: 'CONSENT_NOT_FOUND' });
    world.clock.advance(1);
    await grant();
    await required();
  });

  it('leave no reference behind when taken back during an enrolment', async () => {
    await grant();
    const done = await Promise.allSettled([enrol(), revoke()]);
    expect(done[1].status).toBe('fulfilled');
    expect(await world.storage.db('biometric_references')).toHaveLength(0);
    expect(await world.storage.containers.ofOwner(world.storage.db, 'UC', ann)).toEqual([]);
  });

  it('are attested for everybody of the organisation, and for nobody else', async () => {
    const attested = await attest();
    expect(attested.name).toMatch(/^organisations\/UC\/consents\//);
    expect(attested).toMatchObject({
      givenBy: `users/${admin}`,
      attestation: 'Signed on paper at registration.',
    });
    await required();
    const foreign = (await world.user('UCY')).id;
    await expect(required(foreign, 'UCY')).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    // Her own no comes first, for her alone.
    await revoke();
    await expect(required()).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    await required(admin);
    await attest(`users/${ann}`);
    await expect(required()).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
  });

  it('are attested for one', async () => {
    await attest(`users/${ann}`);
    await required();
    await expect(required(admin)).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
    await revoke();
    await expect(required()).rejects.toMatchObject({ reason: 'CONSENT_REQUIRED' });
  });

  it('are attested by an ADMIN, of users that exist, with a statement', async () => {
    const request = { ...FACE, policyVersion: VERSION, user: '', statement: 'x' };
    for (const role of ['STUDENT', 'INSTRUCTOR'] as const) {
      await expect(service().attestConsent(request, world.as(ann, role))).rejects.toMatchObject({
        reason: 'ROLE_REQUIRED',
      });
    }
    const foreign = (await world.user('UCY')).id;
    for (const user of [`users/${randomUUID()}`, `users/${foreign}`]) {
      await expect(attest(user)).rejects.toMatchObject({ reason: 'USER_NOT_FOUND' });
    }
    await expect(
      service().attestConsent({ ...request, user: 'nonsense', statement: '' }, world.as(admin, 'ADMIN')),
    ).rejects.toMatchObject({
      reason: 'INVALID_FIELDS',
      details: {
        fields: expect.arrayContaining([
          expect.objectContaining({ field: 'user' }),
          expect.objectContaining({ field: 'statement', problem: 'missing' }),
        ]) as unknown,
      },
    });
  });

  it('are listed for oneself, and for an ADMIN on the record', async () => {
    await grant();
    await revoke();
    world.clock.advance(1);
    await grant();
    const own = await service().listConsents({ user: 'users/me' }, world.as(ann));
    expect(own.consents.map(({ revokeTime }) => revokeTime === undefined)).toEqual([true, false]);
    const user = `users/${ann}`;
    expect(await service().listConsents({ user }, world.as(admin, 'ADMIN'))).toEqual(own);
    await expect(service().listConsents({ user }, world.as(admin, 'INSTRUCTOR'))).rejects.toMatchObject({
      reason: 'USER_NOT_FOUND',
    });
    const trail = await world.audit.list(world.storage.db, {
      organisationId: 'UC',
      subject: ann,
      after: 0,
      limit: 9,
    });
    expect(trail.map(({ action }) => action)).toEqual([
      'consent.granted',
      'consent.revoked',
      'consent.granted',
      'personal_data.read',
    ]);
  });

  it('may be read before anything is asked', async () => {
    const { policies } = await service().listPolicies(
      { languageCode: 'en' },
      { ...world.as(ann), principal: null },
    );
    expect(policies).toHaveLength(4);
    const read = async (languageCode: string) =>
      (await service().listPolicies({ languageCode }, world.as(ann))).policies[0]!;
    const [english, greek] = [await read('en-GB'), await read('el-CY')];
    expect(english).toMatchObject({ languageCode: 'en', text: expect.stringMatching(/^I agree/) as string });
    expect(greek).toEqual({
      ...{ ...english, languageCode: 'el' },
      text: expect.stringMatching(/^Συμφωνώ/) as string,
    });
    for (const other of ['', 'elx', 'de']) expect(await read(other)).toEqual(english);
  });
});
