import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AdmissionReason, AdmissionState } from '../../src/grpc/gen/probity/exams/v1/admission.js';
import {
  Capture,
  ReferenceState,
  SendFrameResponse,
  type RecordHeartbeatRequest,
  type SendFrameRequest,
} from '../../src/grpc/gen/probity/exams/v1/capture_service.js';
import { ExamState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { ProctoringSession } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { LaunchResponse, LaunchRole } from '../../src/grpc/gen/probity/lms/v1/launch_service.js';
import { startFacade, type Facade } from '../http/support/facade.js';
import { MoodlePages } from '../moodle-plugin/moodle-page.js';
import * as actor from '../support/actor.js';
import { buildPages, startBrowser, type BuiltPages } from '../support/browser.js';

/*
 * The window that watches, for as long as an exam lasts: a façade whose core notes when what came, the window's beats and
 * the pages of Moodle beside it go by one clock.
 */

const START = Date.UTC(2026, 10, 27, 9);
const MINUTE = 60_000;

const admission = {
  admitted: true,
  state: AdmissionState.ADMISSION_STATE_MONITORED,
  reason: AdmissionReason.ADMISSION_REASON_NONE,
};
const capture = Capture.fromPartial({
  ...{ exam: 'exams/12', displayName: 'Algebra', state: ExamState.EXAM_STATE_STARTED, admission },
  referenceState: ReferenceState.REFERENCE_STATE_COMPLETE,
  ...{ heartbeatInterval: { seconds: 1n }, grace: { seconds: 60n } },
  ...{ session: 'exams/12/sessions/s1', nextFrame: 1 },
});

describe('the capture window', () => {
  const moodle = new MoodlePages();
  let pages: BuiltPages;
  let facade: Facade;
  let browser: Browser;
  let context: BrowserContext;
  let now = START;
  /** Between two pictures, seconds. */
  let interval = 10n;
  /** When they came, by the server's clock. */
  let heartbeats: { at: number; visible: boolean }[] = [];
  let frames: { at: number; number: number }[] = [];

  beforeAll(async () => {
    await moodle.start();
    pages = await buildPages();
    facade = await startFacade({
      webDir: pages.directory,
      script: {
        'launches.launch': () =>
          LaunchResponse.fromPartial({
            ...{ accessToken: 'student', refreshToken: 'R', expireTime: new Date(START + MINUTE) },
            ...{ user: { name: 'users/u1', email: 'ada@ucy.test' }, exam: 'exams/12', language: 'en' },
            ...{ role: LaunchRole.LAUNCH_ROLE_STUDENT, opener: moodle.url },
            policy: { challenge: false, interval: 10, grace: 60, monitor: true },
          }),
        'consents.listPolicies': () => ({ policies: [] }),
        'capture.getCapture': () => ({ ...capture, frameInterval: { seconds: interval, nanos: 0 } }),
        'proctoring.joinExam': () => ProctoringSession.fromPartial({ name: 'exams/12/sessions/s1' }),
        'capture.recordHeartbeat': ({ visible }: RecordHeartbeatRequest) => {
          heartbeats.push({ at: now, visible });
          return { serverTime: new Date(now), admission };
        },
        'capture.sendFrame': ({ frame }: SendFrameRequest) => {
          const { number = 0 } = frame ?? {};
          frames.push({ at: now, number });
          return SendFrameResponse.fromPartial({
            ...{ finding: { frame: number }, nextFrame: number + 1, admission },
          });
        },
      },
    });
    moodle.captureOrigin = facade.url;
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await facade.close();
    await moodle.stop();
    await pages.remove();
  });
  beforeEach(async () => {
    now = START;
    interval = 10n;
    heartbeats = [];
    frames = [];
    facade.calls.length = 0;
    context = await browser.newContext({ viewport: { width: 480, height: 720 } });
    await context.grantPermissions(['camera'], { origin: facade.url });
    await actor.installPulse(context, (ms) => (now += ms));
  });
  afterEach(() => context.close());

  const gaps = (of: readonly { at: number }[]): number[] =>
    of.slice(1).map(({ at }, n) => (at - (of[n]?.at ?? 0)) / 1000);
  async function watches(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'The picture is good: continue' }).click();
    await page.getByRole('heading', { name: 'Your identity during the exam' }).waitFor();
    await actor.beats(page, 1);
  }

  it('holds its cadence for ten minutes behind other windows, where the browser gives it no timer and draws nothing', async () => {
    // Compressed time needs a camera that is as quick.
    await actor.installCamera(context, 60);
    const page = await context.newPage();
    await page.goto(`${facade.url}/capture/#launch=token`);
    await watches(page);
    await page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      for (const name of ['requestAnimationFrame', 'setTimeout', 'setInterval']) window[name] = () => 0;
    `);
    await actor.beats(page, 600);
    expect(heartbeats).toHaveLength(601);
    expect(new Set(gaps(heartbeats))).toEqual(new Set([1]));
    expect(heartbeats.slice(1).filter(({ visible }) => visible)).toEqual([]);
    expect(gaps(frames).filter((gap) => gap < 10 || gap > 13)).toEqual([]);
    expect(frames.length).toBeGreaterThan(45);
    expect(frames.map(({ number }) => number)).toEqual(frames.map((_, n) => n + 1));
  });

  it('misses no heartbeat in an attempt of 90 minutes over 40 pages of Moodle, which is asked less than once a minute', async () => {
    const PAGES = 40;
    const SECONDS = (90 * 60) / PAGES;
    const STEP = 9;
    // Its camera goes by the pages' clock.
    await actor.installCamera(context, 1);
    interval = 60n;
    const opener = await context.newPage();
    await opener.clock.install({ time: START });
    await opener.goto(`${moodle.url}/attempt`);
    await opener.clock.pauseAt(START + MINUTE);
    moodle.state = {
      ...moodle.state,
      admitted: true,
      state: 'MONITORED',
      reason: 'NONE',
      words: 'It is you.',
    };
    const config = { cmid: 5, origin: facade.url, mode: 'attempt', attempt: 7, monitored: true };
    const start = (): Promise<void> => opener.evaluate(`start('monitor', ${JSON.stringify(config)})`);
    await start();
    await opener.clock.runFor(13_000);
    const [page] = await Promise.all([
      context.waitForEvent('page'),
      opener.locator('[data-action="probity-open"]').click(),
    ]);
    await watches(page);

    heartbeats = [];
    frames = [];
    moodle.calls = [];
    const away: string[] = [];
    for (let number = 1; number <= PAGES; number++) {
      // The window does not wait for Moodle's next page.
      await Promise.all([opener.goto(`${moodle.url}/attempt?page=${number}`), actor.beats(page, STEP)]);
      await start();
      await opener.clock.runFor(STEP * 1_000);
      for (let second = STEP; second < SECONDS; second += STEP) {
        await actor.beats(page, STEP);
        await opener.clock.runFor(STEP * 1_000);
      }
      if (!(await opener.locator('#quizaccess_probity_banner.alert-info').isVisible()))
        away.push(`${number}`);
    }
    expect(away).toEqual([]);
    expect(now - START).toBeGreaterThanOrEqual(90 * MINUTE);
    expect(Math.max(...gaps(heartbeats))).toBeLessThanOrEqual(3);
    expect(heartbeats).toHaveLength(PAGES * SECONDS);
    expect(gaps(frames).filter((gap) => gap < 60 || gap > 70)).toEqual([]);
    expect(context.pages()).toHaveLength(2);
    expect(facade.calls.filter(({ rpc }) => rpc === 'proctoring.joinExam')).toHaveLength(1);
    const asked = moodle.calls.length;
    console.log(
      `90 minutes, ${PAGES} pages: ${heartbeats.length} heartbeats, ${frames.length} pictures; ` +
        `${asked} requests to Moodle, ${(asked / 90).toFixed(2)} a minute`,
    );
    expect(new Set(moodle.calls.map(({ name }) => name))).toEqual(new Set(['get_state']));
    expect(asked).toBeLessThanOrEqual(90);
  });
});
