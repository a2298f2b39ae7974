import { connect } from 'node:net';
import { once } from 'node:events';
import pino from 'pino';
import { StatusError } from '../../src/call/index.js';
import { User } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { families, startFacade, type Facade } from './support/facade.js';

const PICTURE = Buffer.from('the bytes of a picture').toString('base64');

describe('the façade', () => {
  const open: Facade[] = [];
  const start = async (options: Parameters<typeof startFacade>[0] = {}): Promise<Facade> => {
    const facade = await startFacade(options);
    open.push(facade);
    return facade;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((facade) => facade.close()));
  });

  it('takes over a well-formed request id, echoes it, and hands it to the core', async () => {
    const facade = await start({ script: { 'users.getUser': () => User.fromPartial({}) } });
    const given = await facade.send('GET', '/probity/v1/users/me', {
      token: 'student',
      headers: { 'x-request-id': 'client-1' },
    });
    expect(given.headers.get('x-request-id')).toBe('client-1');
    expect(facade.calls[0]!.ctx.requestId).toBe('client-1');

    const bad = await facade.send('GET', '/healthz', { headers: { 'x-request-id': 'a b {}' } });
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs one line a request, without query, body or token', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
    const facade = await start({ log });
    await facade.send('POST', '/login?token=in-the-query', {
      body: { email: 'a@b.cy', password: 'in-the-body', organization: 'XX' },
      headers: { authorization: 'in-the-header' },
    });
    await facade.close();
    open.length = 0;
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      msg: 'request',
      method: 'POST',
      path: '/login',
      status: 400,
      family: 'trustid',
      operation: 'loginCreate',
      reason: 'INVALID_FIELDS',
      requestId: expect.any(String) as string,
    });
    expect(lines[0]).not.toMatch(/in-the-/);
  });

  it('samples by operation, never by path', async () => {
    const facade = await start();
    await facade.send('GET', '/probity/v1/users/0123');
    await facade.send('GET', '/no/such/path');
    await facade.close();
    open.length = 0;
    expect(facade.samples).toEqual([
      { family: 'probity', operation: 'getUser', method: 'GET', status: 401 },
      { family: '', operation: '', method: 'GET', status: 404 },
    ]);
  });

  it('answers a path that nobody documents with 404 and {message}', async () => {
    const facade = await start();
    for (const path of [
      '/',
      '/nothing',
      '/Login',
      '//login',
      '/probity/v1/nothing',
      '/login/%ff',
      '/biometrics',
    ]) {
      const { status, body } = await facade.send('POST', path);
      expect([path, status, body]).toEqual([path, 404, { message: 'There is nothing at this path.' }]);
    }
  });

  it('does not stumble over percent signs in a path', async () => {
    const facade = await start({
      script: {
        'users.getUser': ({ name }: { name: string }) => {
          throw new StatusError('USER_NOT_FOUND', `no ${name}`);
        },
      },
    });
    for (const id of ['%ff', '%', '%2e%2e', 'a%2fb']) {
      const { status } = await facade.send('GET', `/probity/v1/users/${id}`, { token: 'student' });
      expect([id, [400, 404].includes(status)]).toEqual([id, true]);
    }
  });

  it('sets headers that keep answers out of pages and caches', async () => {
    const facade = await start();
    const { headers } = await facade.send('GET', '/trustid_version');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('serves a family under its prefix, and there only', async () => {
    const facade = await start({ families: families({ trustidPrefix: '/trustid' }) });
    expect((await facade.send('GET', '/trustid/trustid_version')).status).toBe(200);
    expect((await facade.send('GET', '/trustid_version')).status).toBe(404);
    const document = await facade.send('GET', '/trustid/openapi.json');
    expect(Object.keys((document.body as { paths: object }).paths)).toContain('/trustid/login');
  });

  it('answers HEAD like GET, without a body', async () => {
    const facade = await start();
    const { status, text, headers } = await facade.send('HEAD', '/trustid_version');
    expect([status, text]).toEqual([200, '']);
    expect(Number(headers.get('content-length'))).toBeGreaterThan(0);
  });

  describe('bodies', () => {
    const verify = (facade: Facade, body: unknown, headers: Record<string, string> = {}) =>
      facade.send('POST', '/biometrics/face_verify', { token: 'student', body, headers });

    it('413 in the family’s body, by the length announced and by the length read', async () => {
      const facade = await start({ limits: { maxBodyBytes: 1000 } });
      const large = { image: 'A'.repeat(2000), exam_id: 1 };
      const announced = await verify(facade, large);
      expect([announced.status, announced.body]).toEqual([
        413,
        { message: 'The body is larger than 1000 bytes.' },
      ]);

      const chunked = await fetch(`${facade.url}/biometrics/face_verify`, {
        method: 'POST',
        headers: { authorization: 'student', 'content-type': 'application/json' },
        body: new Blob([JSON.stringify(large)]).stream(),
        // Node's own; the DOM's types, which an XML library brings, do not know it.
        ...{ duplex: 'half' },
      });
      expect([chunked.status, await chunked.json()]).toEqual([
        413,
        { message: 'The body is larger than 1000 bytes.' },
      ]);

      const own = await facade.send('POST', '/probity/v1/login', { body: { email: 'a'.repeat(2000) } });
      expect([own.status, own.headers.get('content-type')]).toEqual([413, 'application/problem+json']);
      expect(facade.calls).toEqual([]);
    });

    it('takes a body of 30 MiB, ten pictures in base64', async () => {
      let bytes = 0;
      const facade = await start({
        script: {
          'references.enrolFace': ({ images }: { images: Buffer[] }) => {
            bytes = images.reduce((sum, image) => sum + image.length, 0);
            throw new StatusError('CONSENT_REQUIRED', 'no');
          },
        },
      });
      const image = JSON.stringify(
        Array.from({ length: 10 }, () => Buffer.alloc(2_250_000, 7).toString('base64')),
      );
      const { status } = await facade.send('POST', '/biometrics/face_register', {
        token: 'student',
        body: { image },
      });
      expect([status, bytes]).toEqual([403, 22_500_000]);
    });

    it('takes one picture of 20 MiB, and refuses what only looks like one, without running out of stack', async () => {
      const facade = await start({
        script: {
          'references.enrolFace': ({ images }: { images: Buffer[] }) => {
            throw new StatusError('CONSENT_REQUIRED', String(images[0]?.length));
          },
        },
      });
      const register = (image: string) =>
        facade.send('POST', '/biometrics/face_register', { token: 'student', body: { image } });
      const bytes = 20 * 1024 * 1024;
      const whole = await register(Buffer.alloc(bytes, 7).toString('base64'));
      expect([whole.status, whole.body]).toEqual([403, { message: String(bytes) }]);
      for (const rubbish of [
        `${'A'.repeat(bytes)}!!!!`,
        `data:image/png${';a'.repeat(bytes / 2)}`,
        '['.repeat(bytes),
        `${'A'.repeat(bytes)}A`,
      ]) {
        const { status, body } = await register(rubbish);
        expect([status, body]).toMatchObject([400, { bad_formatted_fields: ['image'] }]);
      }
    });

    it('holds so many bytes at a time, refuses more with 429, and recovers', async () => {
      let finish = (_: unknown): void => undefined;
      const facade = await start({
        limits: { maxHeldBytes: 1000 },
        script: { 'monitor.submitFrame': () => new Promise((resolve) => (finish = resolve)) },
      });
      const body = { image: 'A'.repeat(600), exam_id: 1 };
      const frame = () => facade.send('POST', '/biometrics/monitoring_face/', { token: 'student', body });
      for (let round = 1; round <= 2; round++) {
        const first = frame();
        while (facade.calls.length < round) await new Promise((resolve) => setImmediate(resolve));
        const second = await frame();
        expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
        finish({});
        expect((await first).status).toBe(200);
      }
      expect(facade.calls).toHaveLength(2);
    });

    it('asks for credentials before it reads a body', async () => {
      const facade = await start({ limits: { maxBodyBytes: 10 } });
      const { status } = await facade.send('POST', '/biometrics/face_verify', {
        body: { image: 'A'.repeat(100) },
      });
      expect(status).toBe(401);
    });

    it('refuses deep JSON, arrays, and keys that reach a prototype, as a parse error', async () => {
      const facade = await start();
      const json = async (body: string): Promise<unknown> =>
        ((await verify(facade, body)).body as { error_details: unknown }).error_details;
      expect(await json('['.repeat(100_000))).toEqual({ json: ['The body nests deeper than 16.'] });
      expect(await json('[]')).toEqual({ json: ['The body must be a JSON object.'] });
      expect(await json('"text"')).toEqual({ json: ['The body must be a JSON object.'] });
      expect(await json('null')).toEqual({ json: ['The body must be a JSON object.'] });
      expect(await json('{"__proto__":{"exam_id":1}}')).toEqual({ json: ['The body is not valid JSON.'] });
    });

    it('takes application/json in any case and with a charset of UTF-8, and no other charset or encoding', async () => {
      const facade = await start();
      const status = async (headers: Record<string, string>) => (await verify(facade, '{}', headers)).status;
      expect(await status({ 'content-type': 'Application/JSON; charset="UTF-8"' })).toBe(400);
      expect(await status({ 'content-type': 'application/json; charset=utf-16' })).toBe(415);
      expect(await status({ 'content-type': 'application/jsonp' })).toBe(415);
      expect(await status({ 'content-type': 'application/json', 'content-encoding': 'gzip' })).toBe(415);
    });

    it('reads no body at all as an empty object', async () => {
      const facade = await start();
      const { status, body } = await facade.send('POST', '/update_exam_condition', { token: 'student' });
      expect(status).toBe(400);
      expect(body).toMatchObject({ missing_required_fields: ['condition', 'exam_id'] });
    });
  });

  it('tells the core when its client hangs up', async () => {
    const facade = await start({
      script: { 'monitor.submitFrame': (_: never, ctx) => once(ctx.signal, 'abort') },
    });
    const gone = new AbortController();
    const request = facade.send('POST', '/biometrics/monitoring_face/', {
      token: 'student',
      body: { image: PICTURE, exam_id: 1 },
      signal: gone.signal,
    });
    while (facade.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const { signal } = facade.calls[0]!.ctx;
    expect(signal.aborted).toBe(false);
    const aborted = once(signal, 'abort');
    gone.abort();
    await expect(request).rejects.toThrow();
    await aborted;
  });

  it('does not wait for ever: 503 after its time', async () => {
    const facade = await start({
      limits: { requestTimeoutMs: 30 },
      script: { 'monitor.submitFrame': () => new Promise(() => undefined) },
    });
    const { status, headers } = await facade.send('POST', '/biometrics/monitoring_face/', {
      token: 'student',
      body: { image: PICTURE, exam_id: 1 },
    });
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('believes X-Forwarded-For only behind a proxy, and then only what the proxy wrote', async () => {
    const peers: string[] = [];
    const script = {
      'users.getUser': (_: never, ctx: { peer: string }) => {
        peers.push(ctx.peer);
        return User.fromPartial({});
      },
    };
    const headers = { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' };
    for (const behindProxy of [false, true]) {
      const facade = await start({ script, behindProxy });
      await facade.send('GET', '/probity/v1/users/me', { token: 'student', headers });
    }
    expect(peers).toEqual(['127.0.0.1', '2.2.2.2']);
  });

  it('survives what is not HTTP', async () => {
    const facade = await start();
    const socket = connect(Number(new URL(facade.url).port), '127.0.0.1');
    socket.write('\u0000\u0001 not http\r\n\r\n');
    await once(socket.resume(), 'close');
    expect((await facade.send('GET', '/healthz')).status).toBe(200);
  });

  it('finishes what is under way when it drains', async () => {
    let finish = (_: unknown): void => undefined;
    const facade = await startFacade({
      script: { 'users.getUser': () => new Promise((resolve) => (finish = resolve)) },
    });
    const request = facade.send('GET', '/probity/v1/users/me', { token: 'student' });
    while (facade.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const drained = facade.drain(10_000);
    finish(User.fromPartial({ email: 'a@b.cy' }));
    expect((await request).body).toMatchObject({ email: 'a@b.cy' });
    await drained;
    await expect(facade.send('GET', '/healthz')).rejects.toThrow();
  });

  describe('probes', () => {
    it('/healthz is alive; /readyz follows its checks', async () => {
      const checks = { database: true, models: false };
      const facade = await start({ health: { checks: () => Promise.resolve({ ...checks }) } });
      expect((await facade.send('GET', '/healthz')).body).toEqual({ status: 'ok' });
      const waiting = await facade.send('GET', '/readyz');
      expect([waiting.status, waiting.body]).toEqual([503, { status: 'not ready', checks }]);
      checks.models = true;
      const ready = await facade.send('GET', '/readyz');
      expect([ready.status, ready.body]).toEqual([200, { status: 'ready', checks }]);
    });

    it('/metrics is here unless it is elsewhere', async () => {
      const here = await start();
      const page = await here.send('GET', '/metrics');
      expect([page.status, page.text, page.headers.get('content-type')]).toEqual([
        200,
        'up 1\n',
        'text/plain; version=0.0.4',
      ]);
      const elsewhere = await start({ serveMetrics: false });
      expect((await elsewhere.send('GET', '/metrics')).status).toBe(404);
    });
  });
});
