import type { Logger } from 'pino';
import { createThrottle } from '../checks/index.js';
import type { Audit } from '../events/index.js';
import type { Job } from '../jobs/index.js';
import type { Outbound } from '../outbound/index.js';
import type { Storage } from '../storage/index.js';
import { createAccessTokens } from './access-token.js';
import { createAccounts } from './accounts.js';
import { createApiKeys } from './api-keys.js';
import { createAuthentication } from './authentication.js';
import { createDirectory } from './directory.js';
import { createExternalAccounts } from './external-accounts.js';
import { ensureInitialAdmins } from './initial-admin.js';
import { createPasswords } from './password.js';
import { createSaml, type SamlHandlers } from './saml/index.js';
import { createHandlers, type IdentityHandlers } from './service.js';
import { createSigningKeys } from './signing-keys.js';
import { seedOrganisation } from './store.js';
import { createIdentityData, type IdentityData } from './subject-data.js';
import { createSignOn, type SignOn } from './sign-on.js';
import type { Authenticate, ExternalAccounts, Organisation, Registration, UserDirectory } from './types.js';

export interface IdentityOptions {
  /** Made at the start where they are missing; none is ever removed. Ids: `[A-Za-z0-9][A-Za-z0-9-]{0,31}`. */
  organisations: readonly Organisation[];
  registration: Registration;
  /** `iss` of the access tokens: this installation, the same on all its nodes. */
  issuer: string;
  /** Where browsers reach this installation, without a slash at the end: what identity providers know us by. */
  publicUrl: string;
}

export interface Identity {
  handlers: IdentityHandlers & SamlHandlers;
  jobs: readonly Job[];
  authenticate: Authenticate;
  directory: UserDirectory;
  /** For what vouches for people in a password's place: an LMS, an identity provider. */
  externalAccounts: ExternalAccounts;
  signOn: SignOn;
  subjectData: IdentityData;
  /** Makes what must exist before the first call: organisations, signing key. Any number of nodes at once. */
  start(): Promise<void>;
  /** After `start`. Gives each organisation without an ADMIN one; passwords in `<dataDir>/initial-admins.json`. */
  ensureInitialAdmin(dataDir: string): Promise<void>;
}

/** `aud` of the access tokens: the core, whoever calls it. */
const AUDIENCE = 'probity';

const ORGANISATION_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/;

/** Wires the room. Needs a migrated store. */
export function createIdentity(deps: {
  storage: Storage;
  audit: Audit;
  outbound: Pick<Outbound, 'request'>;
  clock: { now(): number };
  log: Logger;
  options: IdentityOptions;
}): Identity {
  const { storage, audit, outbound, clock, log, options } = deps;
  const throttle = createThrottle({ storage, clock });
  const passwords = createPasswords();
  const keys = createSigningKeys({ storage, clock });
  const tokens = createAccessTokens({ keys, clock, issuer: options.issuer, audience: AUDIENCE });
  const shared = { storage, audit, throttle, passwords, clock };
  const accounts = createAccounts(shared);
  const authentication = createAuthentication({ ...shared, tokens });
  const apiKeys = createApiKeys({ storage, audit, tokens, clock });
  const saml = createSaml({ ...shared, authentication, outbound, publicUrl: options.publicUrl });
  const { registration } = options;

  return {
    handlers: {
      ...createHandlers({ storage, audit, accounts, authentication, apiKeys, keys, registration }),
      ...saml.handlers,
    },
    jobs: saml.jobs,
    authenticate: authentication.authenticate,
    directory: createDirectory({ audit, clock }),
    externalAccounts: createExternalAccounts({ audit, clock }),
    signOn: createSignOn({ storage, authentication }),
    subjectData: createIdentityData({ storage, throttle, keys }),
    async start() {
      for (const organisation of options.organisations) {
        if (!ORGANISATION_ID.test(organisation.id)) throw new Error('An organisation has no proper code.');
        await seedOrganisation(storage.db, organisation, clock.now());
      }
      await keys.signing();
    },
    ensureInitialAdmin: (dataDir) => ensureInitialAdmins({ storage, audit, passwords, clock, log }, dataDir),
  };
}
