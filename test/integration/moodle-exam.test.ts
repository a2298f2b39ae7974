import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startFakeLms, type FakeLms } from '../../scripts/fake-lms/server.js';
import { account, course, enrol, makeSite, quiz, type Site } from '../../scripts/fake-lms/site.js';
import { send } from '../http/support/facade.js';
import * as actor from '../support/actor.js';
import { startApp, type RunningApp } from '../support/app.js';
import { buildPages, startBrowser, type BuiltPages } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels, PORTRAITS } from '../support/faces.js';
import { startSimpleSamlPhp, STAFF, USER, type SimpleSamlPhp } from '../support/simplesamlphp.js';
import { freePort } from '../support/free-port.js';

/*
 * An exam as a university lives it. Moodle and the identity provider are programs of their own (the fake Moodle, Debian's
 * SimpleSAMLphp); the service, its pages and the browser are the real ones.
 */

const MINUTE = 60_000;
const WAIT = { timeout: MINUTE };
const QUIZ = 'Final exam';

/** One course with a quiz that the plugin watches: a teacher, and the student, as the identity provider knows them too. */
function university(): Site {
  const now = Math.floor(Date.now() / 1000);
  const algebra = course(2, 'ALG101', 'Algebra 101', [enrol(3, 'editingteacher'), enrol(4, 'student')]);
  algebra.quizzes = [quiz(1, QUIZ, { timeopen: now - 60, timeclose: now + 3_600 })];
  const [service] = makeSite().accounts;
  return {
    ...makeSite(),
    plugin: true,
    accounts: [service!, account(3, STAFF.givenName, STAFF.email), account(4, USER.givenName, USER.email)],
    courses: [algebra],
  };
}

describeWithModels('an exam in Moodle, from sign-on to erasure', () => {
  let pages: BuiltPages;
  let moodle: FakeLms;
  let idp: SimpleSamlPhp;
  let running: RunningApp;
  let browser: Browser;
  let url: string;
  let admin: string;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    pages = await buildPages();
    moodle = await startFakeLms({ site: university() });
    idp = await startSimpleSamlPhp();
    const port = await freePort();
    url = `http://localhost:${port}`;
    running = await startApp({
      PROBITY_HTTP_PORT: String(port),
      PROBITY_PUBLIC_URL: url,
      PROBITY_WEB_DIR: pages.directory,
      PROBITY_OUTBOUND: 'yes',
      PROBITY_OUTBOUND_ALLOW: '127.0.0.1',
    });
    browser = await startBrowser();
    const { email, password } = running.admin;
    admin = (await ask<{ accessToken: string }>('POST', 'login', { organisation: 'UCY', email, password }))
      .accessToken;
  });
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await browser.close();
    await running.stop();
    await idp.stop();
    await moodle.close();
    await pages.remove();
  });

  /** As the administrator, once there is one. Fails unless it is done. */
  async function ask<A>(method: string, path: string, body?: unknown): Promise<A> {
    const answer = await send(`${url.replace('localhost', '127.0.0.1')}/probity/v1/${path}`, method, {
      ...(admin && { token: admin }),
      ...(body !== undefined && { body }),
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body as A;
  }

  /** A window of somebody who has signed in with the password of the university, and is at `place` then. */
  async function signedIn(person: { name: string; password: string }, place: string): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1100, height: 900 } });
    contexts.push(context);
    context.setDefaultTimeout(MINUTE);
    await context.grantPermissions(['camera'], { origin: url });
    await actor.install(context, 'https://moodle.test');
    const page = await context.newPage();
    await page.goto(`${url}/sign-in/?organisation=UCY&return=${encodeURIComponent(place)}`);
    await page.getByRole('link', { name: 'Sign in with University of Cyprus' }).click();
    await page.locator('input[name=username]').fill(person.name);
    await page.locator('input[name=password]').fill(person.password);
    await page.locator('[type=submit]').first().click();
    await page.waitForURL(`${url}${place}`);
    return page;
  }
  const heading = (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor(WAIT);
  const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click(WAIT);

  it('is signed on to, sat, watched, decided on, told and forgotten, in this order', async () => {
    // The administrator connects both.
    const { name: connection } = await ask<{ name: string }>('POST', 'lms-connections', {
      ...{ kind: 'MOODLE', displayName: 'Moodle', address: moodle.url, token: 'fake-token' },
    });
    const site = connection.replace('lmsConnections/', 'lms-connections/');
    const { serviceProvider } = await ask<{ serviceProvider: string }>('POST', 'identity-providers', {
      ...{ displayName: 'University of Cyprus', metadataUrl: idp.metadataUrl, provisioning: 'ALL' },
      roles: [
        { affiliation: 'faculty', role: 'INSTRUCTOR' },
        { affiliation: 'student', role: 'STUDENT' },
      ],
    });
    const base = serviceProvider.replace(/\/metadata$/, '');
    const ours = await (await fetch(serviceProvider.replace('localhost', '127.0.0.1'))).text();
    const certificate = /<ds:X509Certificate>([^<]+)</.exec(ours)?.[1] ?? '';
    await idp.register({ metadata: serviceProvider, acs: `${base}/acs`, slo: `${base}/slo`, certificate });
    await ask('PUT', `${site}/sync-settings`, {
      ...{ schedule: '', watch: 'PLUGIN', courseIds: [], graceDays: 7 },
    });
    await ask('POST', `${site}/syncs`);
    await eventually(
      async () => {
        const { syncs } = await ask<{ syncs: { state: string }[] }>('GET', `${site}/syncs`);
        expect(syncs[0]?.state).toBe('DONE');
      },
      { withinMs: 2 * MINUTE },
    );

    // The teacher signs on and has the quiz before them.
    const teacher = await signedIn(STAFF, '/review/');
    await teacher.getByRole('link', { name: QUIZ }).click();
    await teacher.getByText('0 to decide · 0 in the exam now · 1 enrolled').waitFor();
    const exam = /exams\/(\d+)/.exec(teacher.url())?.[1] ?? '';

    // The student signs on, enrols, is identified and sits.
    const student = await signedIn(USER, `/capture/?exam=${exam}`);
    await actor.show(student, PORTRAITS.obama1);
    await press(student, 'The picture is good: continue');
    await press(student, 'I agree');
    await heading(student, 'Let us know your face');
    await press(student, 'Take the picture');
    await heading(student, 'Show who you are');
    await actor.show(student, PORTRAITS.obama2);
    await press(student, 'It is me');
    await heading(student, 'Your identity during the exam');
    await teacher.getByText(/^\d+ to decide · 1 in the exam now · 1 enrolled$/).waitFor(WAIT);

    // Moodle is told that the student may sit.
    const inMoodle = (): unknown => [...moodle.site.states.values()].at(-1);
    await eventually(() => expect(inMoodle()).toMatchObject({ admitted: true }), { withinMs: 2 * MINUTE });

    // Somebody else takes the seat; the teacher's page tells, and Moodle is told to hold the attempt.
    await actor.show(student, PORTRAITS.biden);
    await teacher
      .getByText(/^[1-9]\d* to decide · 1 in the exam now · 1 enrolled$/)
      .waitFor({ timeout: 4 * MINUTE });
    await eventually(() => expect(inMoodle()).toMatchObject({ admitted: false }), { withinMs: 2 * MINUTE });

    // The teacher looks at the evidence and decides.
    await teacher.getByRole('link', { name: USER.givenName }).click();
    const alert = teacher.locator('.alert', { hasText: 'Perhaps another person' });
    await alert.locator('img').waitFor();
    await alert.getByLabel('Note (optional)').fill('Not the student.');
    await alert.getByRole('button', { name: 'Confirm: a problem' }).click();
    await teacher.getByText(/^Confirmed by /).waitFor();

    // The student is back, shows it, and finishes.
    await actor.show(student, PORTRAITS.obama3);
    const again = student.getByRole('button', { name: 'It is me' });
    await eventually(
      async () => {
        if ((await again.count()) > 0) await again.click({ timeout: 2_000 });
        expect(await student.getByRole('main').innerText()).toContain('Your identity during the exam');
      },
      { withinMs: MINUTE, everyMs: 5_000 },
    );
    await press(student, 'I have finished my exam');
    await heading(student, 'It is over');

    // The student asks what is held, and to be forgotten.
    const { users } = await ask<{ users: { name: string; email: string }[] }>('GET', 'users?pageSize=1000');
    const { name: user } = users.find(({ email }) => email === USER.email)!;
    const held = JSON.stringify(await ask('GET', `${user}/export`));
    for (const known of [USER.email, 'EXAM_IDENTITY', 'DIFFERENT_PERSON', 'Not the student.', moodle.url])
      expect(held).toContain(known);
    await ask('DELETE', user);
    await expect(ask('GET', `${user}/export`)).rejects.toThrow(': 404');
    await teacher.goto(`${url}/review/#/exams/${exam}`);
    await teacher.reload();
    await teacher.getByText('0 to decide · 0 in the exam now · 0 enrolled').waitFor();

    // Whoever erased is forgotten by the next sync too.
    const before = moodle.called.length;
    await ask('POST', `${site}/syncs`);
    await eventually(
      async () => {
        const { syncs } = await ask<{ syncs: { state: string }[] }>('GET', `${site}/syncs`);
        expect(syncs.map(({ state }) => state)).toEqual(['DONE', 'DONE']);
      },
      { withinMs: 2 * MINUTE },
    );
    expect(moodle.called.length).toBeGreaterThan(before);
    const after = await ask<{ users: { email: string }[] }>('GET', 'users?pageSize=1000');
    expect(after.users.map(({ email }) => email)).not.toContain(USER.email);

    // The audit trail has it all, in this order.
    const { entries } = await ask<{ entries: { action: string }[] }>('GET', 'audit?pageSize=1000');
    const told = entries.map(({ action }) => action);
    const order = [
      ...['lms.connected', 'sso.account_linked', 'consent.granted', 'reference.enrolled'],
      ...['alert.raised', 'evidence.read', 'alert.reviewed', 'subject.exported', 'subject.erased'],
    ];
    expect(order.map((action) => told.indexOf(action))).toEqual(
      order.map((action) => told.indexOf(action)).sort((a, b) => a - b),
    );
    expect(order.filter((action) => !told.includes(action))).toEqual([]);
  });
});
