import Koa from 'koa';
import helmet from 'koa-helmet';
import type { Logger } from 'pino';
import type { Core } from '../grpc/index.js';
import { documentation } from './documentation.js';
import type { Streaming } from './events.js';
import type { Family } from './family.js';
import { HeldBodies } from './held.js';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.js';
import { requestScope, unknownPath } from './middleware.js';
import { pages } from './pages.js';
import { probes, type Health, type HttpMetrics } from './probes.js';
import { serveFamily } from './serve.js';

export interface HttpAppOptions {
  core: Core;
  /** In the order in which they are asked; a family without a prefix comes last. */
  families: readonly Family[];
  log: Logger;
  limits?: Partial<HttpLimits>;
  metrics: HttpMetrics;
  health: Health;
  /** Whether `/metrics` is on this port; false where it has its own. Default true. */
  serveMetrics?: boolean;
  /**
   * Whether one proxy stands in front and appends the client to `X-Forwarded-For`. Default false: the header is
   * ignored, since anyone can write it.
   */
  behindProxy?: boolean;
  /** Where `npm run build` left the pages; absent: none are served. */
  webDir?: string;
  /** For answers that go on. */
  streaming: Streaming;
}

/** A page does not wait longer for a core that is away. */
const OPENER_TIMEOUT_MS = 2_000;

async function openerOf(core: Core, site: string): Promise<string> {
  const options = { deadline: Date.now() + OPENER_TIMEOUT_MS };
  return (await core.launches.getOpener({ connection: `lmsConnections/${site}` }, options)).origin;
}

/** The REST façade: all families over one core. */
export function createHttpApp(options: HttpAppOptions): Koa {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const app = new Koa({ proxy: options.behindProxy ?? false, maxIpsCount: 1 });
  app.silent = true; // What fails is logged by `unknownPath`, with its request id.
  app.use(requestScope(options.log, options.metrics));
  app.use(unknownPath);
  app.use(
    helmet({
      // Nothing of an API answer is a page; `documentation` sets its own policy.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      // Whether there is TLS is known to who terminates it.
      strictTransportSecurity: false,
    }),
  );
  app.use(probes(options.health, options.metrics, { serveMetrics: options.serveMetrics ?? true }));
  app.use(documentation(options.families));
  if (options.webDir !== undefined) app.use(pages(options.webDir, (site) => openerOf(options.core, site)));
  const bodies = new HeldBodies(limits);
  for (const family of options.families) {
    app.use(serveFamily(family, options.core, limits, bodies, options.streaming));
  }
  return app;
}
