import { z } from 'zod';
import { named } from '../../family.js';
import { id, string, time, user, words } from './schemas.js';
import { provisioning, role } from './words.js';

/* Requests and answers of sign-on, beside `schemas.ts`. */

export const ProviderPath = z.object({ provider: id });
export const SignInQuery = z.object({ organisation: string(32) });
export const BeginQuery = z.object({
  return: string(500)
    .optional()
    .meta({ description: 'For a browser: the path of ours where it goes on. `/sign-in/` where absent.' }),
  redirectUri: string(500)
    .optional()
    .meta({ description: 'For a desktop client: where it listens, `http://127.0.0.1:PORT/…`.' }),
  codeChallenge: z
    .string()
    .max(128)
    .optional()
    .meta({ description: 'For a desktop client: S256, RFC 7636.' }),
  state: z.string().max(512).optional().meta({ description: 'For a desktop client: comes back as it is.' }),
});
/** Of the HTTP-POST binding. */
export const SamlResponse = named(
  'SamlResponse',
  z.object({ SAMLResponse: z.string(), RelayState: z.string().optional() }),
);
export const SamlLogout = named(
  'SamlLogout',
  z.object({
    SAMLRequest: z.string().optional(),
    SAMLResponse: z.string().optional(),
    RelayState: z.string().optional(),
  }),
);
export const SignInCode = named(
  'SignInCode',
  z.object({ code: string(1024), codeVerifier: string(128), redirectUri: string(500) }),
);
export const SignInProviders = named(
  'SignInProviders',
  z.object({ providers: z.array(z.object({ id: z.string(), displayName: z.string() })) }),
);

export const BrowserSession = named(
  'BrowserSession',
  z.object({ accessToken: z.string(), expireTime: time, user }),
);
export const SignedOut = named(
  'SignedOut',
  z.object({
    logoutUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where to go to sign out of everything at once; null where nowhere.' }),
  }),
);

const attributeName = z.string().max(256);
const attributes = z.object({
  externalId: attributeName,
  email: attributeName,
  givenName: attributeName,
  familyName: attributeName,
  affiliation: attributeName,
});
const settings = {
  displayName: string(200),
  metadataXml: z.string().optional().meta({ description: 'SAML 2.0 metadata as they are.' }),
  metadataUrl: z.string().optional().meta({ description: 'Or where they are fetched from.' }),
  attributes: attributes
    .partial()
    .optional()
    .meta({ description: 'By `Name`; those that are absent are the usual `urn:oid:…`.' }),
  roles: z
    .array(z.object({ affiliation: string(256), role: words(role.names) }))
    .max(20)
    .meta({ description: 'The first that fits somebody counts. STUDENT or INSTRUCTOR.' }),
  provisioning: words(provisioning.names),
};
export const NewIdentityProvider = named(
  'NewIdentityProvider',
  z.object({
    ...settings,
    entityId: string(500).optional().meta({ description: 'Which one, where the metadata have several.' }),
  }),
);
export const ChangedIdentityProvider = named('ChangedIdentityProvider', z.object(settings));
const identityProvider = z.object({
  name: z.string(),
  displayName: z.string(),
  entityId: z.string(),
  metadataUrl: z.string().nullable(),
  refreshTime: time,
  refreshProblem: z.string().nullable(),
  certificates: z.array(z.object({ fingerprint: z.string(), expireTime: time })),
  singleLogout: z.boolean(),
  attributes,
  roles: z.array(z.object({ affiliation: z.string(), role: z.enum(role.names).nullable() })),
  provisioning: z.enum(provisioning.names).nullable(),
  serviceProvider: z.string().meta({ description: 'Our entityID there; our metadata are at this address.' }),
  createTime: time,
});
export const IdentityProvider = named('IdentityProvider', identityProvider);
export const IdentityProviders = named(
  'IdentityProviders',
  z.object({ identityProviders: z.array(identityProvider) }),
);
export const LinkedAccount = named(
  'LinkedAccount',
  z.object({
    externalId: string(256),
    user: string(100).meta({ description: 'Resource name of the user.' }),
  }),
);
