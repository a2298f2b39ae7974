import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';

/*
 * Who sits before the camera of a browser's page, and what page of an LMS is open beside it. The camera is a canvas in
 * place of `getUserMedia` (`in-page/camera.js`).
 */

const inPage = (name: string): string => path.join(__dirname, 'in-page', name);

/** A page of the LMS, which keeps what the capture window tells it. */
const LMS_PAGE = `<!doctype html><title>Quiz</title><script>
  window.hints = [];
  window.addEventListener('message', ({ data, origin }) => hints.push({ ...data, origin }));
</script>`;

/** What the capture window told the LMS's page. */
export interface Hint {
  source: string;
  origin: string;
  state: string;
  admitted: boolean;
  reason: string;
  words: string;
}

/** Puts a camera into every page of the context, and a page at every address of the LMS. */
export async function install(context: BrowserContext, lms: string): Promise<void> {
  await installCamera(context);
  await installLms(context, lms);
}

/** Puts a camera into every page of the context; so many pictures a second, by the page's own clock. */
export async function installCamera(context: BrowserContext, fps = 10): Promise<void> {
  await context.addInitScript(`window.testCameraFps = ${fps}`);
  await context.addInitScript({ path: inPage('camera.js') });
}

/** Puts a page at every address of the LMS. */
export async function installLms(context: BrowserContext, lms: string): Promise<void> {
  await context.route(`${lms}/**`, (route) => route.fulfill({ contentType: 'text/html', body: LMS_PAGE }));
}

/**
 * Lets the test beat for the pages of the context: their worker, and only clock, is the test's.
 * @param advance moves the server's clock by so many milliseconds, and answers its time
 */
export async function installPulse(context: BrowserContext, advance: (ms: number) => number): Promise<void> {
  await context.exposeFunction('advance', advance);
  await context.addInitScript({ path: inPage('pulse.js') });
}

/** Plays a second, whatever the page is about. */
export async function beat(page: Page): Promise<void> {
  await page.evaluate('beat()');
}

/** Plays so many seconds, each over once every request that it began is answered. */
export async function beats(page: Page, count: number): Promise<void> {
  await page.evaluate(`beats(${count})`);
}

/** Opens the capture window from a page of the LMS, as the plugin does. */
export async function open(
  context: BrowserContext,
  lms: string,
  url: string,
): Promise<{ opener: Page; page: Page }> {
  const opener = await context.newPage();
  await opener.goto(`${lms}/mod/quiz/view.php?id=1`);
  const [page] = await Promise.all([
    context.waitForEvent('page'),
    opener.evaluate(`void window.open(${JSON.stringify(url)}, 'probity-capture')`),
  ]);
  return { opener, page };
}

/** Who is seen from now on; null: nobody. */
export async function show(page: Page, portrait: Buffer | null): Promise<void> {
  await page.evaluate(`testCamera.show(${JSON.stringify(portrait?.toString('base64') ?? null)})`);
}

/** Every later `getUserMedia` fails so: the name of a DOMException. */
export async function fail(page: Page, name: string): Promise<void> {
  await page.evaluate(`testCamera.fail(${JSON.stringify(name)})`);
}

export async function unplug(page: Page): Promise<void> {
  await page.evaluate('testCamera.unplug()');
}

export async function plug(page: Page): Promise<void> {
  await page.evaluate('testCamera.plug()');
}

/** The browser asks the student before it gives a camera, until `answers`. */
export async function asks(page: Page): Promise<void> {
  await page.evaluate('testCamera.hold()');
}

export async function answers(page: Page): Promise<void> {
  await page.evaluate('testCamera.release()');
}

/** How often the page asked for a camera, and how many streams that it got go on. */
export function seen(page: Page): Promise<{ asked: number; live: number }> {
  return page.evaluate<{ asked: number; live: number }>('testCamera.seen()');
}

/** What the LMS's page was told last; null where nothing yet. */
export function hint(opener: Page): Promise<Hint | null> {
  return opener.evaluate<Hint | null>('hints.at(-1) ?? null');
}

/** Waits until the page is about this. */
export function heading(page: Page, name: string): Promise<void> {
  return page.getByRole('heading', { level: 1, name }).waitFor();
}

export function press(page: Page, button: string): Promise<void> {
  return page.getByRole('button', { name: button, exact: true }).click();
}

/** Waits until the text can be read on the page. */
export function says(page: Page, text: string): Promise<void> {
  return page.getByRole('main').getByText(text).first().waitFor();
}
