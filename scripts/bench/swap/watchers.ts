import type { Browser } from 'playwright-core';
import { startBrowser } from '../../../test/support/browser.js';
import { ORGANISATION, PASSWORD } from '../scenario.js';

/** Milliseconds of a clock that all processes of the machine share. */
export const now = (): number => performance.timeOrigin + performance.now();

/** When a teacher was first told of each student by e-mail. */
export interface Watcher {
  told: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

interface Login {
  accessToken: string;
  refreshToken: string;
  user: unknown;
}

export async function signedIn(url: string, email: string): Promise<Login> {
  const answer = await fetch(`${url}/probity/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ organisation: ORGANISATION, email, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`Nobody signed in: ${await answer.text()}`);
  return (await answer.json()) as Login;
}

/** Reads the exam's server-sent events as any program would. */
export async function watchEvents(url: string, examId: number, { accessToken }: Login): Promise<Watcher> {
  const abort = new AbortController();
  const answer = await fetch(`${url}/probity/v1/exams/${examId}/events`, {
    headers: { authorization: `Bearer ${accessToken}` },
    signal: abort.signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`The events were refused: ${await answer.text()}`);
  const told = new Map<string, number>();
  const read = (async (body: AsyncIterable<Uint8Array>) => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      const parts = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) note(part);
    }
    // Node's streams are iterable; the DOM's types, which an XML library brings, do not know it.
  })(answer.body as unknown as AsyncIterable<Uint8Array>);
  read.catch(() => undefined);

  function note(block: string): void {
    const data = block.split('\n').find((line) => line.startsWith('data: '));
    if (!block.includes('event: alert') || data === undefined) return;
    const { alert, student } = JSON.parse(data.slice(6)) as {
      alert: { type: string };
      student: { email: string } | null;
    };
    if (alert.type !== 'DIFFERENT_PERSON' || !student || told.has(student.email)) return;
    told.set(student.email, now());
  }

  return {
    told,
    close: () => {
      abort.abort();
      return Promise.resolve();
    },
  };
}

/** What the page shows of a student, once it does: written by the page's own clock, after it was drawn. */
const OBSERVE = `
  window.seen = {};
  const look = () => {
    for (const row of document.querySelectorAll('.row')) {
      const email = row.querySelector('p').textContent;
      if (email in window.seen || !row.textContent.includes('Perhaps another person')) continue;
      window.seen[email] = 0;
      requestAnimationFrame(() => setTimeout(() => {
        const at = performance.timeOrigin + performance.now();
        window.seen[email] = at;
        window.onSeen(email, at);
      }));
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
`;

/** Has the review page open in a headless Chromium. */
export async function watchPage(url: string, examId: number, login: Login): Promise<Watcher> {
  const browser: Browser = await startBrowser();
  const page = await browser.newPage({ locale: 'en-GB' });
  const told = new Map<string, number>();
  await page.exposeFunction('onSeen', (email: string, at: number) => void told.set(email, at));
  const session = JSON.stringify(JSON.stringify({ ...login, launch: null }));
  await page.addInitScript(`sessionStorage.setItem('probity.session', ${session})`);
  await page.goto(`${url}/review/#/exams/${examId}`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate(OBSERVE);
  return { told, close: () => browser.close() };
}
