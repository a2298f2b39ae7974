import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessibilityProblems, startBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { english, MoodlePages } from './moodle-page.js';

// The built modules in Chromium, on a page that stands for Moodle's: what needs Moodle itself is npm run test:moodle.

const START = Date.UTC(2026, 10, 27, 9);
const CMID = 5;

let browser: Browser;
let context: BrowserContext;
let page: Page;
const moodle = new MoodlePages();
const errors: string[] = [];

beforeAll(async () => {
  await moodle.start();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await moodle.stop();
});
beforeEach(async () => {
  moodle.reset();
  errors.length = 0;
  context = await browser.newContext();
  page = await context.newPage();
  page.on('pageerror', ({ message }) => errors.push(message));
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

/** Goes to a page, with its clock stopped: only `page.clock.runFor` moves it. */
async function open(path: string, module: string, config: object): Promise<void> {
  await page.clock.install({ time: START });
  await page.goto(`${moodle.url}${path}`);
  await page.clock.pauseAt(START + 60_000);
  moodle.state.time = (START + 60_000) / 1000;
  await start(module, config);
}

const start = (module: string, config: object): Promise<void> =>
  page.evaluate(
    `start(${JSON.stringify(module)}, ${JSON.stringify({ cmid: CMID, origin: moodle.captureOrigin, ...config })})`,
  );

/** The capture window says something, and the page has heard it. */
async function say(capture: Page, hint: object): Promise<void> {
  const before = Number(await page.evaluate('hints'));
  await capture.evaluate(`say(${JSON.stringify(hint)})`);
  await page.waitForFunction(`hints > ${before}`);
}

/** axe yields by the page's clock, which is moved by milliseconds until axe is done. */
async function expectAccessible(): Promise<void> {
  let over = false;
  const found = accessibilityProblems(page).finally(() => (over = true));
  const isOver = (): boolean => over;
  while (!isOver()) await page.clock.runFor(1);
  expect(await found).toEqual([]);
}

async function openCapture(): Promise<Page> {
  const [capture] = await Promise.all([
    context.waitForEvent('page'),
    page.locator('[data-action="probity-open"]').click(),
  ]);
  await capture.waitForURL(/#launch=token-\d+$/);
  await capture.waitForFunction('window.say');
  return capture;
}

describe('the form before an attempt', () => {
  const FORM = { form: '#mod_quiz_preflight_form', continues: true };
  const words = (): Promise<string | null> => page.locator('[data-region="words"]').textContent();

  it('opens one capture window, and goes on by itself when Moodle says that the student is admitted', async () => {
    await open('/preflight', 'identify', FORM);
    const capture = await openCapture();
    expect(await capture.evaluate('window.name')).toBe('probity-capture');
    expect(new URL(capture.url()).origin).toBe(moodle.captureOrigin);
    expect(moodle.calls.find(({ name }) => name === 'get_launch')?.args).toEqual({ cmid: CMID });
    expect(moodle.sent).toEqual([]);

    moodle.state = { ...moodle.state, admitted: true, state: 'MONITORED' };
    await capture.evaluate("say({ state: 'MONITORING', admitted: true })");
    await eventually(() => expect(moodle.sent).toEqual(['cmid=5&submitbutton=1']));
    expect(context.pages()).toHaveLength(2);
  });

  it('believes Moodle, not the window', async () => {
    await open('/preflight', 'identify', FORM);
    moodle.state.words = 'Somebody else was seen.';
    const capture = await openCapture();
    await eventually(() => expect(moodle.count('get_state')).toBe(1));
    await say(capture, { state: 'IDENTIFIED', admitted: true });
    await eventually(async () => expect(await words()).toBe('Somebody else was seen.'));
    await eventually(() => expect(moodle.count('get_state')).toBe(2));
    expect(moodle.sent).toEqual([]);
  });

  it('hears the capture page alone', async () => {
    await open('/preflight', 'identify', FORM);
    await page.evaluate("window.postMessage({ source: 'probity', state: 'IDENTIFIED', admitted: true }, '*')");
    await page.waitForFunction('hints > 0');
    expect(moodle.calls).toEqual([]);
  });

  it.each([
    ['a clock would start', '/preflight', { ...FORM, continues: false }],
    ['another rule wants something', '/password', FORM],
  ])('leaves the start to the student where %s', async (_, path, config) => {
    await open(path, 'identify', config);
    const capture = await openCapture();
    moodle.state = { ...moodle.state, admitted: true, state: 'MONITORED' };
    await say(capture, { state: 'MONITORING' });
    await eventually(async () => expect(await words()).toBe(english('identify:ready')));
    expect(await page.evaluate('document.activeElement.name')).toBe('submitbutton');
    expect(moodle.sent).toEqual([]);
  });

  it('asks every ten seconds, and where the window says something new at once and soon after', async () => {
    await open('/preflight', 'identify', FORM);
    /** The page has been told by the `count`th answer. */
    const answered = async (count: number): Promise<void> => {
      await eventually(() => expect(moodle.count('get_state')).toBe(count));
      await eventually(async () => expect(await words()).toBe(moodle.state.words));
      moodle.state.words = `Not yet (${count}).`;
    };
    await page.clock.runFor(9_000);
    expect(moodle.count('get_state')).toBe(0);
    await page.clock.runFor(1_000);
    await answered(1);
    const capture = await openCapture();
    await answered(2);
    await say(capture, { state: 'IDENTIFIED', admitted: true });
    await answered(3);
    await page.clock.runFor(4_000);
    await answered(4);
    await page.clock.runFor(9_000);
    expect(moodle.count('get_state')).toBe(4);
    await page.clock.runFor(1_000);
    await answered(5);
  });

  it('says so where Moodle gives no launch, and leaves no empty window behind', async () => {
    await open('/preflight', 'identify', FORM);
    moodle.failing = 'get_launch';
    const [empty] = await Promise.all([
      context.waitForEvent('page'),
      page.locator('[data-action="probity-open"]').click(),
    ]);
    await eventually(() => expect(empty.isClosed()).toBe(true));
    expect(await words()).toBe(english('capture:failed'));

    moodle.failing = '';
    const capture = await openCapture();
    moodle.failing = 'get_launch';
    await page.locator('[data-action="probity-open"]').click();
    await eventually(async () => expect(await words()).toBe(english('capture:failed')));
    expect(capture.isClosed()).toBe(false);
  });

  it('takes the capture into the page where a second window is refused, as in Safe Exam Browser', async () => {
    await open('/preflight', 'identify', FORM);
    await page.evaluate('window.open = () => null');
    await page.locator('[data-action="probity-open"]').click();
    const frame = page.locator('iframe[name="probity-capture"]');
    await frame.waitFor();
    expect(await frame.getAttribute('src')).toMatch(/\/capture\/#launch=token-\d+$/);
    expect(await frame.getAttribute('allow')).toContain('camera');
    expect(await frame.getAttribute('title')).toBe(english('capture:frame'));
    await expectAccessible();
  });

  it('asks for manual approval, with the keyboard alone', async () => {
    await open('/preflight', 'identify', FORM);
    await expectAccessible();
    await page.locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('My camera is broken');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(english('approval:sent')).waitFor();
    expect(moodle.calls.find(({ name }) => name === 'request_approval')?.args).toEqual({
      cmid: CMID,
      note: 'My camera is broken',
    });
    await expectAccessible();
    moodle.state = { ...moodle.state, admitted: true, state: 'APPROVED' };
    await eventually(async () => {
      await page.clock.runFor(3_000);
      expect(moodle.sent).toHaveLength(1);
    });
  });
});

it('answers that were held are sent as they were typed', async () => {
  const typed = {
    'q12:1_answer': 'a &#60;b&#x3e; &lt;c&gt; "d" \'e\' \\f\r\nσωστό {{value}}',
    'q12:2_choice[3]': '1',
    next: '',
  };
  moodle.held = { 'q12:1_answer': typed['q12:1_answer'], 'q12:2_choice': { 3: '1' }, next: '' };
  await page.goto(`${moodle.url}/held`);
  await page.getByRole('button', { name: english('held:send') }).click();
  await eventually(() => expect(moodle.sent).toHaveLength(1));
  expect(Object.fromEntries(new URLSearchParams(moodle.sent[0]))).toEqual(typed);
});

describe('the pages of an attempt', () => {
  const ATTEMPT = { mode: 'attempt', attempt: 7, monitored: true };
  const banner = '#quizaccess_probity_banner';
  const WELL = { state: 'MONITORING', admitted: true, reason: 'NONE' };

  /** An attempt's page with the window open, as it is after the form. */
  async function attempt(): Promise<Page> {
    moodle.state = { ...moodle.state, admitted: true, state: 'MONITORED', reason: 'NONE', words: 'It is you.' };
    await open('/attempt', 'monitor', ATTEMPT);
    await page.clock.runFor(13_000);
    await page.locator(`${banner}.alert-warning`).waitFor();
    const capture = await openCapture();
    await say(capture, WELL);
    await page.locator(`${banner}.alert-info`).waitFor();
    return capture;
  }

  it('finds the window again from the next page, and asks Moodle once a minute', async () => {
    const capture = await attempt();
    await page.goto(`${moodle.url}/attempt?page=2`);
    await start('monitor', ATTEMPT);
    moodle.calls = [];
    for (let second = 0; second < 60; second += 5) {
      await say(capture, WELL);
      await page.clock.runFor(5_000);
    }
    await eventually(() => expect(moodle.calls).toEqual([{ name: 'get_state', args: { cmid: CMID } }]));
    expect(await page.locator(banner).getAttribute('class')).toContain('alert-info');
    expect(await capture.evaluate('window.loads + window.launches.length')).toBe(2);
    expect(context.pages()).toHaveLength(2);
    await expectAccessible();
  });

  it('an attempt of 90 minutes over 40 pages: the window is never lost, and Moodle is asked less than once a minute', async () => {
    const PAGES = 40;
    const SECONDS = (90 * 60) / PAGES;
    const capture = await attempt();
    moodle.calls = [];
    const lost: string[] = [];
    for (let number = 1; number <= PAGES; number++) {
      await page.goto(`${moodle.url}/attempt?page=${number}`);
      await start('monitor', ATTEMPT);
      for (let second = 0; second < SECONDS; second += 9) {
        await say(capture, WELL);
        await page.clock.runFor(9_000);
        if (!(await page.locator(`${banner}.alert-info`).isVisible())) lost.push(`${number}:${second}`);
      }
    }
    expect(lost).toEqual([]);
    expect(context.pages()).toHaveLength(2);
    const asked = moodle.count('get_state');
    console.log(`90 minutes, ${PAGES} pages: ${asked} requests to Moodle, ${(asked / 90).toFixed(2)} a minute`);
    expect(asked).toBe(moodle.calls.length);
    expect(asked).toBeLessThanOrEqual(90);
  });

  it('says when the window is silent, saves what was typed, and opens the same window again', async () => {
    const capture = await attempt();
    await page.evaluate(
      'M.mod_quiz = { autosave: { form: {}, dirty: true, save_changes: () => window.saved++ } }; undefined',
    );
    await page.clock.runFor(13_000);
    await page.locator(`${banner}.alert-warning`).waitFor();
    expect(await page.locator('[data-region="words"]').textContent()).toBe(english('banner:away'));
    expect(await page.evaluate('saved')).toBe(1);
    await expectAccessible();

    await page.locator('[data-action="probity-open"]').click();
    await capture.waitForFunction('window.launches.length === 2');
    expect(context.pages()).toHaveLength(2);
    await say(capture, WELL);
    await page.locator(`${banner}.alert-info`).waitFor();
    expect(await page.locator('[data-action="probity-open"]').isVisible()).toBe(false);
  });

  it('says so, until the window is heard, where Moodle gives no launch', async () => {
    const capture = await attempt();
    await page.clock.runFor(13_000);
    moodle.failing = 'get_launch';
    await page.locator('[data-action="probity-open"]').click();
    const words = page.locator('[data-region="words"]');
    await eventually(async () => expect(await words.textContent()).toBe(english('capture:failed')));
    await page.clock.runFor(2_000);
    expect(await words.textContent()).toBe(english('capture:failed'));
    await say(capture, WELL);
    await eventually(async () => expect(await words.textContent()).toBe('It is you.'));
  });

  it('counts the grace time down', async () => {
    const capture = await attempt();
    const now = Number(await page.evaluate('Date.now() / 1000'));
    moodle.state = { ...moodle.state, time: now, graceuntil: now + 40, words: 'Open it again.' };
    await say(capture, { state: 'LOST', admitted: true, reason: 'CAPTURE_LOST' });
    await page.clock.runFor(2_000);
    const clock = page.locator('[data-region="clock"]');
    await eventually(async () => expect(await clock.textContent()).toMatch(/^(40|39|38) s left$/));
    await page.clock.runFor(5_000);
    await eventually(async () => expect(await clock.textContent()).toMatch(/^3[3-5] s left$/));
    expect(await page.locator('#responseform').getAttribute('inert')).toBeNull();
  });

  it('holds the answers in the page while the student may not go on, and lets them go after', async () => {
    const capture = await attempt();
    await page.locator('#a').fill('forty-two');
    moodle.state = { ...moodle.state, admitted: false, state: 'PAUSED', words: 'Show who you are again.' };
    await say(capture, { state: 'PAUSED', admitted: false, reason: 'OTHER_PERSON' });
    await page.clock.runFor(2_000);
    await page.locator(`${banner}.alert-danger`).waitFor();
    expect(await page.locator('[data-region="words"]').textContent()).toBe(
      `Show who you are again. ${english('banner:held')}`,
    );
    expect(await page.evaluate(`document.activeElement === document.querySelector('${banner}')`)).toBe(true);
    await page.evaluate("document.querySelector('#responseform').requestSubmit()");
    await expectAccessible();

    moodle.state = { ...moodle.state, admitted: true, state: 'MONITORED', words: 'It is you.' };
    await page.clock.runFor(5_000);
    await page.locator(`${banner}.alert-info`).waitFor();
    expect(moodle.sent).toEqual([]);
    expect(await page.locator('#a').inputValue()).toBe('forty-two');
    await page.getByRole('button', { name: 'Next' }).click();
    await eventually(() => expect(moodle.sent).toEqual(['answer=forty-two']));
  });

  it('ends the capture when the attempt is over, not from the review of an older one', async () => {
    const capture = await attempt();
    await page.goto(`${moodle.url}/attempt?review`);
    await start('monitor', { ...ATTEMPT, mode: 'end' });
    await say(capture, WELL);
    await start('monitor', { ...ATTEMPT, mode: 'end', attempt: 0 });
    await say(capture, WELL);
    await capture.waitForFunction('window.heard.length > 0');
    expect(await capture.evaluate('window.heard')).toEqual([
      { source: 'quizaccess_probity', end: true, origin: moodle.url },
    ]);
  });
});
