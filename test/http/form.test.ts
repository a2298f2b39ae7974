import { z } from 'zod';
import { named, operation, type Family } from '../../src/http/family.js';
import { formBody } from '../../src/http/form.js';
import { DEFAULT_LIMITS } from '../../src/http/limits.js';
import { families, startFacade, type Facade, type Sent } from './support/facade.js';

/** A family of one operation that takes a form and tells what it read. */
function echoing(read: unknown[]): Family {
  const row = operation({
    id: 'echo',
    method: 'POST',
    path: '/echo',
    summary: 'Echo',
    tag: 'Echo',
    auth: 'public',
    body: named('Echo', z.record(z.string(), z.unknown())),
    decoder: formBody,
    status: 204,
    success: 'Read',
    errors: [],
    run({ body }) {
      read.push(body);
      return Promise.resolve(undefined);
    },
  });
  return { ...families()[1]!, prefix: '', operations: [row] };
}

const URL_ENCODED = { 'content-type': 'application/x-www-form-urlencoded' };
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=edge' };

let facade: Facade;
const read: unknown[] = [];
beforeAll(async () => {
  facade = await startFacade({ families: [echoing(read)] });
});
afterAll(() => facade.close());
beforeEach(() => read.splice(0));

const post = (body: string | Uint8Array, headers: Record<string, string>): ReturnType<Facade['send']> =>
  facade.send('POST', '/echo', { body, headers } satisfies Sent);

/** A multipart body as a client's library writes it. */
async function encoded(form: FormData): Promise<[Uint8Array, Record<string, string>]> {
  const response = new Response(form);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return [bytes, { 'content-type': response.headers.get('content-type')! }];
}

describe('a form', () => {
  it('URL-encoded: text in UTF-8, escapes and pluses as they were meant', async () => {
    const fields = { biometric_type: 'Voice', voice_base64: 'a+b/c==', name: 'Ελένη & co' };
    const { status } = await post(new URLSearchParams(fields).toString(), URL_ENCODED);
    expect(status).toBe(204);
    expect(read).toEqual([fields]);
  });

  it('multipart: text as text, a file as its bytes', async () => {
    const form = new FormData();
    form.append('biometric_type', 'Voice');
    form.append('src', new Blob([Uint8Array.of(0, 255, 13, 10)]), 'voice.wav');
    expect((await post(...(await encoded(form)))).status).toBe(204);
    expect(read).toEqual([{ biometric_type: 'Voice', src: Buffer.from([0, 255, 13, 10]) }]);
  });

  it('a field that comes several times has all its values', async () => {
    await post('process=word&process=skype', URL_ENCODED);
    expect(read).toEqual([{ process: ['word', 'skype'] }]);
  });

  it('names that would reach a prototype are members like any other', async () => {
    await post('__proto__=x&constructor=y', URL_ENCODED);
    expect(Object.keys(read[0] as object)).toEqual(expect.arrayContaining(['constructor']));
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect(Object.getPrototypeOf(read[0])).toBe(Object.prototype);
  });

  it('no body at all is an empty form', async () => {
    expect((await facade.send('POST', '/echo')).status).toBe(204);
    expect(read).toEqual([{}]);
  });

  it.each([
    ['JSON', '{}', { 'content-type': 'application/json' }],
    ['another charset', 'a=b', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }],
    ['compressed', 'a=b', { ...URL_ENCODED, 'content-encoding': 'gzip' }],
  ])('415: %s', async (_what, body, headers) => {
    expect((await post(body, headers)).status).toBe(415);
    expect(read).toEqual([]);
  });

  it.each([
    ['no boundary', 'x', { 'content-type': 'multipart/form-data' }],
    ['no part', 'x', MULTIPART],
    ['a part that is cut off', '--edge\r\ncontent-disposition: form-data; name="a"\r\n\r\nfoo', MULTIPART],
    [
      'a file that is cut off',
      '--edge\r\ncontent-disposition: form-data; name="a"; filename="f"\r\n\r\nfoo',
      MULTIPART,
    ],
    ['too many fields', 'a=1&'.repeat(65), URL_ENCODED],
    [
      'too many parts',
      `${'--edge\r\ncontent-disposition: form-data; name="a"\r\n\r\nfoo\r\n'.repeat(65)}--edge--\r\n`,
      MULTIPART,
    ],
  ])('400: %s', async (_what, body, headers) => {
    expect((await post(body, headers)).status).toBe(400);
    expect(read).toEqual([]);
  });

  it('413: larger than the façade reads', async () => {
    const small = await startFacade({
      families: [echoing(read)],
      limits: { ...DEFAULT_LIMITS, maxBodyBytes: 10 },
    });
    const { status } = await small.send('POST', '/echo', { body: 'a=12345678901', headers: URL_ENCODED });
    await small.close();
    expect(status).toBe(413);
  });
});
