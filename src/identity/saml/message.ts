import { inflateRawSync } from 'node:zlib';
import { SamlRefusal } from './refusal.js';
import { attributeOf, attributes, elements, named, NAMESPACES, parseXml, textOf, valuesOf } from './xml.js';

/** Largest message, in bytes of XML. */
const MESSAGE_MAX_BYTES = 64 * 1024;

/** Most elements and attributes of a message: somebody in hundreds of groups has more than a thousand. */
export const MESSAGE_NODES = 3_000;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const XML_DECLARATION = /^\s*<\?xml [^?<>]*\?>/;

/** And their hashes, by OpenSSL's names. */
const SIGNATURES = new Map([
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'sha512'],
]);
const DIGESTS = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]);
const CANONICALIZATIONS = new Set(['http://www.w3.org/2001/10/xml-exc-c14n#']);
const TRANSFORMS = new Set(['http://www.w3.org/2000/09/xmldsig#enveloped-signature', ...CANONICALIZATIONS]);
const IDS = new Set(['ID', 'Id', 'id']);
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/** The XML of a message that came by HTTP-POST. @throws SamlRefusal */
export function decodePosted(base64: string): string {
  return textual(bytesOf(base64));
}

/** The XML of a message that came by HTTP-Redirect: no more of it is inflated than may be read. @throws SamlRefusal */
export function decodeRedirected(base64: string): string {
  const deflated = bytesOf(base64);
  try {
    return textual(inflateRawSync(deflated, { maxOutputLength: MESSAGE_MAX_BYTES }));
  } catch (error) {
    if (error instanceof SamlRefusal) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new SamlRefusal('UNREADABLE', 'not deflated', { cause: error });
  }
}

function bytesOf(base64: string): Buffer {
  // Base64 is 4/3 as long; the rest is room for the line breaks that some providers make.
  if (base64.length > MESSAGE_MAX_BYTES * 1.5) throw tooLarge();
  const text = base64.replace(/\s+/g, '');
  if (!BASE64.test(text)) throw new SamlRefusal('UNREADABLE', 'not base64');
  return Buffer.from(text, 'base64');
}

function textual(bytes: Buffer): string {
  if (bytes.length > MESSAGE_MAX_BYTES) throw tooLarge();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SamlRefusal('UNREADABLE', 'not UTF-8', { cause: error });
  }
}

function tooLarge(): SamlRefusal {
  return new SamlRefusal('TOO_LARGE', `more than ${MESSAGE_MAX_BYTES} bytes`);
}

/**
 * The message as a tree. Markup that no message needs is refused before it is parsed: the library reads the same bytes
 * with two parsers, which must not see two texts.
 * @throws SamlRefusal
 */
export function parseMessage(xml: string): Document {
  const body = xml.replace(XML_DECLARATION, '');
  if (body.includes('<!') || body.includes('<?')) {
    throw new SamlRefusal('FORBIDDEN_MARKUP', 'a document type, comment, CDATA or processing instruction');
  }
  try {
    return parseXml(xml, MESSAGE_NODES);
  } catch (error) {
    throw new SamlRefusal('UNREADABLE', (error as Error).message, { cause: error });
  }
}

/** What a response says before anybody has looked at its signatures. */
export interface UnprovenResponse {
  inResponseTo: string | null;
}

/**
 * Refuses every response of another shape than one signed response with one signed assertion directly in it: what
 * wraps a signed part elsewhere has more of one or the other. What it says is proven by the signatures only.
 * @throws SamlRefusal
 */
export function requireShape(
  document: Document,
  expected: { destination: string; issuer: string },
): UnprovenResponse {
  const response = rootOf(document, 'Response');
  const status = attributes(response, './samlp:Status/samlp:StatusCode/@Value');
  if (status.length !== 1 || status[0] !== SUCCESS) {
    throw new SamlRefusal('STATUS', (status[0] ?? 'none').slice(-100));
  }
  requireCount(document, 'Response', 1);
  requireCount(document, 'Assertion', 1);
  requireCount(document, 'EncryptedAssertion', 0);
  const [assertion] = elements(response, './saml:Assertion');
  if (!assertion) throw new SamlRefusal('SHAPE', 'the assertion is not directly in the response');
  requireDistinctIds(document);
  requireSignatures(document, [response, assertion]);
  requireAddress(response, expected);
  return { inResponseTo: attributeOf(response, 'InResponseTo') };
}

/** A request or an answer of single logout. @throws SamlRefusal */
export function requireLogout(
  document: Document,
  name: 'LogoutRequest' | 'LogoutResponse',
  expected: { destination: string; issuer: string; signed: 'INSIDE' | 'OUTSIDE' },
): Element {
  const root = rootOf(document, name);
  requireDistinctIds(document);
  requireSignatures(document, expected.signed === 'INSIDE' ? [root] : []);
  requireAddress(root, expected);
  return root;
}

function rootOf(document: Document, name: string): Element {
  const root = document.documentElement;
  if (root.localName === name && root.namespaceURI === NAMESPACES.samlp) return root;
  throw new SamlRefusal('UNREADABLE', `no ${name}`);
}

function requireCount(document: Document, name: string, count: number): void {
  const found = named(document, name).length;
  if (found !== count) throw new SamlRefusal('SHAPE', `${found} of ${name}`);
}

function requireDistinctIds(document: Document): void {
  const ids = valuesOf(document, IDS);
  if (new Set(ids).size !== ids.length) throw new SamlRefusal('SHAPE', 'an ID is there twice');
}

/** Each of these has one signature of its own, about itself, and nothing else has any. */
function requireSignatures(document: Document, signed: readonly Element[]): void {
  const signatures = named(document, 'Signature');
  const own = signed.every((element) => {
    const mine = signatures.filter((signature) => signature.parentNode === element);
    const [reference, ...others] = mine.flatMap((each) => named(each, 'Reference'));
    const about = reference && onlyAttribute(reference, 'URI');
    return mine.length === 1 && others.length === 0 && about === `#${attributeOf(element, 'ID') ?? ''}`;
  });
  if (!own || signatures.length !== signed.length || named(document, 'Object').length > 0) {
    throw new SamlRefusal('SIGNATURE_PLACE', `${signatures.length} signatures, not each where it belongs`);
  }
  for (const signature of signatures) requireAlgorithms(signature);
}

function requireAlgorithms(signature: Element): void {
  const of = (name: string): (string | null)[] =>
    named(signature, name).map((each) => onlyAttribute(each, 'Algorithm'));
  const within = (found: readonly (string | null)[], accepted: Pick<ReadonlySet<string>, 'has'>): boolean =>
    found.every((each) => each !== null && accepted.has(each));
  const methods = [
    [of('SignatureMethod'), SIGNATURES],
    [of('DigestMethod'), DIGESTS],
    [of('CanonicalizationMethod'), CANONICALIZATIONS],
  ] as const;
  const transforms = of('Transform');
  const proper =
    methods.every(([found, accepted]) => found.length === 1 && within(found, accepted)) &&
    transforms.length > 0 &&
    within(transforms, TRANSFORMS);
  if (!proper) throw new SamlRefusal('ALGORITHM', of('SignatureMethod').join(' ').slice(0, 200));
}

/** An attribute of whatever namespace, as the library that verifies takes the first; null where there is not just one. */
function onlyAttribute(element: Element, name: string): string | null {
  const [only, ...others] = Array.from(element.attributes).filter(({ localName }) => localName === name);
  return only && others.length === 0 ? only.value : null;
}

/** The hash of a signature's algorithm, by OpenSSL's name; null for one that we do not accept. */
export function hashOf(algorithm: string): string | null {
  return SIGNATURES.get(algorithm) ?? null;
}

function requireAddress(
  root: Element,
  { destination, issuer }: { destination: string; issuer: string },
): void {
  const to = attributeOf(root, 'Destination');
  if (to !== destination) throw new SamlRefusal('WRONG_DESTINATION', (to ?? 'none').slice(0, 200));
  const issuers = elements(root, './saml:Issuer').map(textOf);
  if (issuers.length !== 1 || issuers[0] !== issuer) {
    throw new SamlRefusal('WRONG_ISSUER', issuers.join(' ').slice(0, 200));
  }
}
