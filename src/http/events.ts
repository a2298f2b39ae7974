import { Readable } from 'node:stream';
import type { Context as KoaContext } from 'koa';
import { toStatusError, type StatusError } from '../call/index.js';
import type { Operation, ServerEvent } from './family.js';

/** Less than the minute after which proxies drop a silent connection. */
const PING_MS = 15_000;

/** What an answer that goes on needs of the server around it. */
export interface Streaming {
  /** Calls `tick` every `ms` until the returned function is called. */
  every: (ms: number, tick: () => void) => () => void;
  /** Aborts when the server drains: streams end, and their clients go on elsewhere. */
  draining: AbortSignal;
}

/**
 * Answers by server-sent events (HTML Living Standard, 9.2). Refused like any other answer until the first event is
 * there; what ends the stream after that is told by the event `end`. The next event is asked for when the client has
 * taken the one before; of the pings that were due meanwhile, one is sent.
 * @throws what the source throws before its first event
 */
export async function sendEvents(
  ctx: KoaContext,
  row: Operation,
  source: AsyncIterable<ServerEvent>,
  streaming: Streaming,
): Promise<void> {
  const events = source[Symbol.asyncIterator]();
  const first = await events.next();
  ctx.status = row.status;
  ctx.type = 'text/event-stream';
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Accel-Buffering', 'no');
  if (ctx.method === 'HEAD') {
    await events.return?.();
    ctx.body = null;
    ctx.status = row.status;
  } else {
    ctx.body = Readable.from(chunks(row, first, events, streaming), { objectMode: false });
  }
}

async function* chunks(
  row: Operation,
  first: IteratorResult<ServerEvent>,
  events: AsyncIterator<ServerEvent>,
  { every, draining }: Streaming,
): AsyncGenerator<string> {
  let wake = (): void => undefined;
  const pinging = { due: false };
  const stopPinging = every(PING_MS, () => {
    pinging.due = true;
    wake();
  });
  const drain = (): void => wake();
  draining.addEventListener('abort', drain, { once: true });
  try {
    for (let next = Promise.resolve(first); ;) {
      const woken = new Promise<null>((resolve) => {
        wake = () => resolve(null);
        if (pinging.due || draining.aborted) wake();
      });
      const item = await Promise.race([next, woken]);
      if (draining.aborted) {
        yield ended('DRAINING');
        return;
      }
      if (pinging.due) {
        pinging.due = false;
        yield ': ping\n\n';
      }
      if (item === null) continue;
      if (item.done) return;
      yield written(row, item.value);
      next = events.next();
    }
  } catch (thrown) {
    yield ended(toStatusError(thrown).reason);
  } finally {
    stopPinging();
    draining.removeEventListener('abort', drain);
    // Not awaited: it answers only when the event that is waited for has come.
    void events.return?.().catch(() => undefined);
  }
}

function written(row: Operation, { id, event, data }: ServerEvent): string {
  const schema = row.events?.[event];
  if (!schema) throw new Error(`${row.id} lists no event ${event}`);
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(schema.parse(data))}\n\n`;
}

function ended(reason: StatusError['reason']): string {
  return `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;
}
