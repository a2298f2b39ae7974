import { sealAudit } from '../../src/events/index.js';
import { databases } from '../support/databases.js';
import { createWorld, FACE, VERSION, type World } from './world.js';

describe.each(databases)('the audit trail on $name', ({ open }) => {
  let world: World;
  let ann: string;
  let admin: string;
  beforeEach(async () => {
    world = await createWorld(await open());
    [ann, admin] = [(await world.user()).id, (await world.user()).id];
    const { consents } = world.compliance.handlers;
    for (let i = 0; i < 3; i++) {
      await consents.grantConsent({ ...FACE, policyVersion: VERSION }, world.as(ann));
      await consents.revokeConsent(FACE, world.as(ann));
      world.clock.advance(1);
    }
  });
  const service = () => world.compliance.handlers.audit;
  const list = (
    request: { user?: string; pageSize?: number; pageToken?: string } = {},
    ctx = world.as(admin, 'ADMIN'),
  ) => service().listAuditEntries({ user: '', pageSize: 0, pageToken: '', ...request }, ctx);

  it('is an ADMIN’s to read, and the reading is in it', async () => {
    for (const role of ['STUDENT', 'INSTRUCTOR'] as const) {
      await expect(list({}, world.as(admin, role))).rejects.toMatchObject({ reason: 'ROLE_REQUIRED' });
      await expect(service().verifyAuditTrail({}, world.as(admin, role))).rejects.toMatchObject({
        reason: 'ROLE_REQUIRED',
      });
    }
    await list();
    expect((await list()).entries.at(-1)).toMatchObject({
      action: 'audit.read',
      actor: world.audit.pseudonym('UC', admin),
      subject: '',
    });
  });

  it('is read in pages, the oldest first, and by person', async () => {
    const whole = (await list({ user: `users/${ann}` })).entries;
    expect(whole.map(({ action }) => action)).toEqual([
      ...['consent.granted', 'consent.revoked'],
      ...['consent.granted', 'consent.revoked'],
      ...['consent.granted', 'consent.revoked'],
    ]);
    expect(whole[0]).toMatchObject({
      subject: world.audit.pseudonym('UC', ann),
      time: expect.any(Date) as Date,
    });
    expect(JSON.parse(whole[0]!.detailsJson)).toMatchObject({ modality: 'FACE', policyVersion: VERSION });
    const first = await list({ pageSize: 4 });
    const second = await list({ pageSize: 4, pageToken: first.nextPageToken });
    const ids = [...first.entries, ...second.entries].map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ids).size).toBe(8);
    await expect(list({ pageToken: 'nonsense', pageSize: -1 })).rejects.toMatchObject({
      reason: 'INVALID_FIELDS',
      details: { fields: [{ field: 'page_size' }, { field: 'page_token' }] },
    });
  });

  it('ends at the organisation', async () => {
    const foreign = (await world.user('UCY')).id;
    const entries = (await list({}, world.as(foreign, 'ADMIN', 'UCY'))).entries;
    expect(entries.filter(({ action }) => action.startsWith('consent.'))).toEqual([]);
  });

  it('proves whether it is whole', async () => {
    const { storage, clock } = world;
    const verify = () => service().verifyAuditTrail({}, world.as(admin, 'ADMIN'));
    expect(await verify()).toEqual({ intact: true, firstBrokenId: 0n, checked: 0n });
    const sealed = await storage.transaction((tx) => sealAudit(storage, tx, clock.now() + 3_600_000));
    expect(await verify()).toEqual({ intact: true, firstBrokenId: 0n, checked: BigInt(sealed!.entries) });
    await storage.db('audit_entries').where({ action: 'consent.revoked' }).limit(1).update({ details: '{}' });
    expect(await verify()).toEqual({ intact: false, firstBrokenId: 1n, checked: 0n });
  });
});
