import type { BrowserContext, Locator, Page } from 'playwright-core';
import { AlertType } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import type { CallOptions } from '../../src/grpc/index.js';
import { logIn } from '../resilience/sitting.js';
import { acting, SPOTS, type Act } from '../support/acting-face.js';
import * as actor from '../support/actor.js';
import { heading, press, says } from '../support/actor.js';
import { accessibilityProblems } from '../support/browser.js';
import {
  captureWindow,
  examOf,
  openCaptureRoom,
  student,
  studentsBrowser,
  type CaptureRoom,
  type Sitter,
} from '../support/capture-room.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels, groupPicture, PORTRAITS } from '../support/faces.js';
import { TEACHER } from '../support/moodle-site.js';

const STAFF = { sub: TEACHER.sub, email: TEACHER.email, name: 'Tess Tutor' };

/** The page in a real browser, opened from a page of Moodle, against the whole service. */
describeWithModels('the capture page', () => {
  let room: CaptureRoom;
  let admin: CallOptions;
  const contexts: BrowserContext[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    // Of the movements that are left the first is asked for next: left, right, blink.
    room = await openCaptureRoom({ draw: () => 0 });
    // However slow the machine is: a beat is a second.
    room.clock.hold();
    admin = await logIn(room.running.app.core, room.running.admin);
  });
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await room.close();
  });

  interface Window {
    sitter: Sitter;
    context: BrowserContext;
    opener: Page;
    page: Page;
  }
  /** A student's own browser with the capture window open. */
  async function comes(sitter: Sitter, options: Parameters<typeof studentsBrowser>[1] = {}): Promise<Window> {
    const context = await studentsBrowser(room, options);
    contexts.push(context);
    const { opener, page } = await captureWindow(room, context, sitter);
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) errors.push(line.text());
    });
    await actor.show(page, PORTRAITS.obama1);
    return { sitter, context, opener, page };
  }
  /** Somebody who was identified goes through the camera's check, and is watched. */
  async function watched(): Promise<Window> {
    const window = await comes(await student(room, 'IDENTITY'));
    await press(window.page, 'The picture is good: continue');
    await heading(window.page, 'Your identity during the exam');
    await actor.beats(window.page, 1);
    await says(window.page, 'All is well');
    return window;
  }
  const gate = async ({ activity, sub }: Sitter): Promise<unknown> =>
    (await room.site.call('GET', `site/activities/${activity.id}/students/${sub}`)).body;
  async function attempt({ activity, sub }: Sitter, event: 'STARTED' | 'SUBMITTED'): Promise<void> {
    const time = new Date(room.clock.now()).toISOString();
    const body = { activity: activity.id, sub, attempt: '1', event, time };
    expect((await room.site.call('POST', 'site/attempts', body)).status).toBe(204);
  }
  async function decide({ activity, sub }: Sitter, approve: boolean): Promise<void> {
    const path = `site/activities/${activity.id}/students/${sub}/approval`;
    expect((await room.site.call('POST', path, { approve, note: '', actor: STAFF })).status).toBe(200);
  }
  /** The sessions of a student's exam. */
  async function sessions(sitter: Sitter) {
    const { proctoring } = room.running.app.core;
    const page = { pageSize: 0, pageToken: '' };
    const exam = await examOf(room, sitter, admin);
    const found = (await proctoring.listSessions({ exam, ...page }, admin)).sessions;
    const { alerts } = await proctoring.listAlerts({ exam, user: '', ...page }, admin);
    return { sessions: found, alerts };
  }

  /** axe-core knows of nothing on the view, in Greek and in English; it stays the same view. */
  async function accessible(page: Page, open?: () => Promise<void>): Promise<void> {
    const close = (): Promise<void> => page.keyboard.press('Escape');
    for (const [choice, lang] of [
      ['Ελληνικά', 'el'],
      ['English', 'en'],
    ] as const) {
      const before = (await page.locator('h1').textContent()) ?? '';
      await page.getByRole('button', { name: choice }).click();
      await page.locator('h1', { hasNotText: before }).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe(lang);
      await open?.();
      expect(await accessibilityProblems(page)).toEqual([]);
      if (open) await close();
    }
  }
  /** Presses Tab until the button with this text has the keyboard, and then Enter. */
  async function byKeyboard(page: Page, text: string): Promise<void> {
    for (let n = 0; n < 20; n++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate<string>(`document.activeElement.textContent ?? ''`)) === text) {
        await page.keyboard.press('Enter');
        return;
      }
    }
    throw new Error(`the keyboard does not come to “${text}”`);
  }

  it('says what to do where there is no camera or it is refused; staff can be asked, and whatever they decide is told', async () => {
    const { page, sitter } = await comes(await student(room, 'NOTHING'), { granted: false });
    await heading(page, 'Check your camera');
    await accessible(page);
    await actor.fail(page, 'NotFoundError');
    await press(page, 'Turn on the camera');
    await says(page, 'No camera was found');
    expect(await page.locator('[role=status]').textContent()).toBe('No camera was found');
    await actor.fail(page, 'NotAllowedError');
    await press(page, 'Try again');
    await says(page, 'The browser does not allow the camera');
    expect(await accessibilityProblems(page)).toEqual([]);

    await accessible(page, () => page.locator('.foot button').click());
    for (const approve of [false, true]) {
      await press(page, 'Ask for approval by hand');
      await page.getByLabel('What should they know? (optional)').fill('My camera is broken.');
      await press(page, 'Ask');
      await heading(page, 'Staff have been asked');
      if (approve) await accessible(page);
      expect(await gate(sitter)).toMatchObject({ approvalRequested: true });
      await decide(sitter, approve);
      await actor.beats(page, 6);
      await heading(page, approve ? 'Staff have confirmed who you are' : 'Staff have not approved');
      await accessible(page);
      if (!approve) await press(page, 'Go on');
    }
    expect(await gate(sitter)).toMatchObject({ admitted: true, state: 'APPROVED' });
  });

  it('keeps what it shows before an identification while the service cannot say how things stand', async () => {
    const { page } = await comes(await student(room, 'REFERENCE'));
    await press(page, 'The picture is good: continue');
    await heading(page, 'Show who you are');
    let asked = 0;
    await page.route('**/capture', (route) => {
      asked += 1;
      return route.fulfill({ status: 503, body: '{}' });
    });
    await page.locator('h1').evaluate((title) => title.setAttribute('data-kept', ''));
    await actor.beats(page, 12);
    expect(asked).toBeGreaterThan(1);
    expect(await page.locator('h1[data-kept]').textContent()).toBe('Show who you are');
    await page.unroute('**/capture');
    await says(page, 'Good. Stay like this.');
    await press(page, 'It is me');
    await heading(page, 'Your identity during the exam');
  });

  it('tells a student who was identified, and whose exam waits, that staff have not approved', async () => {
    const { page, sitter } = await watched();
    await attempt(sitter, 'STARTED');
    await actor.unplug(page);
    await actor.beats(page, 70);
    expect(await gate(sitter)).toMatchObject({ admitted: false, reason: 'CAMERA_LOST' });
    await page.locator('.foot button').click();
    await press(page, 'Ask');
    await heading(page, 'Staff have been asked');
    await decide(sitter, false);
    await actor.beats(page, 6);
    await heading(page, 'Staff have not approved');
  });

  it('is gone through by keyboard alone, from consent to the exam; several faces are told of on the way', async () => {
    const { page, opener, sitter } = await comes(await student(room, 'NOTHING'));
    await heading(page, 'Check your camera');
    await says(page, 'The light is good.');
    await accessible(page);
    await byKeyboard(page, 'The picture is good: continue');
    await heading(page, 'Do you agree?');
    await accessible(page);
    await byKeyboard(page, 'I agree');
    await heading(page, 'Let us know your face');
    await actor.show(page, groupPicture(1));
    await says(page, 'There are several faces in the picture.');
    await accessible(page);
    await actor.show(page, PORTRAITS.obama2);
    await says(page, 'Good. Stay like this.');
    await byKeyboard(page, 'Take the picture');
    await heading(page, 'Show who you are');
    await accessible(page);
    await actor.show(page, PORTRAITS.obama1);
    await says(page, 'Good. Stay like this.');
    await byKeyboard(page, 'It is me');
    await heading(page, 'Your identity during the exam');
    await actor.beats(page, 1);
    await says(page, 'All is well');
    await accessible(page);
    await actor.beats(page, 1);
    expect(await actor.hint(opener)).toMatchObject({ state: 'MONITORING', admitted: true, reason: 'NONE' });
    expect(await gate(sitter)).toMatchObject({ admitted: true, state: 'MONITORED' });

    await actor.show(page, groupPicture(1));
    await actor.beats(page, 21);
    await says(page, 'There are several faces in the picture.');
    const { alerts } = await sessions(sitter);
    expect(alerts.map(({ type }) => type)).toEqual([AlertType.ALERT_TYPE_SEVERAL_FACES]);
    // It is a hint for staff: the student goes on.
    expect(await gate(sitter)).toMatchObject({ admitted: true });

    await byKeyboard(page, 'I have finished my exam');
    await heading(page, 'It is over');
    await accessible(page);
    expect(await actor.seen(page)).toMatchObject({ live: 0 });
  });

  it('keeps what the network does not take: after the grace time the exam waits, and nothing is lost', async () => {
    const { page, opener, context, sitter } = await watched();
    const taken: number[] = [];
    page.on('requestfinished', (request) => {
      const url = new URL(request.url());
      if (url.pathname.endsWith('/frames')) taken.push(Number(url.searchParams.get('capturedTime')));
    });
    await attempt(sitter, 'STARTED');
    await actor.beats(page, 10);
    await context.setOffline(true);
    await actor.beats(page, 5);
    await says(page, 'The network is away');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await actor.hint(opener)).toMatchObject({ state: 'LOST' });
    expect(await gate(sitter)).toMatchObject({ admitted: true });
    await actor.beats(page, 60);
    await page.getByText('Pictures waiting').waitFor();
    expect(await gate(sitter)).toMatchObject({ admitted: false, state: 'PAUSED', reason: 'CAPTURE_LOST' });

    await context.setOffline(false);
    await actor.beats(page, 20);
    await says(page, 'All is well');
    await actor.beats(page, 1);
    expect(await actor.hint(opener)).toMatchObject({ state: 'MONITORING', admitted: true });
    expect(await gate(sitter)).toMatchObject({ admitted: true, state: 'MONITORED' });
    expect(await page.getByText('Pictures waiting').count()).toBe(0);
    const gaps = taken.slice(1).map((at, n) => (at - (taken[n] ?? 0)) / 1000);
    expect(gaps.length).toBeGreaterThanOrEqual(8);
    expect(gaps.filter((gap) => gap < 9 || gap > 12)).toEqual([]);
    const [session] = (await sessions(sitter)).sessions;
    expect(session?.frameCount).toBe(taken.length + 1);
  });

  it('sends a picture under the next number where another window has used its own', async () => {
    const { page, context, sitter } = await watched();
    const answers: number[] = [];
    let joined = 0;
    context.on('response', (answer) => {
      if (answer.url().includes('/frames')) answers.push(answer.status());
      if (answer.url().endsWith('/join')) joined += 1;
    });
    const other = (await captureWindow(room, context, { ...sitter })).page;
    await actor.show(other, PORTRAITS.obama1);
    await press(other, 'The picture is good: continue');
    await heading(other, 'Your identity during the exam');
    await actor.beats(other, 1);
    await actor.beats(page, 20);
    await actor.beats(other, 20);
    await says(page, 'All is well');
    await says(other, 'All is well');
    const [session] = (await sessions(sitter)).sessions;
    expect(new Set(answers)).toEqual(new Set([200, 409]));
    // By the other window alone: none was sent away, and lost its picture.
    expect(joined).toBe(1);
    expect(session?.frameCount).toBe(answers.filter((status) => status === 200).length + 1);
  });

  it('is over when the attempt is handed in, and goes on by a press in Moodle', async () => {
    const { page, opener, sitter } = await watched();
    await attempt(sitter, 'STARTED');
    await attempt(sitter, 'SUBMITTED');
    await actor.beats(page, 1);
    await heading(page, 'It is over');
    expect(await actor.seen(page)).toMatchObject({ live: 0 });
    await eventually(async () => {
      await actor.beats(page, 5);
      expect(await actor.hint(opener)).toMatchObject({ state: 'ENDED' });
    });
    await page.evaluate(`location.hash = 'launch=${await room.site.launchToken(sitter)}'`);
    await heading(page, 'Show who you are');
  });

  it('stops watching as soon as staff vouch for the student, and touches the camera no more', async () => {
    const { page, sitter } = await watched();
    await decide(sitter, true);
    await actor.beats(page, 1);
    await heading(page, 'Staff have confirmed who you are');
    const { asked, live } = await actor.seen(page);
    expect(live).toBe(0);
    const before = (await sessions(sitter)).sessions[0]?.frameCount;
    await actor.beats(page, 40);
    expect(await actor.seen(page)).toEqual({ asked, live: 0 });
    expect((await sessions(sitter)).sessions[0]?.frameCount).toBe(before);
    expect(await gate(sitter)).toMatchObject({ admitted: true, state: 'APPROVED', monitored: false });
  });

  it('looks for a camera that is gone once at a time, and keeps none that comes when it is over', async () => {
    const { page, opener, sitter } = await watched();
    const { asked } = await actor.seen(page);
    await actor.unplug(page);
    await actor.plug(page);
    await actor.asks(page);
    await actor.beats(page, 10);
    await says(page, 'The camera is away');
    expect(await actor.hint(opener)).toMatchObject({ state: 'LOST' });
    expect(await actor.seen(page)).toEqual({ asked: asked + 1, live: 0 });
    await actor.answers(page);
    await actor.beats(page, 2);
    await says(page, 'All is well');
    expect(await actor.seen(page)).toEqual({ asked: asked + 1, live: 1 });

    await actor.unplug(page);
    await actor.plug(page);
    await actor.asks(page);
    await actor.beats(page, 3);
    await press(page, 'I have finished my exam');
    await heading(page, 'It is over');
    await actor.answers(page);
    await actor.beats(page, 1);
    expect(await actor.seen(page)).toEqual({ asked: asked + 2, live: 0 });
    expect(await gate(sitter)).toMatchObject({ monitored: false });
  });

  it('waits for an exam that has not begun, and watches none that is not to be watched', async () => {
    const early = await student(room, 'IDENTITY');
    const opens = Math.floor(room.clock.now() / 1000) + 600;
    const { page } = await comes({ ...early, activity: { ...early.activity, opens } });
    await press(page, 'The picture is good: continue');
    await heading(page, 'The exam has not begun');
    await accessible(page);
    room.clock.pass(600_000);
    await actor.beats(page, 40);
    await heading(page, 'Your identity during the exam');

    const free = await comes(await student(room, 'IDENTITY', { monitor: false }));
    await heading(free.page, 'You are identified');
    await accessible(free.page);
    await actor.beats(free.page, 20);
    expect(await actor.seen(free.page)).toEqual({ asked: 0, live: 0 });
  });

  describe('with an active challenge', () => {
    /** Between two pictures of a challenge. */
    const FRAME_MS = 600;
    /** Pictures that were judged. */
    let answered = 0;
    const acts = new Map<Act, Promise<Buffer>>();
    /** The camera sees the student do something. */
    async function does(page: Page, what: Act): Promise<void> {
      const acted = acts.get(what) ?? acting(PORTRAITS.obama1, SPOTS.obama1, what);
      acts.set(what, acted);
      await actor.show(page, await acted);
    }
    async function challenged(): Promise<Window> {
      const window = await comes(await student(room, 'REFERENCE', { challenge: true }));
      await press(window.page, 'The picture is good: continue');
      await heading(window.page, 'Show that you are really there');
      window.page.on('response', (answer) => {
        if (answer.ok() && /challenges\/.+\/frames/.test(answer.url())) answered += 1;
      });
      await window.page.route('**/challenges/*/frames', async (route) => {
        room.clock.pass(FRAME_MS);
        await route.continue();
      });
      return window;
    }
    /** Once so many more pictures were judged, or the challenge is over. */
    async function judged(page: Page, count: number): Promise<void> {
      const before = answered;
      await eventually(async () => {
        const over = (await page.getByRole('progressbar').count()) === 0;
        expect(over || answered >= before + count).toBe(true);
      });
    }
    /** Moves from rest and back until something else is asked for. */
    async function moves(page: Page, what: Act, next: Locator): Promise<void> {
      for (let round = 0; (await next.count()) === 0; round++) {
        expect(round).toBeLessThan(10);
        for (const each of ['STRAIGHT', what] as const) {
          await does(page, each);
          await judged(page, 3);
        }
      }
    }

    it('passes whoever does what is asked, also where an answer fails on the way', async () => {
      const { page } = await challenged();
      await accessible(page);
      const started: string[] = [];
      page.on('request', (request) => {
        if (/challenges$/.test(request.url())) started.push(request.url());
      });
      let failures = 0;
      await page.route('**/challenges/*/frames', async (route) => {
        failures += 1;
        // What is asked first can be read before any picture was judged.
        if (failures === 1) await says(page, 'Movement 1 of 4');
        if (failures === 2) await route.abort();
        else if (failures === 3) await route.fulfill({ status: 429, headers: { 'retry-after': '1' } });
        else await route.fallback();
      });
      await byKeyboard(page, 'Start');
      await says(page, 'The server does not answer.');
      for (const next of ['The server is busy.', 'Turn your head to your left']) {
        await actor.beat(page);
        await actor.beat(page);
        await says(page, next);
      }
      expect(await accessibilityProblems(page)).toEqual([]);
      await moves(page, 'TURN_LEFT', page.getByText('Turn your head to your right'));
      await moves(page, 'TURN_RIGHT', page.getByText('Close your eyes, and open them again'));
      await moves(page, 'BLINK', page.getByRole('heading', { name: 'Show who you are' }));
      await does(page, 'STRAIGHT');
      expect(started).toHaveLength(1);
      await press(page, 'It is me');
      await heading(page, 'Your identity during the exam');
    });

    it('does not pass a picture that is held up', async () => {
      const { page } = await challenged();
      await press(page, 'Start');
      await says(page, 'Turn your head to your left');
      await judged(page, 5);
      await says(page, 'Turn your head to your left');
      room.clock.pass(90_000);
      await says(page, 'The time was over.');
      await accessible(page);
      await press(page, 'Start');
      // Looking straight is done by the picture, and may be over before it is read.
      await says(page, 'Turn your head to your left');
    });
  });

  it('runs under its policy and without an error', () => {
    expect(errors).toEqual([]);
  });
});
