import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetch, request as send } from 'undici';
import {
  createOutbound,
  type Outbound,
  type OutboundOptions,
  type OutboundRequest,
} from '../../src/outbound/index.js';
import { certificates } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';

const servers: Server[] = [];
const clients: Outbound[] = [];

/** A real server on an address of this machine; returns its port, and counts what it is asked. */
async function serve(
  listener: RequestListener,
  host = '127.0.0.1',
  port = 0,
): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

function client(options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = createOutbound({ enabled: true, allow: ['127.0.0.1'], retryDelayMs: 1, ...options });
  clients.push(outbound);
  return outbound;
}

const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  url,
  method: 'GET',
  ...more,
});

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await Promise.all(clients.splice(0).map((outbound) => outbound.close()));
});

describe('an answer', () => {
  it('has status, headers and body, whatever the status', async () => {
    const { port } = await serve((request, response) => {
      void textOf(request).then((body) => {
        response.writeHead(404, { 'X-Two': ['a', 'b'], 'Content-Type': 'text/plain' });
        response.end(`${request.method} ${request.headers['x-key'] as string} ${body}`);
      });
    });
    const answer = await client().request({
      url: `http://127.0.0.1:${port}/`,
      method: 'POST',
      headers: { 'x-key': 'k' },
      body: 'hello',
    });
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', 'x-two': 'a, b' });
    expect(answer.body.toString()).toBe('POST k hello');
  });
});

describe('where nothing may be called', () => {
  it('nothing is: not even a connection is made', async () => {
    const { port, asked } = await serve((_, response) => response.end());
    const outbound = client({ enabled: false });
    await expect(outbound.request(get(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      failure: 'OFF',
    });
    await expect(
      send(`http://127.0.0.1:${port}/`, { dispatcher: outbound.dispatcher }),
    ).rejects.toMatchObject({
      failure: 'OFF',
    });
    expect(asked).toEqual([]);
  });
});

describe('addresses', () => {
  it.each(['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '127.0.0.1.'])(
    'a private one is refused, however it is written: %s',
    async (host) => {
      const { port, asked } = await serve((_, response) => response.end());
      const outbound = client({ allow: [] });
      await expect(outbound.request(get(`http://${host}:${port}/`))).rejects.toMatchObject({
        failure: 'ADDRESS_REFUSED',
      });
      await expect(
        send(`http://${host}:${port}/`, { dispatcher: outbound.dispatcher }),
      ).rejects.toMatchObject({
        failure: 'ADDRESS_REFUSED',
      });
      expect(asked).toEqual([]);
    },
  );

  it('a name that resolves to a private one is refused', async () => {
    const { port, asked } = await serve((_, response) => response.end());
    const outbound = client({
      allow: [],
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    await expect(outbound.request(get(`http://innocent.example:${port}/`))).rejects.toMatchObject({
      failure: 'ADDRESS_REFUSED',
      message: expect.stringContaining('innocent.example') as string,
    });
    expect(asked).toEqual([]);
  });

  it('of several addresses of a name only the allowed are tried', async () => {
    const { port } = await serve((_, response) => response.end('outer'));
    const inner = await serve((_, response) => response.end('inner'), '127.0.0.2', port);
    const outbound = client({
      resolve: () =>
        Promise.resolve([
          { address: '127.0.0.2', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    const answer = await outbound.request(get(`http://both.example:${port}/`));
    expect(answer.body.toString()).toBe('outer');
    expect(inner.asked).toEqual([]);
  });

  it('a name that changes its address after it was looked at (DNS rebinding) gets nowhere', async () => {
    const outer = await serve((_, response) => response.setHeader('connection', 'close').end('outer'));
    const inner = await serve((_, response) => response.end('inner'), '127.0.0.2', outer.port);
    let lookups = 0;
    const outbound = client({
      resolve: () => Promise.resolve([{ address: lookups++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }]),
    });
    const first = await outbound.request(get(`http://rebinding.example:${outer.port}/`));
    expect(first.body.toString()).toBe('outer');
    expect(lookups).toBe(1);
    await expect(outbound.request(get(`http://rebinding.example:${outer.port}/`))).rejects.toMatchObject({
      failure: 'ADDRESS_REFUSED',
    });
    expect(inner.asked).toEqual([]);
  });

  it('a public one is not called without TLS', async () => {
    const outbound = client({ resolve: () => Promise.resolve([{ address: '8.8.8.8', family: 4 }]) });
    await expect(outbound.request(get('http://plain.example/'))).rejects.toMatchObject({
      failure: 'PLAINTEXT_REFUSED',
    });
    await expect(outbound.request(get('http://8.8.8.8/'))).rejects.toMatchObject({
      failure: 'PLAINTEXT_REFUSED',
    });
  });

  it('a certificate that nobody vouches for is no answer', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'probity-outbound-'));
    await certificates(folder, 'nobody', ['server']);
    const [cert, key] = await Promise.all(
      ['server.crt', 'server.key'].map((file) => readFile(path.join(folder, file))),
    );
    await rm(folder, { recursive: true });
    const server = createTlsServer({ cert, key }, (_, response) => response.end());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(client().request(get(`https://127.0.0.1:${port}/`))).rejects.toMatchObject({
      failure: 'UNREACHABLE',
    });
  });
});

describe('answers that are none', () => {
  it.each([301, 302, 307, 308])('a redirect is not followed (%i)', async (status) => {
    const { port, asked } = await serve((_, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    await expect(client().request(get(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      failure: 'REDIRECTED',
    });
    expect(asked).toEqual(['/']);
  });

  it('a body that is announced, or turns out, too large is not downloaded', async () => {
    let closed = 0;
    const { port } = await serve((request, response) => {
      response.on('close', () => (closed += 1));
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      if (request.url === '/announced') response.writeHead(200, { 'content-length': 1e9 });
      more();
    });
    const outbound = client();
    for (const path of ['/announced', '/endless']) {
      await expect(
        outbound.request(get(`http://127.0.0.1:${port}${path}`, { maxBytes: 1000 })),
      ).rejects.toMatchObject({ failure: 'TOO_LARGE' });
    }
    await eventually(() => expect(closed).toBe(2));
  });

  it('no library behind the dispatcher is led elsewhere', async () => {
    const elsewhere = await serve((_request, response) => response.end());
    const { port } = await serve((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/` }).end();
    });
    const { dispatcher } = client();
    const following = fetch(`http://127.0.0.1:${port}/`, { dispatcher, method: 'POST', body: 'a secret' });
    await expect(following).rejects.toMatchObject({ cause: { failure: 'REDIRECTED' } });
    expect(elsewhere.asked).toEqual([]);
  });

  it('no library behind the dispatcher downloads without end', async () => {
    const { port } = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1_000_000)));
        response.once('drain', more);
      };
      more();
    });
    const { body } = await send(`http://127.0.0.1:${port}/`, { dispatcher: client().dispatcher });
    await expect(body.bytes()).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
  });

  it.each(['never answers', 'stops in the middle'])('a peer that %s is left', async (behaviour) => {
    const { port } = await serve((_, response) => {
      if (behaviour === 'stops in the middle') response.write('begun');
    });
    await expect(client().request(get(`http://127.0.0.1:${port}/`, { timeoutMs: 50 }))).rejects.toMatchObject(
      { failure: 'TIMED_OUT' },
    );
  });

  it('a caller who gives up gets their own reason', async () => {
    const { port } = await serve(() => undefined);
    const gone = new AbortController();
    const answer = client().request(get(`http://127.0.0.1:${port}/`, { signal: gone.signal }));
    gone.abort(new Error('the client hung up'));
    await expect(answer).rejects.toThrow('the client hung up');
  });

  it('nobody who listens', async () => {
    const { port } = await serve(() => undefined);
    servers.pop()?.close();
    await expect(client().request(get(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      failure: 'UNREACHABLE',
      message: `127.0.0.1:${port} cannot be reached.`,
    });
  });
});

describe('sending again', () => {
  const failing = (times: number, status: number): RequestListener => {
    let left = times;
    return (request, response) => {
      if (left-- <= 0) response.end('at last');
      else if (status === 0) request.socket.destroy();
      else response.writeHead(status).end();
    };
  };

  it.each([0, 429, 502, 503, 504])('what may be repeated is, twice (%i)', async (status) => {
    const { port, asked } = await serve(failing(2, status));
    const answer = await client().request(get(`http://127.0.0.1:${port}/`, { repeatable: true }));
    expect(answer.body.toString()).toBe('at last');
    expect(asked).toHaveLength(3);
  });

  it('and no more often', async () => {
    const { port, asked } = await serve(failing(9, 503));
    const answer = await client().request(get(`http://127.0.0.1:${port}/`, { repeatable: true }));
    expect(answer.status).toBe(503);
    expect(asked).toHaveLength(3);
  });

  it.each([400, 401, 404, 500])('not after an answer that will not change (%i)', async (status) => {
    const { port, asked } = await serve(failing(9, status));
    expect((await client().request(get(`http://127.0.0.1:${port}/`, { repeatable: true }))).status).toBe(
      status,
    );
    expect(asked).toHaveLength(1);
  });

  it('and never what may not be repeated', async () => {
    const { port, asked } = await serve(failing(9, 503));
    expect((await client().request(get(`http://127.0.0.1:${port}/`))).status).toBe(503);
    expect(asked).toHaveLength(1);
  });
});
