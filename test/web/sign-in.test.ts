import type { Browser, Page } from 'playwright-core';
import { accessibilityProblems, buildPages, startBrowser, type BuiltPages } from '../support/browser.js';
import { databases } from '../support/databases.js';
import { PASSWORD, register } from '../identity/support.js';
import { ADA, createWorld, type World } from '../identity/saml/world.js';

describe('the sign-in page', () => {
  let pages: BuiltPages;
  let world: World;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    pages = await buildPages();
    world = await createWorld(await databases[0]!.open(), { webDir: pages.directory });
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await world.close();
    await pages.remove();
  });
  beforeEach(async () => {
    await world.reset();
    page = await browser.newPage({ locale: 'en-GB' });
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) errors.push(line.text());
    });
    // The university: whoever comes is Ada, and is sent back with a form.
    await page.route('https://idp.ucy.test/**', async (route) => {
      const { id } = world.idp.request(route.request().url());
      const response = world.idp.respond(world.provider.to, id, { released: ADA });
      const acs = `${world.facade.url}/probity/v1/sso/providers/${world.provider.id}/acs`;
      await route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${response}"></form>
               <script>document.forms[0].submit()</script>`,
      });
    });
  });
  afterEach(async () => {
    await page.close();
    expect(errors).toEqual([]);
  });

  const open = (query = '') => page.goto(`${world.facade.url}/sign-in/${query}`);
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const choose = () => page.getByLabel('Organisation').selectOption('UCY');

  it('signs in through the university, and out again', async () => {
    await open();
    await heading('Sign in');
    await choose();
    await page.getByRole('link', { name: 'Sign in with University of Cyprus' }).click();
    await heading('You are signed in');
    expect(await page.locator('main').textContent()).toContain('Ada Byron (ada@ucy.ac.cy)');
    const [held] = (await page.context().cookies()).filter(({ name }) => name === '__Host-probity');
    expect(held).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict' });
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.reload();
    await heading('You are signed in');
    const left = page.waitForRequest((request) => request.url().startsWith('https://idp.ucy.test/slo'));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await left;
    await open('?signed-out');
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
