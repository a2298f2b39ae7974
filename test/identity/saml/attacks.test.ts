import { createHmac } from 'node:crypto';
import { newSigningKey, type NewSigningKey } from '../../../src/identity/saml/signing-key.js';
import type { SamlProblem } from '../../../src/identity/saml/refusal.js';
import { databases } from '../../support/databases.js';
import { newId, posted, scriptedProvider, type ResponseParts } from '../../support/identity-provider.js';
import { ADA, begin, Browser, createWorld, post, SETTINGS, signIn, type World } from './world.js';

/*
 * What is done to service providers: each of these is refused with the one public answer, and the log says which it
 * was. Somebody who can sign in as Mallory wants to be Ada.
 */

const MALLORY = { ...ADA, eppn: 'mallory@ucy.ac.cy', mail: 'mallory@ucy.ac.cy' };
const RESPONSE_SIGNATURE = /<ds:Signature[\s\S]*?<\/ds:Signature>/;
const ASSERTION = /<saml:Assertion[\s\S]*<\/saml:Assertion>/;

interface Attack {
  world: World;
  request: string;
  /** A response for Mallory, whole and good. */
  good: string;
  /** The same, with the assertion alone signed, or the response alone. */
  assertionOnly: string;
  responseOnly: string;
  stranger: NewSigningKey;
  /** A signed response of other parts. */
  of(parts: Partial<ResponseParts>): string;
}

/** An assertion about Ada, with another ID, from one about Mallory: what an attacker can write. */
function forged(assertion: string): string {
  return assertion
    .replace(RESPONSE_SIGNATURE, '')
    .replace(/ID="[^"]+"/, `ID="${newId()}"`)
    .replaceAll('mallory@ucy.ac.cy', 'ada@ucy.ac.cy');
}

/** The parts of a response with a signed assertion. */
function taken(xml: string) {
  const assertion = ASSERTION.exec(xml)?.[0] ?? '';
  const signature = RESPONSE_SIGNATURE.exec(assertion)?.[0] ?? '';
  return { assertion, signature, evil: forged(assertion), bare: assertion.replace(signature, '') };
}

/** A response about Ada that looks like a signed one about Mallory. */
function evilResponse(xml: string): string {
  return forged(xml.replace(RESPONSE_SIGNATURE, ''));
}

/** "On Breaking SAML" (Somorovsky et al., 2012), by the numbers of the tool that made them known. */
const WRAPPINGS: Record<string, (attack: Attack) => string> = {
  // The signature of the response stays, about the original, which is moved inside it or beside it.
  XSW1: ({ responseOnly }) => {
    const [signature = ''] = RESPONSE_SIGNATURE.exec(responseOnly) ?? [];
    const original = responseOnly.replace(signature, '');
    const wrapped = signature.replace('</ds:Signature>', `${original}</ds:Signature>`);
    return evilResponse(original).replace(/(<\/saml:Issuer>)/, `$1${wrapped}`);
  },
  XSW2: ({ responseOnly }) => {
    const [signature = ''] = RESPONSE_SIGNATURE.exec(responseOnly) ?? [];
    const original = responseOnly.replace(signature, '');
    return evilResponse(original).replace(/(<\/saml:Issuer>)/, `$1${signature}${original}`);
  },
  // The forged assertion before the signed one, or around it.
  XSW3: ({ assertionOnly }) => {
    const { assertion, evil } = taken(assertionOnly);
    return assertionOnly.replace(assertion, evil + assertion);
  },
  XSW4: ({ assertionOnly }) => {
    const { assertion, evil } = taken(assertionOnly);
    return assertionOnly.replace(
      assertion,
      evil.replace('</saml:Assertion>', `${assertion}</saml:Assertion>`),
    );
  },
  // The signature in the forged assertion, the signed one without it after that, or within the signature.
  XSW5: ({ assertionOnly }) => {
    const { assertion, evil, signature, bare } = taken(assertionOnly);
    return assertionOnly.replace(
      assertion,
      evil.replace('</saml:Issuer>', `</saml:Issuer>${signature}`) + bare,
    );
  },
  XSW6: ({ assertionOnly }) => {
    const { assertion, evil, signature, bare } = taken(assertionOnly);
    const wrapped = signature.replace('</ds:Signature>', `${bare}</ds:Signature>`);
    return assertionOnly.replace(assertion, evil.replace('</saml:Issuer>', `</saml:Issuer>${wrapped}`));
  },
  // In extensions, which may hold anything; in an object of the signature.
  XSW7: ({ assertionOnly }) => {
    const { assertion, evil } = taken(assertionOnly);
    return assertionOnly.replace(assertion, `<samlp:Extensions>${evil}</samlp:Extensions>${assertion}`);
  },
  XSW8: ({ assertionOnly }) => {
    const { assertion, evil, signature, bare } = taken(assertionOnly);
    const wrapped = signature.replace('</ds:Signature>', `<ds:Object>${bare}</ds:Object></ds:Signature>`);
    return assertionOnly.replace(assertion, evil.replace('</saml:Issuer>', `</saml:Issuer>${wrapped}`));
  },
};

const now = (): number => Date.now();

const OTHERS: Record<string, [SamlProblem, (attack: Attack) => string]> = {
  'no signature': [
    'SIGNATURE_PLACE',
    ({ world, request }) => world.idp.unsigned(world.provider.to, request, { released: ADA }),
  ],
  'only the assertion signed': ['SIGNATURE_PLACE', ({ assertionOnly }) => assertionOnly],
  'only the response signed': ['SIGNATURE_PLACE', ({ responseOnly }) => responseOnly],
  'signed by somebody else': [
    'INVALID',
    ({ world, request, stranger }) =>
      world.idp.sign(world.idp.unsigned(world.provider.to, request, { released: ADA }), { by: stranger }),
  ],
  'an assertion signed by somebody else in a response of the provider': [
    'INVALID',
    ({ world: { idp, provider }, request, stranger }) => {
      const xml = idp.unsigned(provider.to, request, { released: ADA });
      return idp.sign(idp.sign(xml, { response: false, by: stranger }), { assertion: false });
    },
  ],
  'an HMAC with the certificate for its key': [
    'ALGORITHM',
    ({ world, good }) =>
      good
        .replaceAll(/xmldsig-more#rsa-sha256/g, 'xmldsig-more#hmac-sha256')
        .replaceAll(
          /<ds:SignatureValue>[^<]+/g,
          `<ds:SignatureValue>${createHmac('sha256', world.idp.key.certificate).update('any').digest('base64')}`,
        ),
  ],
  'an HMAC with SHA-1, which the library knows': [
    'ALGORITHM',
    ({ good }) =>
      good.replaceAll(
        'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
      ),
  ],
  'SHA-1, signed by the provider itself': [
    'ALGORITHM',
    ({ world, request }) =>
      world.idp.sign(world.idp.unsigned(world.provider.to, request, { released: ADA }), {
        algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      }),
  ],
  'a digest named in another namespace, where the library finds it': [
    'ALGORITHM',
    ({ good }) =>
      good.replaceAll(
        /<ds:DigestMethod Algorithm="[^"]+"\/>/g,
        '<x:DigestMethod xmlns:x="urn:x" Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>',
      ),
  ],
  'an algorithm beside the one in another namespace, which the library finds first': [
    'ALGORITHM',
    ({ good }) =>
      good.replaceAll(
        '<ds:SignatureMethod ',
        '<ds:SignatureMethod xmlns:x="urn:x" x:Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1" ',
      ),
  ],
  'two ways to canonicalise': [
    'ALGORITHM',
    ({ good }) => good.replaceAll(/<ds:CanonicalizationMethod [^>]*\/>/g, (method) => method + method),
  ],
  'no transform': [
    'ALGORITHM',
    ({ good }) => good.replaceAll(/<ds:Transforms>[\s\S]*?<\/ds:Transforms>/g, '<ds:Transforms/>'),
  ],
  'a reference that names something else in another namespace': [
    'SIGNATURE_PLACE',
    ({ good }) => good.replaceAll('<ds:Reference ', '<ds:Reference xmlns:x="urn:x" x:URI="#elsewhere" '),
  ],
  'an attribute changed after signing': [
    'INVALID',
    ({ good }) => good.replaceAll('mallory@ucy.ac.cy', 'ada@ucy.ac.cy'),
  ],
  'a digest changed by a comment (CVE-2025-29775)': [
    'FORBIDDEN_MARKUP',
    ({ good }) => good.replace('<ds:DigestValue>', '<ds:DigestValue><!--forged-->'),
  ],
  'two SignedInfo (CVE-2025-29774)': [
    'SIGNATURE_PLACE',
    ({ good }) => good.replace(/<ds:SignedInfo>[\s\S]*?<\/ds:SignedInfo>/, (info) => info + info),
  ],
  'a comment in the NameID': [
    'FORBIDDEN_MARKUP',
    ({ good }) => good.replace(/(<saml:NameID[^>]*>[^<]{5})/, '$1<!-- -->'),
  ],
  'a comment in an attribute': [
    'FORBIDDEN_MARKUP',
    ({ good }) => good.replace('mallory@ucy.ac.cy', 'mallory<!---->@ucy.ac.cy'),
  ],
  CDATA: ['FORBIDDEN_MARKUP', ({ good }) => good.replace('mallory@ucy.ac.cy', '<![CDATA[ada@ucy.ac.cy]]>')],
  'a processing instruction': ['FORBIDDEN_MARKUP', ({ good }) => good.replace('mallory@', 'mallory<?x?>@')],
  'the assertion twice': [
    'SHAPE',
    ({ good }) => good.replace(ASSERTION, (assertion) => assertion + assertion),
  ],
  'an ID twice': [
    'SHAPE',
    ({ good }) => {
      const id = /<saml:Assertion[^>]*\bID="([^"]+)"/.exec(good)?.[1] ?? '';
      return good.replace('<samlp:Status>', `<samlp:Status ID="${id}">`);
    },
  ],
  'two responses in one': [
    'UNREADABLE',
    ({ good, world, request }) => good + world.idp.unsigned(world.provider.to, request, { released: ADA }),
  ],
  'for another audience': ['INVALID', ({ of }) => of({ audience: 'https://elsewhere.test/' })],
  'for another recipient': ['WRONG_RECIPIENT', ({ of }) => of({ recipient: 'https://elsewhere.test/acs' })],
  'to another destination': [
    'WRONG_DESTINATION',
    ({ of }) => of({ destination: 'https://elsewhere.test/acs' }),
  ],
  'of another issuer': ['WRONG_ISSUER', ({ of }) => of({ issuer: 'https://idp.elsewhere.test/' })],
  expired: [
    'INVALID',
    ({ of }) => of({ issuedAt: now() - 600_000, notBefore: now() - 600_000, notOnOrAfter: now() - 300_000 }),
  ],
  'not valid yet': ['INVALID', ({ of }) => of({ notBefore: now() + 300_000 })],
  'too old, though it says that it is valid for a year': [
    'INVALID',
    ({ of }) => of({ issuedAt: now() - 3_600_000, notOnOrAfter: now() + 31_536_000_000 }),
  ],
  unsolicited: ['UNKNOWN_REQUEST', ({ of }) => of({ inResponseTo: '', confirmedFor: '' })],
  'in answer to what nobody asked': [
    'UNKNOWN_REQUEST',
    ({ of }) => {
      const id = newId();
      return of({ inResponseTo: id, confirmedFor: id });
    },
  ],
  'with a subject that was confirmed for another request': [
    'UNKNOWN_REQUEST',
    ({ of }) => of({ confirmedFor: '' }),
  ],
  'of an assertion for another request, in a response to this one': [
    'INVALID',
    ({ of }) => of({ confirmedFor: newId() }),
  ],
  'that says that it failed': [
    'STATUS',
    ({ of }) => of({ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }),
  ],
  'without the id that the mapping names': [
    'NO_IDENTIFIER',
    ({ of }) => of({ released: { ...ADA, eppn: [] } }),
  ],
  'with two of them': [
    'NO_IDENTIFIER',
    ({ of }) => of({ released: { ...ADA, eppn: ['ada@ucy.ac.cy', 'b@ucy.ac.cy'] } }),
  ],
  'with a document type': ['FORBIDDEN_MARKUP', ({ good }) => `<!DOCTYPE Response>${good}`],
  'with an external entity (XXE)': [
    'FORBIDDEN_MARKUP',
    ({ good }) =>
      `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${good.replace('Ada', '&x;')}`,
  ],
  'with entities that grow': [
    'FORBIDDEN_MARKUP',
    ({ good }) => `<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${good.replace('Ada', '&b;')}`,
  ],
  'larger than 64 kB': ['TOO_LARGE', ({ of }) => of({ released: { ...ADA, sn: 'x'.repeat(66_000) } })],
  'that is no XML': ['UNREADABLE', () => 'Hello'],
  'that is XML of something else': ['UNREADABLE', () => '<Response/>'],
  'that is a request': ['UNREADABLE', ({ good }) => good.replaceAll('samlp:Response', 'samlp:AuthnRequest')],
};

describe.each(databases.slice(0, 1))('responses that are refused', ({ open }) => {
  let world: World;
  let stranger: NewSigningKey;
  beforeAll(async () => {
    stranger = await newSigningKey(Date.now());
    world = await createWorld(await open());
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  async function attack(browser: Browser): Promise<Attack> {
    const { idp, provider } = world;
    const request = await begin(world, browser);
    const xml = idp.unsigned(provider.to, request, { released: MALLORY });
    return {
      ...{ world, request, stranger, good: idp.sign(xml) },
      assertionOnly: idp.sign(xml, { response: false }),
      responseOnly: idp.sign(xml, { assertion: false }),
      of: (parts) => idp.sign(idp.unsigned(provider.to, request, { released: ADA, ...parts })),
    };
  }

  /** Why it was refused; `recorded`: whether the audit trail says so, as this browser had begun. */
  async function refusedAs(answer: Awaited<ReturnType<typeof post>>, recorded = true): Promise<string> {
    expect([answer.status, answer.body]).toEqual([
      401,
      {
        ...{
          type: 'urn:probity:reason:SSO_REFUSED',
          title: 'Unauthorized',
          status: 401,
          reason: 'SSO_REFUSED',
        },
        detail: 'Signing in through the university did not work.',
        requestId: expect.any(String) as string,
      },
    ]);
    expect(await world.storage.db('logins').where({ method: 'SSO' })).toEqual([]);
    expect(await world.storage.db('users').where({ email: 'ada@ucy.ac.cy' })).toEqual([]);
    const logged = world.log.filter(({ msg }) => msg === 'call refused');
    expect(logged).toHaveLength(1);
    const { message } = logged[0]!['err'] as { message: string };
    const problem = /^[A-Z_]+(?=: )/.exec(message)?.[0] ?? message;
    const entries = await world.audit.list(world.storage.db, {
      organisationId: 'UCY',
      after: 0,
      limit: 1000,
    });
    const about = { action: 'sso.refused', target: `identity-provider/${world.provider.id}` };
    if (recorded) expect(entries.at(-1)).toMatchObject({ ...about, details: { problem } });
    else expect(entries.at(-1)).not.toMatchObject(about);
    return problem;
  }

  it('the one that all of them are made of is good', async () => {
    const browser = new Browser(world.facade);
    const { good } = await attack(browser);
    expect((await post(world, browser, posted(good))).status).toBe(303);
  });

  it.each(Object.keys(WRAPPINGS))('wrapped: %s, about its one signature and with both', async (name) => {
    const browser = new Browser(world.facade);
    const made = await attack(browser);
    const wrapped = WRAPPINGS[name]!(made);
    expect(wrapped).toContain('ada@ucy.ac.cy');
    expect(wrapped).toContain('mallory@ucy.ac.cy');
    expect(await refusedAs(await post(world, browser, posted(wrapped)))).toBe('SHAPE');

    world.log.length = 0;
    const both = WRAPPINGS[name]!({ ...made, assertionOnly: made.good, responseOnly: made.good });
    expect(await refusedAs(await post(world, browser, posted(both)))).toBe('SHAPE');
  });

  it.each(Object.keys(OTHERS))('%s', async (name) => {
    const [problem, make] = OTHERS[name]!;
    const browser = new Browser(world.facade);
    const response = make(await attack(browser));
    expect(await refusedAs(await post(world, browser, posted(response)))).toBe(problem);
  });

  it('what is no base64', async () => {
    const browser = new Browser(world.facade);
    await begin(world, browser);
    expect(await refusedAs(await post(world, browser, '<Response/>'))).toBe('UNREADABLE');
  });

  it('a form far larger than any message is not even read', async () => {
    const answer = await post(world, new Browser(world.facade), 'A'.repeat(400_000));
    expect([answer.status, answer.body]).toMatchObject([413, { reason: 'BODY_TOO_LARGE' }]);
  });

  it('in another browser than the one that began: nobody is signed in as Mallory unawares', async () => {
    const request = await begin(world, new Browser(world.facade));
    const response = world.idp.respond(world.provider.to, request, { released: MALLORY });
    const victim = new Browser(world.facade);
    expect(await refusedAs(await post(world, victim, response), false)).toBe('OTHER_BROWSER');
    await begin(world, victim);
    world.log.length = 0;
    expect(await refusedAs(await post(world, victim, response))).toBe('OTHER_BROWSER');
  });

  it('after ten minutes', async () => {
    const browser = new Browser(world.facade);
    const request = await begin(world, browser);
    world.clock.now = () => Date.now() + 10 * 60_000;
    const response = world.idp.respond(world.provider.to, request, { released: ADA });
    expect(await refusedAs(await post(world, browser, response), false)).toBe('UNKNOWN_REQUEST');
  });

  it('of another provider of the same organisation, for a request to this one', async () => {
    const browser = new Browser(world.facade);
    const request = await begin(world, browser);
    const other = await scriptedProvider('https://idp.other.test/');
    const settings = { ...SETTINGS, metadataXml: other.metadata() };
    expect((await world.admins('POST', '/identity-providers', settings)).status).toBe(201);
    const parts = { released: ADA, issuer: world.idp.entityId };
    const foreign = other.sign(other.unsigned(world.provider.to, request, parts));
    expect(await refusedAs(await post(world, browser, posted(foreign)))).toBe('INVALID');
  });

  it('an assertion that was used, in answer to a new request', async () => {
    const browser = new Browser(world.facade);
    const assertionId = newId();
    expect((await signIn(world, browser, MALLORY, { assertionId })).status).toBe(303);
    await world.storage.db('logins').where({ method: 'SSO' }).delete();
    const again = await signIn(world, browser, MALLORY, { assertionId });
    expect(await refusedAs(again)).toBe('REPLAYED');
  });

  it('once every certificate of the provider has ended', async () => {
    const browser = new Browser(world.facade);
    const { good } = await attack(browser);
    // What a provider published long ago, and never replaced.
    const row = await world.storage
      .db<{ id: string; metadata: string }>('identity_providers')
      .where({ id: world.provider.id })
      .first('metadata');
    const metadata = JSON.parse(row!.metadata) as { certificates: object[] };
    metadata.certificates = metadata.certificates.map((each) => ({ ...each, endsAt: Date.now() }));
    await world.storage
      .db('identity_providers')
      .where({ id: world.provider.id })
      .update({ metadata: JSON.stringify(metadata) });
    expect(await refusedAs(await post(world, browser, posted(good)))).toBe('NO_CERTIFICATE');
  });
});
