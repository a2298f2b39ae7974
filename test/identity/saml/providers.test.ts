import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createOutbound } from '../../../src/outbound/index.js';
import { linkAccount } from '../../../src/identity/saml/linking.js';
import { providerById } from '../../../src/identity/saml/provider-store.js';
import { newSigningKey, type NewSigningKey } from '../../../src/identity/saml/signing-key.js';
import { databases } from '../../support/databases.js';
import { posted, scriptedProvider } from '../../support/identity-provider.js';
import { logIn, register } from '../support.js';
import { ADA, begin, Browser, createWorld, post, SETTINGS, signIn, type World } from './world.js';

interface Provider {
  name: string;
  entityId: string;
  refreshProblem: string | null;
  certificates: { fingerprint: string }[];
  attributes: Record<string, string>;
}

describe.each(databases)('identity providers, on $name', ({ open }) => {
  let world: World;
  let next: NewSigningKey;
  let site: Server;
  /** What the address of the metadata answers. */
  let served: { status: number; body: string };
  let metadataUrl: string;
  beforeAll(async () => {
    next = await newSigningKey(Date.now());
    site = createServer((_request, response) => response.writeHead(served.status).end(served.body));
    await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
    metadataUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/metadata`;
    const outbound = createOutbound({ enabled: true, allow: ['127.0.0.1'], retryDelayMs: 1 });
    world = await createWorld(await open(), { outbound });
  });
  afterAll(async () => {
    await world.close();
    await new Promise((resolve) => void site.close(resolve));
  });
  beforeEach(() => world.reset());

  const path = (): string => `/identity-providers/${world.provider.id}`;
  const get = async (): Promise<Provider> => (await world.admins('GET', path())).body as Provider;

  it('are shown whole, and without our key', async () => {
    expect((await world.admins('GET', path())).body).toEqual({
      name: `identityProviders/${world.provider.id}`,
      ...{ displayName: 'University of Cyprus', entityId: world.idp.entityId, metadataUrl: null },
      ...{ refreshTime: expect.any(String) as string, refreshProblem: null },
      certificates: [
        {
          fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          expireTime: expect.any(String) as string,
        },
      ],
      singleLogout: true,
      attributes: {
        externalId: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6',
        email: 'urn:oid:0.9.2342.19200300.100.1.3',
        givenName: 'urn:oid:2.5.4.42',
        familyName: 'urn:oid:2.5.4.4',
        affiliation: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1',
      },
      ...{ roles: SETTINGS.roles, provisioning: 'ALL' },
      ...{ serviceProvider: world.provider.to.metadata, createTime: expect.any(String) as string },
    });
    const rows = (await world.storage.db('identity_providers').select()) as { signing_key: Buffer }[];
    expect(rows.every((row) => !row.signing_key.includes('PRIVATE KEY'))).toBe(true);
  });

  it('are offered to whoever signs in to their organisation', async () => {
    const offered = (organisation: string) =>
      world.facade.send('GET', `/probity/v1/sso/providers?organisation=${organisation}`);
    expect((await offered('UCY')).body).toEqual({
      providers: [{ id: world.provider.id, displayName: 'University of Cyprus' }],
    });
    expect((await offered('UPAT')).body).toEqual({ providers: [] });
    expect((await offered('NOBODY')).body).toEqual({ providers: [] });
  });

  it('find in our metadata what they need of us', async () => {
    const { to, id } = world.provider;
    const answer = await world.facade.send('GET', `/probity/v1/sso/providers/${id}/metadata`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/samlmetadata+xml',
    ]);
    for (const part of [
      `entityID="${to.metadata}"`,
      `HTTP-POST" Location="${to.acs}"`,
      `HTTP-Redirect" Location="${to.slo}"`,
      'AuthnRequestsSigned="true" WantAssertionsSigned="true"',
      '<ds:X509Certificate>MII',
    ]) {
      expect(answer.text).toContain(part);
    }
  });

  it('are known once, and by metadata that are some', async () => {
    const twice = await world.admins('POST', '/identity-providers', {
      ...SETTINGS,
      metadataXml: world.idp.metadata(),
    });
    expect([twice.status, twice.body]).toMatchObject([400, { fields: [{ field: 'metadataXml' }] }]);
    const none = await world.admins('POST', '/identity-providers', { ...SETTINGS, metadataXml: '<x/>' });
    expect([none.status, none.body]).toMatchObject([400, { fields: [{ field: 'metadataXml' }] }]);
    const other = (await scriptedProvider('https://other.test/')).metadata();
    const another = await world.admins('PUT', path(), { ...SETTINGS, metadataXml: other });
    expect([another.status, another.body]).toMatchObject([400, { reason: 'INVALID_FIELDS' }]);
  });

  it('change their keys: both count while both are published, and the old one no more after that', async () => {
    const { idp, provider } = world;
    const signedBy = async (key: NewSigningKey): Promise<number> => {
      const browser = new Browser(world.facade);
      const request = await begin(world, browser);
      const xml = idp.sign(idp.unsigned(provider.to, request, { released: ADA }), { by: key });
      return (await post(world, browser, posted(xml))).status;
    };
    served = { status: 200, body: idp.metadata() };
    expect((await world.admins('PUT', path(), { ...SETTINGS, metadataUrl })).status).toBe(200);
    expect([await signedBy(idp.key), await signedBy(next)]).toEqual([303, 401]);

    served.body = idp.metadata([idp.key, next]);
    await runJob();
    expect((await get()).certificates).toHaveLength(2);
    expect([await signedBy(idp.key), await signedBy(next)]).toEqual([303, 303]);

    served.body = idp.metadata([next]);
    await runJob();
    expect([await signedBy(idp.key), await signedBy(next)]).toEqual([401, 303]);
  });

  it('keep the metadata that they have while others cannot be read, and say why', async () => {
    const { idp } = world;
    served = { status: 200, body: idp.metadata() };
    await world.admins('PUT', path(), { ...SETTINGS, metadataUrl });
    for (const [change, problem] of [
      [{ status: 500, body: '' }, /answers 500/],
      [{ status: 200, body: 'maintenance' }, /metadata_url: are not XML/],
      [{ status: 200, body: idp.metadata().replace(idp.entityId, 'https://evil.test/') }, /no such/],
      [{ status: 200, body: 'x'.repeat(2_000_000) }, /more than was asked for/],
    ] as const) {
      served = { ...change };
      await runJob();
      const { refreshProblem, certificates } = await get();
      expect(refreshProblem).toMatch(problem);
      expect(certificates).toHaveLength(1);
    }
    expect((await signIn(world, new Browser(world.facade))).status).toBe(303);
    const refused = await world.admins('POST', `${path()}/refresh`);
    expect([refused.status, refused.body]).toMatchObject([503, { reason: 'PROVIDER_UNAVAILABLE' }]);
    served = { status: 200, body: idp.metadata() };
    expect(await world.admins('POST', `${path()}/refresh`)).toMatchObject({
      ...{ status: 200, body: { refreshProblem: null } },
    });
  });

  it('keep the attribute that accounts are linked by, for as long as there are any', async () => {
    const attributes = { externalId: 'urn:oasis:names:tc:SAML:attribute:subject-id' };
    const change = () => world.admins('PUT', path(), { ...SETTINGS, attributes });
    expect((await change()).status).toBe(200);
    await world.reset();
    expect((await signIn(world, new Browser(world.facade))).status).toBe(303);
    const refused = await change();
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { reason: 'INVALID_FIELDS', fields: [{ field: 'attributes.externalId' }] },
    ]);
    expect((await get()).attributes['externalId']).toBe('urn:oid:1.3.6.1.4.1.5923.1.1.1.6');
    const renamed = await world.admins('PUT', path(), { ...SETTINGS, displayName: 'UCY' });
    expect([renamed.status, renamed.body]).toMatchObject([200, { displayName: 'UCY' }]);
  });

  it('do not link by an id of an attribute that they had a moment ago', async () => {
    const { storage, audit, clock, provider, admin } = world;
    const before = (await providerById(storage.db, provider.id))!;
    await world.reset({ attributes: { externalId: 'urn:oasis:names:tc:SAML:attribute:subject-id' } });
    const linking = storage.transaction((tx) =>
      linkAccount(tx, { audit, clock }, before, { externalId: 'a@ucy.ac.cy', userId: admin.id, actor: null }),
    );
    await expect(linking).rejects.toMatchObject({ reason: 'VERSION_CONFLICT' });
    expect(await storage.db('sso_accounts').select()).toEqual([]);
  });

  it('are forgotten with what is known through them, and the logins that came through them end', async () => {
    const other = await scriptedProvider('https://leaving.test/');
    const made = await world.admins('POST', '/identity-providers', {
      ...SETTINGS,
      metadataXml: other.metadata(),
    });
    const { name, serviceProvider } = made.body as { name: string; serviceProvider: string };
    const base = serviceProvider.replace(/\/metadata$/, '');
    const to = { metadata: serviceProvider, acs: `${base}/acs`, slo: `${base}/slo` };
    const leaving = { ...world, idp: other, provider: { id: name.slice('identityProviders/'.length), to } };
    const browser = new Browser(world.facade);
    expect((await signIn(leaving, browser)).status).toBe(303);
    const somebody = await register(world);
    const { accessToken } = await logIn(world, somebody);

    expect((await world.admins('DELETE', `/identity-providers/${leaving.provider.id}`)).status).toBe(204);
    expect((await browser.page('POST', '/browser-session/refresh')).status).toBe(401);
    await expect(world.identity.authenticate(accessToken)).resolves.toMatchObject({ method: 'PASSWORD' });
    for (const table of ['sso_accounts', 'sso_sessions']) {
      expect(await world.storage.db(table).select()).toEqual([]);
    }
    const gone = await world.facade.send('GET', `/probity/v1/sso/providers/${leaving.provider.id}/metadata`);
    expect([gone.status, gone.body]).toMatchObject([404, { reason: 'PROVIDER_NOT_FOUND' }]);
  });

  async function runJob(): Promise<void> {
    const [job] = world.identity.jobs;
    await job!.run({
      ...{ signal: new AbortController().signal, ticket: 1, log: pino({ level: 'silent' }) },
      fence: () => Promise.resolve(),
    });
  }
});
