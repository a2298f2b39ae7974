import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import {
  canonical,
  isSignedBy,
  parameterFaults,
  type SignedParameter,
} from '../../src/identity/signature.js';

const SECRET = 'test_secret_key';
const NAMES = ['email', 'id', 'individual_info', 'is_individual_info_html', 'name'].concat(
  ...['nonce', 'open_time', 'skip_requirements', 'timestamp'],
);

const parameters = (values: Record<string, string>, inPath: readonly string[] = []): SignedParameter[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, inPath: inPath.includes(name) }));

/** The worked example of `docs/families/proctorexam.md`. */
const REQUEST = {
  skip_requirements: 'true',
  name: 'Student 1',
  email: 'student1@example.com',
  individual_info: 'individual_info for user 1',
  is_individual_info_html: 'true',
  nonce: '1527500365',
  timestamp: '1527500365052',
  id: '1',
};
const WITH_ID = '93fd85f4567371269333402296d92aeb61199b7dbfd0ce1dd39e6d08de618dee';
const WITHOUT_ID = 'f9f2858cc5ee31a29364e36424216abd588798023e7d069952aaf6a3d05c3ee4';

describe('the signature of a request', () => {
  it('is over name=value, ordered by name, joined by a question mark', () => {
    expect(canonical(parameters(REQUEST))).toBe(
      'email=student1@example.com?id=1?individual_info=individual_info for user 1?is_individual_info_html=true' +
        '?name=Student 1?nonce=1527500365?skip_requirements=true?timestamp=1527500365052',
    );
  });

  it.each([WITH_ID, WITHOUT_ID, WITH_ID.toUpperCase()])(
    'is good with and without the id: %s',
    (signature) => {
      expect(isSignedBy(SECRET, parameters(REQUEST, ['id']), signature)).toBe(true);
    },
  );

  it('may leave out what is in the path, and nothing else', () => {
    expect(isSignedBy(SECRET, parameters(REQUEST), WITHOUT_ID)).toBe(false);
    const nonceless = parameters(REQUEST, ['id']).filter(({ name }) => name !== 'nonce');
    expect(isSignedBy(SECRET, nonceless, WITH_ID)).toBe(false);
  });

  it('is another for another secret, id, or one bit of any value', () => {
    expect(isSignedBy('test_secret_kez', parameters(REQUEST, ['id']), WITH_ID)).toBe(false);
    expect(isSignedBy(SECRET, parameters({ ...REQUEST, id: '2' }, ['id']), WITH_ID)).toBe(false);
    for (const name of Object.keys(REQUEST)) {
      const changed = { ...REQUEST, [name]: `${REQUEST[name as keyof typeof REQUEST]} ` };
      expect([name, isSignedBy(SECRET, parameters(changed), WITH_ID)]).toEqual([name, false]);
    }
  });

  it.each(['', '00', WITH_ID.slice(2), `${WITH_ID}00`, 'z'.repeat(64)])('is not %p', (signature) => {
    expect(isSignedBy(SECRET, parameters(REQUEST, ['id']), signature)).toBe(false);
  });

  it('is over UTF-8', () => {
    const sent = { ...REQUEST, name: 'Élodie Ångström 学生' };
    const signature = createHmac('sha256', SECRET)
      .update(Buffer.from(canonical(parameters(sent)), 'utf8'))
      .digest('hex');
    expect(isSignedBy(SECRET, parameters(sent), signature)).toBe(true);
  });
});

describe('parameters that could be read in two ways', () => {
  const faultsOf = (values: Record<string, string>): string[] =>
    parameterFaults(parameters(values), NAMES).map(({ field }) => field);

  it('are refused: one that holds the beginning of another', () => {
    const [eve, honest] = [{ email: 'a@x?name=Eve' }, { email: 'a@x', name: 'Eve' }];
    expect(canonical(parameters(eve))).toBe(canonical(parameters(honest)));
    expect([faultsOf(eve), faultsOf(honest)]).toEqual([['email'], []]);
  });

  it('are refused: a name that the operation does not have, or has twice', () => {
    expect(faultsOf({ email: 'a@x', foo: '1' })).toEqual(['foo']);
    expect(faultsOf({ 'email=a@x?name': 'Eve' })).toEqual(['email=a@x?name']);
    expect(parameterFaults([...parameters({ id: '1' }), ...parameters({ id: '1' })], NAMES)).toHaveLength(1);
  });

  it('are refused: half a surrogate pair, which UTF-8 has no bytes for', () => {
    expect(faultsOf({ name: 'a\ud800' })).toEqual(['name']);
    expect(faultsOf({ name: '😀' })).toEqual([]);
  });

  it.each(['Why? Because.', 'https://lms.example.org/exam?course=1&user=2', 'a=b', '?', '??name', 'name='])(
    'are not: %s',
    (value) => expect(faultsOf({ individual_info: value })).toEqual([]),
  );

  /** Made of what matters to the form, so that collisions are found where there are any. */
  const value = fc
    .array(fc.constantFrom('?', '=', 'a', 'email', 'name', 'id', '?name=', '?id=', '\ufffd', '\ud800'))
    .map((parts) => parts.join(''));
  const sets = fc.dictionary(fc.constantFrom('email', 'name', 'id', 'foo', 'e?name=x'), value);

  it('never share a text with other parameters: the text can be taken apart', () => {
    fc.assert(
      fc.property(sets, (values) => {
        fc.pre(faultsOf(values).length === 0);
        const text = canonical(parameters(values));
        const begins = new RegExp(`(?:^|\\?)(${NAMES.join('|')})=`, 'g');
        const found = [...text.matchAll(begins)].filter((match, at) => at === 0 || match.index > 0);
        const apart = Object.fromEntries(
          found.map((match, at) => [
            match[1]!,
            text.slice(match.index + match[0].length, found[at + 1]?.index ?? text.length),
          ]),
        );
        expect(apart).toEqual({ ...values });
      }),
      { numRuns: 2000 },
    );
  });

  it('never share an accepted signature, with or without the path', () => {
    fc.assert(
      fc.property(sets, sets, (one, other) => {
        fc.pre(faultsOf(one).length === 0 && faultsOf(other).length === 0);
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        const signature = createHmac('sha256', SECRET)
          .update(canonical(parameters(one)))
          .digest('hex');
        const pathless = sorted(other).filter(([name]) => name !== 'id');
        const alike = same || JSON.stringify(sorted(one)) === JSON.stringify(pathless);
        expect(isSignedBy(SECRET, parameters(other, ['id']), signature)).toBe(alike);
      }),
      { numRuns: 2000 },
    );
  });

  const sorted = (values: Record<string, string>): [string, string][] =>
    Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
});
