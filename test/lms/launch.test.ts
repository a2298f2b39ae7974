import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { LaunchRole } from '../../src/grpc/gen/probity/lms/v1/launch_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { databases } from '../support/databases.js';
import { jobContext } from '../exams/jobs.js';
import { sign, signerOf, STUDENT, TEACHER, type LaunchClaims, type Signer } from '../support/moodle-site.js';
import { createWorld, outcomeOf, type World } from './world.js';

const opening = (opens: number, closes: number, limit = 0): Partial<LaunchClaims> => ({
  activity: { ...STUDENT.activity, opens, closes, limit },
});

describe.each(databases)('launches, on $name', ({ open }) => {
  let world: World;
  let site: Signer;
  beforeEach(async () => {
    world = await createWorld(await open());
    site = await world.connect();
  });

  const users = (): Promise<Record<string, unknown>[]> =>
    world.storage.db('users').orderBy('email').select('email', 'role', 'origin', 'given_name');
  const exam = async (): Promise<Record<string, unknown>> =>
    (await world.storage.db('exams').first()) as never;
  const signIn = (token: string) => world.identity.authenticate(token);
  const account = (email: string, role: Role, password = '', organisation = 'UCY') =>
    world.identity.handlers.users.createUser(
      { email, givenName: 'A', familyName: 'B', password, role },
      world.ctx('ADMIN', organisation),
    );

  test('a student who comes for the first time has an account, an exam that is on and a place in it', async () => {
    const launched = await world.launch(site, { lang: 'el' });
    expect(launched).toMatchObject({
      ...{
        exam: 'exams/1',
        role: LaunchRole.LAUNCH_ROLE_STUDENT,
        language: 'el',
        opener: 'https://moodle.test',
      },
      policy: { challenge: false, interval: 2, grace: 60, monitor: true },
      user: { email: 'ada@moodle.test', role: Role.ROLE_STUDENT },
    });
    const principal = await signIn(launched.accessToken);
    expect(principal).toMatchObject({ organisationId: 'UCY', role: 'STUDENT' });
    expect(await users()).toEqual([
      { email: 'ada@moodle.test', role: 'STUDENT', origin: 'LMS', given_name: 'Ada' },
    ]);
    expect(await exam()).toMatchObject({
      ...{ owner_id: '', display_name: 'Mid-term', state: 'STARTED', ends_at: null, automatic: 1 },
      ...{ monitor: 1, challenge: 0, grace_ms: 60_000, frame_interval_ms: 2_000 },
    });
    expect(await world.storage.db('enrolments').select('user_id', 'external_id', 'open_at')).toEqual([
      { user_id: principal.userId, external_id: '5', open_at: null },
    ]);
    expect(await world.actions()).toEqual(
      expect.arrayContaining([
        'users.synchronised',
        'exam.created',
        'exam.students_enrolled',
        'lms.launched',
      ]),
    );
  });

  test('coming again changes nothing but the login', async () => {
    const first = await world.launch(site);
    const before = [await exam(), await world.storage.db('enrolments').select()];
    world.clock.advance(60_000);
    const second = await world.launch(site);
    expect(second.user).toEqual(first.user);
    expect([await exam(), await world.storage.db('enrolments').select()]).toEqual(before);
    // Each login is one of its own, refreshed by itself.
    const { refreshToken } = world.identity.handlers.authentication;
    for (const { refreshToken: token } of [first, second]) {
      const next = await refreshToken({ refreshToken: token, accessToken: '' }, world.ctx());
      expect(next.refreshToken).not.toBe(token);
    }
  });

  test('a token is good once, however many try at the same time', async () => {
    const token = await world.token(site);
    const tries = Array.from({ length: 6 }, () =>
      outcomeOf(world.lms.handlers.launches.launch({ token }, world.ctx())),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((each) => each === 'OK')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['OK', 'LAUNCH_USED']));
  });

  test('a whole class that comes at the same moment finds one exam', async () => {
    const students = Array.from({ length: 8 }, (_, n) => ({ sub: `${100 + n}`, email: `s${n}@moodle.test` }));
    const launched = await Promise.all(students.map((student) => world.launch(site, student)));
    expect(new Set(launched.map(({ exam: name }) => name))).toEqual(new Set(['exams/1']));
    expect(await world.storage.db('enrolments').select()).toHaveLength(8);
  });

  test('what is forged, has ended or was signed by another site is refused in the same words', async () => {
    const other = await world.connect('https://other.test', 'UC');
    const token = await world.token(site);
    world.clock.advance(-600_000);
    const old = await world.token(site);
    world.clock.advance(600_000);
    const forged = [
      `${token.slice(0, -8)}AAAAAAAA`,
      old,
      await sign('launch', { ...other, address: site.address }, STUDENT),
      await sign('launch', { ...site, secret: other.secret }, STUDENT),
      await sign('site', site, STUDENT),
      'a.b.c',
      '',
    ];
    for (const each of forged) {
      const refused = world.lms.handlers.launches.launch({ token: each }, world.ctx());
      await expect(refused).rejects.toMatchObject({
        reason: 'LAUNCH_INVALID',
        message: 'This way in is not valid, or no longer. Open it again from the course.',
      });
    }
    expect(await users()).toEqual([]);
  });

  test('a revoked key is good for nothing at once, and a new one ends the one before', async () => {
    const { createSiteKey, revokeSiteKey } = world.lms.handlers.lms;
    const name = `lmsConnections/${site.connection}`;
    const { siteKey } = await createSiteKey({ name }, world.ctx());
    expect(siteKey).not.toContain(Buffer.from(site.secret).toString('base64url'));
    expect(await outcomeOf(world.launch(site))).toBe('LAUNCH_INVALID');
    const next = { ...site, secret: signerOf(siteKey, site.address).secret };
    expect(await outcomeOf(world.launch(next))).toBe('OK');
    await revokeSiteKey({ name }, world.ctx());
    expect(await outcomeOf(world.launch(next))).toBe('LAUNCH_INVALID');
    expect(await outcomeOf(createSiteKey({ name }, world.ctx('ADMIN', 'UC')))).toBe('CONNECTION_NOT_FOUND');
    expect(await outcomeOf(createSiteKey({ name }, world.ctx('INSTRUCTOR')))).toBe('ROLE_REQUIRED');
    const kept = JSON.stringify(await world.storage.db('lms_connections').select());
    expect(kept).not.toContain(siteKey.slice(-43));
  });

  test('the origin of a site is told to who knows the connection, while it has a key', async () => {
    const opener = (connection: string) =>
      world.lms.handlers.launches.getOpener({ connection: `lmsConnections/${connection}` }, world.ctx());
    expect(await opener(site.connection)).toEqual({ origin: 'https://moodle.test' });
    expect(await outcomeOf(opener(randomUUID()))).toBe('CONNECTION_NOT_FOUND');
    expect(await outcomeOf(opener('moodle'))).toBe('INVALID_FIELDS');
    const name = `lmsConnections/${site.connection}`;
    await world.lms.handlers.lms.revokeSiteKey({ name }, world.ctx());
    expect(await outcomeOf(opener(site.connection))).toBe('CONNECTION_NOT_FOUND');
  });

  test('who sends rubbish has to wait for the next refusal; a good token passes all the same', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const rubbish = () =>
      outcomeOf(world.lms.handlers.launches.launch({ token: 'a.b.c' }, { ...world.ctx(), log }));
    for (let n = 0; n < 20; n++) expect(await rubbish()).toBe('LAUNCH_INVALID');
    expect(await rubbish()).toBe('TOO_MANY_ATTEMPTS');
    expect(lines.filter((line) => line.includes('launch refused'))).toHaveLength(21);
    expect(await outcomeOf(world.launch(site))).toBe('OK');
    world.clock.advance(1_000);
    expect(await rubbish()).toBe('LAUNCH_INVALID');
  });

  test('the same site in two organisations makes two of everything', async () => {
    const other = await world.connect('https://moodle.test', 'UC');
    const here = await world.launch(site);
    const there = await world.launch(other);
    expect(here.user!.organisation).toBe('organisations/UCY');
    expect(there.user!.organisation).toBe('organisations/UC');
    expect(await world.storage.db('exams').select()).toHaveLength(2);
  });

  describe('an account that is there already', () => {
    test('of a student without a password is found by e-mail, once and for one person', async () => {
      const made = await account('Ada@Moodle.test', Role.ROLE_STUDENT);
      expect((await world.launch(site)).user!.name).toBe(made.name);
      // The e-mail has changed hands in the LMS: its id there says who is who.
      expect((await world.launch(site, { email: 'new@moodle.test' })).user!.name).toBe(made.name);
      expect(await outcomeOf(world.launch(site, { sub: '6' }))).toBe('ACCOUNT_CONFLICT');
    });

    test.each([
      ['a student with a password', Role.ROLE_STUDENT, 'a long enough password', STUDENT],
      ['a teacher whom the administration made', Role.ROLE_INSTRUCTOR, '', TEACHER],
      ['a teacher with a password', Role.ROLE_INSTRUCTOR, 'a long enough password', TEACHER],
      ['an administrator', Role.ROLE_ADMIN, '', TEACHER],
    ])('of %s is not taken over', async (_who, role, password, person) => {
      await account(person.email, role, password);
      expect(await outcomeOf(world.launch(site, person))).toBe('ACCOUNT_CONFLICT');
      expect(await world.storage.db('lms_accounts').select()).toEqual([]);
      // Nothing was made, not even the exam; another organisation has another register.
      expect(await world.storage.db('exams').select()).toEqual([]);
      const other = await world.connect('https://moodle.test', 'UC');
      expect(await outcomeOf(world.launch(other, person))).toBe('OK');
    });

    test('of a teacher whom another LMS made is theirs as a teacher, and no student’s', async () => {
      const { user } = await world.launch(site, TEACHER);
      const second = await world.connect('https://second.test');
      const as = { ...TEACHER, sub: '70' };
      expect(await outcomeOf(world.launch(second, { ...as, role: 'student' }))).toBe('ACCOUNT_CONFLICT');
      expect((await world.launch(second, as)).user!.name).toBe(user!.name);
      // Now it is known who that is.
      expect((await world.launch(second, { ...as, role: 'student' })).user!.name).toBe(user!.name);
    });
  });

  test('who teaches runs the exam and nobody else’s; a student who teaches elsewhere becomes an instructor', async () => {
    const teacher = await world.launch(site, TEACHER);
    expect(teacher).toMatchObject({ role: LaunchRole.LAUNCH_ROLE_TEACHER, exam: 'exams/1' });
    const { userId, role } = await signIn(teacher.accessToken);
    expect(role).toBe('INSTRUCTOR');
    expect(await world.storage.db('exam_staff').pluck('user_id')).toEqual([userId]);
    const student = await world.launch(site);
    expect((await signIn(student.accessToken)).role).toBe('STUDENT');
    const elsewhere = { ...STUDENT.activity, id: 'quiz:13' };
    const tutor = await world.launch(site, { role: 'teacher', activity: elsewhere });
    expect(tutor.user!.role).toBe(Role.ROLE_INSTRUCTOR);
    expect(tutor.exam).toBe('exams/2');
    // At once, for every login they have.
    expect((await signIn(student.accessToken)).role).toBe('INSTRUCTOR');
  });

  test('an exam is on for as long as it is for any student, and follows what the LMS says', async () => {
    const now = world.clock.now() / 1000;
    await world.launch(site, { ...TEACHER, ...opening(now + 100, now + 1_000) });
    expect(await exam()).toMatchObject({
      ...{ state: 'UPCOMING', scheduled_at: (now + 100) * 1000, ends_at: (now + 1_000) * 1000 },
    });
    await world.launch(site, opening(now + 100, now + 2_000, 600));
    expect(await exam()).toMatchObject({ ends_at: (now + 2_000) * 1000 });
    expect(await world.storage.db('enrolments').first('close_at', 'limit_ms')).toEqual({
      ...{ close_at: (now + 2_000) * 1000, limit_ms: 600_000 },
    });
    // The extension is taken back.
    await world.launch(site, opening(now + 50, now + 1_000));
    expect(await exam()).toMatchObject({
      ...{ scheduled_at: (now + 50) * 1000, ends_at: (now + 1_000) * 1000, duration_minutes: 16 },
    });
    await world.launch(site, { ...TEACHER, ...opening(0, 0), policy: { ...STUDENT.policy, monitor: false } });
    expect(await exam()).toMatchObject({ state: 'STARTED', ends_at: null, monitor: 0 });
  });

  test('an exam that was deleted is made anew; a connection that is forgotten takes no exam with it', async () => {
    await world.launch(site, TEACHER);
    for (const table of ['exam_events', 'exam_staff']) await world.storage.db(table).delete();
    await world.storage.db('exams').delete();
    expect((await world.launch(site)).exam).toBe('exams/2');
    await world.lms.handlers.lms.deleteConnection({ name: `lmsConnections/${site.connection}` }, world.ctx());
    expect(await world.storage.db('lms_accounts').select()).toEqual([]);
    expect(await world.storage.db('exams').select()).toHaveLength(1);
    expect(await outcomeOf(world.launch(site))).toBe('LAUNCH_INVALID');
  });

  test('what is kept of somebody is exported and erased; used tokens are forgotten once they have ended', async () => {
    const { user } = await world.launch(site);
    const id = user!.name.slice('users/'.length);
    const { db } = world.storage;
    const data = world.lms.subjectData;
    expect(await data.export(db, id)).toEqual({
      accounts: [{ address: 'https://moodle.test', external_id: '5', created_at: world.clock.now() }],
      ...{ memberships: [], changes: [] },
    });
    const erase = () => world.storage.transaction((tx) => data.erase(tx, id));
    expect((await erase()).lms_accounts).toBe(1);
    expect((await erase()).lms_accounts).toBe(0);
    const forget = () => world.lms.jobs.find(({ name }) => name === 'lms-tokens')!.run(jobContext());
    world.clock.advance(329_999);
    await forget();
    expect(await db('lms_tokens').select()).toHaveLength(1);
    world.clock.advance(1);
    await forget();
    expect(await db('lms_tokens').select()).toEqual([]);
  });
});
