import type { Audit } from '../events/index.js';
import type { LmsServiceService } from '../grpc/gen/probity/lms/v1/lms_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Outbound } from '../outbound/index.js';
import type { Db, Storage } from '../storage/index.js';
import { lmsService } from './service.js';
import { createSites } from './sites.js';

export interface LmsDependencies {
  storage: Storage;
  audit: Audit;
  /** People of one organisation; another's do not exist. */
  directory: {
    byIds(db: Db, organisationId: string, ids: readonly string[]): Promise<readonly { email: string }[]>;
  };
  outbound: Pick<Outbound, 'request'>;
  clock: { now(): number };
}

export interface LmsRoom {
  handlers: { lms: Handlers<typeof LmsServiceService> };
}

export function createLms(dependencies: LmsDependencies): LmsRoom {
  const { outbound, storage } = dependencies;
  const sites = createSites({ outbound, containers: storage.containers });
  return { handlers: { lms: lmsService(dependencies, sites) } };
}
