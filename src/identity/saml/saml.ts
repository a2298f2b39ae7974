import type { Throttle } from '../../checks/index.js';
import type { Audit } from '../../events/index.js';
import type { IdentityProviderServiceService } from '../../grpc/gen/probity/identity/v1/identity_provider_service.js';
import type { SsoServiceService } from '../../grpc/gen/probity/identity/v1/sso_service.js';
import type { Handlers } from '../../grpc/index.js';
import type { Job } from '../../jobs/index.js';
import type { Outbound } from '../../outbound/index.js';
import type { Storage } from '../../storage/index.js';
import type { Authentication } from '../authentication.js';
import { metadataJob } from './metadata-job.js';
import { identityProviderService } from './provider-service.js';
import { createProviders } from './providers.js';
import { createSingleLogout } from './single-logout.js';
import { ssoService } from './sso-service.js';
import { createSso } from './sso.js';

export interface SamlHandlers {
  sso: Handlers<typeof SsoServiceService>;
  identityProviders: Handlers<typeof IdentityProviderServiceService>;
}

export function createSaml(deps: {
  storage: Storage;
  audit: Audit;
  throttle: Pick<Throttle, 'attempt'>;
  authentication: Authentication;
  outbound: Pick<Outbound, 'request'>;
  clock: { now(): number };
  publicUrl: string;
}): { handlers: SamlHandlers; jobs: readonly Job[] } {
  const { storage, audit, throttle, publicUrl } = deps;
  const { db } = storage;
  const providers = createProviders(deps);
  const sso = createSso(deps);
  const singleLogout = createSingleLogout({ ...deps, sso });
  return {
    handlers: {
      sso: ssoService({ db, audit, throttle, sso, singleLogout }),
      identityProviders: identityProviderService({ providers, publicUrl }),
    },
    jobs: [metadataJob({ db, providers })],
  };
}
