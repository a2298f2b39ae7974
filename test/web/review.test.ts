import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { AlertDecision } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import type { Core } from '../../src/grpc/index.js';
import { deferred } from '../contract/harness.js';
import { logIn, type Account } from '../resilience/sitting.js';
import { startApp, type RunningApp } from '../support/app.js';
import { accessibilityProblems, buildPages, startBrowser, type BuiltPages } from '../support/browser.js';
import { describeWithModels } from '../support/faces.js';
import { connectSite, TEACHER } from '../support/moodle-site.js';
import { openRoom, pageLogin, sitter, type Room, type Sitter } from '../support/review-room.js';

const MINUTES = 60_000;

/** The page in a real browser, against the whole service. */
describeWithModels('the review page', () => {
  let pages: BuiltPages;
  let running: RunningApp;
  let core: Core;
  let browser: Browser;
  let room: Room;
  let ann: Sitter;
  let page: Page;
  const contexts: BrowserContext[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    pages = await buildPages();
    running = await startApp({
      PROBITY_ROLES: 'grpc,http',
      PROBITY_WEB_DIR: pages.directory,
      PROBITY_REGISTRATION: 'open',
    });
    core = running.app.core;
    room = await openRoom(core, running.admin, 'Maria', 'Algebra');
    ann = await sitter(core, room, 'ann@ucy.test');
    const students = [{ email: 'eleni@ucy.test', givenName: 'Eleni', familyName: 'Georgiou' }];
    await core.exams.batchEnrolStudents({ exam: room.exam, students }, room.instructor);
    browser = await startBrowser();
    page = await signedIn(room.teacher);
  });
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await browser.close();
    await running.stop();
    await pages.remove();
  });

  /** A window in which somebody is signed in. */
  async function signedIn(account: Account): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    contexts.push(context);
    context.setDefaultTimeout(MINUTES);
    const login = JSON.stringify(await pageLogin(core, account));
    // Requests are held here, some for longer than a page waits for them.
    await context.addInitScript('AbortSignal.timeout = () => new AbortController().signal');
    await context.addInitScript(
      `if (!sessionStorage.getItem('probity.session')) sessionStorage.setItem('probity.session', ${login})`,
    );
    const opened = await context.newPage();
    opened.on('pageerror', ({ message }) => errors.push(message));
    opened.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) errors.push(line.text());
    });
    return opened;
  }
  const address = (place = ''): string => `http://127.0.0.1:${running.httpPort}/review/${place}`;
  const actions = async (): Promise<string[]> => {
    const admin = await logIn(core, running.admin);
    const request = { user: '', pageSize: 1000, pageToken: '' };
    return (await core.audit.listAuditEntries(request, admin)).entries.map(({ action }) => action);
  };
  const alerts = async () => {
    const request = { exam: room.exam, user: '', pageSize: 0, pageToken: '' };
    return (await core.proctoring.listAlerts(request, room.instructor)).alerts;
  };
  /** Presses Tab until the element with this text has the keyboard. */
  const tabTo = async (text: string): Promise<void> => {
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate<string>(
        `(() => { const at = document.activeElement; return at.labels?.[0]?.textContent ?? at.textContent ?? ''; })()`,
      );
      if (at.includes(text)) return;
    }
    throw new Error(`the keyboard does not come to “${text}”`);
  };

  it('lists the exams of the teacher, and says that a person decides', async () => {
    await page.goto(address());
    await page.getByRole('heading', { name: 'Your exams' }).waitFor();
    await page.getByText('Alerts are hints, and may be wrong. You decide').waitFor();
    await page.getByRole('link', { name: 'Algebra' }).click();
    await page.getByText('0 to decide · 1 in the exam now · 2 enrolled').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('shows an alert as it comes, says it aloud, and leaves the keyboard where it is', async () => {
    await page.getByLabel('Search by name or e-mail').focus();
    await ann.shows('TWO');
    await page.getByText('1 to decide · 1 in the exam now · 2 enrolled').waitFor();
    expect(await page.locator('.row').first().textContent()).toContain(
      'More than one person, still going on',
    );
    expect(await page.locator('[role=log]').textContent()).toBe(
      'New alert. Barack Student: More than one person.',
    );
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    await ann.shows('SELF');
    await page.getByText('More than one person', { exact: true }).waitFor();
  });

  it('filters and searches', async () => {
    await page.getByLabel('Show').selectOption('With alerts to decide');
    expect(await page.locator('.row').count()).toBe(1);
    await page.getByLabel('Show').selectOption('All students');
    await page.getByLabel('Search by name or e-mail').fill('GEORGIOÚ');
    expect(await page.locator('.row').allTextContents()).toEqual([expect.stringContaining('Eleni Georgiou')]);
    await page.getByLabel('Search by name or e-mail').fill('');
  });

  it('shows who may be another person with the evidence, the score against its threshold and the model', async () => {
    await ann.shows('OTHER', 15);
    await page.getByText('Perhaps another person, still going on').waitFor();
    await tabTo('Barack Student');
    await page.keyboard.press('Enter');
    const card = page.locator('.alert', { hasText: 'Perhaps another person' });
    await card.locator('img').waitFor();
    expect(
      await card.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth),
    ).toBeGreaterThan(100);
    const text = (await card.textContent()) ?? '';
    expect(text).toContain('An alert begins at 12.00.');
    expect(text).toMatch(/Likeness -?0\.\d\d\. That is below the 0\.\d\d/);
    expect(text).toContain('face-recognise-mobilefacenet');
    expect(await card.locator('svg.score').count()).toBe(2);
    expect(await actions()).toContain('evidence.read');
  });

  it('is decided on by keyboard alone, with a note; the decision is kept with its name', async () => {
    await page.getByRole('heading', { level: 1 }).focus();
    await tabTo('Note (optional)');
    await page.keyboard.type('Her brother, she says.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Confirm: a problem');
    await page.keyboard.press('Enter');
    await page.getByText(/^Confirmed by Maria Teacher, /).waitFor();
    const decided = (await alerts()).find(
      ({ decision }) => decision === AlertDecision.ALERT_DECISION_CONFIRMED,
    );
    expect(decided).toMatchObject({
      type: 'ALERT_TYPE_DIFFERENT_PERSON',
      decisionNote: 'Her brother, she says.',
      decidedBy: (await core.users.getUser({ name: 'users/me' }, room.instructor)).name,
    });
    expect((await actions()).filter((action) => action === 'alert.reviewed')).toHaveLength(1);
    // The keyboard goes on at what is still to be decided.
    await page.waitForFunction('document.activeElement?.textContent?.includes("More than one person")');
    await tabTo('Dismiss: not a problem');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing waits for your decision.').waitFor();
  });

  it('approves by hand, with a note', async () => {
    await page.goto(address(`#/exams/${room.number}`));
    await page.getByRole('link', { name: 'Eleni Georgiou' }).click();
    await page.getByRole('button', { name: 'Ελληνικά' }).click();
    await page.getByRole('button', { name: 'Έγκριση με το χέρι…' }).click();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Approve by hand…' }).click();
    await page.getByRole('dialog').getByLabel('Note (optional)').fill('Known to me.');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('Approved by Maria Teacher').waitFor();
    await page.getByText('Known to me.').waitFor();
    await page.getByRole('button', { name: 'Take approval back…' }).waitFor();
  });

  it.each([
    ['English', 'English', 'en'],
    ['Greek', 'Ελληνικά', 'el'],
  ])('has no problem that axe-core knows of, in %s', async (_, choice, lang) => {
    const student = (await alerts())[0]?.user.split('/')[1] ?? '';
    for (const place of ['', `#/exams/${room.number}`, `#/exams/${room.number}/students/${student}`]) {
      await page.goto(address(place));
      await page.reload();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('button', { name: choice }).click();
      await page.waitForFunction(`document.documentElement.lang === '${lang}'`);
      if (place.includes('students')) await page.locator('.alert').first().waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  });

  it('goes on after its connection was cut, and has missed nothing', async () => {
    await page.goto(address());
    await page.getByRole('button', { name: 'English' }).click();
    const end = 'event: end\ndata: {"reason":"DRAINING"}\n\n';
    await page.route('**/events', (route) => route.fulfill({ contentType: 'text/event-stream', body: end }), {
      times: 1,
    });
    await page.goto(address(`#/exams/${room.number}`));
    await page.getByText('0 to decide · 1 in the exam now · 2 enrolled').waitFor();
    await ann.shows('TWO');
    await page.getByText('1 to decide · 1 in the exam now · 2 enrolled').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await ann.shows('SELF');
  });

  it('loads the students anew when the exam changes, until it can, and loses nothing that happens meanwhile', async () => {
    const other = await signedIn(room.teacher);
    await other.goto(address(`#/exams/${room.number}`));
    await other.getByText('1 to decide · 1 in the exam now · 2 enrolled').waitFor();
    const sheet = await signedIn(room.teacher);
    const [{ user } = { user: '' }] = await alerts();
    await sheet.goto(address(`#/exams/${room.number}/students/${user.split('/')[1] ?? ''}`));
    await sheet.locator('.alert.undecided').waitFor();
    const loadingSheet = deferred<Route>();
    await sheet.route('**/students?*', loadingSheet.resolve);
    const asked: Route[] = [];
    const loading = deferred<Route>();
    await page.route('**/students?*', async (route) => {
      asked.push(route);
      if (asked.length === 1) await route.fulfill({ status: 503, body: '{}' });
      else loading.resolve(route);
    });
    const students = [{ email: 'kostas@ucy.test', givenName: 'Kostas', familyName: 'Ioannou' }];
    await core.exams.batchEnrolStudents({ exam: room.exam, students }, room.instructor);
    const route = await loading.promise;
    // As of now, and answered late.
    const response = await route.fetch();
    await ann.shows('TWO');
    await other.getByText('2 to decide · 1 in the exam now · 3 enrolled').waitFor();
    await route.fulfill({ response });
    await page.getByText('2 to decide · 1 in the exam now · 3 enrolled').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(asked).toHaveLength(2);
    // Loaded when all has happened: what the one student's page shows was told before that.
    await (await loadingSheet.promise).continue();
    await sheet.locator('.alert.undecided').nth(1).waitFor();
    await page.unroute('**/students?*');
    await ann.shows('SELF');
  });

  it('shows an alert that waits however much has happened since', async () => {
    for (let n = 0; n <= 100; n++) {
      await core.identification.requestApproval(
        { exam: room.exam, approvalType: 'no camera', note: `${n}` },
        ann.options,
      );
    }
    await page.getByRole('link', { name: 'Barack Student' }).click();
    await page.getByRole('button', { name: 'Show more' }).waitFor();
    expect(await page.locator('.alert.undecided').count()).toBe(2);
  });

  it('renews its login by itself, and says so when it is over', async () => {
    const window = await signedIn(room.teacher);
    const stored = JSON.parse(await pageLogin(core, room.teacher)) as { accessToken: string };
    const login = JSON.stringify(JSON.stringify({ ...stored, accessToken: 'no longer valid' }));
    await window.addInitScript(`sessionStorage.setItem('probity.session', ${login})`);
    await window.goto(address());
    await window.getByRole('link', { name: 'Algebra' }).waitFor();
    // The refresh token was used: the same login cannot be renewed again.
    await window.reload();
    await window.getByRole('heading', { name: 'You were signed out' }).waitFor();
  });

  it('is where a teacher comes to from a quiz', async () => {
    const site = await connectSite(running);
    const context = await browser.newContext({ locale: 'en-GB' });
    contexts.push(context);
    const window = await context.newPage();
    await window.goto(address(`#launch=${await site.launchToken({ ...TEACHER, lang: 'el' })}`));
    await window.getByRole('heading', { name: TEACHER.activity.name }).waitFor();
    expect(window.url()).not.toContain('launch');
    expect(await window.evaluate('document.documentElement.lang')).toBe('el');
    await window.getByText('Ζωντανά', { exact: true }).waitFor();
    // A student who is launched meanwhile appears.
    await site.launch();
    await window.getByRole('link', { name: 'Ada Byron' }).waitFor();
  });

  it('tells another teacher nothing of it', async () => {
    const other = await openRoom(core, running.admin, 'Petros', 'Physics');
    const window = await signedIn(other.teacher);
    const answers: number[] = [];
    window.on('response', (response) => {
      if (response.url().includes(`/exams/${room.number}`)) answers.push(response.status());
    });
    await window.goto(address());
    await window.getByRole('link', { name: 'Physics' }).waitFor();
    expect(await window.getByText('Algebra').count()).toBe(0);
    await window.goto(address(`#/exams/${room.number}`));
    await window.getByRole('heading', { name: 'There is no such exam' }).waitFor();
    expect(new Set(answers)).toEqual(new Set([404]));
  });

  it('runs under its policy and without an error', () => {
    expect(errors).toEqual([]);
  });
});
