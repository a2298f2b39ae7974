import { verify, type KeyObject } from 'node:crypto';
import { hashOf } from './message.js';
import { SamlRefusal } from './refusal.js';

/** What may be in the query of a signed message (SAML bindings section 3.4.4), each at most once. */
const NAMES = new Set(['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding']);

/** A message in a query, with its signature beside it. */
export interface RedirectedMessage {
  name: 'SAMLRequest' | 'SAMLResponse';
  /** In base64, decoded from the query. */
  message: string;
  relayState: string;
  signature: QuerySignature;
}

/** A signature beside a message (SAML bindings section 3.4.4.1). */
export interface QuerySignature {
  /** By OpenSSL's name. */
  hash: string;
  bytes: Buffer;
  /** What is signed, as it came and in the order of the binding. */
  signedText: string;
}

/**
 * Reads the query of a message that came by HTTP-Redirect. Not the library: it would take one without a signature, any
 * hash that OpenSSL has, and the first parameter whose name has another's in it.
 * @throws SamlRefusal
 */
export function readRedirectQuery(query: string): RedirectedMessage {
  const raw = new Map<string, string>();
  for (const part of query.split('&')) {
    const [name = '', ...value] = part.split('=');
    if (!NAMES.has(name) || raw.has(name)) throw new SamlRefusal('UNREADABLE', 'a parameter too many');
    raw.set(name, value.join('='));
  }
  const found = ['SAMLRequest' as const, 'SAMLResponse' as const].filter((each) => raw.has(each));
  const [name] = found;
  if (!name || found.length > 1) throw new SamlRefusal('UNREADABLE', 'not one message');
  if (!raw.has('Signature')) throw new SamlRefusal('SIGNATURE_PLACE', 'not signed');
  const read = (key: string): string => decoded(raw.get(key) ?? '');
  const hash = hashOf(read('SigAlg'));
  if (hash === null) throw new SamlRefusal('ALGORITHM', (read('SigAlg') || 'none').slice(0, 100));
  const signedText = [name, 'RelayState', 'SigAlg']
    .filter((each) => raw.has(each))
    .map((each) => `${each}=${raw.get(each) ?? ''}`)
    .join('&');
  const signature = { hash, bytes: Buffer.from(read('Signature'), 'base64'), signedText };
  return { name, message: read(name), relayState: read('RelayState'), signature };
}

/** Sees that one of these keys, all RSA, made the signature. @throws SamlRefusal INVALID */
export function requireSignedBy(keys: readonly KeyObject[], signature: QuerySignature): void {
  const { hash, bytes, signedText } = signature;
  if (keys.some((key) => verify(hash, Buffer.from(signedText), key, bytes))) return;
  throw new SamlRefusal('INVALID', 'no key of the provider made the signature of the query');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replace(/\+/g, ' '));
  } catch (error) {
    throw new SamlRefusal('UNREADABLE', 'not percent-encoded', { cause: error });
  }
}
