import { isAccepted } from './message.js';
import { SamlRefusal } from './refusal.js';

/** What may be in the query of a signed message (SAML bindings section 3.4.4), each at most once. */
const NAMES = new Set(['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding']);

/** A message in a query, with its signature beside it. */
export interface RedirectedMessage {
  name: 'SAMLRequest' | 'SAMLResponse';
  /** Decoded. */
  parameters: Record<string, string>;
  /** The bytes that are signed, as they came and in the order of the binding. */
  signedText: string;
}

/**
 * Reads the query of a message that came by HTTP-Redirect. The library would take a query without a signature, any
 * hash that OpenSSL has, and the first parameter whose name has another's in it: none of that gets past here.
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
  const parameters = Object.fromEntries([...raw].map(([key, value]) => [key, decoded(value)]));
  if (!isAccepted(parameters['SigAlg'] ?? '')) {
    throw new SamlRefusal('ALGORITHM', (parameters['SigAlg'] ?? 'none').slice(0, 100));
  }
  const signedText = [name, 'RelayState', 'SigAlg']
    .filter((each) => raw.has(each))
    .map((each) => `${each}=${raw.get(each) ?? ''}`)
    .join('&');
  return { name, parameters, signedText };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replace(/\+/g, ' '));
  } catch (error) {
    throw new SamlRefusal('UNREADABLE', 'not percent-encoded', { cause: error });
  }
}
