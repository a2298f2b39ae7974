import { readFileSync } from 'node:fs';
import type { Guest } from '../browser.js';
import { expect, reached } from '../protocol.js';
import { attemptsOf, type Run } from '../run.js';

/** How long the quiet part of the attempt is watched, for the load on Moodle. */
const QUIET_MS = 60_000;
/** The longest that signs of life may be missing (the issue's own limit). */
const LONGEST_GAP_MS = 3_000;
const PAGE_CHANGES = 8;

/** Identification in the capture window, and an attempt that is watched over page changes. */
export async function sitting(run: Run): Promise<void> {
  const { protocol } = run;

  await protocol.step('the student is identified in the capture window', async () => {
    const student = reached(run.student, 'student in a browser');
    await student.openCapture();
    return (await student.passCapture()).join(', ');
  });
  await protocol.step('the form goes on by itself, and the attempt starts', async () => {
    const world = reached(run.world, 'course');
    const { page } = reached(run.student, 'student in a browser');
    await page.waitForURL(/\/mod\/quiz\/attempt\.php/);
    const attempts = await attemptsOf(run, world, world.students.monitored);
    expect(attempts.length === 1 && attempts[0]?.state === 'inprogress', JSON.stringify(attempts));
    run.attempt = attempts[0];
    return undefined;
  });
  await protocol.step('frames and signs of life arrive over page changes, without a gap', async () => {
    reached(run.attempt, 'attempt');
    const student = reached(run.student, 'student in a browser');
    const began = Date.now();
    for (let change = 0; change < PAGE_CHANGES; change += 1) {
      await answer(student, change < 4 ? `before ${change + 1}` : `after ${change + 1}`);
      await student.page.click(change % 2 === 0 ? '#mod_quiz-next-nav' : '#mod_quiz-prev-nav');
      await student.settled();
      // A page is read for a while, and two heartbeats can come meanwhile.
      await student.page.waitForTimeout(2_500);
    }
    const beats = student.acknowledged.filter(({ at, what }) => what === 'heartbeats' && at >= began);
    const frames = student.acknowledged.filter(({ at, what }) => what === 'frames' && at >= began);
    const seconds = (Date.now() - began) / 1000;
    const gap = longestGap([began, ...beats.map(({ at }) => at), Date.now()]);
    const measured =
      `${PAGE_CHANGES} page changes in ${seconds.toFixed(0)} s: ${frames.length} frames, ${beats.length} heartbeats, ` +
      `the longest gap ${(gap / 1000).toFixed(1)} s`;
    expect(frames.length >= seconds / 4, measured);
    expect(gap <= LONGEST_GAP_MS, measured);
    return measured;
  });
  await protocol.step('what a watched student costs Moodle, on a page that stays open', async () => {
    reached(run.attempt, 'attempt');
    const student = reached(run.student, 'student in a browser');
    const began = Date.now();
    const served = requestsServed(run);
    await student.page.waitForTimeout(QUIET_MS);
    const minutes = (Date.now() - began) / 60_000;
    const ours = student.requests.filter(({ at }) => at >= began);
    const kinds = new Map<string, number>();
    for (const { path } of ours) {
      const kind =
        path.replace(/[?#].*/, '') + (/[?&]info=([\w,]+)/.exec(path)?.[1]?.replace(/^/, ' ') ?? '');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    const rest = served === null ? null : (requestsServed(run) ?? 0) - served;
    return (
      `${(ours.length / minutes).toFixed(1)} requests a minute from the browser` +
      ` (${[...kinds].map(([kind, count]) => `${count} × ${kind}`).join(', ') || 'none'})` +
      (rest === null
        ? ''
        : `; ${(rest / minutes).toFixed(1)} a minute in the log of the web server, Probity’s own among them`)
    );
  });
}

/** Types an answer into the page that is open. */
export async function answer(student: Guest, text: string): Promise<void> {
  await student.page.fill('#responseform input[type="text"][name$="_answer"]', text);
}

function longestGap(times: number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

/** Requests in the log of the web server, which has a line for each; null without a log. */
function requestsServed({ serverLog }: Run): number | null {
  if (serverLog === null) return null;
  return readFileSync(serverLog, 'utf8').match(/\b(GET|POST) \//g)?.length ?? 0;
}
