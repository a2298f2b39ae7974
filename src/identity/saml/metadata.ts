import { readCertificate, type SigningCertificate } from './certificate.js';
import { attributeOf, attributes, elements, parseXml, textOf } from './xml.js';

/** Largest metadata that are read: one entity's, with its logos, or a small federation's. */
export const METADATA_MAX_BYTES = 1024 * 1024;
/** Most elements and attributes of metadata: as dense as they are in federations, or twice. */
const METADATA_NODES = 40_000;
const ENTITY_ID_MAX = 500;
const MOST_CERTIFICATES = 10;
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';

/** What we need of an identity provider's metadata. */
export interface IdpMetadata {
  entityId: string;
  /** Where people sign in, by HTTP-Redirect. */
  signInUrl: string;
  /** Where they sign out, by HTTP-Redirect; null where it has no single logout. */
  logout: { requestUrl: string; answerUrl: string } | null;
  /** All that it may sign with, those that have ended too. */
  certificates: SigningCertificate[];
  /** UTC milliseconds after which they say nothing any more; null where they do not say. */
  validUntil: number | null;
}

/** These are not metadata that we can use. `message` is for the ADMIN who gave them. */
export class MetadataError extends Error {}

/**
 * Reads an identity provider's SAML 2.0 metadata.
 * @param entityId which of several; null where there must be one
 * @throws MetadataError
 */
export function readMetadata(xml: string, entityId: string | null, now: number): IdpMetadata {
  if (Buffer.byteLength(xml) > METADATA_MAX_BYTES) throw new MetadataError('are larger than 1 MiB');
  const entity = entityOf(documentOf(xml), entityId);
  const [role] = elements(entity, './md:IDPSSODescriptor');
  const validUntil = validityOf(entity, role);
  if (validUntil !== null && validUntil <= now) throw new MetadataError('ended with their validUntil');
  const found = textOfId(entity);
  const signInUrl = endpoints(role, 'SingleSignOnService')[0];
  if (!signInUrl) throw new MetadataError('have no SingleSignOnService by HTTP-Redirect');
  const [logout] = endpoints(role, 'SingleLogoutService');
  return {
    entityId: found,
    signInUrl: addressOf(signInUrl, 'Location'),
    logout: logout
      ? {
          requestUrl: addressOf(logout, 'Location'),
          answerUrl: addressOf(
            logout,
            logout.hasAttribute('ResponseLocation') ? 'ResponseLocation' : 'Location',
          ),
        }
      : null,
    certificates: certificatesOf(role, now),
    validUntil,
  };
}

/** The certificates that count now: several while keys are changed, none that has ended. */
export function certificatesAt(metadata: IdpMetadata, now: number): SigningCertificate[] {
  if (metadata.validUntil !== null && metadata.validUntil <= now) return [];
  return metadata.certificates.filter(({ endsAt }) => endsAt > now);
}

function documentOf(xml: string): Document {
  try {
    return parseXml(xml, METADATA_NODES);
  } catch (error) {
    throw new MetadataError(`are not XML that can be read: ${(error as Error).message}`, { cause: error });
  }
}

function entityOf(document: Document, entityId: string | null): Element {
  const providers = elements(document, '/descendant::md:EntityDescriptor[md:IDPSSODescriptor]').filter(
    (entity) =>
      attributes(entity, './md:IDPSSODescriptor/@protocolSupportEnumeration').some((protocols) =>
        protocols.split(/\s+/).includes(PROTOCOL),
      ) &&
      (entityId === null || entity.getAttribute('entityID') === entityId),
  );
  const [only, ...others] = providers;
  if (!only) throw new MetadataError('have no such SAML 2.0 identity provider');
  if (others.length > 0)
    throw new MetadataError('have several identity providers: say which by its entity id');
  return only;
}

function textOfId(entity: Element): string {
  const id = attributeOf(entity, 'entityID') ?? '';
  if (id === '' || id.length > ENTITY_ID_MAX) {
    throw new MetadataError(`have an entityID of other than 1 to ${ENTITY_ID_MAX} characters`);
  }
  return id;
}

/** The earliest end of all that the entity is in. */
function validityOf(entity: Element, role: Element | undefined): number | null {
  const ends = attributes(entity, 'ancestor-or-self::*/@validUntil')
    .concat(attributeOf(role, 'validUntil') ?? [])
    .map((text) => Date.parse(text));
  if (ends.some(Number.isNaN)) throw new MetadataError('have a validUntil that is no time');
  return ends.length === 0 ? null : Math.min(...ends);
}

function endpoints(role: Element | undefined, name: string): Element[] {
  return role ? elements(role, `./md:${name}[@Binding='${REDIRECT}']`) : [];
}

/** Browsers are sent there: https, or a provider on this very machine. */
function addressOf(endpoint: Element, attribute: string): string {
  const text = attributeOf(endpoint, attribute) ?? '';
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || local) return text;
  throw new MetadataError(`have an address that is not https: ${endpoint.localName}`);
}

function certificatesOf(role: Element | undefined, now: number): SigningCertificate[] {
  const path = "./md:KeyDescriptor[not(@use) or @use='signing']/ds:KeyInfo/ds:X509Data/ds:X509Certificate";
  const written = role ? elements(role, path).map((each) => textOf(each).replace(/\s+/g, '')) : [];
  if (written.length > MOST_CERTIFICATES) throw new MetadataError('have more than 10 certificates');
  const found = [...new Set(written)].map((base64) => {
    try {
      return readCertificate(base64);
    } catch (error) {
      throw new MetadataError('have a certificate that is none', { cause: error });
    }
  });
  const usable = found.filter((certificate) => certificate !== null);
  if (!usable.some(({ endsAt }) => endsAt > now)) {
    throw new MetadataError('have no certificate of an RSA key of 2048 bits or more that is valid now');
  }
  return usable;
}
