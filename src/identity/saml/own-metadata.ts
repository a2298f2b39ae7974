import type { ServiceProviderUrls } from './provider.js';
import { NAMESPACES } from './xml.js';

const BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings';

/**
 * Our metadata for one provider. The library's own know only HTTP-POST for single logout, and some providers only
 * HTTP-Redirect.
 * @param certificate base64 of DER
 */
export function ownMetadata(urls: ServiceProviderUrls, certificate: string): string {
  const [metadata, acs, slo] = [urls.metadata, urls.acs, urls.slo].map(escaped);
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${NAMESPACES.md}" xmlns:ds="${NAMESPACES.ds}" entityID="${metadata}">
  <md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="${NAMESPACES.samlp}">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:SingleLogoutService Binding="${BINDING}:HTTP-Redirect" Location="${slo}"/>
    <md:SingleLogoutService Binding="${BINDING}:HTTP-POST" Location="${slo}"/>
    <md:AssertionConsumerService Binding="${BINDING}:HTTP-POST" Location="${acs}" index="0" isDefault="true"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
