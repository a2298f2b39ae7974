import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { startFakeLms, type FakeLms } from '../../scripts/fake-lms/server.js';
import { TEACHER } from '../../scripts/fake-lms/site.js';
import type { Context, Role, StatusError } from '../../src/call/index.js';
import { createAudit, type Audit } from '../../src/events/index.js';
import { LmsCapability, LmsCapabilityState, LmsKind } from '../../src/grpc/gen/probity/lms/v1/lms_service.js';
import { createLms, type LmsDependencies, type LmsRoom } from '../../src/lms/index.js';
import { createOutbound, type Outbound } from '../../src/outbound/index.js';
import type { Storage } from '../../src/storage/index.js';
import { TestClock } from '../support/clock.js';
import { databases } from '../support/databases.js';

const failureOf = (work: Promise<unknown>): Promise<[string, string]> =>
  work.then(
    () => ['OK', ''],
    (error: unknown) => [(error as StatusError).reason, (error as StatusError).message],
  );

describe.each(databases)('an LMS of an organisation, on $name', ({ open }) => {
  let storage: Storage;
  let audit: Audit;
  let fake: FakeLms;
  let outbound: Outbound;
  let lms: LmsRoom['handlers']['lms'];
  const emails = new Map([
    ['teacher', TEACHER],
    ['other', 'other@ucy.test'],
  ]);
  beforeEach(async () => {
    storage = await open();
    audit = createAudit(storage, () => 1_795_000_000_000);
    fake = await startFakeLms();
    outbound = createOutbound({ enabled: true, allow: ['127.0.0.1'], retryDelayMs: 1 });
    const directory = {
      hasPassword: () => Promise.resolve(false),
      byIds: (_db: unknown, _organisation: string, ids: readonly string[]) =>
        Promise.resolve(
          ids.map((id) => ({ id, email: emails.get(id) ?? '', givenName: '', familyName: '' })),
        ),
    };
    const clock = new TestClock();
    const log = pino({ level: 'silent' });
    const options = { node: 'a', requestsPerSecond: 1_000, publicUrl: 'https://probity.test' };
    const unused = {} as Pick<
      LmsDependencies,
      'externalAccounts' | 'signOn' | 'exams' | 'door' | 'subjects' | 'throttle'
    >;
    lms = createLms({ ...unused, storage, audit, directory, outbound, clock, log, options }).handlers.lms;
  });
  afterEach(async () => {
    await outbound.close();
    await fake.close();
  });

  const ctx = (userId: string, role: Role, organisationId = 'UCY'): Context => ({
    requestId: randomUUID(),
    principal: { userId, organisationId, role, loginId: randomUUID() },
    deadline: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    peer: '127.0.0.1',
  });
  const admin = ctx('admin', 'ADMIN');
  const teacher = ctx('teacher', 'INSTRUCTOR');
  const connect = (change: { address?: string; token?: string; displayName?: string } = {}, by = admin) =>
    lms.connectLms(
      {
        kind: LmsKind.LMS_KIND_MOODLE,
        displayName: 'Moodle',
        address: `${fake.url}/`,
        token: 'fake-token',
        ...change,
      },
      by,
    );
  const actions = async (): Promise<string[]> =>
    (await audit.list(storage.db, { organisationId: 'UCY', after: 0, limit: 100 })).map(
      ({ action }) => action,
    );

  test('is connected, listed, tested and forgotten by its administration, and each is in the trail', async () => {
    const made = await connect();
    expect(made).toMatchObject({
      displayName: 'Moodle',
      address: fake.url,
      createTime: new Date(1_795_000_000_000),
    });
    expect((await lms.listConnections({}, admin)).connections).toEqual([made]);
    const report = await lms.testConnection({ name: made.name }, admin);
    expect(report).toMatchObject({ siteName: 'Moodle of nowhere', version: '4.5.6 (Build: 20250811)' });
    expect(report.capabilities[0]).toEqual({
      ...{ capability: LmsCapability.LMS_CAPABILITY_COURSES, usable: true, missing: [] },
      ...{ state: LmsCapabilityState.LMS_CAPABILITY_STATE_USABLE, missingRights: [], explanation: '' },
    });
    await lms.deleteConnection({ name: made.name }, admin);
    expect((await lms.listConnections({}, admin)).connections).toEqual([]);
    expect(await failureOf(lms.testConnection({ name: made.name }, admin))).toEqual([
      'CONNECTION_NOT_FOUND',
      'There is no such connection.',
    ]);
    expect(await actions()).toEqual(['lms.connected', 'lms.disconnected']);
    expect(await storage.db('containers').select()).toEqual([]);
  });

  test('another organisation has no part in it', async () => {
    const { name } = await connect();
    const foreign = ctx('admin', 'ADMIN', 'UC');
    expect((await lms.listConnections({}, foreign)).connections).toEqual([]);
    expect((await failureOf(lms.testConnection({ name }, foreign)))[0]).toBe('CONNECTION_NOT_FOUND');
    expect((await failureOf(lms.deleteConnection({ name }, foreign)))[0]).toBe('CONNECTION_NOT_FOUND');
    expect((await failureOf(lms.listCourses({}, ctx('teacher', 'INSTRUCTOR', 'UC'))))[0]).toBe(
      'LMS_NOT_CONNECTED',
    );
    // The same site may well serve both.
    await connect({}, foreign);
    expect(fake.called).toEqual([]);
  });

  test.each([
    ['ftp://moodle.example', 'address'],
    ['moodle.example', 'address'],
    ['https://user:secret@moodle.example', 'address'],
    ['https://moodle.example/?a=b', 'address'],
    ['https://moodle.example/#x', 'address'],
    [`https://moodle.example/${'x'.repeat(500)}`, 'address'],
  ])('%s is no address', async (address) => {
    const [reason, message] = await failureOf(connect({ address }));
    expect(reason).toBe('INVALID_FIELDS');
    expect(message).toMatch(/^address: /);
  });

  test('one address is connected once', async () => {
    await connect();
    expect(await failureOf(connect({ address: fake.url, token: 'another' }))).toEqual([
      'INVALID_FIELDS',
      'address: is connected already',
    ]);
    expect(await storage.db('containers').select()).toHaveLength(1);
  });

  test('its token is sealed, and nowhere else', async () => {
    await connect();
    const rows = (await storage.db('lms_connections').select()) as Record<string, unknown>[];
    const trail: unknown = await storage.db('audit_entries').select();
    const text = Buffer.from(JSON.stringify([rows, trail])).toString();
    expect((rows[0]!['token'] as Buffer).toString('latin1')).not.toContain('fake-token');
    expect(text).not.toContain('fake-token');
  });

  test('a teacher finds their own courses in all of them; what cannot be asked is told', async () => {
    expect(await failureOf(lms.listCourses({}, teacher))).toEqual([
      'LMS_NOT_CONNECTED',
      'No learning management system is connected that may be asked. An ADMIN connects one.',
    ]);
    const first = await connect({ displayName: 'Moodle A' });
    const second = await startFakeLms();
    const broken = await connect({ displayName: 'Moodle B', address: second.url, token: 'unknown' });
    const { courses, problems } = await lms.listCourses({}, teacher);
    await second.close();
    expect(courses).toMatchObject([
      {
        connection: first.name,
        courseId: '2',
        displayName: 'Algebra 101',
        students: [{ email: 'ada@ucy.test' }, { email: 'alan@ucy.test' }],
      },
      { connection: first.name, courseId: '9', displayName: 'Logic 200' },
    ]);
    expect(problems).toEqual([
      {
        connection: broken.name,
        reason: 'LMS_REFUSED',
        message: 'Moodle B does not know the token, or it has expired.',
      },
    ]);
    expect((await failureOf(lms.listCourses({}, ctx('other', 'INSTRUCTOR'))))[1]).toMatch(
      /nobody with your e-mail/,
    );
    expect((await failureOf(lms.listCourses({}, ctx('student', 'STUDENT'))))[0]).toBe('ROLE_REQUIRED');
    expect((await actions()).filter((action) => action === 'lms.courses_read')).toHaveLength(1);
  });

  test('where none can be asked it is an error that says why', async () => {
    await connect();
    fake.trouble = 'maintenance';
    expect(await failureOf(lms.listCourses({}, teacher))).toEqual([
      'LMS_UNAVAILABLE',
      'Moodle is under maintenance.',
    ]);
    fake.trouble = 'rest off';
    expect(await failureOf(lms.listCourses({}, teacher))).toEqual([
      'LMS_REFUSED',
      'Moodle has its web services, or REST, switched off.',
    ]);
    fake.trouble = 'none';
    expect((await lms.listCourses({}, teacher)).courses).toHaveLength(2);
  });

  test('one that fails again and again is left alone for a while, by itself', async () => {
    const { name } = await connect();
    const second = await startFakeLms();
    const other = await connect({ displayName: 'Moodle B', address: second.url });
    fake.trouble = 'maintenance';
    for (let n = 0; n < 5; n++) {
      expect((await failureOf(lms.testConnection({ name }, admin)))[1]).toBe('Moodle is under maintenance.');
    }
    // Five calls, each of them sent again twice.
    expect(fake.called).toHaveLength(15);
    expect(await failureOf(lms.testConnection({ name }, admin))).toEqual([
      'LMS_UNAVAILABLE',
      'Moodle has failed several times and is left alone for a moment.',
    ]);
    expect(fake.called).toHaveLength(15);
    expect(await failureOf(lms.testConnection({ name: other.name }, admin))).toEqual(['OK', '']);
    await second.close();
  });

  test('a refusal is no failure of the site: it is asked again as soon as somebody wants', async () => {
    const { name } = await connect({ token: 'unknown' });
    for (let n = 0; n < 7; n++) {
      expect((await failureOf(lms.testConnection({ name }, admin)))[0]).toBe('LMS_REFUSED');
    }
    expect(fake.called).toHaveLength(7);
  });
});
