import type { BrowserContext, Page } from 'playwright-core';
import type { CallOptions } from '../../src/grpc/index.js';
import { logIn } from '../resilience/sitting.js';
import * as actor from '../support/actor.js';
import { heading, press, says } from '../support/actor.js';
import { accessibilityProblems } from '../support/browser.js';
import {
  captureWindow,
  openCaptureRoom,
  student,
  studentsBrowser,
  type CaptureRoom,
  type Sitter,
} from '../support/capture-room.js';
import { describeWithModels, groupPicture, PORTRAITS } from '../support/faces.js';
import { TEACHER } from '../support/moodle-site.js';

const MINUTES = 60_000;
const REFUSED = 'This does not look like the face you enrolled.';

/** Both pages in a real browser: a student whom their own reference does not know, and a teacher who helps. */
describeWithModels('a bad enrolment', () => {
  let room: CaptureRoom;
  let admin: CallOptions;
  /** Of the reference, which is somebody else’s. */
  let sitter: Sitter;
  let page: Page;
  let review: Page;
  const contexts: BrowserContext[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    room = await openCaptureRoom();
    admin = await logIn(room.running.app.core, room.running.admin);
    sitter = await student(room, 'REFERENCE');
    page = await comes(sitter);
    const context = await room.browser.newContext({ locale: 'en-GB' });
    contexts.push(context);
    context.setDefaultTimeout(MINUTES);
    review = watched(await context.newPage());
    const launch = await room.site.launchToken({ ...TEACHER, activity: sitter.activity });
    await review.goto(`${room.url}/review/#launch=${launch}`);
  });
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await room.close();
  });

  function watched(opened: Page): Page {
    opened.on('pageerror', ({ message }) => errors.push(message));
    return opened;
  }
  /** The capture window of a student, whose face is not the one of the reference. */
  async function comes(who: Sitter): Promise<Page> {
    const context = await studentsBrowser(room);
    contexts.push(context);
    const window = watched((await captureWindow(room, context, who)).page);
    await actor.show(window, PORTRAITS.biden);
    await press(window, 'The picture is good: continue');
    await heading(window, 'Show who you are');
    return window;
  }
  /** Opens the teacher's question and answers it with a reason. */
  async function allow(): Promise<void> {
    await press(review, 'Let the face be enrolled anew…');
    await review.getByRole('dialog').getByLabel('Reason').fill('It was dark then.');
    await press(review, 'Allow it');
    await says(review, 'may be given until');
  }

  it('is told of where few tries are left', async () => {
    for (const left of ['4 more tries.', '3 more tries.']) {
      await press(page, 'It is me');
      await says(page, left);
      expect(await page.getByText('Does it keep failing?').count()).toBe(0);
    }
    await press(page, 'It is me');
    await says(page, REFUSED);
    await says(page, 'Staff can confirm who you are by hand, or let you give new pictures of your face.');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('may be done anew by leave of a teacher, who says why', async () => {
    await room.site.launch({
      sub: '404',
      email: 'grace@moodle.test',
      givenName: 'Grace',
      activity: sitter.activity,
    });
    await review.getByRole('link', { name: 'Grace Byron' }).click();
    await review.getByRole('button', { name: 'Approve by hand…' }).waitFor();
    // There is nothing to be replaced.
    expect(await review.getByRole('button', { name: 'Let the face be enrolled anew…' }).count()).toBe(0);
    await review.getByRole('link', { name: 'All students of this exam' }).click();

    await review.getByRole('link', { name: 'Ada Byron' }).click();
    await press(review, 'Let the face be enrolled anew…');
    await press(review, 'Allow it');
    expect(await review.evaluate('document.activeElement.matches("textarea:invalid")')).toBe(true);
    await review.getByText('It is kept with your decision and your name.').waitFor();
    expect(await accessibilityProblems(review)).toEqual([]);
    await press(review, 'Cancel');
    await allow();
    expect(await review.locator('[role=status]').textContent()).toMatch(/^New pictures of the face: may be/);
    await review.waitForFunction('document.activeElement.textContent === "Approve by hand…"');
    expect(await accessibilityProblems(review)).toEqual([]);
  });

  it('is done anew before the next identification, which goes by the new pictures', async () => {
    // The window was left where it failed.
    await actor.beats(page, 6);
    await heading(page, 'Let us know your face');
    await says(page, 'Staff have asked for new pictures of your face.');
    await says(page, '0 of 1 pictures taken');
    expect(await accessibilityProblems(page)).toEqual([]);
    await actor.show(page, groupPicture(1));
    await says(page, 'There are several faces in the picture.');
    await press(page, 'Take the picture');
    await says(page, 'That picture could not be used.');
    await says(page, '0 of 1 pictures taken');
    await actor.show(page, PORTRAITS.biden);
    await says(page, 'Good. Stay like this.');
    await press(page, 'Take the picture');
    await heading(page, 'Show who you are');
    await press(page, 'It is me');
    await heading(page, 'Your identity during the exam');

    const list = { user: '', pageSize: 1000, pageToken: '' };
    const { entries } = await room.running.app.core.audit.listAuditEntries(list, admin);
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['reference.replacement_allowed', 'reference.replaced']),
    );
    // The teacher sees that it was done, and an alert that it was.
    await review.locator('dd', { hasText: 'may be given until' }).waitFor({ state: 'detached' });
    await review.getByRole('heading', { name: 'Reference was changed' }).waitFor();
  });

  it('is not to be done anew while the student sits the exam', async () => {
    await allow();
    await page.reload();
    await heading(page, 'Your identity during the exam');
  });

  it('is help to a student who asked for approval, too', async () => {
    const other = await student(room, 'REFERENCE');
    const window = await comes(other);
    await press(window, 'Ask for approval by hand');
    await press(window, 'Ask');
    await heading(window, 'Staff have been asked');
    const { user } = await room.site.launch(other);
    const allowed = { name: `${user.name}/references/face`, reason: 'It was dark then.' };
    await room.running.app.core.references.allowReplacement(allowed, admin);
    await actor.beats(window, 6);
    await heading(window, 'Let us know your face');
  });

  it('runs without an error', () => {
    expect(errors).toEqual([]);
  });
});
