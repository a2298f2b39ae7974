import Table from 'cli-table3';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { median } from 'simple-statistics';
import { startChild } from '../child.js';
import { post, RestClient } from '../client.js';
import { distinct } from '../exam/distinct.js';
import { framesOfOther, pictures } from '../pictures.js';
import { frame, joined, signedUp, teacherWithExam, type Student } from '../scenario.js';
import type { ServerQuestions } from '../server.js';
import { now, signedIn, watchEvents, watchPage, type Watcher } from './watchers.js';

const NOTHING = undefined as never;
/** Captures of each person before they come again: more than the service compares a frame with. */
const CAPTURES = 97;
/** Frames of the student before the swap. */
const BEFORE = 2;
/** Frames of the other at which nobody is found any more. */
const MOST = 30;
/** Longest between a frame's answer and the page. */
const PATIENCE_MS = 10_000;

/** What became of one swap; milliseconds. */
export interface Swap {
  /** Frames of the other until the alert. */
  frames: number;
  /** From the first of them to the one that decided, both as they were sent: the rule's share, and the interval's. */
  deciding: number;
  /** From then on, the system's own share: until the frame was answered, the event had come, and the page showed it. */
  answered: number;
  event: number;
  page: number;
}

export interface SwapResults {
  loadBefore: number;
  intervals: { intervalMs: number; swaps: Swap[] }[];
}

/** Students who give their place to somebody else, a frame each interval, and a teacher who looks at the page. */
export async function measureSwap(quick: boolean): Promise<SwapResults> {
  const size = quick
    ? { students: 2, intervals: [2_000] }
    : { students: 5, intervals: [2_000, 5_000, 10_000] };
  const loadBefore = loadavg()[0] ?? 0;
  const { reference, probe, frames } = await pictures(CAPTURES);
  const others = await framesOfOther(CAPTURES);
  const server = startChild<ServerQuestions>('server.ts');
  const { port } = await server.ask('start', NOTHING);
  const rest = new RestClient(port);
  const url = `http://127.0.0.1:${port}`;
  const { examId, teacher } = await teacherWithExam(rest);
  const login = await signedIn(url, teacher.email);
  const events = await watchEvents(url, examId, login);
  const page = await watchPage(url, examId, await signedIn(url, teacher.email));

  const results: SwapResults = { loadBefore, intervals: [] };
  for (const intervalMs of size.intervals) {
    const students: Student[] = [];
    for (let n = 0; n < size.students; n++) {
      const student = await signedUp(rest, `swap${intervalMs}-${n}`, reference);
      const details = { exam_id: examId, students: [{ email: student.email }] };
      await rest.send(post('/instructor/sync_courses_exams', { details }, teacher.token));
      await joined(rest, examId, student, probe);
      students.push(student);
    }
    const swaps = await Promise.all(
      students.map((student, n) => swap(student, intervalMs, (n * intervalMs) / size.students)),
    );
    results.intervals.push({ intervalMs, swaps });
    process.stderr.write(`a frame in ${intervalMs / 1000} s: ${swaps.length} swaps\n`);
  }
  await page.close();
  await events.close();
  rest.close();
  await server.stop();
  return results;

  async function swap(student: Student, intervalMs: number, delayMs: number): Promise<Swap> {
    const began = now() + delayMs;
    const due = (nth: number): Promise<void> => until(began + nth * intervalMs);
    const send = async (
      picture: Buffer | undefined,
      nth: number,
    ): Promise<{ sent: number; answered: number }> => {
      await due(nth);
      if (!picture) throw new Error('There are too few captures');
      const sent = now();
      await rest.send(frame(examId, student, distinct(picture, `${student.email} ${nth}`)));
      return { sent, answered: now() };
    };
    for (let nth = 0; nth < BEFORE; nth++) await send(frames[nth], nth);
    let first = 0;
    for (let count = 1; count <= MOST; count++) {
      const nth = BEFORE + count - 1;
      const last = await send(others[count], nth);
      if (count === 1) first = last.sent;
      // Nothing is sent before the next is due: what has come by then came of this one.
      await due(nth + 1);
      const event = events.told.get(student.email);
      if (event === undefined) continue;
      const shown = await toldBy(page, student.email);
      const { sent, answered } = last;
      return {
        frames: count,
        deciding: sent - first,
        answered: answered - sent,
        event: event - sent,
        page: shown - sent,
      };
    }
    throw new Error(`Nobody noticed within ${MOST} frames`);
  }
}

async function toldBy(watcher: Watcher, email: string): Promise<number> {
  for (const end = now() + PATIENCE_MS; now() < end;) {
    const at = watcher.told.get(email);
    if (at !== undefined) return at;
    await until(now() + 20);
  }
  throw new Error('The page did not show the alert');
}

function until(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - now())));
}

export function renderSwap({ intervals, loadBefore }: SwapResults): string {
  const table = new Table({
    head: [
      ...['a frame in', 'swaps', 'frames needed', 'swap to deciding frame'],
      ...['frame to answer', 'frame to event', 'frame to page', 'swap to page'],
    ],
    style: { head: [], border: [] },
  });
  for (const { intervalMs, swaps } of intervals) {
    const of = (read: (swap: Swap) => number): number[] => swaps.map(read);
    table.push([
      `${intervalMs / 1000} s`,
      swaps.length,
      `${Math.min(...of(({ frames }) => frames))} to ${Math.max(...of(({ frames }) => frames))}`,
      seconds(of(({ deciding }) => deciding)),
      milliseconds(of(({ answered }) => answered)),
      milliseconds(of(({ event }) => event)),
      milliseconds(of(({ page }) => page)),
      seconds(of(({ deciding, page }) => deciding + page)),
    ]);
  }
  return [
    `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, shared by the service, the students and the ` +
      `browser; load before ${loadBefore.toFixed(1)}`,
    'Median (most). From the first frame of somebody else, as it is sent, to the alert on the review page in Chromium.',
    'The rule for a different person wants several frames, apart in time (docs/adr/0006): that is the first part. ' +
      'What the system adds is from the deciding frame to the page.',
    table.toString(),
    '',
  ].join('\n');
}

const seconds = (values: number[]): string =>
  `${(median(values) / 1000).toFixed(1)} s (${(Math.max(...values) / 1000).toFixed(1)})`;
const milliseconds = (values: number[]): string =>
  `${median(values).toFixed(0)} ms (${Math.max(...values).toFixed(0)})`;
