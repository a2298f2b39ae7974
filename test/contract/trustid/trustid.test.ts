import { readFileSync } from 'node:fs';
import path from 'node:path';
import { families, startFacade, type Answer, type Facade } from '../../http/support/facade.js';
import type { Script } from '../../http/support/scripted_core.js';
import { bodyOf, PAIRS, type Pair } from './pairs.js';

interface Documented {
  id: string;
  method: string;
  path: string;
  /** Line of the vendor's document. */
  line: number;
  success: number;
  errors: number[];
}

const inventory = JSON.parse(readFileSync(path.join(__dirname, 'inventory.json'), 'utf8')) as Documented[];
const byId = new Map(inventory.map((row) => [row.id, row]));
const table = families().find((family) => family.name === 'trustid')!.operations;
const first = (operation: string): Pair => PAIRS.find((pair) => pair.operation === operation)!;

/** One façade for all pairs; each test brings its own script. */
let script: Script = {};
let facade: Facade;
beforeAll(async () => {
  const relay: Script = new Proxy({}, { get: (_, rpc: string) => script[rpc] });
  facade = await startFacade({ script: relay });
});
afterAll(() => facade.close());
beforeEach(() => {
  script = {};
  facade.calls.length = 0;
});

const play = (pair: Pair): Promise<Answer> => {
  script = pair.core ?? {};
  const { method, path: at } = byId.get(pair.operation)!;
  return facade.send(method, at, requestOf(pair));
};

const requestOf = (pair: Pair) => {
  const body = bodyOf(pair);
  return { ...(body !== undefined && { body }), ...(pair.token && { token: pair.token }) };
};

describe('the inventory of the document', () => {
  it('has 36 operations, in its order', () => {
    expect(inventory).toHaveLength(36);
    const lines = inventory.map((row) => row.line);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  it('and the route table say the same, both ways', () => {
    const short = ({
      id,
      method,
      path,
      errors,
    }: {
      id: string;
      method: string;
      path: string;
      errors: readonly number[];
    }) => ({
      id,
      method,
      path,
      errors,
    });
    expect(table.map(short)).toEqual(inventory.map(short));
    expect(table.map((row) => row.status)).toEqual(inventory.map((row) => row.success));
  });
});

describe('recorded pairs', () => {
  it.each(PAIRS)('$operation: $what', async (pair) => {
    const answer = await play(pair);
    expect({ status: answer.status, body: answer.body }).toEqual(pair.answer);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (pair.asks) {
      const [rpc, request] = pair.asks;
      const { thenAsks } = pair;
      expect(facade.calls.map((call) => call.rpc)).toEqual([rpc, ...(thenAsks ? [thenAsks[0]] : [])]);
      expect(facade.calls[0]!.request).toMatchObject(request);
      if (thenAsks) expect(facade.calls[1]!.request).toMatchObject(thenAsks[1]);
    }
  });
});

describe.each(inventory)('$method $path', ({ id, method, path, errors, success }) => {
  const sample = first(id);
  const row = table.find((each) => each.id === id)!;
  const isPublic = row.auth === 'public';
  const { body: sampleBody, ...withoutBody } = requestOf(sample);
  const send = (overrides: Partial<Parameters<Facade['send']>[2]> = {}, verb = method, at = path) => {
    script = sample.core ?? {};
    return facade.send(verb, at, {
      ...withoutBody,
      ...(sampleBody !== undefined && verb === method && { body: sampleBody }),
      ...overrides,
    });
  };
  const message = { message: expect.any(String) as string };

  it('has a pair for its success and for 404 and 403 where documented', () => {
    const statuses = PAIRS.filter((pair) => pair.operation === id).map((pair) => pair.answer.status);
    const recorded = [success, ...errors.filter((status) => status === 403 || status === 404)];
    expect(statuses).toEqual(expect.arrayContaining(recorded));
  });

  it('answers with and without a slash at the end', async () => {
    const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
    const answer = await send({}, method, other);
    expect({ status: answer.status, body: answer.body }).toEqual(sample.answer);
  });

  if (row.decoder) {
    it('400: a form that is cut off has one key, json', async () => {
      const headers = { 'content-type': 'multipart/form-data; boundary=x' };
      const { status, body } = await send({ body: '--x', headers });
      expect(status).toBe(400);
      expect(body).toEqual({
        ...message,
        bad_formatted_fields: [],
        missing_required_fields: [],
        already_exists_fields: [],
        error_details: { json: ['The body is not a whole form.'] },
      });
    });

    it.each(['text/plain', 'application/json'])('415: %s', async (type) => {
      const { status, body } = await send({ body: '{}', headers: { 'content-type': type } });
      expect({ status, body }).toEqual({ status: 415, body: message });
    });
  } else if (method === 'POST') {
    it('400: JSON that cannot be parsed has one key, json', async () => {
      const { status, body } = await send({ body: '{"image":' });
      expect(status).toBe(400);
      expect(body).toEqual({
        ...message,
        bad_formatted_fields: [],
        missing_required_fields: [],
        ...(id !== 'refreshTokenCreate' && { already_exists_fields: [] }),
        error_details: { json: ['The body is not valid JSON.'] },
      });
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      '415: %s',
      async (type) => {
        const { status, body } = await send({ body: 'a=b', headers: { 'content-type': type } });
        expect({ status, body }).toEqual({ status: 415, body: message });
      },
    );
  } else {
    it('is never 415: it reads no body', async () => {
      const { status } = await send({ headers: { 'content-type': 'text/plain' } });
      expect(status).toBe(200);
    });
  }

  it('405 with Allow', async () => {
    const { status, body, headers } = await send({}, 'DELETE');
    expect({ status, body }).toEqual({ status: 405, body: message });
    expect(headers.get('allow')).toBe(method === 'GET' ? 'HEAD, GET' : method);
  });

  const asksTheCore = id !== 'trustidVersionList';
  if (asksTheCore) {
    it('500: a constant text, whatever went wrong', async () => {
      script = new Proxy({}, { get: () => () => Promise.reject(new Error('secret of the database')) });
      const { status, body } = await facade.send(method, path, requestOf(sample));
      expect({ status, body }).toEqual({ status: 500, body: { message: 'Internal error.' } });
    });
  }

  if (isPublic) {
    it('ignores a token', async () => {
      const { status } = await send({ headers: { authorization: 'Bearer forged' } });
      expect(status).toBe(success);
    });
  } else {
    it('takes the token with or without Bearer', async () => {
      const bare = { headers: { authorization: sample.token! } };
      script = sample.core ?? {};
      const answer = await facade.send(method, path, {
        ...(sampleBody !== undefined && { body: sampleBody }),
        ...bare,
      });
      expect(answer.status).toBe(success);
    });

    it.each([
      ['none', {}],
      ['an empty one', { authorization: 'Bearer ' }],
      ['an expired one', { authorization: 'Bearer expired' }],
      ['a forged one', { authorization: 'eyJhbGciOiJub25lIn0.e30.' }],
    ])('401: token: %s', async (_, headers) => {
      script = sample.core ?? {};
      const {
        status,
        body,
        headers: answered,
      } = await facade.send(method, path, {
        ...(sampleBody !== undefined && { body: sampleBody }),
        headers: headers,
      });
      expect({ status, body }).toEqual({ status: 401, body: message });
      expect(answered.get('www-authenticate')).toBe('Bearer');
      expect(facade.calls).toEqual([]);
    });
  }
});

it('tells when to come back: whole seconds, rounded up', async () => {
  const full = PAIRS.find((pair) => pair.answer.status === 429 && pair.what === 'a full queue')!;
  expect((await play(full)).headers.get('retry-after')).toBe('2');
});
