import type { Browser, Page } from 'playwright-core';
import { accessibilityProblems, buildPages, startBrowser, type BuiltPages } from '../support/browser.js';
import { startFacade, type Facade } from '../http/support/facade.js';

describe('a page without a launch', () => {
  let pages: BuiltPages;
  let facade: Facade;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    pages = await buildPages();
    facade = await startFacade({ webDir: pages.directory });
    browser = await startBrowser();
    page = await browser.newPage({ locale: 'en-GB' });
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) errors.push(line.text());
    });
    await page.goto(`${facade.url}/capture/`);
  });
  afterAll(async () => {
    await browser.close();
    await facade.close();
    await pages.remove();
  });

  const heading = (): Promise<string | null> => page.locator('h1').textContent();

  it('runs under its policy, and says what to do', async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await heading()).toBe('Open this window from your exam');
    expect(errors).toEqual([]);
  });

  it.each([
    ['Ελληνικά', 'el', 'Ανοίξτε αυτό το παράθυρο από την εξέτασή σας'],
    ['English', 'en', 'Open this window from your exam'],
  ])('speaks %s, chosen by hand', async (choice, lang, title) => {
    await page.getByRole('button', { name: choice }).click();
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe(lang);
    // The keyboard stays where it was.
    expect(await page.evaluate('document.activeElement.textContent')).toBe(choice);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('leads to where people sign in, who then come back to it, where it would know for which exam', async () => {
    expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBe(0);
    await page.goto(`${facade.url}/capture/?exam=12`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.waitForURL(`${facade.url}/sign-in/?return=${encodeURIComponent('/capture/?exam=12')}`);
  });
});
