import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessibilityProblems, buildPages, startBrowser, type BuiltPages } from '../support/browser.js';
import { databases } from '../support/databases.js';
import { logIn, PASSWORD, register } from '../identity/support.js';
import { ADA, createWorld, type World } from '../identity/saml/world.js';

describe('the sign-in page', () => {
  let pages: BuiltPages;
  let world: World;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    pages = await buildPages();
    world = await createWorld(await databases[0]!.open(), { webDir: pages.directory });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
    await pages.remove();
  });
  beforeEach(async () => {
    await world.reset();
    context = await browser.newContext({ locale: 'en-GB' });
    page = await context.newPage();
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) errors.push(line.text());
    });
    // The university: whoever comes is Ada, and is sent back with a form; whoever leaves, with our request answered.
    await page.route('https://idp.ucy.test/**', async (route) => {
      const { idp, provider, facade } = world;
      const url = route.request().url();
      const { id } = idp.request(url);
      const ours = `${facade.url}/probity/v1/sso/providers/${provider.id}`;
      if (new URL(url).pathname === '/slo') {
        const answer = idp.logoutQuery(provider.to, idp.logoutResponse(provider.to, id), 'SAMLResponse');
        await route.fulfill({ status: 303, headers: { location: `${ours}/slo?${answer}` } });
        return;
      }
      const response = idp.respond(provider.to, id, { released: ADA });
      await route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${ours}/acs"><input type="hidden" name="SAMLResponse" value="${response}"></form>
               <script>document.forms[0].submit()</script>`,
      });
    });
  });
  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });

  const open = (query = '') => page.goto(`${world.facade.url}/sign-in/${query}`);
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const choose = () => page.getByLabel('Organisation').selectOption('UCY');

  async function signInAsAda(): Promise<void> {
    await open();
    await heading('Sign in');
    await choose();
    await page.getByRole('link', { name: 'Sign in with University of Cyprus' }).click();
    await heading('You are signed in');
  }
  async function byPassword(email: string): Promise<void> {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  it('signs in through the university, and out again', async () => {
    await signInAsAda();
    expect(await page.locator('main').textContent()).toContain('Ada Byron (ada@ucy.ac.cy)');
    const [held] = (await context.cookies()).filter(({ name }) => name === '__Host-probity');
    expect(held).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict' });
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.reload();
    await heading('You are signed in');
    const left = page.waitForRequest((request) => request.url().startsWith('https://idp.ucy.test/slo'));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await left;
    await heading('Sign in');
    expect(await page.locator('.state').textContent()).toContain('You are signed out.');
  });

  it('signs in by password, and goes on to a page of ours only', async () => {
    const { email } = await register(world);
    await open('?return=//evil.test/&organisation=UCY');
    await heading('Sign in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The e-mail or the password is wrong.').first().waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading('You are signed in');
    expect(page.url()).toBe(`${world.facade.url}/sign-in/`);
    // Who is signed in already goes on at once.
    await open('?return=/sign-in/%3Forganisation=UCY');
    await page.waitForURL(`${world.facade.url}/sign-in/?organisation=UCY`);
    await heading('You are signed in');
  });

  /** Leaves a login in the window's own storage, as a launch from an LMS does. */
  async function launched(who: { email: string; organisation: string }): Promise<{ refreshToken: string }> {
    const { accessToken, refreshToken, user } = await logIn(world, who);
    const person = { name: user!.name, email: who.email, givenName: 'Ada', familyName: 'Byron' };
    const launch = { exam: 'exams/1', role: 'STUDENT', language: 'en', opener: 'https://moodle.test' };
    const login = { accessToken, refreshToken, user: person, launch };
    await page.evaluate(
      `sessionStorage.setItem('probity.session', ${JSON.stringify(JSON.stringify(login))})`,
    );
    return { refreshToken };
  }
  const kept = () => page.evaluate<string | null>("sessionStorage.getItem('probity.session')");
  const refresh = async (refreshToken: string) =>
    (await world.facade.send('POST', '/probity/v1/refresh', { body: { refreshToken } })).status;

  it('a launch’s login is ended by signing out, and forgotten', async () => {
    const somebody = await register(world);
    await open();
    await heading('Sign in');
    await launched(somebody);
    await open();
    await heading('You are signed in');
    expect(await page.locator('main').textContent()).toContain(somebody.email);
    // Renewed when it was shown: what proves that it has ended is the token of now.
    const { refreshToken } = JSON.parse((await kept())!) as { refreshToken: string };
    await page.route('**/browser-session', (route) => route.abort(), { times: 1 });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('does not answer').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').first().waitFor();
    expect([await refresh(refreshToken), await kept()]).toEqual([401, null]);
  });

  it('a launch’s login that has ended signs nobody in, and sends nobody back to where it is refused', async () => {
    const somebody = await register(world);
    await open();
    await heading('Sign in');
    const { refreshToken } = await launched(somebody);
    // It was used elsewhere since.
    expect(await refresh(refreshToken)).toBe(200);
    await open('?return=/review/');
    await heading('Sign in');
    expect(await kept()).toBeNull();
  });

  it.each(['by password', 'through the university'])(
    'who signs in %s is not taken for who was launched in this window before',
    async (how) => {
      const [before, { email }] = [await register(world), await register(world)];
      await open('?problem=SSO_REFUSED&organisation=UCY');
      await heading('Sign in');
      await launched(before);
      if (how === 'by password') await byPassword(email);
      else await page.getByRole('link', { name: 'Sign in with University of Cyprus' }).click();
      await heading('You are signed in');
      const expected = how === 'by password' ? email : ADA.mail;
      expect(await page.locator('main').textContent()).toContain(expected);
      expect(await kept()).toBeNull();
    },
  );

  it('a server that is busy has signed nobody out', async () => {
    await signInAsAda();
    await page.route(
      '**/browser-session/refresh',
      (route) => route.fulfill({ status: 503, body: '{"reason":"DATABASE_UNAVAILABLE"}' }),
      { times: 1 },
    );
    await page.reload();
    await page.getByText('Something went wrong.').first().waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading('You are signed in');
  });

  it('a page begins anew where somebody else has signed in in the meantime, and asks nothing as them before', async () => {
    await signInAsAda();
    const { email } = await register(world);
    const review = await context.newPage();
    const happened: string[] = [];
    let stale = '';
    review.on('framenavigated', () => happened.push('anew'));
    await review.route('**/probity/v1/exams', async (route) => {
      const token = route.request().headers()['authorization']!;
      happened.push(token);
      await route.fulfill(token === stale ? { status: 401 } : { body: '{"exams":[],"nextPageToken":""}' });
    });
    await review.goto(`${world.facade.url}/review/`);
    await review.getByRole('heading', { name: 'Your exams' }).waitFor();
    stale = happened.at(-1)!;

    await open('?problem=SSO_REFUSED&organisation=UCY');
    await byPassword(email);
    await heading('You are signed in');
    await review.getByRole('button', { name: 'Ελληνικά' }).click();
    await review.getByRole('heading', { name: 'Οι εξετάσεις σας' }).waitFor();
    expect(happened).toEqual(['anew', stale, stale, 'anew', happened.at(-1)]);
    expect(happened.at(-1)).not.toBe(stale);
  });

  it('says what went wrong, in English and Greek, for everybody', async () => {
    await open('?problem=ACCOUNT_NOT_ADMITTED&organisation=UCY');
    await heading('Sign in');
    expect(await page.locator('.state').textContent()).toContain('there is no account for you here');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Ελληνικά' }).click();
    await heading('Σύνδεση');
    expect(await page.evaluate('document.documentElement.lang')).toBe('el');
    expect(await page.locator('.state').textContent()).toContain('δεν υπάρχει εδώ λογαριασμός');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
