import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { readAssertion } from '../../../src/identity/saml/assertion.js';
import {
  decodePosted,
  decodeRedirected,
  parseMessage,
  requireShape,
} from '../../../src/identity/saml/message.js';
import { MetadataError, readMetadata } from '../../../src/identity/saml/metadata.js';
import { canonicalId, personOf } from '../../../src/identity/saml/person.js';
import { USUAL_ATTRIBUTES } from '../../../src/identity/saml/provider.js';
import { readRedirectQuery } from '../../../src/identity/saml/redirect-query.js';
import { SamlRefusal } from '../../../src/identity/saml/refusal.js';
import { isLoopback, ownPath } from '../../../src/identity/saml/requests.js';
import { newSigningKey, type NewSigningKey } from '../../../src/identity/saml/signing-key.js';
import { scriptedProvider, type ScriptedProvider } from '../../support/identity-provider.js';

const EXPECTED = { destination: 'https://probity.test/acs', issuer: 'https://idp.ucy.test/saml' };
const TO = {
  metadata: 'https://probity.test/metadata',
  acs: EXPECTED.destination,
  slo: 'https://probity.test/slo',
};

let idp: ScriptedProvider;
let next: NewSigningKey;
beforeAll(async () => {
  [idp, next] = await Promise.all([scriptedProvider(EXPECTED.issuer), newSigningKey(Date.now())]);
});

/** Text with pieces of it taken out, doubled, moved or replaced. */
function mutated(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length });
  const piece = fc.tuple(place, fc.nat({ max: 80 })).map(([at, length]) => text.slice(at, at + length));
  const noise = fc.oneof(
    piece,
    fc.string({ maxLength: 20 }),
    fc.constantFrom('<', '>', '"', '&', '</', ']]>', 'ID="a"'),
  );
  return fc
    .array(fc.tuple(place, fc.nat({ max: 80 }), noise), { minLength: 1, maxLength: 4 })
    .map((cuts) =>
      cuts.reduce(
        (changed, [at, length, put]) => changed.slice(0, at) + put + changed.slice(at + length),
        text,
      ),
    );
}

describe('messages', () => {
  it('whatever is done to one, it is read or refused, and nothing else', () => {
    const good = idp.sign(idp.unsigned(TO, '_request'));
    fc.assert(
      fc.property(fc.oneof(mutated(good), fc.string()), (xml) => {
        try {
          requireShape(parseMessage(xml), EXPECTED);
        } catch (error) {
          expect(error).toBeInstanceOf(SamlRefusal);
        }
      }),
    );
  });

  it('an assertion that is read is in answer to the request, for us, and by the provider', () => {
    const good = idp.sign(idp.unsigned(TO, '_request', { released: { eppn: 'a@ucy.ac.cy' } }));
    const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/
      .exec(good)![0]
      .replace('<saml:Assertion', '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"');
    const expected = { issuer: EXPECTED.issuer, recipient: TO.acs, inResponseTo: '_request' };
    expect(readAssertion(assertion, expected).attributes.get(USUAL_ATTRIBUTES.externalId)).toEqual([
      'a@ucy.ac.cy',
    ]);
    for (const other of ['issuer', 'recipient', 'inResponseTo'] as const) {
      expect(() => readAssertion(assertion, { ...expected, [other]: 'another' })).toThrow(SamlRefusal);
    }
  });

  it('are 64 kB at most, inflated as well, however small they come', () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000)).toString('base64');
    expect(bomb.length).toBeLessThan(80_000);
    expect(() => decodeRedirected(bomb)).toThrow(/^TOO_LARGE/);
    expect(() => decodePosted(Buffer.alloc(65_537, 0x20).toString('base64'))).toThrow(/^TOO_LARGE/);
    expect(decodePosted(Buffer.alloc(65_536, 0x20).toString('base64'))).toHaveLength(65_536);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        expect(decodePosted(Buffer.from(text).toString('base64'))).toBe(text.replace(/^\ufeff/, ''));
        expect(decodeRedirected(deflateRawSync(text).toString('base64'))).toBe(text.replace(/^\ufeff/, ''));
      }),
    );
  });

  it('are refused as fast as they come, whatever was made of 64 kB to take long', () => {
    const nested = (open: (depth: number) => string, depth: number): string =>
      Array.from({ length: depth }, (_, at) => open(at)).join('') + '</a>'.repeat(depth);
    const hostile: (() => unknown)[] = [
      () => decodePosted(`${' '.repeat(98_000)}!`),
      () => decodePosted('A'.repeat(98_305)),
      () => decodeRedirected('A'.repeat(98_305)),
      () => parseMessage(nested(() => '<a>', 9_000)),
      () => parseMessage(nested((at) => `<a xmlns:n${at}="u">`, 2_400)),
      () => parseMessage(`<r>${'<a/>'.repeat(16_000)}</r>`),
      () => parseMessage(`<r ${Array.from({ length: 7_000 }, (_, at) => `a${at}=""`).join(' ')}/>`),
      () => requireShape(parseMessage(`<r>${'<a ID="x"/>'.repeat(1_400)}</r>`), EXPECTED),
    ];
    for (const work of hostile) {
      // Of this process, in microseconds, the least of three: other tests run beside it, on machines of any speed.
      const spent = [1, 2, 3].map(() => {
        const begun = process.cpuUsage();
        expect(work).toThrow(SamlRefusal);
        return process.cpuUsage(begun).user;
      });
      expect(Math.min(...spent)).toBeLessThan(3_000_000);
    }
  });

  it('are 32 elements deep at the most, and have 3000 elements and attributes', () => {
    const deep = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(() => parseMessage(deep(32))).not.toThrow();
    expect(() => parseMessage(deep(33))).toThrow(/^UNREADABLE: .*32 elements inside/);
    const wide = (count: number): string => `<r>${'<a b=""/>'.repeat(count)}</r>`;
    expect(() => parseMessage(wide(1_499))).not.toThrow();
    expect(() => parseMessage(wide(1_500))).toThrow(/^UNREADABLE: .*3000 elements and attributes/);
  });

  it('in a query are read as they were signed, and only if nothing is there twice or beside', () => {
    const rsa = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
    const text = fc.string({ unit: 'grapheme', maxLength: 100 });
    fc.assert(
      fc.property(text, text, text, (message, relayState, signature) => {
        const [m, r, a, s] = [message, relayState, rsa, signature].map(encodeURIComponent);
        const query = `SAMLRequest=${m}&RelayState=${r}&SigAlg=${a}&Signature=${s}`;
        expect(readRedirectQuery(query)).toEqual({
          ...{ name: 'SAMLRequest', message, relayState },
          signature: {
            ...{ hash: 'sha256', bytes: Buffer.from(signature, 'base64') },
            signedText: `SAMLRequest=${m}&RelayState=${r}&SigAlg=${a}`,
          },
        });
      }),
    );
    const whole = `SAMLRequest=x&SigAlg=${encodeURIComponent(rsa)}&Signature=y`;
    for (const [query, problem] of [
      [whole.replace('&Signature=y', ''), 'SIGNATURE_PLACE'],
      [whole.replace('rsa-sha256', 'rsa-sha1'), 'ALGORITHM'],
      [whole.replace(encodeURIComponent(rsa), 'MD5'), 'ALGORITHM'],
      [`fooSAMLRequest=z&${whole}`, 'UNREADABLE'],
      [`${whole}&SAMLRequest=z`, 'UNREADABLE'],
      [`${whole}&SAMLResponse=z`, 'UNREADABLE'],
      [`${whole}&RelayState=%`, 'UNREADABLE'],
      ['', 'UNREADABLE'],
    ] as const) {
      expect(() => readRedirectQuery(query)).toThrow(new RegExp(`^${problem}`));
    }
  });
});

describe('metadata', () => {
  const now = Date.now();

  it('have every key that a provider signs with, the next one among them', () => {
    const { certificates, ...rest } = readMetadata(idp.metadata([idp.key, next]), null, now);
    expect(certificates.map(({ base64 }) => base64)).toEqual([idp.key.certificate, next.certificate]);
    expect(rest).toEqual({
      entityId: EXPECTED.issuer,
      signInUrl: 'https://idp.ucy.test/sso?via=campus',
      logout: { requestUrl: 'https://idp.ucy.test/slo', answerUrl: 'https://idp.ucy.test/slo' },
      validUntil: null,
    });
  });

  it('of a federation: the one that is named', () => {
    const other = idp.metadata().replaceAll(EXPECTED.issuer, 'https://idp.other.test/');
    const bare = (xml: string): string => xml.replace(/<\?xml[^>]*>/, '');
    const both = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${bare(idp.metadata())}${bare(other)}</md:EntitiesDescriptor>`;
    expect(readMetadata(both, 'https://idp.other.test/', now).entityId).toBe('https://idp.other.test/');
    expect(() => readMetadata(both, null, now)).toThrow('several identity providers');
    expect(() => readMetadata(both, 'https://nobody.test/', now)).toThrow('no such');
  });

  const spoil = (from: string | RegExp, to: string): string => idp.metadata().replace(from, to);
  it.each<[string, () => string]>([
    ['a document type', () => spoil('<md:Entity', '<!DOCTYPE x [<!ENTITY y "z">]><md:Entity')],
    ['no certificate', () => idp.metadata([])],
    ['a certificate that is none', () => spoil(/<ds:X509Certificate>[^<]*/, '<ds:X509Certificate>AAAA')],
    ['an address in plain text', () => spoil('https://idp.ucy.test/sso', 'http://idp.ucy.test/sso')],
    ['an address that is a script', () => spoil(/https:\/\/idp.ucy.test\/sso[^"]*/, 'javascript:alert(1)')],
    ['no way to sign in', () => spoil(/<md:SingleSignOnService[^>]*>/, '')],
    ['an end that has come', () => spoil('entityID=', 'validUntil="2020-01-01T00:00:00Z" entityID=')],
    ['another protocol', () => spoil('SAML:2.0:protocol"', 'SAML:1.1:protocol"')],
    ['an entity without a name', () => spoil(/entityID="[^"]*"/, '')],
    ['nothing', () => ''],
  ])('are refused with %s', (_, xml) => {
    expect(() => readMetadata(xml(), null, now)).toThrow(MetadataError);
  });

  it('whatever is done to them, they are read or refused, and nothing else', () => {
    fc.assert(
      fc.property(mutated(idp.metadata()), (xml) => {
        try {
          expect(readMetadata(xml, null, now).signInUrl).toMatch(/^https:/);
        } catch (error) {
          expect(error).toBeInstanceOf(MetadataError);
        }
      }),
    );
  });
});

describe('where a browser goes on', () => {
  const base = 'https://probity.test';

  it('is a path of ours, whatever is asked for', () => {
    const nasty = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '//',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '\t',
      '\n',
      'evil.test',
      'https:',
      ' ',
    );
    const asked = fc.oneof(
      fc
        .array(fc.oneof(nasty, fc.string({ maxLength: 5 })), { maxLength: 8 })
        .map((parts) => `/${parts.join('')}`),
      fc.webUrl(),
      fc.string(),
    );
    fc.assert(
      fc.property(asked, (text) => {
        const path = ownPath(text);
        if (path === null) return;
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(new URL(path, base).origin).toBe(base);
      }),
    );
    expect(ownPath('/review/?exam=1#students')).toBe('/review/?exam=1#students');
    expect(ownPath('/.//evil.test/')).toBeNull();
    expect(ownPath('/\t/evil.test/')).toBeNull();
    expect(ownPath('review/')).toBeNull();
  });

  it('is, for a desktop client, a port of its own machine', () => {
    for (const good of [
      'http://127.0.0.1:49152',
      'http://127.0.0.1:49152/callback?a=b',
      'http://[::1]:49152/',
    ]) {
      expect([good, isLoopback(good)]).toEqual([good, true]);
    }
    for (const bad of [
      ...['http://localhost:49152/', 'http://127.0.0.1/', 'https://127.0.0.1:49152/', 'javascript:alert(1)'],
      ...[
        'http://127.0.0.1:49152@evil.test/',
        'http://127.0.0.1.evil.test:49152/',
        'http://127.0.0.1:99999/',
      ],
      ...['http://127.0.0.1:49152/#fragment', 'http://127.0.0.2:49152/', ' http://127.0.0.1:49152/'],
    ]) {
      expect([bad, isLoopback(bad)]).toEqual([bad, false]);
    }
  });
});

describe('who an assertion is about', () => {
  const said = (values: Record<string, string[]>) =>
    personOf({ attributes: new Map(Object.entries(values)) }, USUAL_ATTRIBUTES, [
      { affiliation: 'faculty', role: 'INSTRUCTOR' },
      { affiliation: 'student', role: 'STUDENT' },
    ]);

  it('is one id, and a role only by the mapping', () => {
    expect(
      said({
        [USUAL_ATTRIBUTES.externalId]: [' Ada@UCY.ac.cy '],
        [USUAL_ATTRIBUTES.email]: ['Ada@ucy.ac.cy', 'second@ucy.ac.cy'],
        [USUAL_ATTRIBUTES.affiliation]: ['member', 'Student'],
      }),
    ).toEqual({
      ...{
        externalId: 'ada@ucy.ac.cy',
        email: 'ada@ucy.ac.cy',
        givenName: null,
        familyName: null,
        role: 'STUDENT',
      },
    });
    expect(() => said({})).toThrow(/^NO_IDENTIFIER/);
    expect(() => said({ [USUAL_ATTRIBUTES.externalId]: ['x'.repeat(257)] })).toThrow(/^NO_IDENTIFIER/);
  });

  it('is written in one way, where case says nothing', () => {
    expect(canonicalId('urn:oasis:names:tc:SAML:attribute:subject-id', 'ABC@X.Y')).toBe('abc@x.y');
    expect(canonicalId('employeeNumber', 'ABC')).toBe('ABC');
  });
});
