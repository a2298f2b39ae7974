import { randomUUID } from 'node:crypto';
import type { SubjectData } from '../../src/compliance/index.js';
import { emit } from '../../src/events/index.js';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';
import { picture } from '../biometrics/services/world.js';
import { createWorld, FACE, runJob, VERSION, type World } from './world.js';

/** A domain whose erasure fails for as long as it is told to, as a process that dies in the middle. */
function fragile(): SubjectData & { broken: boolean } {
  return {
    name: 'fragile',
    broken: false,
    export: () => Promise.resolve({ note: 'kept here' }),
    erase() {
      return this.broken ? Promise.reject(new Error('the process died')) : Promise.resolve({});
    },
    expire: () => Promise.resolve(0),
  };
}

async function tablesOf({ db, dialect }: Storage): Promise<string[]> {
  return dialect === 'sqlite'
    ? (db('sqlite_master').where({ type: 'table' }).pluck('name') as Promise<string[]>)
    : (db('information_schema.tables').whereRaw('table_schema = database()').pluck('table_name') as Promise<
        string[]
      >);
}

/** Tables of which some column of some row contains the text. */
async function whereFound(storage: Storage, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of await tablesOf(storage)) {
    const rows = await storage.db<Record<string, unknown>>(table);
    const holds = rows.some((row) =>
      Object.values(row).some((value) =>
        Buffer.isBuffer(value) ? value.includes(text) : typeof value === 'string' && value.includes(text),
      ),
    );
    if (holds) found.push(table);
  }
  return found;
}

describe.each(databases)('the rights of a subject on $name', ({ open }) => {
  let world: World;
  let part: ReturnType<typeof fragile>;
  let ann: { id: string; email: string };
  let admin: string;
  beforeEach(async () => {
    part = fragile();
    world = await createWorld(await open(), [part]);
    ann = await world.user();
    admin = (await world.user()).id;
    await world.compliance.handlers.consents.grantConsent(
      { ...FACE, policyVersion: VERSION },
      world.as(ann.id),
    );
    const { references } = world.biometrics.handlers;
    await references.enrolFace({ user: 'users/me', images: [picture('ann', 1)] }, world.as(ann.id));
    await references.verifyFace({ user: 'users/me', image: picture('bob', 1) }, world.as(ann.id));
    await references.allowReplacement(
      { name: `users/${ann.id}/references/face`, reason: `${ann.email} wears glasses` },
      world.as(admin, 'ADMIN'),
    );
  });

  const subjects = () => world.compliance.handlers.subjects;
  const user = () => `users/${ann.id}`;
  const erase = () => subjects().eraseSubject({ user: user() }, world.as(admin, 'ADMIN'));

  it('include everything that is held, as one document', async () => {
    const { document, contentType } = await subjects().exportSubject({ user: 'users/me' }, world.as(ann.id));
    expect(contentType).toBe('application/json');
    const read = JSON.parse(document.toString()) as Record<string, unknown>;
    expect(read).toMatchObject({
      user: user(),
      identity: { user: { email: ann.email } },
      biometrics: { references: [{ modality: 'FACE', templates: 1 }] },
      consents: [{ policyVersion: VERSION }],
      fragile: { note: 'kept here' },
    });
    const actions = (read['audit'] as { action: string }[]).map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(['consent.granted', 'reference.enrolled', 'face.verified']),
    );
    const sealed = (await world.storage.db('biometric_templates').pluck('sealed')) as Buffer[];
    expect(sealed).toHaveLength(1);
    expect(document.includes(sealed[0]!.toString('base64').slice(0, 40))).toBe(false);
    const trail = await world.audit.list(world.storage.db, {
      organisationId: 'UC',
      subject: ann.id,
      after: 0,
      limit: 99,
    });
    expect(trail.at(-1)).toMatchObject({ action: 'subject.exported' });
  });

  it('belong to the subject and to an ADMIN of their organisation', async () => {
    const foreign = (await world.user('UCY')).id;
    for (const ctx of [
      world.as((await world.user()).id),
      world.as(admin, 'INSTRUCTOR'),
      world.as(foreign, 'ADMIN', 'UCY'),
    ]) {
      await expect(subjects().exportSubject({ user: user() }, ctx)).rejects.toMatchObject({
        reason: 'USER_NOT_FOUND',
      });
      await expect(subjects().eraseSubject({ user: user() }, ctx)).rejects.toMatchObject({
        reason: 'USER_NOT_FOUND',
      });
    }
    const request = { user: `users/${randomUUID()}` };
    await expect(subjects().exportSubject(request, world.as(admin, 'ADMIN'))).rejects.toMatchObject({
      reason: 'USER_NOT_FOUND',
    });
  });

  it('include erasure, after which no table knows them', async () => {
    const container = (await world.storage
      .db<{ container_id: string }>('biometric_references')
      .first('container_id'))!;
    // Events of long ago count as much.
    await world.storage.transaction((tx) =>
      emit(tx, {
        organisationId: 'UC',
        topic: 'x',
        key: ann.id,
        payload: { students: [admin, ann.id] },
        at: 0,
      }),
    );
    expect(await whereFound(world.storage, ann.id)).toEqual(
      expect.arrayContaining([
        'users',
        'consents',
        'biometric_references',
        'containers',
        'outbox',
        'throttles',
      ]),
    );
    const { erased, eraseTime } = await erase();
    expect(eraseTime).toEqual(new Date(world.clock.now()));
    expect(erased).toMatchObject({
      users: 1,
      references: 1,
      consents: 1,
      data_keys: 1,
      replacement_allowances: 1,
    });
    expect(await whereFound(world.storage, ann.id)).toEqual([]);
    expect(await whereFound(world.storage, ann.email)).toEqual([]);
    expect(await whereFound(world.storage, admin)).toContain('users');
    await expect(
      world.storage.containers.seal(world.storage.db, container.container_id, 'x', Buffer.of(1)),
    ).rejects.toMatchObject({ problem: 'no_container' });
    const pseudonym = world.audit.pseudonym('UC', ann.id);
    expect((await whereFound(world.storage, pseudonym)).sort()).toEqual([
      'audit_entries',
      'erasure_requests',
      'outbox',
    ]);
    await expect(erase()).rejects.toMatchObject({ reason: 'USER_NOT_FOUND' });
  });

  it('include erasure of oneself', async () => {
    const { erased } = await subjects().eraseSubject({ user: 'users/me' }, world.as(ann.id));
    expect(erased).toMatchObject({ users: 1 });
    expect(await whereFound(world.storage, ann.id)).toEqual([]);
  });

  it('wait for the end of an exam', async () => {
    world.sitting.add(ann.id);
    await expect(erase()).rejects.toMatchObject({ reason: 'REFERENCE_IN_USE' });
    expect(await world.biometrics.references.reference(world.storage.db, ann.id, 'FACE')).not.toBeNull();
    expect(await world.storage.db('erasure_requests')).toHaveLength(0);
  });

  it('are kept by the job when the process dies in the middle', async () => {
    part.broken = true;
    await expect(erase()).rejects.toThrow('the process died');
    // From the first commit on nothing sealed can be read.
    const held = await world.biometrics.references.reference(world.storage.db, ann.id, 'FACE');
    await expect(held!.open()).rejects.toMatchObject({ reason: 'TEMPLATE_INVALID' });
    await expect(runJob(world, 'erasure')).rejects.toThrow('the process died');
    part.broken = false;
    world.sitting.add(ann.id);
    await runJob(world, 'erasure');
    expect(await whereFound(world.storage, ann.id)).toEqual([]);
    expect(await world.storage.db('erasure_requests').whereNull('finished_at')).toHaveLength(0);
    const asked = (await world.storage.db<{ erased: string }>('erasure_requests').first('erased'))!;
    expect(JSON.parse(asked.erased)).toMatchObject({ users: 1, references: 1, data_keys: 1 });
    await runJob(world, 'erasure');
  });

  it('are kept by asking again, too', async () => {
    part.broken = true;
    await expect(erase()).rejects.toThrow('the process died');
    part.broken = false;
    expect((await erase()).erased).toMatchObject({ users: 1, references: 1 });
    expect(await world.storage.db('erasure_requests')).toHaveLength(1);
  });

  it('forget who attested what for others when staff are erased', async () => {
    const boss = (await world.user()).id;
    await world.compliance.handlers.consents.attestConsent(
      { ...FACE, policyVersion: VERSION, user: '', statement: 'On paper.' },
      world.as(boss, 'ADMIN'),
    );
    await subjects().eraseSubject({ user: 'users/me' }, world.as(boss, 'ADMIN'));
    expect(await whereFound(world.storage, boss)).toEqual([]);
    await world.consent.require(
      world.storage.db,
      { userId: admin, organisationId: 'UC' },
      'FACE',
      'EXAM_IDENTITY',
    );
  });
});
