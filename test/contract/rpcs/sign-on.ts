import { createHash, randomBytes } from 'node:crypto';
import type { Core } from '../../../src/grpc/index.js';
import { Provisioning } from '../../../src/grpc/gen/probity/identity/v1/identity_provider_service.js';
import { Role } from '../../../src/grpc/gen/probity/identity/v1/user_service.js';
import { anyTime, NOBODY, some, UCY, type Row, type World } from './world.js';

const NO_PROVIDER = `identityProviders/${NOBODY}`;
const RELEASED = {
  ...{ eppn: 'eve@ucy.ac.cy', mail: 'eve@ucy.ac.cy', givenName: 'Eve', sn: 'Doe', affiliation: 'student' },
};
const provider = ({ metadataUrl }: World) => ({
  ...{ displayName: 'University of Cyprus', attributes: undefined, entityId: '' },
  roles: [{ affiliation: 'student', role: Role.ROLE_STUDENT }],
  provisioning: Provisioning.PROVISIONING_STUDENTS,
  metadata: { $case: 'metadataUrl', value: metadataUrl } as const,
});

const byBrowser = { $case: 'returnPath', value: '/review/' } as const;
const verifier = randomBytes(32).toString('base64url');
const byClient = {
  $case: 'loopback',
  value: {
    redirectUri: 'http://127.0.0.1:4711/back',
    codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
    state: 's',
  },
} as const;

/** Goes to the provider and comes back with its response. */
async function begin(world: World, client: Parameters<Core['sso']['beginSignIn']>[0]['client']) {
  const { core, provider: name, idp, relying } = world;
  const { redirectUrl, browser } = await core.sso.beginSignIn({ provider: name, client, browser: '' });
  const parts = { released: RELEASED, nameId: 'eve-1' };
  const samlResponse = idp.respond(relying, idp.request(redirectUrl).id, parts);
  return { provider: name, samlResponse, browser };
}

/** A university signs its people on, by an identity provider. */
export const SIGNING_ON: Record<string, Row> = {
  'identityProviders.createIdentityProvider': {
    works: async (w) => {
      const made = await w.core.identityProviders.createIdentityProvider(provider(w), w.admin);
      const base = made.serviceProvider.replace(/\/metadata$/, '');
      w.relying = { metadata: made.serviceProvider, acs: `${base}/acs`, slo: `${base}/slo` };
      w.provider = made.name;
      return made;
    },
    says: (w) => ({ entityId: w.idp.entityId, metadataUrl: w.metadataUrl, singleLogout: true }),
    fails: (w) => {
      const metadata = { $case: 'metadataXml', value: '<none/>' } as const;
      return w.core.identityProviders.createIdentityProvider({ ...provider(w), metadata }, w.admin);
    },
    reason: 'INVALID_FIELDS',
  },
  'identityProviders.listIdentityProviders': {
    works: (w) => w.core.identityProviders.listIdentityProviders({}, w.admin),
    says: (w) => ({ identityProviders: some({ name: w.provider }) }),
    fails: (w) => w.core.identityProviders.listIdentityProviders({}),
    reason: 'CREDENTIALS_MISSING',
  },
  'identityProviders.getIdentityProvider': {
    works: (w) => w.core.identityProviders.getIdentityProvider({ name: w.provider }, w.admin),
    says: (w) => ({ name: w.provider, certificates: [{ expireTime: anyTime() }] }),
    fails: (w) => w.core.identityProviders.getIdentityProvider({ name: NO_PROVIDER }, w.admin),
    reason: 'PROVIDER_NOT_FOUND',
  },
  'identityProviders.updateIdentityProvider': {
    works: (w) =>
      w.core.identityProviders.updateIdentityProvider(
        { name: w.provider, ...provider(w), displayName: 'UCY' },
        w.admin,
      ),
    says: () => ({ displayName: 'UCY', provisioning: Provisioning.PROVISIONING_STUDENTS }),
    fails: (w) =>
      w.core.identityProviders.updateIdentityProvider({ name: NO_PROVIDER, ...provider(w) }, w.admin),
    reason: 'PROVIDER_NOT_FOUND',
  },
  'identityProviders.refreshIdentityProvider': {
    works: (w) => w.core.identityProviders.refreshIdentityProvider({ name: w.provider }, w.admin),
    says: () => ({ refreshProblem: '', refreshTime: anyTime() }),
    fails: (w) => w.core.identityProviders.refreshIdentityProvider({ name: NO_PROVIDER }, w.admin),
    reason: 'PROVIDER_NOT_FOUND',
  },
  'sso.listSignInOptions': {
    works: (w) => w.core.sso.listSignInOptions({ organisation: UCY }),
    says: (w) => ({ options: some({ provider: w.provider, displayName: 'UCY' }) }),
    fails: (w) => w.core.sso.listSignInOptions({ organisation: 'UCY' }),
    reason: 'INVALID_FIELDS',
  },
  'sso.getServiceProviderMetadata': {
    works: (w) => w.core.sso.getServiceProviderMetadata({ provider: w.provider }),
    says: (w) => ({ metadataXml: expect.stringContaining(w.relying.acs) as string }),
    fails: (w) => w.core.sso.getServiceProviderMetadata({ provider: NO_PROVIDER }),
    reason: 'PROVIDER_NOT_FOUND',
  },
  'sso.beginSignIn': {
    works: (w) => w.core.sso.beginSignIn({ provider: w.provider, client: byBrowser, browser: '' }),
    says: () => ({ redirectUrl: expect.stringContaining('SAMLRequest=') as string }),
    fails: (w) => w.core.sso.beginSignIn({ provider: NO_PROVIDER, client: byBrowser, browser: '' }),
    reason: 'PROVIDER_NOT_FOUND',
  },
  'sso.acceptSamlResponse': {
    works: async (w) => {
      const accepted = await w.core.sso.acceptSamlResponse(await begin(w, byBrowser));
      if (accepted.outcome?.$case === 'browserLogin')
        w.refreshToken = accepted.outcome.value.login!.refreshToken;
      return accepted;
    },
    says: () => ({ outcome: { $case: 'browserLogin', value: { returnPath: '/review/' } } }),
    fails: async (w) => w.core.sso.acceptSamlResponse({ ...(await begin(w, byBrowser)), browser: '' }),
    reason: 'SSO_REFUSED',
  },
  'sso.exchangeSignInCode': {
    works: async (w) => {
      const { outcome } = await w.core.sso.acceptSamlResponse(await begin(w, byClient));
      const back = outcome?.$case === 'loopbackUrl' ? outcome.value : '';
      const code = new URL(back).searchParams.get('code') ?? '';
      const { redirectUri } = byClient.value;
      return w.core.sso.exchangeSignInCode({ code, codeVerifier: verifier, redirectUri });
    },
    says: () => ({ accessToken: expect.stringMatching(/./) as string, user: { email: RELEASED.mail } }),
    fails: (w) => {
      const { redirectUri } = byClient.value;
      return w.core.sso.exchangeSignInCode({ code: verifier, codeVerifier: verifier, redirectUri });
    },
    reason: 'SSO_REFUSED',
  },
  'sso.signOut': {
    works: (w) => w.core.sso.signOut({ refreshToken: w.refreshToken }),
    says: () => ({ logoutUrl: expect.stringContaining('SAMLRequest=') as string }),
    fails: (w) => w.core.sso.signOut({ refreshToken: 'x'.repeat(2_000) }),
    reason: 'INVALID_FIELDS',
  },
  'sso.acceptSamlLogout': {
    works: (w) => {
      const query = w.idp.logoutQuery(w.relying, w.idp.logoutRequest(w.relying, 'eve-1'));
      return w.core.sso.acceptSamlLogout({ provider: w.provider, message: { $case: 'query', value: query } });
    },
    says: () => ({ redirectUrl: expect.stringContaining('SAMLResponse=') as string }),
    fails: (w) =>
      w.core.sso.acceptSamlLogout({
        provider: w.provider,
        message: { $case: 'query', value: 'SAMLRequest=x' },
      }),
    reason: 'SSO_REFUSED',
  },
  'identityProviders.linkAccount': {
    works: async (w) => {
      const { name: user } = await w.core.users.getUser({ name: 'users/me' }, w.teacher);
      return w.core.identityProviders.linkAccount({ name: w.provider, externalId: 'tess', user }, w.admin);
    },
    says: () => ({}),
    fails: (w) =>
      w.core.identityProviders.linkAccount(
        { name: w.provider, externalId: 'x', user: `users/${NOBODY}` },
        w.admin,
      ),
    reason: 'USER_NOT_FOUND',
  },
  'identityProviders.deleteIdentityProvider': {
    works: (w) => w.core.identityProviders.deleteIdentityProvider({ name: w.provider }, w.admin),
    says: () => ({}),
    fails: (w) => w.core.identityProviders.deleteIdentityProvider({ name: w.provider }, w.admin),
    reason: 'PROVIDER_NOT_FOUND',
  },
};
