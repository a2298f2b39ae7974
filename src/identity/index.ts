/** Who people are: organisations, users, credentials, logins and tokens. */
export * from './types.js';
export { emailAddress, normaliseEmail, personName } from './person.js';
