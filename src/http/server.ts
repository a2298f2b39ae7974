import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';

export interface HttpServer {
  port: number;
  /** Takes no more requests, lets those under way finish for `graceMs`, then cuts what is left. */
  drain(graceMs: number): Promise<void>;
}

/** Longest time for all headers of a request, and for the whole of it, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the 60 s after which common load balancers drop an idle connection, so that they do it first. */
const KEEP_ALIVE_MS = 65_000;

/** Listens; port 0 takes any free one. Rejects when the port is taken. */
export async function startHttpServer(app: Koa, at: { host: string; port: number }): Promise<HttpServer> {
  const handle = app.callback();
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => void handle(request, response),
  );
  let draining = false;
  server.on('request', (_, response) => {
    // A kept connection would hold the drain up after its last answer.
    response.once('close', () => {
      if (draining) setImmediate(() => server.closeIdleConnections());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    async drain(graceMs) {
      draining = true;
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(cut);
    },
  };
}
