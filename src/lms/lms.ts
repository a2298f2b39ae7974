import type { Logger } from 'pino';
import type { Throttle } from '../checks/index.js';
import type { Audit } from '../events/index.js';
import type { LaunchServiceService } from '../grpc/gen/probity/lms/v1/launch_service.js';
import type { LmsServiceService } from '../grpc/gen/probity/lms/v1/lms_service.js';
import type { LmsSyncServiceService } from '../grpc/gen/probity/lms/v1/lms_sync_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Clock, Job } from '../jobs/index.js';
import type { Outbound } from '../outbound/index.js';
import type { Storage } from '../storage/index.js';
import { siteKeys } from './key-ring.js';
import { launchService } from './launch-service.js';
import type { Directory, ExternalAccounts, Provisioning, SignOn } from './ports.js';
import { lmsService } from './service.js';
import { createSites } from './sites.js';
import { lmsData, type LmsData } from './subject-data.js';
import { createEngine } from './sync/engine.js';
import { createProvisioner } from './sync/provisioning.js';
import { lmsSyncService } from './sync/service.js';

export interface LmsDependencies {
  storage: Storage;
  audit: Audit;
  directory: Directory;
  externalAccounts: ExternalAccounts;
  signOn: SignOn;
  exams: Provisioning;
  throttle: Pick<Throttle, 'attempt'>;
  outbound: Pick<Outbound, 'request'>;
  clock: Clock;
  log: Logger;
  options: {
    /** Names this node in leases. */
    node: string;
    /** The most that one site is asked in a second. */
    requestsPerSecond: number;
  };
}

export interface LmsRoom {
  handlers: {
    lms: Handlers<typeof LmsServiceService>;
    lmsSyncs: Handlers<typeof LmsSyncServiceService>;
    launches: Handlers<typeof LaunchServiceService>;
  };
  jobs: Job[];
  subjectData: LmsData;
}

export function createLms(dependencies: LmsDependencies): LmsRoom {
  const { outbound, storage, options } = dependencies;
  const sites = createSites({ outbound, containers: storage.containers, ...options });
  const provisioner = createProvisioner(dependencies);
  const engine = createEngine({ ...dependencies, ...options, sites, provisioner });
  return {
    handlers: {
      lms: lmsService(dependencies, sites),
      lmsSyncs: lmsSyncService(dependencies, engine),
      launches: launchService(dependencies, siteKeys(storage)),
    },
    jobs: [engine.job],
    subjectData: lmsData(dependencies),
  };
}
