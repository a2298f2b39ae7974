import type { Context } from '../../src/call/index.js';
import { AlertDecision } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { AdmissionReason, AdmissionState } from '../../src/grpc/gen/probity/exams/v1/admission.js';
import { AttemptEvent } from '../../src/grpc/gen/probity/lms/v1/site_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import type { ExamDoor, ExamGate } from '../../src/lms/ports.js';
import { NOT_KNOWN } from '../../src/lms/site-presenter.js';
import { databases } from '../support/databases.js';
import { sign, TEACHER, type Signer } from '../support/moodle-site.js';
import { createWorld, outcomeOf, type World } from './world.js';

const IDENTIFIED: ExamGate = {
  ...NOT_KNOWN,
  admitted: true,
  state: 'IDENTIFIED',
  reason: 'NONE',
  revision: 7,
};
const ACTOR = { id: '3', email: 'tutor@moodle.test', displayName: 'Tess Tutor' };
const ALERT = '11111111-1111-4111-8111-111111111111';
const QUIZ = { activity: 'quiz:12', student: '5' };

describe.each(databases)('a site in its own name, on $name', ({ open }) => {
  let world: World;
  let site: Signer;
  let asked: unknown[][];
  beforeEach(async () => {
    asked = [];
    const answer =
      <A>(what: string, said: A) =>
      (...request: unknown[]): Promise<A> => {
        asked.push([what, ...request]);
        return Promise.resolve(said);
      };
    const shown = { alert: { name: `exams/1/alerts/${ALERT}` }, userId: 'nobody', decidedAt: null };
    const door = {
      gate: answer('gate', IDENTIFIED),
      gates: answer('gates', [{ userId: 'u', externalId: '5', displayName: 'Ada Byron', gate: IDENTIFIED }]),
      alerts: answer('alerts', [{ ...shown, cursor: { beganAt: 1, id: ALERT } }]),
      decideApproval: answer('decide', { ...IDENTIFIED, state: 'APPROVED' as const }),
      requestApproval: answer('request', IDENTIFIED),
      review: answer('review', shown),
      attempt: answer('attempt', undefined),
    } as unknown as ExamDoor;
    world = await createWorld(await open(), { door });
    site = await world.connect();
  });

  const call = async (change: Parameters<typeof sign>[3] = {}, signer = site): Promise<Context> => {
    const proven = await world.lms.authenticateSite(await sign('site', signer, {}, change));
    if (!proven) throw new Error('not a site');
    return { ...world.ctx(), principal: null, site: proven };
  };
  const rpc = () => world.lms.handlers.site;
  const idOf = async (table: 'users' | 'exams'): Promise<string> => {
    const ids = (await world.storage.db(table).pluck('id')) as string[];
    return ids[0]!;
  };

  test('is who it signs as, once for each token; everything else is refused in the same words', async () => {
    const token = await sign('site', site, {});
    const other = await world.connect('https://other.test', 'UC');
    expect(await world.lms.authenticateSite(token)).toEqual({
      ...{ connectionId: site.connection, organisationId: 'UCY' },
    });
    const second = Math.floor(world.clock.now() / 1000);
    const refused = [
      token,
      await sign('site', { ...other, address: site.address }, {}),
      await sign('site', site, {}, { secret: other.secret }),
      await sign('site', site, {}, { claims: { exp: second + 61 } }),
      await sign('site', site, {}, { claims: { iat: second - 120, exp: second - 60 } }),
    ];
    for (const each of refused) {
      await expect(world.lms.authenticateSite(each)).rejects.toMatchObject({
        ...{ reason: 'TOKEN_INVALID', message: 'The token is not valid.' },
      });
    }
    // Not a site's: for whoever reads other tokens.
    expect(await world.lms.authenticateSite(await world.token(site))).toBeNull();
    expect(await world.lms.authenticateSite('x.y.z')).toBeNull();
  });

  test('no person is a site', async () => {
    expect(await outcomeOf(rpc().getSite({}, world.ctx()))).toBe('CREDENTIALS_MISSING');
    expect(await outcomeOf(rpc().erasePerson({ person: '5' }, world.ctx()))).toBe('CREDENTIALS_MISSING');
  });

  test('learns which connection it is', async () => {
    expect(await rpc().getSite({}, await call())).toEqual({
      ...{
        organisation: 'UCY',
        connection: `lmsConnections/${site.connection}`,
        address: 'https://moodle.test',
      },
      ...{ serverTime: new Date(world.clock.now()), publicUrl: 'https://probity.test' },
      minimumPluginVersion: '0.1.0',
    });
  });

  test('whom it asks about and nobody knows is not identified, and is not made', async () => {
    expect(await rpc().getGate(QUIZ, await call())).toMatchObject({
      ...{ admitted: false, state: AdmissionState.ADMISSION_STATE_NOT_IDENTIFIED, revision: 0n },
      reason: AdmissionReason.ADMISSION_REASON_NOT_YET,
    });
    const page = { activity: 'quiz:12', pageSize: 0, pageToken: '' };
    expect(await rpc().listGates(page, await call())).toEqual({ gates: [], nextPageToken: '' });
    expect(await rpc().listSiteAlerts({ ...page, student: '' }, await call())).toEqual({
      ...{ alerts: [], nextPageToken: '' },
    });
    const attempt = { ...QUIZ, attempt: '9', eventTime: undefined };
    const began = { ...attempt, event: AttemptEvent.ATTEMPT_EVENT_STARTED };
    expect(await outcomeOf(rpc().recordAttempt(began, await call()))).toBe('USER_NOT_FOUND');
    expect(await outcomeOf(rpc().requestSiteApproval({ ...QUIZ, note: '' }, await call()))).toBe(
      'USER_NOT_FOUND',
    );
    expect(await outcomeOf(rpc().exportPerson({ person: '5' }, await call()))).toBe('USER_NOT_FOUND');
    expect([asked, await world.storage.db('users').select()]).toEqual([[], []]);
  });

  test('asks and tells of those it has sent, and of no other site’s', async () => {
    await world.launch(site);
    const exam = await idOf('exams');
    const ada = await idOf('users');
    expect(await rpc().getGate(QUIZ, await call())).toMatchObject({
      ...{ admitted: true, state: AdmissionState.ADMISSION_STATE_IDENTIFIED, revision: 7n, student: '5' },
    });
    const over = { ...QUIZ, attempt: '9', event: AttemptEvent.ATTEMPT_EVENT_SUBMITTED };
    await rpc().recordAttempt({ ...over, eventTime: undefined }, await call());
    await rpc().recordAttempt({ ...over, eventTime: new Date(5_000) }, await call());
    await rpc().recordAttempt({ ...over, eventTime: new Date(world.clock.now() + 60_000) }, await call());
    await rpc().requestSiteApproval({ ...QUIZ, note: 'It is me.' }, await call());
    expect(asked).toEqual([
      ['gate', exam, ada],
      ['attempt', exam, ada, { id: '9', on: false, at: world.clock.now() }],
      ['attempt', exam, ada, { id: '9', on: false, at: 5_000 }],
      ['attempt', exam, ada, { id: '9', on: false, at: world.clock.now() }],
      ['request', exam, ada, 'It is me.'],
    ]);
    const other = await world.connect('https://other.test');
    expect((await rpc().getGate(QUIZ, await call({}, other))).admitted).toBe(false);
    expect(await outcomeOf(rpc().exportPerson({ person: '5' }, await call({}, other)))).toBe(
      'USER_NOT_FOUND',
    );
    expect(await outcomeOf(rpc().erasePerson({ person: '5' }, await call({}, other)))).toBe('USER_NOT_FOUND');
  });

  test('passes on what a named teacher decides, who does not come to run the exam by it', async () => {
    await world.launch(site);
    const decided = { ...QUIZ, approve: true, note: 'Seen.', actor: ACTOR };
    expect((await rpc().decideApproval(decided, await call())).state).toBe(
      AdmissionState.ADMISSION_STATE_APPROVED,
    );
    const review = {
      ...{ activity: 'quiz:12', alert: ALERT, decision: AlertDecision.ALERT_DECISION_CONFIRMED, note: '' },
      actor: ACTOR,
    };
    await rpc().reviewSiteAlert(review, await call());
    const tutor = (await world.storage.db('users').where('email', ACTOR.email).first()) as Record<
      string,
      string
    >;
    expect(tutor).toMatchObject({
      role: 'INSTRUCTOR',
      origin: 'LMS',
      given_name: 'Tess',
      family_name: 'Tutor',
    });
    expect(asked.map(([what, , , decision]) => [what, decision])).toEqual([
      ['decide', { approve: true, note: 'Seen.', staffId: tutor['id'] }],
      ['review', { decision: 'CONFIRMED', note: '', staffId: tutor['id'] }],
    ]);
    expect(await world.storage.db('exam_staff').select()).toEqual([]);
    // The same person as the one who launches later.
    expect((await world.launch(site, TEACHER)).user!.name).toBe(`users/${tutor['id']}`);
  });

  test('cannot speak for an account that is not its own', async () => {
    await world.launch(site);
    const request = {
      email: ACTOR.email,
      givenName: 'A',
      familyName: 'B',
      password: 'a long password',
      role: Role.ROLE_ADMIN,
    };
    await world.identity.handlers.users.createUser(request, world.ctx());
    const decided = { ...QUIZ, approve: true, note: '', actor: ACTOR };
    expect(await outcomeOf(rpc().decideApproval(decided, await call()))).toBe('ACCOUNT_CONFLICT');
    expect(asked).toEqual([]);
  });

  test('what it sends is looked at', async () => {
    for (const bad of [{ activity: '12' }, { activity: 'quiz:x' }, { student: '../5' }, { student: '' }]) {
      expect(await outcomeOf(rpc().getGate({ ...QUIZ, ...bad }, await call()))).toBe('INVALID_FIELDS');
    }
    const decided = { ...QUIZ, approve: true, note: '', actor: undefined };
    expect(await outcomeOf(rpc().decideApproval(decided, await call()))).toBe('INVALID_FIELDS');
  });

  test('an account with a password is not erased by it', async () => {
    await world.launch(site);
    await world.storage.db('users').update({ password_hash: 'x' });
    expect(await outcomeOf(rpc().erasePerson({ person: '5' }, await call()))).toBe('ACCOUNT_CONFLICT');
  });
});
