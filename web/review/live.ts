import type { Api } from '../lib/api.js';
import type { Told } from './answers.js';

/** The server says something every 15 s: silence for longer than two of them is a dead connection. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

export interface Listener {
  told(told: Told): void;
  /** Whether the connection stands. */
  connected(live: boolean): void;
  /** Loads anew what is told of. @throws Refused, Unreachable */
  reload(): Promise<void>;
  /** It will not stand again: the exam is not there for this person, or the login is over. */
  lost(failure: unknown): void;
}

/**
 * Follows an exam's events from `after` on, over cut connections and renewed logins, until `signal` aborts. An event may
 * come twice, and shows the same then; none is left out. A change of the exam itself says nothing of who is in it:
 * everything is loaded anew then, and what came after it is told all the same.
 */
export async function follow(
  api: Api,
  exam: string,
  after: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  let last = after;
  let stale = false;
  const over = (): boolean => signal.aborted;
  for (let pause = FIRST_PAUSE_MS; !over();) {
    let changed = false;
    try {
      if (stale) await listener.reload();
      stale = false;
      for await (const { id, what } of eventsAfter(api, exam, last, signal)) {
        if (id !== null) last = id;
        pause = FIRST_PAUSE_MS;
        listener.connected(true);
        if (what.event === 'end') break;
        listener.told(what);
        changed = what.event === 'exam';
        if (changed) break;
      }
    } catch (failure) {
      if (over()) return;
      if (isFinal(failure)) {
        listener.lost(failure);
        return;
      }
    }
    stale ||= changed;
    if (changed) continue;
    if (over()) return;
    listener.connected(false);
    // Apart from each other, when a server comes back.
    await paused(pause * (0.75 + Math.random() / 2), signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

interface Numbered {
  id: string | null;
  what: Told;
}

/** One connection's events; it ends where the server ends it, or falls silent. @throws Refused, Unreachable */
async function* eventsAfter(
  api: Api,
  exam: string,
  last: string,
  signal: AbortSignal,
): AsyncGenerator<Numbered> {
  const cut = new AbortController();
  const silence = new Silence(() => cut.abort(), SILENCE_MS);
  try {
    const answer = await api.open(`${exam}/events`, {
      headers: { 'Last-Event-ID': last },
      signal: AbortSignal.any([signal, cut.signal]),
    });
    for await (const block of blocks(answer, silence)) {
      const told = read(block);
      if (told) yield told;
    }
  } finally {
    silence.end();
    cut.abort();
  }
}

/** A refusal that no waiting mends: not signed in, not allowed, not there. */
function isFinal(failure: unknown): boolean {
  const { status } = (failure ?? {}) as { status?: number };
  return status === 401 || status === 403 || status === 404;
}

/** Calls when nothing was heard for so long. */
class Silence {
  private timer = 0;

  constructor(
    private readonly call: () => void,
    private readonly ms: number,
  ) {
    this.heard();
  }

  heard(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.call, this.ms);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

/** The blocks of a stream, each without the empty line at its end. */
async function* blocks(answer: Response, silence: Silence): AsyncGenerator<string> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  try {
    for (let text = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.heard();
      const parts = (text + value).split('\n\n');
      text = parts.pop() ?? '';
      yield* parts;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** An event; null for a comment. */
function read(block: string): Numbered | null {
  let id: string | null = null;
  let event = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('id: ')) id = line.slice(4);
    else if (line.startsWith('event: ')) event = line.slice(7);
    else if (line.startsWith('data: ')) data += line.slice(6);
  }
  return event === '' ? null : { id, what: { event, data: JSON.parse(data) as unknown } as Told };
}

function paused(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
