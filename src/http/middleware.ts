import type { Context as KoaContext, Middleware, Next } from 'koa';
import type { Logger } from 'pino';
import { requestIdFrom } from '../grpc/index.js';
import type { HttpMetrics } from './probes.js';
import type { HttpState } from './state.js';

type Stated = KoaContext & { state: HttpState };

/**
 * Names the request (`X-Request-Id` is taken over where it is well formed, and echoed), watches for its client to
 * hang up, and writes one line of log and one sample of metrics when it is over. The line has the path without its
 * query, and neither headers nor bodies.
 */
export function requestScope(log: Logger, metrics: HttpMetrics): Middleware {
  return async (context, next) => {
    const ctx = context as unknown as Stated;
    const started = performance.now();
    const requestId = requestIdFrom(ctx.get('x-request-id'));
    const gone = new AbortController();
    ctx.state.requestId = requestId;
    ctx.state.log = log.child({ requestId });
    ctx.state.gone = gone.signal;
    ctx.set('X-Request-Id', requestId);
    ctx.res.once('close', () => {
      const finished = ctx.res.writableFinished;
      if (!finished) gone.abort();
      const { family, operation, reason } = ctx.state;
      const seconds = (performance.now() - started) / 1000;
      const status = finished ? ctx.status : 499;
      metrics.observe({
        family: family ?? '',
        operation: operation ?? '',
        method: ctx.method,
        status,
        seconds,
      });
      ctx.state.log.info(
        {
          method: ctx.method,
          path: ctx.path.slice(0, 200),
          status,
          seconds,
          family,
          operation,
          reason,
          peer: ctx.ip,
        },
        'request',
      );
    });
    await next();
  };
}

/** What no family answers: `{message}`, since no document says anything about these paths. */
export async function unknownPath(context: KoaContext, next: Next): Promise<void> {
  const ctx = context as Stated;
  try {
    await next();
  } catch (thrown) {
    ctx.state.log.error({ err: thrown }, 'request failed in the façade');
    reply(ctx, 500, 'Internal server error.');
    return;
  }
  if (ctx.status === 404 && ctx.body === undefined) reply(ctx, 404, 'There is nothing at this path.');
}

function reply(ctx: Stated, status: number, message: string): void {
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'application/json';
  ctx.body = JSON.stringify({ message });
}
