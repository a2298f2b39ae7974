import fc from 'fast-check';
import type { z } from 'zod';
import { families, startFacade, type Facade } from '../../http/support/facade.js';
import { PAIRS } from './pairs.js';

/*
 * Anything at all is sent to every operation. The answer is a documented status with the family's body; the core is
 * asked nothing but to prove what has the form of a signed request, and what it is asked is text.
 */

const family = families().find(({ name }) => name === 'proctorexam')!;
const HEADERS = { authorization: 'Token token=abc' };
const SIGNING = { nonce: '1', timestamp: '1', signature: 'x' };

let facade: Facade;
beforeAll(async () => {
  facade = await startFacade({
    script: {
      'apiKeys.exchangeSignature': ({ parameters }: { parameters: { name: unknown; value: unknown }[] }) => {
        for (const { name, value } of parameters)
          expect([typeof name, typeof value]).toEqual(['string', 'string']);
        return { accessToken: 'forged' };
      },
    },
  });
});
afterAll(() => facade.close());

/** Keys that would reach a prototype are no JSON of ours at all: the whole body is refused. */
const json = fc
  .jsonValue({ maxDepth: 2 })
  .filter((value) => !/"(?:__proto__|constructor)":/.test(JSON.stringify(value)));

describe.each(family.operations.map((row) => [`${row.method} ${row.path}`, row] as const))('%s', (_, row) => {
  const { path: at } = PAIRS.find((pair) => pair.operation === row.id)!;
  const names = Object.keys(((row.body ?? row.query) as z.ZodObject).shape);
  const value = fc.oneof(json, fc.string(), fc.integer().map(String), fc.double().map(String));
  const parameters = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), value);

  const send = (sent: Record<string, unknown>) => {
    if (row.body) return facade.send(row.method, `/api/v3${at}`, { headers: HEADERS, body: sent });
    const query = new URLSearchParams(
      Object.entries(sent).map(([name, each]): [string, string] => [name, JSON.stringify(each)]),
    );
    return facade.send(row.method, `/api/v3${at}?${query.toString()}`, { headers: HEADERS });
  };

  it('rubbish: 422 by parameter, or 401 where it could have been signed', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, fc.boolean(), async (sent, whole) => {
        const { status, body } = await send({ ...sent, ...(whole && SIGNING) });
        expect([401, 422, ...(row.body ? [400] : [])]).toContain(status);
        const texts = Object.values(body as Record<string, string | string[]>).flat();
        expect(texts.length).toBeGreaterThan(0);
        expect(texts.every((text) => typeof text === 'string' && text.length > 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('any path: never a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (id) => {
        const path = row.path.replace(/:\w+/, encodeURIComponent(id));
        const { status } = await facade.send(row.method, `/api/v3${path}`, { headers: HEADERS });
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 30 },
    );
  });

  afterAll(() => {
    expect(facade.calls.every(({ rpc }) => rpc === 'apiKeys.exchangeSignature')).toBe(true);
  });
});
