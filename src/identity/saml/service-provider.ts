import { SAML, ValidateInResponseTo, type CacheProvider, type Profile } from '@node-saml/node-saml';
import type { SessionSubject } from './assertion.js';
import { publicKeyOf } from './certificate.js';
import { certificatesAt } from './metadata.js';
import type { IdentityProvider, ServiceProviderUrls } from './provider.js';
import { requireSignedBy, type QuerySignature } from './redirect-query.js';
import { SamlRefusal } from './refusal.js';
import { messageId, REQUEST_MS } from './sign-in.js';

/** Difference between a provider's clock and ours that is put up with. */
export const CLOCK_SKEW_MS = 60_000;
/** An assertion is used at once or not at all. */
const ASSERTION_MAX_AGE_MS = 5 * 60_000;

/** Whether a request of ours waits for its answer. */
export interface Requests {
  /** Remembers one that is being sent. */
  remember(id: string): Promise<void>;
  isWaiting(id: string): Promise<boolean>;
}

/** We, as a provider sees us. Everything that crosses over is signed. */
export interface ServiceProvider {
  /** Where a browser goes to sign in. */
  signInUrl(): Promise<string>;
  /** The assertion of a response, as the bytes that were signed. @throws SamlRefusal INVALID */
  signedAssertion(samlResponse: string): Promise<string>;
  /** Where a browser goes to sign out. */
  signOutUrl(subject: SessionSubject): Promise<string>;
  /** Where a browser goes with our answer to the provider's request to sign out. */
  signedOutUrl(requestId: string, relayState: string): Promise<string>;
  /** Sees that a posted request to sign out was signed by the provider. @throws SamlRefusal INVALID */
  requirePostedRequest(samlRequest: string): Promise<void>;
  /** Sees that a posted answer to our request was signed by the provider. @throws SamlRefusal INVALID */
  requirePostedAnswer(samlResponse: string): Promise<void>;
  /** Sees that a message in a query was signed by the provider, beside it. @throws SamlRefusal INVALID */
  requireRedirected(signature: QuerySignature): void;
}

/**
 * `@node-saml/node-saml` as we want it. Every default that is weak is set here: SHA-256 for SHA-1, request ids that
 * must be ours, an audience, an age, both signatures.
 * @throws SamlRefusal NO_CERTIFICATE
 */
export function serviceProvider(
  provider: Pick<IdentityProvider, 'metadata' | 'certificate'>,
  us: { urls: ServiceProviderUrls; privateKey: string },
  requests: Requests,
  now: number,
): ServiceProvider {
  const { metadata } = provider;
  const certificates = certificatesAt(metadata, now);
  if (certificates.length === 0) throw new SamlRefusal('NO_CERTIFICATE', 'no certificate is valid now');
  // Requests leave this cache in the transaction that uses them, on one node of all: not here, and not twice.
  const cacheProvider: CacheProvider = {
    async saveAsync(id, value) {
      await requests.remember(id);
      return { value, createdAt: now };
    },
    getAsync: async (id) => ((await requests.isWaiting(id)) ? new Date().toISOString() : null),
    removeAsync: (id) => Promise.resolve(id),
  };
  const options = {
    issuer: us.urls.metadata,
    callbackUrl: us.urls.acs,
    audience: us.urls.metadata,
    entryPoint: metadata.signInUrl,
    idpIssuer: metadata.entityId,
    idpCert: certificates.map(({ base64 }) => base64),
    privateKey: us.privateKey,
    publicCert: provider.certificate,
    signatureAlgorithm: 'sha256' as const,
    digestAlgorithm: 'sha256',
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: REQUEST_MS,
    cacheProvider,
    acceptedClockSkewMs: CLOCK_SKEW_MS,
    maxAssertionAgeMs: ASSERTION_MAX_AGE_MS,
    generateUniqueId: messageId,
    // What names a person is an attribute: NameID may be of any kind, and how they sign in is the provider's choice.
    identifierFormat: null,
    disableRequestedAuthnContext: true,
  };
  const requesting = new SAML({ ...options, logoutUrl: metadata.logout?.requestUrl ?? '' });
  const answering = new SAML({ ...options, logoutUrl: metadata.logout?.answerUrl ?? '' });
  // An answer to our request to sign out has no assertion; which request it answers is looked at by who calls.
  const unasked = new SAML({ ...options, validateInResponseTo: ValidateInResponseTo.never });

  return {
    signInUrl: () => requesting.getAuthorizeUrlAsync('', undefined, {}),

    async signedAssertion(SAMLResponse) {
      const { profile } = await proven(() => requesting.validatePostResponseAsync({ SAMLResponse }));
      const xml = profile?.getAssertionXml?.();
      if (!xml) throw new SamlRefusal('INVALID', 'no assertion');
      return xml;
    },

    signOutUrl: (subject) => requesting.getLogoutUrlAsync(profileOf(subject, metadata.entityId), '', {}),

    signedOutUrl: (ID, relayState) =>
      answering.getLogoutResponseUrlAsync({ ...NOBODY, ID, issuer: metadata.entityId }, relayState, {}, true),

    async requirePostedRequest(SAMLRequest) {
      await proven(() => requesting.validatePostRequestAsync({ SAMLRequest }));
    },

    async requirePostedAnswer(SAMLResponse) {
      const { loggedOut } = await proven(() => unasked.validatePostResponseAsync({ SAMLResponse }));
      if (!loggedOut) throw new SamlRefusal('INVALID', 'no answer to a request to sign out');
    },

    requireRedirected(signature) {
      requireSignedBy(certificates.map(publicKeyOf), signature);
    },
  };
}

const NOBODY = { nameID: '', nameIDFormat: '' };

/** The library says what is wrong by plain errors, and by those of what it calls. */
async function proven<T>(validate: () => Promise<T>): Promise<T> {
  try {
    return await validate();
  } catch (error) {
    throw new SamlRefusal('INVALID', (error as Error).message.slice(0, 300), { cause: error });
  }
}

function profileOf(subject: SessionSubject, issuer: string): Profile {
  const { nameId, format, nameQualifier, spNameQualifier, sessionIndex } = subject;
  return {
    issuer,
    nameID: nameId,
    nameIDFormat: format ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    ...(nameQualifier !== null && { nameQualifier }),
    ...(spNameQualifier !== null && { spNameQualifier }),
    ...(sessionIndex !== null && { sessionIndex }),
  };
}
