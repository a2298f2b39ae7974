import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StatusError } from '../../../src/call/index.js';
import { proctorexamFamily } from '../../../src/http/index.js';
import { families, startFacade, type Answer, type Facade, type Sent } from '../../http/support/facade.js';
import type { Script } from '../../http/support/scripted_core.js';
import { PAIRS, STUDENT, type Pair } from './pairs.js';

interface Documented {
  id: string;
  method: string;
  path: string;
  /** Where in the seed or the reference. */
  source: string;
  success: number;
  errors: number[];
}

const inventory = JSON.parse(readFileSync(path.join(__dirname, 'inventory.json'), 'utf8')) as Documented[];
const byId = new Map(inventory.map((row) => [row.id, row]));
const family = families().find(({ name }) => name === 'proctorexam')!;
const first = (operation: string): Pair => PAIRS.find((pair) => pair.operation === operation)!;

/** One façade for all pairs; each test brings its own script. Whatever is signed is somebody's, unless it says not. */
let script: Script = {};
let facade: Facade;
const exchanged: Script = { 'apiKeys.exchangeSignature': () => ({ accessToken: 'instructor' }) };
beforeAll(async () => {
  const relay: Script = new Proxy({}, { get: (_, rpc: string) => script[rpc] ?? exchanged[rpc] });
  facade = await startFacade({ script: relay });
});
afterAll(() => facade.close());
beforeEach(() => {
  script = {};
  facade.calls.length = 0;
});

const SIGNING = { nonce: '1527500365', timestamp: 1527500365052, signature: '0'.repeat(64) };
const HEADERS = { authorization: 'Token token=abc', accept: 'application/vnd.procwise.v3' };

const inQuery = (method: string): boolean => method === 'GET' || method === 'DELETE';

/** The request of a pair; `change` is laid over its parameters. */
const request = (pair: Pair, change: Record<string, unknown> = {}): [string, string, Sent] => {
  const { method } = byId.get(pair.operation)!;
  const parameters = { ...pair.send, ...SIGNING, ...change };
  if (!inQuery(method)) return [method, `/api/v3${pair.path}`, { body: parameters, headers: HEADERS }];
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return [method, `/api/v3${pair.path}?${query.toString()}`, { headers: HEADERS }];
};
const play = (pair: Pair, change: Record<string, unknown> = {}): Promise<Answer> => {
  script = pair.core ?? {};
  return facade.send(...request(pair, change));
};

describe('the inventory', () => {
  it('and the route table say the same, both ways', () => {
    const short = ({
      id,
      method,
      path: at,
      errors,
    }: Pick<Documented, 'id' | 'method' | 'path'> & { errors: readonly number[] }) => ({
      ...{ id, method, path: at, errors },
    });
    expect(family.operations.map(short)).toEqual(inventory.map(short));
    expect(family.operations.map((row) => row.status)).toEqual(inventory.map((row) => row.success));
    expect(family.prefix).toBe('/api/v3');
  });

  it('says of each operation where it comes from', () => {
    for (const { source } of inventory) expect(source).toMatch(/^(seeds|field\.md|decisions\.md)/);
  });
});

describe('recorded pairs', () => {
  it.each(PAIRS)('$operation $path: $what', async (pair) => {
    const answer = await play(pair);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: pair.answer.status,
      body: pair.answer.body,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (answer.status !== 204) {
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
    for (const [name, value] of Object.entries(pair.answer.headers ?? {})) {
      expect([name, answer.headers.get(name)]).toEqual([name, value]);
    }
    if (pair.asks) {
      const [rpc, asked] = pair.asks;
      expect(facade.calls.map((call) => call.rpc)).toEqual(['apiKeys.exchangeSignature', rpc]);
      expect(facade.calls[1]!.request).toMatchObject(asked);
      expect(facade.calls[1]!.ctx.principal).toMatchObject({ role: 'INSTRUCTOR' });
    }
  });
});

describe.each(inventory)('$method $path', ({ id, method, success, errors }) => {
  const sample = first(id);
  const at = `/api/v3${sample.path}`;

  it('has a pair for its success, and for every 403, 404 and 422 that can come of it', () => {
    const statuses = new Set(
      PAIRS.filter((pair) => pair.operation === id).map(({ answer }) => answer.status),
    );
    const owed = [success, ...errors.filter((status) => [403, 422].includes(status))];
    expect([...statuses]).toEqual(expect.arrayContaining(owed));
    if (sample.path.includes('/1')) expect(statuses).toContain(404);
  });

  it('asks the core to prove what was signed, and sends it every parameter', async () => {
    const { status } = await play(sample);
    expect(status).toBe(success);
    const { token, signature, parameters, parameterNames } = facade.calls[0]!.request as {
      token: string;
      signature: string;
      parameters: { name: string; value: string; inPath: boolean }[];
      parameterNames: string[];
    };
    expect([token, signature]).toEqual(['abc', SIGNING.signature]);
    const inPath = parameters.filter((each) => each.inPath).map(({ name, value }) => [name, value]);
    expect(inPath).toEqual(
      sample.path.includes('/1') ? [[/exam_id/.test(byId.get(id)!.path) ? 'exam_id' : 'id', '1']] : [],
    );
    expect(Object.fromEntries(parameters.map(({ name, value }) => [name, value]))).toMatchObject({
      ...{ nonce: '1527500365', timestamp: '1527500365052' },
    });
    for (const { name } of parameters) expect(parameterNames).toContain(name);
    expect(parameterNames).not.toContain('signature');
  });

  it('answers with and without a slash at the end', async () => {
    script = sample.core ?? {};
    const [verb, address, sent] = request({ ...sample, path: `${sample.path}/` });
    const answer = await facade.send(verb, address, sent);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: sample.answer.status,
      body: sample.answer.body,
    });
  });

  it.each(['nonce', 'timestamp', 'signature'])('422: no %s', async (name) => {
    const [verb, address, sent] = request(sample);
    const { status, body } = inQuery(method)
      ? await facade.send(verb, address.replace(new RegExp(`${name}=[^&]*&?`), ''), sent)
      : await facade.send(verb, address, { ...sent, body: { ...(sent.body as object), [name]: undefined } });
    expect([status, body]).toEqual([422, { [name]: [`Param is missing or the value is empty: '${name}'`] }]);
    expect(facade.calls).toEqual([]);
  });

  it.each([
    ['none', undefined],
    ['a bearer', 'Bearer abc'],
    ['an empty one', 'Token token='],
    ['two', 'Token token=abc, token=def'],
  ])('401: token: %s', async (_, authorization) => {
    const [verb, address, sent] = request(sample);
    const headers = { accept: HEADERS.accept, ...(authorization && { authorization }) };
    const answer = await facade.send(verb, address, { ...sent, headers });
    expect([answer.status, answer.body]).toEqual([401, { error: 'HTTP Token: Access denied.' }]);
    expect(answer.headers.get('www-authenticate')).toBe('Token realm="Application"');
    expect(facade.calls).toEqual([]);
  });

  it('takes the token in quotes', async () => {
    script = sample.core ?? {};
    const [verb, address, sent] = request(sample);
    const headers = { ...HEADERS, authorization: 'Token token="abc"' };
    expect((await facade.send(verb, address, { ...sent, headers })).status).toBe(success);
  });

  it.each([
    ['its own version', 'application/vnd.procwise.v3', true],
    ['anything', '*/*', true],
    ['JSON', 'application/json', true],
    ['another version', 'application/vnd.procwise.v2', false],
    ['a page', 'text/html', false],
  ])('to a client that takes %s', async (_, accept, served) => {
    script = sample.core ?? {};
    const [verb, address, sent] = request(sample);
    const { status, body } = await facade.send(verb, address, { ...sent, headers: { ...HEADERS, accept } });
    expect(status).toBe(served ? success : 406);
    if (!served) expect(body).toEqual({ error: expect.any(String) as string });
  });

  it('405 with Allow', async () => {
    const { status, body, headers } = await facade.send('OPTIONS', at, { headers: HEADERS });
    expect([status, body]).toEqual([405, { error: 'Method OPTIONS is not allowed here.' }]);
    const verbs = inventory.filter((row) => row.path === byId.get(id)!.path).map((row) => row.method);
    expect(
      headers
        .get('allow')!
        .split(', ')
        .filter((verb) => verb !== 'HEAD')
        .sort(),
    ).toEqual(verbs.sort());
  });

  it('500: a constant text, whatever went wrong', async () => {
    const answer = await play({
      ...sample,
      core: new Proxy({}, { get: () => () => Promise.reject(new Error('secret of the database')) }),
    });
    expect([answer.status, answer.body]).toEqual([500, { error: 'Internal error.' }]);
  });

  it('503 and when to come back, while the core is away', async () => {
    const away = (): never => {
      throw new StatusError('CORE_UNAVAILABLE', 'The core cannot be reached.');
    };
    const answer = await play({ ...sample, core: { 'apiKeys.exchangeSignature': away } });
    expect([answer.status, answer.body]).toEqual([503, { error: 'The core cannot be reached.' }]);
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  if (!inQuery(method)) {
    it('400: a body that is no JSON', async () => {
      const { status, body } = await facade.send(method, at, { headers: HEADERS, body: '{"name":' });
      expect([status, body]).toEqual([400, { error: 'The body is not valid JSON.' }]);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      '415: %s',
      async (type) => {
        const headers = { ...HEADERS, 'content-type': type };
        const { status, body } = await facade.send(method, at, { body: 'a=b', headers });
        expect([status, body]).toEqual([415, { error: expect.any(String) as string }]);
      },
    );
  }
});

describe('what is signed', () => {
  const sample = first('updateStudentSession');
  const signed = async (body: string): Promise<Record<string, string>> => {
    script = sample.core ?? {};
    const { status } = await facade.send('PATCH', '/api/v3/student_sessions/1', { headers: HEADERS, body });
    expect(status).toBe(200);
    const { parameters } = facade.calls[0]!.request as { parameters: { name: string; value: string }[] };
    return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
  };

  it.each(['1.0', '1e3', '1542103980', '1542103980.000', '15421039800000000001', '0.1'])(
    'is a number as it was written: %s',
    async (nonce) => {
      const body = `{"nonce":${nonce},"timestamp":1527500365052,"signature":"x","name":"1.0 \\"2\\" {3}"}`;
      expect(await signed(body)).toMatchObject({ nonce, name: '1.0 "2" {3}', id: '1' });
    },
  );

  it('is a truth as JSON has it, and text as it is', async () => {
    const text = 'Élodie — 学生 & a=b?c + 100 %';
    const sent = { ...SIGNING, skip_requirements: true, is_individual_info_html: '1', individual_info: text };
    expect(await signed(JSON.stringify(sent))).toMatchObject({
      ...{ skip_requirements: 'true', is_individual_info_html: '1', individual_info: text },
    });
  });

  it('is what a query says once it is decoded', async () => {
    const list = first('listAllStudentSessions');
    const filter = '{"name":"Élodie & Co + 100 %"}';
    const { status } = await play({ ...list, send: { filter } });
    expect(status).toBe(200);
    const { parameters } = facade.calls[0]!.request as { parameters: { name: string; value: string }[] };
    expect(parameters).toContainEqual({ name: 'filter', value: filter, inPath: false });
  });

  it.each([
    ['null', { other: null }, 'other'],
    ['a list', { other: [1] }, 'other'],
    ['an object', { other: { a: 1 } }, 'other'],
    ['another id than that of the path', { id: 2 }, 'id'],
  ])('is never %s', async (_, change, field) => {
    const { status, body } = await play(sample, change);
    expect([status, Object.keys(body as object)]).toEqual([422, [field]]);
    expect(facade.calls).toEqual([]);
  });

  it('is never given twice in a query', async () => {
    const [verb, address, sent] = request(first('showExam'));
    const { status, body } = await facade.send(verb, `${address}&nonce=2`, sent);
    expect([status, body]).toEqual([422, { nonce: ['Must be a number.'] }]);
    expect(facade.calls).toEqual([]);
  });
});

it('has every field of the seed’s example, in its order, and no other', () => {
  const seed = readFileSync(path.join(__dirname, 'seed-example.json'), 'utf8');
  const { student } = JSON.parse(seed) as { student: object };
  expect(Object.keys(STUDENT)).toEqual(Object.keys(student));
});

it('is served under its prefix, and there only', async () => {
  const moved = await startFacade({ families: [proctorexamFamily({ prefix: '/pe' })] });
  expect((await moved.send('GET', '/pe/api/v3/exams')).status).toBe(401);
  expect((await moved.send('GET', '/api/v3/exams')).status).toBe(404);
  await moved.close();
});
