import { request } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StatusError } from '../../src/call/index.js';
import { startFacade, type Facade } from './support/facade.js';

describe('the pages', () => {
  let home: string;
  let facade: Facade;

  beforeAll(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'probity-pages-'));
    const webDir = path.join(home, 'web');
    for (const folder of ['assets', 'capture', 'review', 'nothing']) {
      mkdirSync(path.join(webDir, folder), { recursive: true });
    }
    writeFileSync(path.join(webDir, 'capture/index.html'), '<title>capture</title>');
    writeFileSync(path.join(webDir, 'review/index.html'), '<title>review</title>');
    writeFileSync(path.join(webDir, 'assets/index-abc123.js'), 'export {};');
    writeFileSync(path.join(webDir, 'assets/index-abc123.css'), 'p {}');
    writeFileSync(path.join(home, 'master.key.js'), 'secret');
    facade = await startFacade({
      webDir,
      script: {
        'launches.getOpener': ({ connection }: { connection: string }) => {
          if (connection !== 'lmsConnections/moodle') throw new StatusError('CONNECTION_NOT_FOUND', 'None.');
          return { origin: 'https://moodle.test' };
        },
      },
    });
  });
  afterAll(async () => {
    await facade.close();
    rmSync(home, { recursive: true });
  });

  it('come under a strict policy, and are never stored', async () => {
    const { status, headers, text } = await facade.send('GET', '/capture/');
    expect([status, text]).toEqual([200, '<title>capture</title>']);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('last-modified')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const policy = Object.fromEntries(
      headers
        .get('content-security-policy')!
        .split('; ')
        .map((each) => [each.slice(0, each.indexOf(' ')), each.slice(each.indexOf(' ') + 1)]),
    ) as Record<string, string>;
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'worker-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' blob: data:",
      'connect-src': "'self'",
      'media-src': "'self' blob:",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
    });
  });

  it('let only the capture page use the camera, and keep its opener', async () => {
    const capture = (await facade.send('GET', '/capture/')).headers;
    const review = (await facade.send('GET', '/review/')).headers;
    expect(capture.get('permissions-policy')).toContain('camera=(self)');
    expect(review.get('permissions-policy')).toContain('camera=()');
    expect(capture.get('cross-origin-opener-policy')).toBe('unsafe-none');
    expect(review.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('may be framed by the connected site that they name where they capture, and by nobody else', async () => {
    const framers = async (at: string, from = facade): Promise<string | undefined> => {
      const { headers } = await from.send('GET', at);
      return /frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy')!)?.[1];
    };
    expect(await framers('/capture/?site=moodle')).toBe('https://moodle.test');
    for (const other of ['/capture/?site=nobody', '/capture/?site=', '/capture/?site=moodle&site=other']) {
      expect(await framers(other)).toBe("'none'");
    }
    expect(await framers('/review/?site=moodle')).toBe("'none'");
    expect((await facade.send('GET', '/capture/')).headers.get('x-frame-options')).toBeNull();
    expect((await facade.send('GET', '/review/')).headers.get('x-frame-options')).toBe('SAMEORIGIN');

    const alone = await startFacade({ webDir: path.join(home, 'web'), script: {} });
    expect(await framers('/capture/?site=moodle', alone)).toBe("'none'");
    await alone.close();
  });

  it('are asked for with a slash at the end', async () => {
    const { status, headers } = await facade.send('GET', '/capture?exam=1');
    expect([status, headers.get('location')]).toEqual([308, '/capture/?exam=1']);
  });

  it.each([
    ['/assets/index-abc123.js', 'text/javascript; charset=utf-8'],
    ['/assets/index-abc123.css', 'text/css; charset=utf-8'],
  ])('serve %s for ever', async (asset, type) => {
    const { status, headers } = await facade.send('GET', asset);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
    expect(headers.get('cache-control')).toBe('max-age=31536000,immutable');

    const known = { 'if-modified-since': headers.get('last-modified')! };
    expect(await raw(facade.url, asset, known)).toBe(304);
  });

  it('answer HEAD without a body', async () => {
    const page = await facade.send('HEAD', '/capture/');
    const asset = await facade.send('HEAD', '/assets/index-abc123.js');
    expect([page.status, page.text, page.headers.get('content-length')]).toEqual([200, '', '22']);
    expect([asset.status, asset.text, asset.headers.get('content-length')]).toEqual([200, '', '10']);
  });

  it.each([
    '/',
    '/nothing/',
    '/capture/index.html',
    '/assets/',
    '/assets/none-abc123.js',
    '/assets/../../master.key.js',
    '/assets/..%2f..%2fmaster.key.js',
    '/assets/%2e%2e/%2e%2e/master.key.js',
    '/assets/..\\..\\master.key.js',
    '/capture/..%2f..%2fmaster.key.js',
    '//capture/',
  ])('have nothing at %s', async (at) => {
    expect(await raw(facade.url, at)).toBe(404);
  });

  it('answer only what reads', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await facade.send(method, '/capture/')).status).toBe(404);
    }
  });

  it('are not there where they were not built', async () => {
    const without = await startFacade({ webDir: path.join(home, 'not-built') });
    expect((await without.send('GET', '/capture/')).status).toBe(404);
    await without.close();
  });
});

/** The status for path and headers as they are: fetch tidies up the one and adds to the other. */
function raw(url: string, at: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: at, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
