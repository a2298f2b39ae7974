import type { Logger } from 'pino';
import type { Throttle } from '../checks/index.js';
import type { Audit } from '../events/index.js';
import type { LaunchServiceService } from '../grpc/gen/probity/lms/v1/launch_service.js';
import type { LmsServiceService } from '../grpc/gen/probity/lms/v1/lms_service.js';
import type { LmsSyncServiceService } from '../grpc/gen/probity/lms/v1/lms_sync_service.js';
import type { SiteServiceService } from '../grpc/gen/probity/lms/v1/site_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Clock, Job } from '../jobs/index.js';
import type { Outbound } from '../outbound/index.js';
import type { Db, Storage } from '../storage/index.js';
import { pushJob, tokenJob } from './jobs.js';
import { siteKeys } from './key-ring.js';
import { launchService } from './launch-service.js';
import type {
  AdmissionChange,
  Directory,
  ExamDoor,
  ExternalAccounts,
  Provisioning,
  SignOn,
  Subjects,
} from './ports.js';
import { keepPush } from './pushes.js';
import { lmsService } from './service.js';
import { createSiteAuthentication, type AuthenticateSite } from './site-authentication.js';
import { siteService } from './site-service.js';
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
  door: ExamDoor;
  subjects: Subjects;
  throttle: Pick<Throttle, 'attempt'>;
  outbound: Pick<Outbound, 'request'>;
  clock: Clock;
  log: Logger;
  options: {
    /** Names this node in leases. */
    node: string;
    /** The most that one site is asked in a second. */
    requestsPerSecond: number;
    /** Where people find this installation, without a slash at the end. */
    publicUrl: string;
  };
}

export interface LmsRoom {
  handlers: {
    lms: Handlers<typeof LmsServiceService>;
    lmsSyncs: Handlers<typeof LmsSyncServiceService>;
    launches: Handlers<typeof LaunchServiceService>;
    site: Handlers<typeof SiteServiceService>;
  };
  authenticateSite: AuthenticateSite;
  /** To be told of every change of an admission, in the transaction that made it. */
  admissionChanged(tx: Db, change: AdmissionChange): Promise<void>;
  jobs: Job[];
  subjectData: LmsData;
}

export function createLms(dependencies: LmsDependencies): LmsRoom {
  const { outbound, storage, clock, log, options } = dependencies;
  const keyOf = siteKeys(storage);
  const sites = createSites({ outbound, containers: storage.containers, ...options });
  const provisioner = createProvisioner(dependencies);
  const engine = createEngine({ ...dependencies, ...options, sites, provisioner });
  return {
    handlers: {
      lms: lmsService(dependencies, sites),
      lmsSyncs: lmsSyncService(dependencies, engine),
      launches: launchService(dependencies, keyOf),
      site: siteService(dependencies),
    },
    authenticateSite: createSiteAuthentication({ db: storage.db, keyOf, clock, log }),
    admissionChanged: keepPush,
    jobs: [engine.job, pushJob({ storage, sites, clock }), tokenJob({ storage, clock })],
    subjectData: lmsData(dependencies),
  };
}
