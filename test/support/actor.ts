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
  await context.addInitScript({ path: inPage('camera.js') });
  await installLms(context, lms);
}

/** Puts a page at every address of the LMS. */
export async function installLms(context: BrowserContext, lms: string): Promise<void> {
  await context.route(`${lms}/**`, (route) => route.fulfill({ contentType: 'text/html', body: LMS_PAGE }));
}

/** Lets the test beat for the page: its worker, and only clock, is the test's. */
export async function installPulse(context: BrowserContext): Promise<void> {
  await context.addInitScript({ path: inPage('pulse.js') });
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

/** What the LMS's page was told last; null where nothing yet. */
export function hint(opener: Page): Promise<Hint | null> {
  return opener.evaluate<Hint | null>('hints.at(-1) ?? null');
}

/**
 * Script for a page under `installPulse`: `beats(n)` plays n seconds, each begun by `advance(ms)`, which moves the
 * server's clock and answers its time, and over once every request that it began is answered.
 */
export const inFlight = `
  (() => {
    const under = new Set();
    const { fetch } = window;
    window.fetch = (...request) => {
      const answer = fetch(...request);
      under.add(answer);
      void answer.catch(() => undefined).finally(() => under.delete(answer));
      return answer;
    };
    window.beats = async (count) => {
      for (let n = 0; n < count; n += 1) {
        testPulse.beat(await advance(1000));
        do await Promise.allSettled([...under]); while (under.size > 0);
      }
    };
  })();
`;
