import { databases } from '../../support/databases.js';
import { posted, type Released } from '../../support/identity-provider.js';
import { logIn, register, trail } from '../support.js';
import { Role } from '../../../src/grpc/gen/probity/identity/v1/user_service.js';
import { ADA, begin, Browser, createWorld, pkce, post, signIn, SETTINGS, type World } from './world.js';

const SESSION = '__Host-probity';

interface Session {
  accessToken: string;
  user: { name: string; email: string; role: string; givenName: string };
}

async function sessionOf(browser: Browser): Promise<Session> {
  const answer = await browser.page('POST', '/browser-session/refresh');
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body as Session;
}

describe.each(databases)('signing in through the university, on $name', ({ open }) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(await open());
  });
  afterAll(() => world.close());
  const start = (settings: Record<string, unknown> = {}) => world.reset(settings);
  const usersNamed = (email: string) => world.storage.db('users').where({ email }).select('id', 'role');

  it('a new student comes in, with the role of their affiliation, and stays who they are', async () => {
    await start();
    const browser = new Browser(world.facade);
    const first = await signIn(world, browser);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/review/']);
    const cookie = first.headers.getSetCookie().find((line) => line.startsWith(`${SESSION}=`));
    expect(cookie).toMatch(/^__Host-probity=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);

    const { user, accessToken } = await sessionOf(browser);
    expect(user).toMatchObject({ email: 'ada@ucy.ac.cy', role: 'STUDENT', givenName: 'Ada' });
    await expect(world.identity.authenticate(accessToken)).resolves.toMatchObject({
      ...{ method: 'SSO', role: 'STUDENT', organisationId: 'UCY' },
    });
    const about = await trail(world, user.name.slice('users/'.length));
    expect(about.map(({ action }) => action)).toEqual([
      'user.created',
      'sso.account_linked',
      'login.succeeded',
    ]);
    expect(about[2]?.details).toMatchObject({ method: 'SSO' });

    // The id decides: a new e-mail and another affiliation make nobody else of them.
    const later = new Browser(world.facade);
    await signIn(world, later, {
      ...ADA,
      eppn: 'ADA@UCY.AC.CY',
      mail: 'ada.byron@ucy.ac.cy',
      affiliation: 'faculty',
    });
    expect((await sessionOf(later)).user).toEqual(user);
    expect(await usersNamed('ada.byron@ucy.ac.cy')).toEqual([]);
  });

  it('the first of the mapped affiliations counts, whatever the order the university says them in', async () => {
    await start();
    const browser = new Browser(world.facade);
    await signIn(world, browser, { ...ADA, affiliation: ['member', 'student', 'FACULTY'] });
    expect((await sessionOf(browser)).user.role).toBe('INSTRUCTOR');
  });

  it.each([
    ['nobody is made where the policy is OFF', { provisioning: 'OFF' }, ADA],
    ['no instructor where it is STUDENTS', { provisioning: 'STUDENTS' }, { ...ADA, affiliation: 'faculty' }],
    ['nobody whose affiliation has no role', {}, { ...ADA, affiliation: 'alum' }],
    ['nobody without an e-mail', {}, { ...ADA, mail: [] }],
    ['nobody without a name', {}, { ...ADA, sn: [] }],
  ])('%s', async (_, settings, released) => {
    await start(settings);
    const answer = await signIn(world, new Browser(world.facade), released);
    expect([answer.status, answer.body]).toMatchObject([403, { reason: 'ACCOUNT_NOT_ADMITTED' }]);
    expect(await usersNamed('ada@ucy.ac.cy')).toEqual([]);
    expect(await world.storage.db('sso_accounts').select()).toEqual([]);
  });

  it('nobody becomes an ADMIN, because no mapping can say so', async () => {
    await start();
    const roles = [{ affiliation: 'staff', role: 'ADMIN' }];
    const answer = await world.admins('PUT', `/identity-providers/${world.provider.id}`, {
      ...SETTINGS,
      roles,
    });
    expect([answer.status, answer.body]).toMatchObject([400, { reason: 'INVALID_FIELDS' }]);
  });

  it('a student without a password, whom staff registered, is met by e-mail, under every policy', async () => {
    await start({ provisioning: 'OFF' });
    const person = { email: 'ada@ucy.ac.cy', givenName: 'A', familyName: 'B', password: '', role: 'STUDENT' };
    const made = await world.admins('POST', '/users', { ...person, password: undefined });
    const browser = new Browser(world.facade);
    await signIn(world, browser);
    expect((await sessionOf(browser)).user.name).toBe((made.body as { name: string }).name);
    // But not by a second id: one of the two would be somebody else.
    const other = await signIn(world, new Browser(world.facade), { ...ADA, eppn: 'other@ucy.ac.cy' });
    expect([other.status, other.body]).toMatchObject([403, { reason: 'ACCOUNT_CONFLICT' }]);
  });

  it('an account with a password, or of staff, is taken over by nobody, until an ADMIN links it', async () => {
    await start();
    const withPassword = await register(world, Role.ROLE_STUDENT);
    const staff = await world.admins('POST', '/users', {
      ...{ email: 'prof@ucy.ac.cy', givenName: 'A', familyName: 'B', role: 'INSTRUCTOR' },
    });
    for (const mail of [withPassword.email, 'prof@ucy.ac.cy']) {
      const answer = await signIn(world, new Browser(world.facade), { ...ADA, mail });
      expect([answer.status, answer.body]).toMatchObject([403, { reason: 'ACCOUNT_CONFLICT' }]);
    }
    expect(world.log.filter(({ msg }) => msg === 'call refused')).toHaveLength(2);

    const link = { externalId: 'Prof@ucy.ac.cy', user: (staff.body as { name: string }).name };
    const path = `/identity-providers/${world.provider.id}/accounts`;
    expect((await world.admins('POST', path, link)).status).toBe(204);
    expect((await world.admins('POST', path, link)).status).toBe(204);
    const twice = await world.admins('POST', path, { ...link, externalId: 'another@ucy.ac.cy' });
    expect([twice.status, twice.body]).toMatchObject([400, { reason: 'INVALID_FIELDS' }]);
    const browser = new Browser(world.facade);
    await signIn(world, browser, { ...ADA, eppn: 'prof@ucy.ac.cy', mail: 'prof@ucy.ac.cy' });
    expect((await sessionOf(browser)).user).toMatchObject({ name: link.user, role: 'INSTRUCTOR' });
  });

  it('two first visits at once make one account', async () => {
    await start();
    const browsers = Array.from({ length: 4 }, () => new Browser(world.facade));
    const answers = await Promise.all(browsers.map((browser) => signIn(world, browser)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect(await usersNamed('ada@ucy.ac.cy')).toHaveLength(1);
  });

  /** First visits of several people at once, each as far as they get: status, and who is signed in. */
  async function visits(...released: Released[]): Promise<{ status: number; user: string | null }[]> {
    const coming = await Promise.all(
      released.map(async (each) => {
        const browser = new Browser(world.facade);
        const request = await begin(world, browser);
        return { browser, response: world.idp.respond(world.provider.to, request, { released: each }) };
      }),
    );
    return Promise.all(
      coming.map(async ({ browser, response }) => {
        const { status } = await post(world, browser, response);
        return { status, user: status === 303 ? (await sessionOf(browser)).user.name : null };
      }),
    );
  }
  const student = (email: string) =>
    world.admins('POST', '/users', { email, givenName: 'A', familyName: 'B', role: 'STUDENT' });
  const accounts = () => world.storage.db('sso_accounts').select('external_id', 'user_id');

  it('of several ids with one e-mail at once, one is that person, and the others are nobody', async () => {
    await start();
    await student(ADA.mail);
    const ids = ['a', 'b', 'c', 'd'].map((id) => ({ ...ADA, eppn: `${id}@ucy.ac.cy` }));
    const statuses = (await visits(...ids)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([303, 403, 403, 403]);
    expect(await accounts()).toHaveLength(1);
  });

  it('one id with several e-mails at once is one person', async () => {
    await start();
    const mails = ['a', 'b', 'c', 'd'].map((name) => `${name}@ucy.ac.cy`);
    for (const mail of mails) await student(mail);
    const came = await visits(...mails.map((mail) => ({ ...ADA, mail })));
    const [account] = (await accounts()) as { user_id: string }[];
    const expected = { status: 303, user: `users/${account!.user_id}` };
    expect(came).toEqual(mails.map(() => expected));
    expect(await accounts()).toHaveLength(1);
  });

  it('an ADMIN who links one person by several ids at once has linked one', async () => {
    await start();
    const { name } = (await student('eve@ucy.ac.cy')).body as { name: string };
    const path = `/identity-providers/${world.provider.id}/accounts`;
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((id) => world.admins('POST', path, { externalId: `${id}@ucy.ac.cy`, user: name })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400]);
    expect(await accounts()).toHaveLength(1);
    const nobody = { externalId: 'z@ucy.ac.cy', user: `users/${world.provider.id}` };
    expect((await world.admins('POST', path, nobody)).status).toBe(404);
  });

  it('an answer is good once, on whichever of two nodes', async () => {
    await start();
    const browser = new Browser(world.facade);
    const request = await begin(world, browser);
    const response = world.idp.respond(world.provider.to, request, { released: ADA });
    const elsewhere = new Browser(await world.anotherFacade());
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    const answers = await Promise.all([post(world, browser, response), post(world, elsewhere, response)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 401]);
    const again = await post(world, elsewhere, response);
    expect([again.status, again.body]).toMatchObject([401, { reason: 'SSO_REFUSED' }]);
    expect(await world.storage.db('logins').where({ method: 'SSO' })).toHaveLength(1);
  });

  it('who sends rubbish has to wait, and fills no audit trail; a good answer passes all the same', async () => {
    await start();
    const at = Date.now();
    world.clock.now = () => at;
    const entries = (after = 0) =>
      world.audit.list(world.storage.db, { organisationId: 'UCY', after, limit: 1000 });
    const last = (await entries()).at(-1)!.id;
    const stranger = new Browser(world.facade);
    const rubbish = async () => (await post(world, stranger, posted('<nothing/>'))).status;
    for (let n = 0; n < 18; n++) expect(await rubbish()).toBe(401);
    const slo = `/probity/v1/sso/providers/${world.provider.id}/slo`;
    expect((await stranger.send('GET', `${slo}?SAMLRequest=AAAA`)).status).toBe(401);
    const codeless = { code: 'none', codeVerifier: pkce().codeVerifier, redirectUri: 'http://127.0.0.1:1/' };
    const exchange = () => world.facade.send('POST', '/probity/v1/sso/tokens', { body: codeless });
    expect((await exchange()).status).toBe(401);

    expect(await rubbish()).toBe(429);
    const late = await exchange();
    expect([late.status, late.body]).toMatchObject([429, { reason: 'TOO_MANY_ATTEMPTS' }]);
    const told = world.log.filter(({ msg }) => msg === 'sign-on refused').map(({ problem }) => problem);
    expect([told.length, ...told.slice(-2)]).toEqual([22, 'UNREADABLE', 'CODE']);
    expect((await signIn(world, new Browser(world.facade))).status).toBe(303);
    expect((await entries(last)).map(({ action }) => action)).not.toContain('sso.refused');
  });

  it('two tabs of one browser sign in side by side', async () => {
    await start();
    const browser = new Browser(world.facade);
    const requests = [await begin(world, browser), await begin(world, browser, '?return=/capture/')];
    const places = [];
    for (const request of requests) {
      const response = world.idp.respond(world.provider.to, request, { released: ADA });
      places.push((await post(world, browser, response)).headers.get('location'));
    }
    expect(places).toEqual(['/review/', '/capture/']);
  });

  it('an attribute of another name, and a subject-id, say who it is, if the ADMIN says so', async () => {
    const subjectId = 'urn:oasis:names:tc:SAML:attribute:subject-id';
    await start({ attributes: { externalId: subjectId } });
    const browser = new Browser(world.facade);
    const request = await begin(world, browser);
    const { idp, provider } = world;
    const xml = idp
      .unsigned(provider.to, request, { released: { ...ADA, eppn: 'ABC123@ucy.ac.cy' } })
      .replace('urn:oid:1.3.6.1.4.1.5923.1.1.1.6', subjectId);
    expect((await post(world, browser, posted(idp.sign(xml)))).status).toBe(303);
    expect(await world.storage.db('sso_accounts').pluck('external_id')).toEqual(['abc123@ucy.ac.cy']);
  });

  describe('a desktop client', () => {
    const REDIRECT = 'http://127.0.0.1:49152/callback?from=probity';
    let secret: ReturnType<typeof pkce>;

    async function codeOf(redirectUri = REDIRECT): Promise<URL> {
      secret = pkce();
      const { codeChallenge } = secret;
      const query = new URLSearchParams({ redirectUri, codeChallenge, state: 'a state &' });
      const browser = new Browser(world.facade);
      const request = await begin(world, browser, `?${query}`);
      const answer = await post(
        world,
        browser,
        world.idp.respond(world.provider.to, request, { released: ADA }),
      );
      expect(answer.status).toBe(303);
      expect([...browser.cookies.keys()]).not.toContain(SESSION);
      return new URL(answer.headers.get('location')!);
    }
    const exchange = (changes: Record<string, unknown>) =>
      world.facade.send('POST', '/probity/v1/sso/tokens', {
        body: { codeVerifier: secret.codeVerifier, redirectUri: REDIRECT, ...changes },
      });

    it('gets a code, and for it the tokens of a login', async () => {
      await start();
      const url = await codeOf();
      expect(url.href).toMatch(/^http:\/\/127\.0\.0\.1:49152\/callback\?from=probity&code=/);
      expect(url.searchParams.get('state')).toBe('a state &');
      const answer = await exchange({ code: url.searchParams.get('code') });
      expect([answer.status, answer.body]).toMatchObject([
        200,
        { user: { email: 'ada@ucy.ac.cy' }, refreshToken: expect.any(String) as string },
      ]);
      const again = await exchange({ code: url.searchParams.get('code') });
      expect([again.status, again.body]).toMatchObject([401, { reason: 'SSO_REFUSED' }]);
    });

    it('has a code that is used up by whoever shows it without what it is bound to', async () => {
      await start();
      for (const wrong of [
        { codeVerifier: pkce().codeVerifier },
        { redirectUri: 'http://127.0.0.1:49153/callback' },
      ]) {
        const code = (await codeOf()).searchParams.get('code');
        expect((await exchange({ code, ...wrong })).status).toBe(401);
        expect((await exchange({ code })).status).toBe(401);
      }
      expect(world.log.filter(({ msg }) => msg === 'call refused').map(problemOf)).toEqual(
        Array.from({ length: 4 }, () => expect.stringMatching(/^CODE: /) as string),
      );
    });

    it('has a code for 60 seconds', async () => {
      await start();
      const code = (await codeOf()).searchParams.get('code');
      world.clock.now = () => Date.now() + 60_000;
      expect((await exchange({ code })).status).toBe(401);
    });

    it('listens on its own machine', async () => {
      await start();
      const at = (more: Record<string, string>) => {
        const query = new URLSearchParams({ codeChallenge: pkce().codeChallenge, state: '', ...more });
        return world.facade.send('GET', `/probity/v1/sso/providers/${world.provider.id}/login?${query}`);
      };
      const wrongs: Record<string, string>[] = [
        { redirectUri: 'http://evil.test:49152/' },
        { redirectUri: REDIRECT, return: '/review/' },
        { redirectUri: REDIRECT, codeChallenge: 'short' },
        { return: '//evil.test/' },
      ];
      for (const wrong of wrongs) {
        const answer = await at(wrong);
        expect([answer.status, answer.body]).toMatchObject([400, { reason: 'INVALID_FIELDS' }]);
      }
    });
  });

  describe('a browser’s session', () => {
    it('begins with a password as well, goes on for one page at a time, and ends', async () => {
      await start();
      const { email } = await register(world);
      const browser = new Browser(world.facade);
      const credentials = { organisation: 'UCY', email, password: 'correct horse battery staple' };
      const begun = await browser.page('POST', '/browser-session', credentials);
      expect([begun.status, begun.body]).toMatchObject([200, { user: { email } }]);
      expect(begun.body).not.toHaveProperty('refreshToken');
      const [held] = browser.cookies.values();
      await sessionOf(browser);
      expect([...browser.cookies.values()]).not.toEqual([held]);

      const ended = await browser.page('DELETE', '/browser-session');
      expect([ended.status, ended.body]).toEqual([200, { logoutUrl: null }]);
      expect([...browser.cookies]).toEqual([]);
      const after = await browser.page('POST', '/browser-session/refresh');
      expect([after.status, after.body]).toMatchObject([401, { reason: 'TOKEN_INVALID' }]);
    });

    it.each([
      ['without an origin', {}],
      ['from another site', { origin: 'https://evil.test' }],
      ['from a page that hides where it is', { origin: 'null' }],
    ])('is not for requests %s', async (_, headers) => {
      await start();
      const browser = new Browser(world.facade);
      await signIn(world, browser);
      for (const [method, path] of [
        ['POST', '/browser-session'],
        ['POST', '/browser-session/refresh'],
        ['DELETE', '/browser-session'],
      ] as const) {
        const answer = await browser.send(method, `/probity/v1${path}`, { headers });
        expect([path, answer.status, answer.body]).toMatchObject([path, 403, { reason: 'FOREIGN_ORIGIN' }]);
      }
      await sessionOf(browser);
    });

    it('tells a person in front of a browser on a page what went wrong', async () => {
      await start();
      const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
      const path = `/probity/v1/sso/providers/${world.provider.id}/acs`;
      const body = new URLSearchParams({ SAMLResponse: posted('<nothing/>') });
      const answer = await new Browser(world.facade).send('POST', path, { body, headers });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in/?problem=SSO_REFUSED']);
    });
  });

  it('erasure and export know whom the university takes somebody for', async () => {
    await start();
    const browser = new Browser(world.facade);
    await signIn(world, browser);
    const { user } = await sessionOf(browser);
    const id = user.name.slice('users/'.length);
    const { subjectData } = world.identity;
    await expect(subjectData.export(world.storage.db, id)).resolves.toMatchObject({
      logins: [{ method: 'SSO' }],
      ssoAccounts: [{ provider: world.provider.id, externalId: 'ada@ucy.ac.cy' }],
    });
    const erased = await world.storage.transaction((tx) => subjectData.erase(tx, id));
    expect(erased).toMatchObject({ users: 1, sso_accounts: 1, logins: 1 });
    for (const table of ['sso_accounts', 'sso_sessions', 'sso_codes']) {
      expect(await world.storage.db(table).select()).toEqual([]);
    }
  });

  it('what is over is forgotten', async () => {
    await start();
    const browser = new Browser(world.facade);
    await begin(world, browser);
    await signIn(world, browser);
    const { subjectData } = world.identity;
    await subjectData.expire(Date.now() + 9 * 60_000, 100);
    expect(await world.storage.db('sso_requests').select()).toHaveLength(1);
    await subjectData.expire(Date.now() + 61 * 60_000, 100);
    for (const table of ['sso_requests', 'sso_spent']) {
      expect(await world.storage.db(table).select()).toEqual([]);
    }
  });

  it('a password login says that it was one', async () => {
    await start();
    const somebody = await register(world);
    const { accessToken } = await logIn(world, somebody);
    await expect(world.identity.authenticate(accessToken)).resolves.toMatchObject({ method: 'PASSWORD' });
  });
});

function problemOf({ err }: Record<string, unknown>): string {
  return (err as { message: string }).message;
}
