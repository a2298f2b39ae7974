import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AppOptions } from '../../src/app.js';
import type { CallOptions } from '../../src/grpc/index.js';
import { systemClock } from '../../src/jobs/index.js';
import { send, type Answer } from '../http/support/facade.js';
import * as actor from './actor.js';
import { startApp, type RunningApp } from './app.js';
import { buildPages, startBrowser, type BuiltPages } from './browser.js';
import { PORTRAITS } from './faces.js';
import { connectSite, STUDENT, type LaunchClaims, type MoodleSite } from './moodle-site.js';

/** The service with its pages, a Moodle that sends students to it, and a browser. */
export interface CaptureRoom {
  running: RunningApp;
  site: MoodleSite;
  browser: Browser;
  /** Of the service. */
  url: string;
  /** Goes on by itself until it is held, and further when a test says so. */
  clock: typeof systemClock & { hold(): void; pass(ms: number): number };
  close(): Promise<void>;
}

export async function openCaptureRoom(
  options: Partial<AppOptions> = {},
  ...browserArgs: string[]
): Promise<CaptureRoom> {
  let ahead = 0;
  let held: number | null = null;
  const clock = {
    ...systemClock,
    now: () => (held ?? Date.now()) + ahead,
    hold: () => {
      held = Date.now();
    },
    pass: (ms: number) => {
      ahead += ms;
      return clock.now();
    },
  };
  const pages: BuiltPages = await buildPages();
  const settings = {
    PROBITY_ROLES: 'grpc,http',
    PROBITY_WEB_DIR: pages.directory,
    PROBITY_FACE_REQUIRED_TEMPLATES: '1',
  };
  const running = await startApp(settings, { clock, ...options });
  const site = await connectSite(running, { now: clock.now });
  const browser = await startBrowser(...browserArgs);
  return {
    ...{ running, site, browser, clock, url: `http://127.0.0.1:${running.httpPort}` },
    async close() {
      await browser.close();
      await running.stop();
      await pages.remove();
    },
  };
}

/** Somebody in a quiz, who has come as far as is said. */
export type Sitter = Partial<LaunchClaims> & Pick<LaunchClaims, 'sub' | 'activity' | 'policy'>;

let people = 10;

/** A new student of a quiz of their own. */
export async function student(
  { site, url }: Pick<CaptureRoom, 'site' | 'url'>,
  has: 'NOTHING' | 'REFERENCE' | 'IDENTITY',
  policy: Partial<LaunchClaims['policy']> = {},
): Promise<Sitter> {
  const sub = String(++people);
  const activity = { ...STUDENT.activity, id: `quiz:${sub}`, name: `Mid-term ${sub}` };
  const sitter = {
    ...{ sub, email: `${sub}@moodle.test`, activity },
    policy: { ...STUDENT.policy, interval: 10, ...policy },
  };
  if (has === 'NOTHING') return sitter;
  const { accessToken: token, exam } = await site.launch(sitter);
  const ask = async <A>(path: string, sent: object): Promise<A> => {
    const answer: Answer = await send(`${url}/probity/v1/${path}`, 'POST', { token, ...sent });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body as A;
  };
  const { body } = await send(`${url}/probity/v1/consent-policies`, 'GET');
  const { policies } = body as { policies: { modality: string; version: string }[] };
  const version = policies.find(({ modality }) => modality === 'FACE')!.version;
  await ask('consents', { body: { modality: 'FACE', purpose: 'EXAM_IDENTITY', policyVersion: version } });
  const headers = { 'content-type': 'image/jpeg' };
  await ask('references/face/pictures', { body: PORTRAITS.obama2, headers });
  if (has === 'IDENTITY') await ask(`exams/${exam}/identification`, { body: PORTRAITS.obama3, headers });
  return sitter;
}

/** The resource name of a student's exam, once they have come. @param options of somebody who sees all exams */
export async function examOf(
  { running }: Pick<CaptureRoom, 'running'>,
  { activity }: Sitter,
  options: CallOptions,
): Promise<string> {
  const { reviews } = await running.app.core.reviews.listReviews({ pageSize: 100, pageToken: '' }, options);
  return reviews.find(({ exam }) => exam?.displayName === activity.name)!.exam!.name;
}

/** A browser of a student, in which the camera is a canvas and the clock is the test's, unless said otherwise. */
export async function studentsBrowser(
  room: CaptureRoom,
  {
    granted = true,
    camera = true,
    pulse = true,
  }: { granted?: boolean; camera?: boolean; pulse?: boolean } = {},
): Promise<BrowserContext> {
  const context = await room.browser.newContext({ locale: 'en-GB', viewport: { width: 480, height: 720 } });
  context.setDefaultTimeout(60_000);
  if (granted) await context.grantPermissions(['camera'], { origin: room.url });
  if (camera) await actor.install(context, room.site.address);
  else await actor.installLms(context, room.site.address);
  if (pulse) await actor.installPulse(context, room.clock.pass);
  return context;
}

/** Opens the capture window of a student from a page of Moodle. */
export async function captureWindow(
  { site, url }: CaptureRoom,
  context: BrowserContext,
  sitter: Sitter,
): Promise<{ opener: Page; page: Page }> {
  const launch = await site.launchToken(sitter);
  return actor.open(context, site.address, `${url}/capture/#launch=${launch}`);
}
