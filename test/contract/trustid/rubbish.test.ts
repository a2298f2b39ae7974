import fc from 'fast-check';
import { z } from 'zod';
import type { Operation } from '../../../src/http/index.js';
import { families, startFacade, type Facade } from '../../http/support/facade.js';
import { PAIRS } from './pairs.js';

/*
 * Every field of every operation is sent as what it is not, alone and together with the others. The answer is the
 * documented 400 that names it, and the core is never asked.
 */

interface Property {
  type?: string;
  anyOf?: Property[];
  enum?: string[];
  properties?: Record<string, Property>;
}

const table = families().find((family) => family.name === 'trustid')!.operations;
/** Those that take JSON: in a form, everything is text. */
const withBody = table.filter(
  (row): row is Operation & { body: z.ZodType } => row.body !== undefined && row.decoder === undefined,
);

const typesOf = (property: Property): string[] =>
  (property.anyOf ?? [property]).map((option) => option.type ?? 'string');

/** Keys that would reach a prototype are no JSON of ours at all: the whole body is refused, naming no field. */
const json = fc
  .jsonValue({ maxDepth: 1 })
  .filter((value) => !/"(?:__proto__|constructor)":/.test(JSON.stringify(value)));

/** JSON values of the types that a field does not take, and strings that an enum or number does not know. */
function wrong(property: Property): fc.Arbitrary<unknown> {
  const types = typesOf(property);
  const candidates: Record<string, fc.Arbitrary<unknown>> = {
    null: fc.constant(null),
    string: fc.string({ minLength: 1 }),
    integer: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    boolean: fc.boolean(),
    array: fc.array(json, { maxLength: 3 }),
    object: fc.dictionary(fc.string({ unit: fc.constantFrom('a', 'b') }), json, { maxKeys: 3 }),
  };
  const others = Object.entries(candidates)
    .filter(([type]) => !types.includes(type) && !(type === 'integer' && types.includes('number')))
    .map(([, arbitrary]) => arbitrary);
  if (types.includes('integer')) {
    others.push(
      fc.constantFrom(
        1.5,
        -1,
        0,
        1e300,
        2 ** 31,
        '1.5',
        '-1',
        'NaN',
        'Infinity',
        '0x10',
        '1e3',
        '99999999999',
      ),
    );
  }
  if (property.enum)
    others.push(fc.string({ minLength: 1 }).filter((text) => !property.enum!.includes(text)));
  return fc.oneof(...others);
}

const propertiesOf = (row: { body: z.ZodType }): Record<string, Property> =>
  (z.toJSONSchema(row.body, { io: 'input' }) as Property).properties!;

const token = (row: Operation): { token?: string } =>
  row.auth === 'public' ? {} : { token: PAIRS.find((pair) => pair.operation === row.id)!.token! };

let facade: Facade;
beforeAll(async () => {
  facade = await startFacade();
});
afterAll(() => facade.close());

describe.each(withBody.map((row) => [row.path, row] as const))('%s', (path, row) => {
  const properties = propertiesOf(row);
  const valid = PAIRS.find((pair) => pair.operation === row.id)!.body as object;
  const post = async (body: unknown) => {
    const answer = await facade.send('POST', path, { body, ...token(row) });
    return {
      status: answer.status,
      body: answer.body as {
        message: string;
        bad_formatted_fields: string[];
        missing_required_fields: string[];
        error_details: Record<string, string[]>;
      },
    };
  };

  it.each(Object.entries(properties))(
    '%s of a wrong type: 400 that names it, and only it',
    async (name, property) => {
      await fc.assert(
        fc.asyncProperty(wrong(property), async (value) => {
          const { status, body } = await post({ ...valid, [name]: value });
          expect(status).toBe(400);
          const named = [...body.bad_formatted_fields, ...body.missing_required_fields];
          expect(named.length).toBeGreaterThan(0);
          expect(named.every((field) => field === name || field.startsWith(`${name}.`))).toBe(true);
          expect(Object.keys(body.error_details).sort()).toEqual([...new Set(named)].sort());
        }),
        { numRuns: 25 },
      );
    },
  );

  it('all fields of a wrong type at once: 400 that names them all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(Object.fromEntries(Object.entries(properties).map(([name, p]) => [name, wrong(p)]))),
        async (rubbish) => {
          const { status, body } = await post(rubbish);
          expect(status).toBe(400);
          const named = [...body.bad_formatted_fields, ...body.missing_required_fields].map(
            (f) => f.split('.')[0],
          );
          expect([...new Set(named)].sort()).toEqual(Object.keys(properties).sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('any JSON at all: a documented status, and the core is asked nothing but what is valid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
        expect((await post(value)).status).toBe(400);
      }),
      { numRuns: 25 },
    );
  });

  afterAll(() => expect(facade.calls).toEqual([]));
});
