import type { Browser } from 'playwright-core';
import { StatusError, type Reason } from '../../src/call/index.js';
import { LaunchResponse, LaunchRole } from '../../src/grpc/gen/probity/lms/v1/launch_service.js';
import { startFacade } from '../http/support/facade.js';
import type { Script } from '../http/support/scripted_core.js';
import * as actor from '../support/actor.js';
import { accessibilityProblems, buildPages, startBrowser, type BuiltPages } from '../support/browser.js';

/* What the pages show where they cannot go on, or before anybody is signed in: each in English and Greek, for everybody. */

const refuses = (reason: Reason) => (): never => {
  throw new StatusError(reason, 'In words.', { retryAfterMs: 60_000 });
};
const user = { name: 'users/u1', email: 'ada@ucy.test', givenName: 'Ada', familyName: 'Byron' };
const launched: Script = {
  'launches.launch': () =>
    LaunchResponse.fromPartial({
      ...{ accessToken: 'student', refreshToken: 'R', expireTime: new Date(), user, exam: 'exams/12' },
      ...{ language: 'en', role: LaunchRole.LAUNCH_ROLE_STUDENT, opener: 'https://moodle.test' },
      policy: { challenge: false, interval: 10, grace: 60, monitor: true },
    }),
};
const over: Script = { 'authentication.refreshToken': refuses('TOKEN_REUSED') };
const organisations: Script = {
  'organisations.listOrganisations': () => ({
    organisations: ['UC', 'UCY'].map((code) => ({ name: `organisations/${code}`, displayName: code })),
  }),
  'sso.listSignInOptions': () => ({
    options: [{ provider: 'identityProviders/p1', displayName: 'University of Cyprus' }],
  }),
};

const HASH = '#launch=token';
const VIEWS: [what: string, path: string, script: Script, heading: string, signedIn?: boolean][] = [
  [
    'a launch that was used',
    `/capture/${HASH}`,
    { 'launches.launch': refuses('LAUNCH_USED') },
    'This link was used already',
  ],
  ['no exam', '/capture/', {}, 'No exam was named', true],
  [
    'an exam that is gone',
    `/capture/${HASH}`,
    { ...launched, 'capture.getCapture': refuses('EXAM_NOT_FOUND') },
    'Something went wrong',
  ],
  [
    'a busy server',
    `/capture/${HASH}`,
    { ...launched, 'capture.getCapture': refuses('ENGINE_OVERLOADED') },
    'Something went wrong',
  ],
  [
    'a login that is over',
    `/capture/${HASH}`,
    { ...launched, ...over, 'capture.getCapture': refuses('TOKEN_INVALID') },
    'Open this window again',
  ],
  ['nobody signed in', '/review/', {}, 'Sign in to review'],
  [
    'a launch that was used',
    `/review/${HASH}`,
    { 'launches.launch': refuses('LAUNCH_USED') },
    'This link was used already',
  ],
  [
    'a student',
    '/review/',
    { 'reviews.listReviews': refuses('ROLE_REQUIRED') },
    'This page is for teachers',
    true,
  ],
  [
    'an exam of others',
    '/review/#/exams/9',
    { 'exams.getExam': refuses('EXAM_NOT_FOUND') },
    'There is no such exam',
    true,
  ],
  [
    'a busy server',
    '/review/',
    { 'reviews.listReviews': refuses('DATABASE_UNAVAILABLE') },
    'Something went wrong',
    true,
  ],
  [
    'a login that is over',
    '/review/',
    { ...over, 'reviews.listReviews': refuses('TOKEN_INVALID') },
    'You were signed out',
    true,
  ],
  ['nobody signed in', '/sign-in/', organisations, 'Sign in'],
  [
    'a server that is away',
    '/sign-in/',
    { 'organisations.listOrganisations': refuses('DATABASE_UNAVAILABLE') },
    'Sign in',
  ],
  ['somebody who signed out', '/sign-in/?signed-out', organisations, 'Sign in'],
  [
    'somebody signed in',
    '/sign-in/',
    {
      ...organisations,
      'authentication.refreshToken': () => ({
        accessToken: 'student',
        refreshToken: 'R',
        expireTime: new Date(),
        user,
      }),
    },
    'You are signed in',
    true,
  ],
];

describe('a page that stands still', () => {
  let pages: BuiltPages;
  let browser: Browser;

  beforeAll(async () => {
    pages = await buildPages();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await pages.remove();
  });

  it.each(VIEWS)('%s: %s', async (_, path, script, heading, signedIn = false) => {
    const facade = await startFacade({ webDir: pages.directory, script });
    const context = await browser.newContext({ locale: 'en-GB' });
    if (signedIn) {
      const login = { accessToken: 'student', refreshToken: 'R', user, launch: null };
      const kept = JSON.stringify(JSON.stringify(login));
      await context.addInitScript(`sessionStorage.setItem('probity.session', ${kept})`);
    }
    // A page that tries again by its clock would be drawn anew while it is looked at.
    await actor.installPulse(context, () => 0);
    const page = await context.newPage();
    await page.goto(facade.url + path);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Ελληνικά' }).click();
    await page.locator('h1', { hasNotText: heading }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('el');
    expect(await accessibilityProblems(page)).toEqual([]);
    await context.close();
    await facade.close();
  });
});
