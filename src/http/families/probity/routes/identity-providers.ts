import type { z } from 'zod';
import { operation, type Operation } from '../../../family.js';
import { identityProviderAnswer } from '../answers.js';
import * as ssoSchemas from '../sso-schemas.js';
import { provisioning, role } from '../words.js';
import { READ } from './rows.js';

const WRITE = [...READ, 409, 415, 503];
const ROW = { tag: 'Identity providers', auth: 'token' } as const;
const ONE = { params: ssoSchemas.ProviderPath, fields: { name: 'provider' } };

export const IDENTITY_PROVIDERS: readonly Operation[] = [
  operation({
    ...ROW,
    id: 'createIdentityProvider',
    method: 'POST',
    path: '/identity-providers',
    summary: 'Lets people sign in through a SAML identity provider of the university (ADMIN)',
    body: ssoSchemas.NewIdentityProvider,
    status: 201,
    success: 'The provider, and where our metadata for it are',
    answer: ssoSchemas.IdentityProvider,
    errors: WRITE,
    async run({ body }, { core, options }) {
      const request = { ...settingsOf(body), entityId: body.entityId ?? '' };
      return identityProviderAnswer(await core.identityProviders.createIdentityProvider(request, options));
    },
  }),
  operation({
    ...ROW,
    id: 'listIdentityProviders',
    method: 'GET',
    path: '/identity-providers',
    summary: 'Identity providers of the organisation (ADMIN)',
    status: 200,
    success: 'All of them, by name',
    answer: ssoSchemas.IdentityProviders,
    errors: READ,
    async run(_input, { core, options }) {
      const { identityProviders } = await core.identityProviders.listIdentityProviders({}, options);
      return { identityProviders: identityProviders.map(identityProviderAnswer) };
    },
  }),
  operation({
    ...ROW,
    ...ONE,
    id: 'getIdentityProvider',
    method: 'GET',
    path: '/identity-providers/:provider',
    summary: 'An identity provider (ADMIN)',
    status: 200,
    success: 'The provider',
    answer: ssoSchemas.IdentityProvider,
    errors: READ,
    async run({ params }, { core, options }) {
      const request = { name: nameOf(params) };
      return identityProviderAnswer(await core.identityProviders.getIdentityProvider(request, options));
    },
  }),
  operation({
    ...ROW,
    ...ONE,
    id: 'updateIdentityProvider',
    method: 'PUT',
    path: '/identity-providers/:provider',
    summary: 'Changes an identity provider; without new metadata those that it has stay (ADMIN)',
    body: ssoSchemas.ChangedIdentityProvider,
    status: 200,
    success: 'The provider as it is now',
    answer: ssoSchemas.IdentityProvider,
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      const request = { ...settingsOf(body), name: nameOf(params) };
      return identityProviderAnswer(await core.identityProviders.updateIdentityProvider(request, options));
    },
  }),
  operation({
    ...ROW,
    ...ONE,
    id: 'deleteIdentityProvider',
    method: 'DELETE',
    path: '/identity-providers/:provider',
    summary: 'Forgets an identity provider and ends the logins that came through it (ADMIN)',
    status: 204,
    success: 'It is forgotten; the people are not',
    errors: READ,
    async run({ params }, { core, options }) {
      await core.identityProviders.deleteIdentityProvider({ name: nameOf(params) }, options);
      return undefined;
    },
  }),
  operation({
    ...ROW,
    ...ONE,
    id: 'refreshIdentityProvider',
    method: 'POST',
    path: '/identity-providers/:provider/refresh',
    summary: 'Fetches the metadata of an identity provider again, now (ADMIN)',
    status: 200,
    success: 'The provider as it is now',
    answer: ssoSchemas.IdentityProvider,
    errors: [...READ, 409, 503],
    async run({ params }, { core, options }) {
      const request = { name: nameOf(params) };
      return identityProviderAnswer(await core.identityProviders.refreshIdentityProvider(request, options));
    },
  }),
  operation({
    ...ROW,
    ...ONE,
    id: 'linkAccount',
    method: 'POST',
    path: '/identity-providers/:provider/accounts',
    summary: 'Says whom the provider means by an id: for staff, and whoever has a password (ADMIN)',
    body: ssoSchemas.LinkedAccount,
    status: 204,
    success: 'Whoever the provider knows by this id signs in as this user',
    errors: WRITE,
    async run({ params, body }, { core, options }) {
      await core.identityProviders.linkAccount({ ...body, name: nameOf(params) }, options);
      return undefined;
    },
  }),
];

function nameOf({ provider }: { provider: string }): string {
  return `identityProviders/${provider}`;
}

/** What a new and a changed provider have in common, as the core takes it. */
function settingsOf(body: z.output<typeof ssoSchemas.ChangedIdentityProvider>) {
  const { displayName, metadataXml, metadataUrl, attributes = {}, roles } = body;
  return {
    displayName,
    // Both: the core takes the first. A client that sends two means one of them.
    metadata:
      metadataXml !== undefined
        ? ({ $case: 'metadataXml', value: metadataXml } as const)
        : metadataUrl !== undefined
          ? ({ $case: 'metadataUrl', value: metadataUrl } as const)
          : undefined,
    attributes: {
      ...{ externalId: '', email: '', givenName: '', familyName: '', affiliation: '' },
      ...attributes,
    },
    roles: roles.map((each) => ({ affiliation: each.affiliation, role: role.toCore(each.role) })),
    provisioning: provisioning.toCore(body.provisioning),
  };
}
