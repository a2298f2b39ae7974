import { MESSAGE_NODES } from './message.js';
import { SamlRefusal } from './refusal.js';
import { attributeOf, attributes, elements, parseXml, textOf } from './xml.js';

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

/** How a provider names somebody's session with it, for single logout. Never who they are. */
export interface SessionSubject {
  nameId: string;
  format: string | null;
  nameQualifier: string | null;
  spNameQualifier: string | null;
  sessionIndex: string | null;
}

/** What a signed assertion says. */
export interface Assertion {
  id: string;
  subject: SessionSubject;
  /** By `Name`; values in their order. */
  attributes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads an assertion, and sees that it was made for us, in answer to this request.
 * @param xml the very bytes that were signed
 * @throws SamlRefusal
 */
export function readAssertion(
  xml: string,
  expected: { issuer: string; recipient: string; inResponseTo: string },
): Assertion {
  const assertion = parseXml(xml, MESSAGE_NODES).documentElement;
  const issuers = elements(assertion, './saml:Issuer').map(textOf);
  if (issuers.length !== 1 || issuers[0] !== expected.issuer) {
    throw new SamlRefusal('WRONG_ISSUER', issuers.join(' ').slice(0, 200));
  }
  requireConfirmation(assertion, expected);
  const id = attributeOf(assertion, 'ID');
  const nameIds = elements(assertion, './saml:Subject/saml:NameID');
  if (!id || nameIds.length > 1) throw new SamlRefusal('SHAPE', 'no ID, or several subjects');
  const [nameId] = nameIds;
  const [sessionIndex] = attributes(assertion, './saml:AuthnStatement/@SessionIndex');
  if (elements(assertion, './saml:AuthnStatement').length === 0) {
    throw new SamlRefusal('SHAPE', 'it does not say that anybody signed in');
  }
  return {
    id,
    subject: {
      nameId: textOf(nameId),
      format: attributeOf(nameId, 'Format'),
      nameQualifier: attributeOf(nameId, 'NameQualifier'),
      spNameQualifier: attributeOf(nameId, 'SPNameQualifier'),
      sessionIndex: sessionIndex ?? null,
    },
    attributes: attributesOf(assertion),
  };
}

/** Every confirmation is one for us: one for somebody else beside it would be somebody else's to use. */
function requireConfirmation(
  assertion: Element,
  { recipient, inResponseTo }: { recipient: string; inResponseTo: string },
): void {
  const confirmations = elements(assertion, './saml:Subject/saml:SubjectConfirmation');
  if (confirmations.length === 0) throw new SamlRefusal('WRONG_RECIPIENT', 'no confirmation');
  for (const confirmation of confirmations) {
    const [data] = elements(confirmation, './saml:SubjectConfirmationData');
    const to = attributeOf(data, 'Recipient');
    if (attributeOf(confirmation, 'Method') !== BEARER || to !== recipient) {
      throw new SamlRefusal('WRONG_RECIPIENT', (to ?? 'none').slice(0, 200));
    }
    if (attributeOf(data, 'InResponseTo') !== inResponseTo) {
      throw new SamlRefusal('UNKNOWN_REQUEST', 'its subject was confirmed for another request');
    }
    if (attributeOf(data, 'NotOnOrAfter') === null)
      throw new SamlRefusal('INVALID', 'a confirmation without an end');
  }
}

function attributesOf(assertion: Element): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const attribute of elements(assertion, './saml:AttributeStatement/saml:Attribute')) {
    const name = attributeOf(attribute, 'Name') ?? '';
    const values = elements(attribute, './saml:AttributeValue').map(textOf);
    found.set(name, [...(found.get(name) ?? []), ...values]);
  }
  return found;
}
