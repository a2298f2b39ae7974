import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SamlLib } from 'samlify';
import { newSigningKey, type NewSigningKey } from '../../src/identity/saml/signing-key.js';

const SAML = 'urn:oasis:names:tc:SAML:2.0';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

/** What an identity provider releases of somebody, by the usual names. */
export const ATTRIBUTES = {
  eppn: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6',
  mail: 'urn:oid:0.9.2342.19200300.100.1.3',
  givenName: 'urn:oid:2.5.4.42',
  sn: 'urn:oid:2.5.4.4',
  affiliation: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1',
} as const;
export type Released = Partial<Record<keyof typeof ATTRIBUTES, string | string[]>>;

/** Every part of a response that a provider decides about, and an attacker would like to. */
export interface ResponseParts {
  responseId: string;
  assertionId: string;
  inResponseTo: string;
  confirmedFor: string;
  destination: string;
  recipient: string;
  audience: string;
  issuer: string;
  nameId: string;
  sessionIndex: string;
  status: string;
  issuedAt: number;
  notBefore: number;
  notOnOrAfter: number;
  released: Released;
}

/** Our addresses at the provider. */
export interface Relying {
  metadata: string;
  acs: string;
  slo: string;
}

/** An identity provider in a few lines, signing with samlify: it says whatever a test wants said. */
export interface ScriptedProvider {
  entityId: string;
  key: NewSigningKey;
  /** @param keys whose certificates it publishes; its own unless told */
  metadata(keys?: readonly NewSigningKey[]): string;
  /** The request that a browser brings, by the address it was sent to. */
  request(url: string): { id: string; xml: string };
  /** A response as it is before anything is signed. */
  unsigned(to: Relying, inResponseTo: string, parts?: Partial<ResponseParts>): string;
  /** Signs the assertion, the whole response, or both, as XML. */
  sign(
    xml: string,
    what?: { assertion?: boolean; response?: boolean; by?: NewSigningKey; algorithm?: string },
  ): string;
  /** A good response to a request, as a form posts it. */
  respond(to: Relying, inResponseTo: string, parts?: Partial<ResponseParts>): string;
  /** A signed query with a request to sign somebody out, or with an answer to ours. */
  logoutQuery(to: Relying, xml: string, name?: 'SAMLRequest' | 'SAMLResponse', relayState?: string): string;
  logoutRequest(
    to: Relying,
    nameId: string,
    sessionIndex?: string,
    parts?: { id?: string; issuedAt?: number },
  ): string;
  logoutResponse(to: Relying, inResponseTo: string): string;
}

export function posted(xml: string): string {
  return Buffer.from(xml).toString('base64');
}

export function newId(): string {
  return `_${randomBytes(16).toString('hex')}`;
}

export async function scriptedProvider(entityId = 'https://idp.ucy.test/saml'): Promise<ScriptedProvider> {
  const key = await newSigningKey(Date.now());
  const iso = (at: number): string => new Date(at).toISOString();

  const provider: ScriptedProvider = {
    entityId,
    key,

    metadata: (keys = [key]) => `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="${SAML}:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}">
  <!-- as providers write them -->
  <md:IDPSSODescriptor protocolSupportEnumeration="${SAML}:protocol">
    ${keys.map(({ certificate }) => `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`).join('')}
    <md:SingleLogoutService Binding="${SAML}:bindings:HTTP-Redirect" Location="https://idp.ucy.test/slo"/>
    <md:SingleSignOnService Binding="${SAML}:bindings:HTTP-Redirect" Location="https://idp.ucy.test/sso?via=campus"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`,

    request(url) {
      const message = new URL(url).searchParams.get('SAMLRequest') ?? '';
      const xml = inflateRawSync(Buffer.from(message, 'base64')).toString('utf8');
      return { id: /\bID="([^"]+)"/.exec(xml)?.[1] ?? '', xml };
    },

    unsigned(to, inResponseTo, parts = {}) {
      const now = Date.now();
      const all: ResponseParts = {
        ...{ responseId: newId(), assertionId: newId(), inResponseTo, confirmedFor: inResponseTo },
        ...{ destination: to.acs, recipient: to.acs, audience: to.metadata, issuer: entityId },
        ...{ nameId: `transient-${createHash('sha256').update(inResponseTo).digest('hex')}` },
        ...{ sessionIndex: newId(), status: `${SAML}:status:Success` },
        ...{ issuedAt: now, notBefore: now - 5_000, notOnOrAfter: now + 240_000, released: {} },
        ...parts,
      };
      const answers = all.inResponseTo === '' ? '' : ` InResponseTo="${all.inResponseTo}"`;
      const confirmed = all.confirmedFor === '' ? '' : ` InResponseTo="${all.confirmedFor}"`;
      const attributes = Object.entries(all.released).map(([name, values]) => {
        const written = [values].flat().map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`);
        return `<saml:Attribute Name="${ATTRIBUTES[name as keyof Released]}">${written.join('')}</saml:Attribute>`;
      });
      return `<samlp:Response xmlns:samlp="${SAML}:protocol" xmlns:saml="${SAML}:assertion" ID="${all.responseId}" Version="2.0" IssueInstant="${iso(all.issuedAt)}" Destination="${all.destination}"${answers}><saml:Issuer>${all.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${all.status}"/></samlp:Status><saml:Assertion ID="${all.assertionId}" Version="2.0" IssueInstant="${iso(all.issuedAt)}"><saml:Issuer>${all.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${SAML}:nameid-format:transient">${all.nameId}</saml:NameID><saml:SubjectConfirmation Method="${SAML}:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${iso(all.notOnOrAfter)}" Recipient="${all.recipient}"${confirmed}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${iso(all.notBefore)}" NotOnOrAfter="${iso(all.notOnOrAfter)}"><saml:AudienceRestriction><saml:Audience>${all.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${iso(all.issuedAt)}" SessionIndex="${all.sessionIndex}"><saml:AuthnContext><saml:AuthnContextClassRef>${SAML}:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
    },

    sign(xml, { assertion = true, response = true, by = key, algorithm = RSA_SHA256 } = {}) {
      const signed = (text: string, path: string): string =>
        SamlLib.constructSAMLSignature({
          rawSamlMessage: text,
          referenceTagXPath: path,
          privateKey: by.privateKey,
          signingCert: by.certificate,
          signatureAlgorithm: algorithm,
          signatureConfig: {
            prefix: 'ds',
            location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
          },
          isBase64Output: false,
        });
      const inside = "/*[local-name(.)='Response']/*[local-name(.)='Assertion']";
      const withAssertion = assertion ? signed(xml, inside) : xml;
      return response ? signed(withAssertion, '/*') : withAssertion;
    },

    respond: (to, inResponseTo, parts) => posted(provider.sign(provider.unsigned(to, inResponseTo, parts))),

    logoutQuery(_to, xml, name = 'SAMLRequest', relayState = '') {
      const query = [
        `${name}=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`,
        ...(relayState === '' ? [] : [`RelayState=${encodeURIComponent(relayState)}`]),
        `SigAlg=${encodeURIComponent(RSA_SHA256)}`,
      ].join('&');
      const signature = SamlLib.constructMessageSignature(query, key.privateKey, undefined, true, RSA_SHA256);
      return `${query}&Signature=${encodeURIComponent(String(signature))}`;
    },

    logoutRequest(to, nameId, sessionIndex, { id = newId(), issuedAt = Date.now() } = {}) {
      const index = sessionIndex ? `<samlp:SessionIndex>${sessionIndex}</samlp:SessionIndex>` : '';
      return `<samlp:LogoutRequest xmlns:samlp="${SAML}:protocol" xmlns:saml="${SAML}:assertion" ID="${id}" Version="2.0" IssueInstant="${iso(issuedAt)}" Destination="${to.slo}"><saml:Issuer>${entityId}</saml:Issuer><saml:NameID>${nameId}</saml:NameID>${index}</samlp:LogoutRequest>`;
    },

    logoutResponse: (to, inResponseTo) =>
      `<samlp:LogoutResponse xmlns:samlp="${SAML}:protocol" xmlns:saml="${SAML}:assertion" ID="${newId()}" Version="2.0" IssueInstant="${iso(Date.now())}" Destination="${to.slo}" InResponseTo="${inResponseTo}"><saml:Issuer>${entityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SAML}:status:Success"/></samlp:Status></samlp:LogoutResponse>`,
  };
  return provider;
}
