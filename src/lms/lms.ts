import type { Throttle } from '../checks/index.js';
import type { Audit } from '../events/index.js';
import type { LaunchServiceService } from '../grpc/gen/probity/lms/v1/launch_service.js';
import type { LmsServiceService } from '../grpc/gen/probity/lms/v1/lms_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Outbound } from '../outbound/index.js';
import type { Storage } from '../storage/index.js';
import { siteKeys } from './key-ring.js';
import { launchService } from './launch-service.js';
import type { Directory, ExternalAccounts, Provisioning, SignOn } from './ports.js';
import { lmsService } from './service.js';
import { createSites } from './sites.js';
import { lmsData, type LmsData } from './subject-data.js';

export interface LmsDependencies {
  storage: Storage;
  audit: Audit;
  directory: Directory;
  externalAccounts: ExternalAccounts;
  signOn: SignOn;
  exams: Provisioning;
  throttle: Pick<Throttle, 'attempt'>;
  outbound: Pick<Outbound, 'request'>;
  clock: { now(): number };
  options: {
    /** The most that one site is asked in a second. */
    requestsPerSecond: number;
  };
}

export interface LmsRoom {
  handlers: {
    lms: Handlers<typeof LmsServiceService>;
    launches: Handlers<typeof LaunchServiceService>;
  };
  subjectData: LmsData;
}

export function createLms(dependencies: LmsDependencies): LmsRoom {
  const { outbound, storage, options } = dependencies;
  const sites = createSites({ outbound, containers: storage.containers, ...options });
  return {
    handlers: {
      lms: lmsService(dependencies, sites),
      launches: launchService(dependencies, siteKeys(storage)),
    },
    subjectData: lmsData(storage),
  };
}
