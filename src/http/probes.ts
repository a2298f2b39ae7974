import type { Middleware } from 'koa';

/** What the façade tells of itself to Prometheus, and where the page comes from. */
export interface HttpMetrics {
  /** Once a request; `family` and `operation` are empty where none was reached. */
  observe(request: {
    family: string;
    operation: string;
    method: string;
    status: number;
    seconds: number;
  }): void;
  /** The whole page of metrics, and its media type. */
  page(): Promise<{ contentType: string; text: string }>;
}

/** Whether this process can serve. */
export interface Health {
  /** Every check by name, for instance `database`, `migrations`, `models`; all must hold. */
  checks(): Promise<Record<string, boolean>>;
}

/**
 * `/healthz`: the process is alive. `/readyz`: 200 when every check holds, otherwise 503 with the checks. `/metrics`:
 * Prometheus, unless it is served elsewhere.
 */
export function probes(health: Health, metrics: HttpMetrics, options: { serveMetrics: boolean }): Middleware {
  return async (ctx, next) => {
    const probe = ctx.method === 'GET' || ctx.method === 'HEAD' ? ctx.path : null;
    if (probe === '/healthz') {
      ctx.set('Cache-Control', 'no-store');
      ctx.body = { status: 'ok' };
    } else if (probe === '/readyz') {
      const checks = await health.checks();
      const ready = Object.values(checks).every(Boolean);
      ctx.set('Cache-Control', 'no-store');
      ctx.status = ready ? 200 : 503;
      ctx.body = { status: ready ? 'ready' : 'not ready', checks };
    } else if (probe === '/metrics' && options.serveMetrics) {
      const { contentType, text } = await metrics.page();
      ctx.set('Cache-Control', 'no-store');
      ctx.set('Content-Type', contentType);
      ctx.body = text;
    } else {
      await next();
    }
  };
}
