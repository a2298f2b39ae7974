/** Who people are: organisations, users, credentials, logins and tokens. */
export { createIdentity, type Identity, type IdentityOptions } from './identity.js';
export { INITIAL_ADMINS_FILE } from './initial-admin.js';
export * from './types.js';
