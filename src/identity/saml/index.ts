/** Signing in through the university: SAML 2.0 identity providers. */
export { createSaml, type SamlHandlers } from './saml.js';
