import { inflateRawSync } from 'node:zlib';
import { SamlLib } from 'samlify';
import { newSigningKey } from '../../../src/identity/saml/signing-key.js';
import { databases } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { newId, posted, RSA_SHA256 } from '../../support/identity-provider.js';
import { ADA, Browser, createWorld, signIn, type World } from './world.js';

describe.each(databases)('single log-out, on $name', ({ open }) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(await open());
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const slo = (): string => `/probity/v1/sso/providers/${world.provider.id}/slo`;
  const byQuery = (query: string) => world.facade.send('GET', `${slo()}?${query}`);
  const byForm = (fields: Record<string, string>) =>
    world.facade.send('POST', slo(), { body: new URLSearchParams(fields) });

  /** Somebody who came in by this NameID, and whether they are still in. */
  async function somebody(nameId: string, sessionIndex = newId()) {
    const browser = new Browser(world.facade);
    expect((await signIn(world, browser, ADA, { nameId, sessionIndex })).status).toBe(303);
    return {
      ...{ browser, sessionIndex },
      isIn: async () => (await browser.page('POST', '/browser-session/refresh')).status === 200,
    };
  }

  /** A posted message, signed as a whole. */
  function signed(xml: string, by = world.idp.key): string {
    return posted(
      SamlLib.constructSAMLSignature({
        ...{
          rawSamlMessage: xml,
          referenceTagXPath: '/*',
          privateKey: by.privateKey,
          signingCert: by.certificate,
        },
        signatureAlgorithm: RSA_SHA256,
        signatureConfig: {
          prefix: 'ds',
          location: { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
        },
        isBase64Output: false,
      }),
    );
  }

  it.each(['query', 'form'])(
    'the university ends the session that it names, by %s, and gets an answer',
    async (how) => {
      const { idp, provider } = world;
      const [one, other, stranger] = [
        await somebody('ada-1'),
        await somebody('ada-1'),
        await somebody('ada-2'),
      ];
      const id = newId();
      const xml = idp.logoutRequest(provider.to, 'ada-1', one.sessionIndex, { id });
      const answer =
        how === 'query'
          ? await byQuery(idp.logoutQuery(provider.to, xml, 'SAMLRequest', 'their state'))
          : await byForm({ SAMLRequest: signed(xml), RelayState: 'their state' });
      expect([answer.status, answer.text]).toEqual([303, '']);
      const url = new URL(answer.headers.get('location')!);
      expect([url.origin + url.pathname, url.searchParams.get('RelayState')]).toEqual([
        'https://idp.ucy.test/slo',
        'their state',
      ]);
      expect([...url.searchParams.keys()]).toEqual(expect.arrayContaining(['SigAlg', 'Signature']));
      const response = inflateRawSync(
        Buffer.from(url.searchParams.get('SAMLResponse')!, 'base64'),
      ).toString();
      expect(response).toContain(`InResponseTo="${id}"`);
      expect(response).toContain('status:Success');
      expect([await one.isIn(), await other.isIn(), await stranger.isIn()]).toEqual([false, true, true]);
    },
  );

  it('without a session index, it ends every session of that person', async () => {
    const { idp, provider } = world;
    const [one, other, stranger] = [
      await somebody('ada-1'),
      await somebody('ada-1'),
      await somebody('ada-2'),
    ];
    const xml = idp.logoutRequest(provider.to, 'ada-1');
    expect((await byQuery(idp.logoutQuery(provider.to, xml))).status).toBe(303);
    expect([await one.isIn(), await other.isIn(), await stranger.isIn()]).toEqual([false, false, true]);
  });

  it('who signs out here goes to the university to sign out of the rest, and comes back', async () => {
    const { idp, provider } = world;
    const { browser, sessionIndex } = await somebody('ada-1');
    const ended = await browser.page('DELETE', '/browser-session');
    const { logoutUrl } = ended.body as { logoutUrl: string };
    expect(logoutUrl).toMatch(/^https:\/\/idp\.ucy\.test\/slo\?SAMLRequest=.*&Signature=/);
    const { id, xml } = idp.request(logoutUrl);
    expect(xml).toContain(`>${sessionIndex}<`);
    expect(xml).toContain('>ada-1<');
    const back = idp.logoutQuery(provider.to, idp.logoutResponse(provider.to, id), 'SAMLResponse');
    const answer = await byQuery(back);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in/?signed-out']);
    expect((await byQuery(back)).status).toBe(401);

    const again = await somebody('ada-1');
    const second = (await again.browser.page('DELETE', '/browser-session')).body as { logoutUrl: string };
    const response = idp.logoutResponse(provider.to, idp.request(second.logoutUrl).id);
    expect((await byForm({ SAMLResponse: signed(response) })).status).toBe(303);
  });

  it.each(['query', 'form'])(
    'who signed out here is signed out, also where the university could not end all of the rest, as it says by %s',
    async (how) => {
      const { idp, provider } = world;
      const { browser } = await somebody('ada-1');
      const ended = (await browser.page('DELETE', '/browser-session')).body as { logoutUrl: string };
      const whole = idp.logoutResponse(provider.to, idp.request(ended.logoutUrl).id);
      const partly = whole.replace('status:Success', 'status:Responder');
      const answer =
        how === 'query'
          ? await byQuery(idp.logoutQuery(provider.to, partly, 'SAMLResponse'))
          : await byForm({ SAMLResponse: signed(partly) });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in/?signed-out']);
    },
  );

  it('an answer to a request to sign in is none to one to sign out', async () => {
    const browser = new Browser(world.facade);
    await somebody('ada-1');
    const begun = await browser.send('GET', `${slo().replace(/slo$/, 'login')}?return=/review/`);
    const { id } = world.idp.request(begun.headers.get('location')!);
    const xml = world.idp.logoutResponse(world.provider.to, id);
    const answer = await byQuery(world.idp.logoutQuery(world.provider.to, xml, 'SAMLResponse'));
    expect([answer.status, answer.body]).toMatchObject([401, { reason: 'SSO_REFUSED' }]);
  });

  it('nobody else ends anybody’s session', async () => {
    const { idp, provider } = world;
    const victim = await somebody('ada-1');
    const stranger = await newSigningKey(Date.now());
    const xml = (parts = {}) => idp.logoutRequest(provider.to, 'ada-1', undefined, parts);
    const good = idp.logoutQuery(provider.to, xml());
    const refusals: [string, () => Promise<{ status: number }>][] = [
      ['SIGNATURE_PLACE', () => byQuery(good.replace(/&Signature=.*/, ''))],
      [
        'INVALID',
        () =>
          byQuery(
            // Whatever it begins with, and however that is written in a query.
            idp
              .logoutQuery(provider.to, xml())
              .replace(/&Signature=(%..|.)/, (_, first) => `&Signature=${first === 'A' ? 'B' : 'A'}`),
          ),
      ],
      ['ALGORITHM', () => byQuery(good.replace('rsa-sha256', 'rsa-sha1'))],
      ['INVALID', () => byQuery(idp.logoutQuery(provider.to, xml({ issuedAt: Date.now() - 3_600_000 })))],
      [
        'INVALID',
        () => byQuery(idp.logoutQuery(provider.to, xml().replace(/<saml:NameID>.*?<\/saml:NameID>/, ''))),
      ],
      [
        'INVALID',
        () =>
          byQuery(
            idp.logoutQuery(
              provider.to,
              xml().replace(
                ' Version=',
                ` NotOnOrAfter="${new Date(Date.now() - 90_000).toISOString()}" Version=`,
              ),
            ),
          ),
      ],
      ['INVALID', () => byQuery(good.replace('rsa-sha256', 'rsa-sha512'))],
      [
        'WRONG_DESTINATION',
        () =>
          byQuery(
            idp.logoutQuery(
              provider.to,
              idp.logoutRequest({ ...provider.to, slo: 'https://x.test' }, 'ada-1'),
            ),
          ),
      ],
      [
        'WRONG_ISSUER',
        () => byQuery(idp.logoutQuery(provider.to, xml().replace(idp.entityId, 'https://x.test'))),
      ],
      ['SIGNATURE_PLACE', () => byForm({ SAMLRequest: posted(xml()) })],
      ['INVALID', () => byForm({ SAMLRequest: signed(xml(), stranger) })],
      [
        'INVALID',
        () =>
          byForm({
            SAMLRequest: posted(
              Buffer.from(signed(idp.logoutRequest(provider.to, 'ada-9')), 'base64')
                .toString()
                .replace('ada-9', 'ada-1'),
            ),
          }),
      ],
      ['UNREADABLE', () => byForm({ SAMLRequest: posted(xml()), SAMLResponse: posted(xml()) })],
      ['UNREADABLE', () => byForm({})],
      ['FORBIDDEN_MARKUP', () => byForm({ SAMLRequest: posted(`<!DOCTYPE x>${xml()}`) })],
    ];
    for (const [problem, attempt] of refusals) {
      world.log.length = 0;
      const answer = await attempt();
      expect(answer.status).toBe(401);
      // The answer may be here before the line is.
      await eventually(() => {
        const logged = world.log.find(({ msg }) => msg === 'call refused')?.['err'];
        expect(logged).toMatchObject({ message: expect.stringMatching(`^${problem}: `) as string });
      });
    }
    expect(await victim.isIn()).toBe(true);
  });

  it('a request is good once', async () => {
    const { idp, provider } = world;
    const query = idp.logoutQuery(provider.to, idp.logoutRequest(provider.to, 'ada-1'));
    expect((await byQuery(query)).status).toBe(303);
    const later = await somebody('ada-1');
    expect((await byQuery(query)).status).toBe(401);
    expect(await later.isIn()).toBe(true);
  });
});
