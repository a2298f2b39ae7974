import type { Browser, BrowserContext, Page } from 'playwright-core';

/** The texts of the capture page, in the order in which a student meets them. */
const CAPTURE_BUTTONS = [
  'Turn on the camera',
  'The picture is good: continue',
  'I agree',
  'Take the picture',
  'It is me',
];
/** What it says when nothing is asked for any more. */
const AT_EASE = ['I have finished my exam', 'You are identified', 'Staff have confirmed who you are'];
const PATIENCE_MS = 120_000;

/** Somebody in a browser of their own, signed in to Moodle. */
export class Guest {
  /** Requests to Moodle since the beginning, pages and what they load. */
  readonly requests: { at: number; path: string }[] = [];
  /** What Probity acknowledged, and so committed. */
  readonly acknowledged: { at: number; what: 'frames' | 'heartbeats' }[] = [];
  capture: Page | null = null;
  /** Id of the exam at Probity, once the capture window has named it. */
  exam: string | null = null;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {}

  static async signIn(
    browser: Browser,
    url: string,
    { username, password }: { username: string; password: string },
    camera?: string,
  ): Promise<Guest> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    if (camera !== undefined) {
      await context.grantPermissions(['camera']);
      await context.addInitScript(camera);
    }
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const guest = new Guest(context, page, url);
    context.on('request', (request) => {
      const address = request.url();
      if (address.startsWith(`${url}/`)) {
        guest.requests.push({ at: Date.now(), path: address.slice(url.length) });
      }
    });
    context.on('response', (response) => {
      const [, exam, what] = /\/exams\/([^/]+)\/(frames|heartbeats)(\?|$)/.exec(response.url()) ?? [];
      guest.exam = exam ?? guest.exam;
      if ((what === 'frames' || what === 'heartbeats') && response.ok()) {
        guest.acknowledged.push({ at: Date.now(), what });
      }
    });
    await guest.go('/login/index.php');
    await page.fill('#username', username);
    await page.fill('#password', password);
    await page.click('#loginbtn');
    await page.waitForURL((address) => !address.pathname.startsWith('/login'));
    return guest;
  }

  /** Opens a page of Moodle and waits until its scripts have run. */
  async go(path: string): Promise<void> {
    await this.page.goto(path.startsWith('http') ? path : this.url + path);
    await this.settled();
  }

  /** Moodle's own sign that a page's scripts are done. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(
      `document.readyState === 'complete' && typeof M !== 'undefined' && M.util && M.util.pending_js.length === 0`,
    );
  }

  /** Presses what opens the capture window; it is there already when it was open before. */
  async openCapture(): Promise<Page> {
    const button = this.page.locator('[data-action="probity-open"]:visible');
    if (this.capture && !this.capture.isClosed()) {
      await button.click();
      return this.capture;
    }
    const [window] = await Promise.all([this.context.waitForEvent('page'), button.click()]);
    this.capture = window;
    await window.waitForLoadState('domcontentloaded');
    return window;
  }

  /** Whoever is before the camera of the capture window. */
  async sits(who: string): Promise<void> {
    await this.capture?.evaluate(`probityCamera.show(${JSON.stringify(who)})`);
  }

  /**
   * Does what the capture page asks for until it asks for nothing more.
   * @returns what was pressed on the way
   */
  async passCapture(): Promise<string[]> {
    const window = this.capture;
    if (!window) throw new Error('there is no capture window');
    const pressed: string[] = [];
    const until = Date.now() + PATIENCE_MS;
    const shows = (text: string): Promise<boolean> =>
      window.getByText(text, { exact: true }).first().isVisible();
    while (Date.now() < until) {
      for (const text of AT_EASE) if (await shows(text)) return pressed;
      for (const text of CAPTURE_BUTTONS) {
        const button = window.getByRole('button', { name: text, exact: true });
        if (!(await button.isVisible()) || !(await button.isEnabled())) continue;
        // It may be gone by now: the page goes on by itself as well.
        const done = await button.click({ timeout: 2_000 }).then(
          () => true,
          () => false,
        );
        if (done) pressed.push(text);
      }
      await window.waitForTimeout(250);
    }
    const said = await window.locator('body').innerText();
    throw new Error(
      `the capture page did not come to its end (${pressed.join(', ')}): ${said.slice(0, 600)}`,
    );
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
