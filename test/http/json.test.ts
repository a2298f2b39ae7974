import fc from 'fast-check';
import { numbersAsText, parseJson } from '../../src/http/json.js';
import { HttpRefusal } from '../../src/http/refusal.js';

const LIMITS = { maxJsonDepth: 8, maxJsonValues: 1000 };
const parse = (text: string | Buffer): unknown => parseJson(Buffer.from(text), LIMITS);

describe('JSON bodies', () => {
  it('reads what JSON.parse reads, while it is shallow', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(?:__proto__|constructor)"/.test(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('counts brackets and commas of the structure only, not those in strings', () => {
    const text = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', 'a', 'é', '\n') });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (strings) => {
        expect(parse(JSON.stringify({ strings }))).toEqual({ strings });
      }),
    );
  });

  it('takes nesting up to the limit and refuses more, however the rest looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), (depth, objects) => {
        const text = objects
          ? `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
          : `${'['.repeat(depth)}${']'.repeat(depth)}`;
        if (depth <= LIMITS.maxJsonDepth) expect(() => parse(text)).not.toThrow();
        else expect(() => parse(text)).toThrow('The body nests deeper than 8.');
      }),
    );
  });

  it('refuses a million brackets and a million values without building them', () => {
    expect(() => parse('['.repeat(1_000_000))).toThrow('nests deeper');
    expect(() => parse(`[${'1,'.repeat(1_000_000)}1]`)).toThrow('more than 1000 values');
  });

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"a":{"__proto__":null}}',
    '{"\\u005f_proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
  ])('refuses a key that reaches a prototype: %s', (text) => {
    expect(() => parse(text)).toThrow(HttpRefusal);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['an open string', '{"a":"'],
    ['a string that ends in a backslash', '{"a":"\\'],
    ['NaN', '{"a":NaN}'],
    ['a comment', '{"a":1}// no'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(HttpRefusal);
  });

  it('never throws anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string().map(Buffer.from)), (bytes) => {
        try {
          parse(Buffer.from(bytes as Uint8Array));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(HttpRefusal);
        }
      }),
    );
  });
});

describe('numbers as text', () => {
  const textOf = (json: string): unknown => JSON.parse(numbersAsText(Buffer.from(json)).toString('utf8'));

  it('keep their digits, wherever they are, and nothing else changes', () => {
    const json = '{"a":1.0,"b":[1e3,-0,1E+2,{"c":0.10}],"d":"1.0 \\" -2 ,3","e\\\\":true,"f":null,"é":12}';
    expect(textOf(json)).toEqual({
      ...{ a: '1.0', b: ['1e3', '-0', '1E+2', { c: '0.10' }], d: '1.0 " -2 ,3', 'e\\': true, f: null },
      ...{ é: '12' },
    });
    expect(textOf('12')).toBe('12');
  });

  it('are the same JSON otherwise, whatever it is', () => {
    const asText = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_, each: unknown) =>
        typeof each === 'number' ? String(each) : each,
      );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // What JSON writes of a number is its shortest form, which is what `String` gives; −0 it writes as 0.
        expect(textOf(JSON.stringify(value))).toEqual(asText(value));
      }),
      { numRuns: 500 },
    );
  });
});
