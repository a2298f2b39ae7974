import { z } from 'zod';
import { line, oneOf, resourceName, UUID } from '../../call/index.js';
import { Provisioning as ProvisioningMessage } from '../../grpc/gen/probity/identity/v1/identity_provider_service.js';
import { Role } from '../../grpc/gen/probity/identity/v1/user_service.js';
import { FROM_PROTO } from '../presenter.js';
import { METADATA_MAX_BYTES } from './metadata.js';
import { USUAL_ATTRIBUTES, type MappedRole, type Provisioning } from './provider.js';

const PATH_MAX = 500;
const STATE_MAX = 512;
/** What a browser holds, and what a code is: 256 bits in base64url. So is a SHA-256 in it. */
const SECRET = /^[\w-]{43}$/;
/** RFC 7636 section 4.1. */
const CODE_VERIFIER = /^[\w.~-]{43,128}$/;
const TOKEN_MAX = 1_024;

const provider = resourceName('identityProviders/{provider}', UUID).transform(({ provider: id }) => id);

/** Resolves paths of ours; nothing is there. */
const HERE = 'https://probity.invalid';

/**
 * A path of this service, with its query and fragment, as the browser will read it; null for what would lead
 * elsewhere, however it is written.
 */
export function ownPath(text: string): string | null {
  if (!text.startsWith('/') || !URL.canParse(text, HERE)) return null;
  const { origin, pathname, search, hash } = new URL(text, HERE);
  return origin === HERE && !/^\/[/\\]/.test(pathname) ? pathname + search + hash : null;
}

/** Whether it is an address on the very machine of the browser (RFC 8252 section 7.3), with a port. */
export function isLoopback(text: string): boolean {
  if (!/^http:\/\/(127\.0\.0\.1|\[::1\]):\d{1,5}(\/[^#\s]*)?$/.test(text)) return false;
  return URL.canParse(text);
}

const returnPath = z
  .string()
  .max(PATH_MAX, `must have at most ${PATH_MAX} characters`)
  .transform((text, ctx): string => {
    const path = ownPath(text);
    if (path !== null) return path;
    ctx.addIssue({ code: 'custom', message: 'must be a path of this service' });
    return z.NEVER;
  });

const redirectUri = z
  .string()
  .max(PATH_MAX, `must have at most ${PATH_MAX} characters`)
  .refine(isLoopback, 'must be http://127.0.0.1:PORT or http://[::1]:PORT');

/** Anything else is nothing that we gave a browser: as if it held nothing. */
const browser = z.string().transform((held) => (SECRET.test(held) ? held : ''));

export const listSignInOptions = z.object({ organisation: resourceName('organisations/{organisation}') });

export const beginSignIn = z.object({
  provider,
  client: z.discriminatedUnion(
    '$case',
    [
      z.object({ $case: z.literal('returnPath'), value: returnPath }),
      z.object({
        $case: z.literal('loopback'),
        value: z.object({
          redirectUri,
          codeChallenge: z.string().regex(SECRET, 'must be a SHA-256 in base64url'),
          state: z.string().max(STATE_MAX, `must have at most ${STATE_MAX} characters`),
        }),
      }),
    ],
    'needs return_path or loopback',
  ),
  browser,
});

export const acceptSamlResponse = z.object({ provider, samlResponse: z.string(), browser });

export const exchangeSignInCode = z.object({
  code: z.string().max(TOKEN_MAX),
  codeVerifier: z.string().regex(CODE_VERIFIER, 'must have 43 to 128 of A-Z a-z 0-9 - . _ ~'),
  redirectUri: z.string().max(PATH_MAX),
});

export const signOut = z.object({ refreshToken: z.string().min(1, 'is required').max(TOKEN_MAX) });

export const acceptSamlLogout = z.object({
  provider,
  message: z.discriminatedUnion(
    '$case',
    [
      z.object({ $case: z.literal('query'), value: z.string() }),
      z.object({
        $case: z.literal('form'),
        value: z.object({ samlRequest: z.string(), samlResponse: z.string(), relayState: z.string() }),
      }),
    ],
    'needs query or form',
  ),
});

export const getServiceProviderMetadata = z.object({ provider });

const PROVISIONING = {
  [ProvisioningMessage.PROVISIONING_OFF]: 'OFF',
  [ProvisioningMessage.PROVISIONING_STUDENTS]: 'STUDENTS',
  [ProvisioningMessage.PROVISIONING_ALL]: 'ALL',
} as const satisfies Partial<Record<ProvisioningMessage, Provisioning>>;

const attributeName = (usual: string) =>
  z
    .string()
    .max(256, 'must have at most 256 characters')
    .transform((name) => name.trim() || usual);

const settings = {
  displayName: line(1, 200),
  attributes: z
    .object({
      externalId: attributeName(USUAL_ATTRIBUTES.externalId),
      email: attributeName(USUAL_ATTRIBUTES.email),
      givenName: attributeName(USUAL_ATTRIBUTES.givenName),
      familyName: attributeName(USUAL_ATTRIBUTES.familyName),
      affiliation: attributeName(USUAL_ATTRIBUTES.affiliation),
    })
    .optional()
    .transform((given) => given ?? USUAL_ATTRIBUTES),
  roles: z
    .array(
      z.object({
        affiliation: line(1, 256).transform((text) => text.toLowerCase()),
        role: oneOf(Role.ROLE_STUDENT, Role.ROLE_INSTRUCTOR).transform(
          (role): MappedRole => FROM_PROTO[role],
        ),
      }),
    )
    .max(20, 'must be at most 20'),
  provisioning: oneOf(
    ProvisioningMessage.PROVISIONING_OFF,
    ProvisioningMessage.PROVISIONING_STUDENTS,
    ProvisioningMessage.PROVISIONING_ALL,
  ).transform((value): Provisioning => PROVISIONING[value]),
};

const metadataUrl = z
  .string()
  .max(PATH_MAX, `must have at most ${PATH_MAX} characters`)
  .refine(
    (text) =>
      URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/^[^/]*\/\/[^/]*@/.test(text),
    'must be an http or https address without a user',
  );

const metadata = z.discriminatedUnion(
  '$case',
  [
    z.object({
      $case: z.literal('metadataXml'),
      value: z.string().min(1, 'is required').max(METADATA_MAX_BYTES, 'must have at most 1 MiB'),
    }),
    z.object({ $case: z.literal('metadataUrl'), value: metadataUrl }),
  ],
  'needs metadata_xml or metadata_url',
);

export const createIdentityProvider = z.object({
  ...settings,
  metadata,
  entityId: z.string().max(500, 'must have at most 500 characters'),
});

export const updateIdentityProvider = z.object({
  ...settings,
  name: provider,
  metadata: metadata.optional(),
});

export const identityProvider = z.object({ name: provider });

export const linkAccount = z.object({
  name: provider,
  externalId: line(1, 256),
  user: resourceName('users/{user}').transform(({ user }) => user),
});
