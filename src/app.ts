import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import type Koa from 'koa';
import type { Logger } from 'pino';
import {
  createBiometrics,
  createEngine,
  createFaceAnalyser,
  createHandwritingReader,
  createVoiceAnalyser,
  loadManifest,
} from './biometrics/index.js';
import { createThrottle } from './checks/index.js';
import { createCompliance, createConsentGuard } from './compliance/index.js';
import type { Config } from './config.js';
import { auditSealJob, createAudit, outboxRetentionJob } from './events/index.js';
import { createExams, createExamsAhead, createSittingGuard, type Draw } from './exams/index.js';
import {
  createGrpcServer,
  inProcessCore,
  messageBytesFor,
  remoteCore,
  type ClientTls,
  type Core,
  type CoreHandlers,
  type GrpcServer,
  type Interceptors,
} from './grpc/index.js';
import {
  createHttpApp,
  probityFamily,
  proctorexamFamily,
  startHttpServer,
  trustidFamily,
  type HttpServer,
} from './http/index.js';
import { createIdentity } from './identity/index.js';
import { createScheduler, systemClock, type Clock, type Scheduler } from './jobs/index.js';
import { createLms } from './lms/index.js';
import { createOutbound } from './outbound/index.js';
import { openStorage } from './storage/index.js';
import { createMetrics, type Metrics } from './telemetry/index.js';
import { createWalletRoom, expoPush } from './wallet/index.js';

/** Longest a unary call may take when its caller sets no deadline. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** Events stay in the outbox this long, for readers that come late. */
const OUTBOX_DAYS = 30;
/** Withdrawn consents and finished erasures are kept this long, to prove them. */
const RECORD_DAYS = 5 * 365;
const MAX_TEMPLATES = 10;
/** `iss` of access tokens. */
const ISSUER = 'probity';
/** `server_version` of the TRUSTID API, a decimal there: the major and minor version of the package. */
const SERVER_VERSION = 0.1;

export interface App {
  /** The core, in process or over a channel, as the façade calls it. */
  core: Core;
  /** Listens, and resolves once everything is ready. Ports are the real ones where the configuration says 0. */
  start(): Promise<{ httpPort: number | null; grpcPort: number | null }>;
  /** Drains and ends. Idempotent. */
  stop(): Promise<void>;
  /** Runs a scheduled job now, if the database lets this node. */
  wake(job: string): Promise<string>;
}

export interface AppOptions {
  log: Logger;
  /** Called when the process should drain and exit: inference is stuck. */
  onUnhealthy?: () => void;
  /** Where events are counted; a registry of this process's own otherwise. */
  metrics?: Metrics;
  /** For tests; the system's otherwise. */
  clock?: Clock;
  /** Draws the steps of a challenge: for tests. A cryptographic generator otherwise; no setting changes that. */
  draw?: Draw;
}

/** Everything one process needs, wired by hand: config → storage → engine → domains → servers. */
export async function createApp(
  config: Config,
  { log, onUnhealthy, metrics = createMetrics(), clock = systemClock, draw = randomDraw }: AppOptions,
): Promise<App> {
  const serves = config.roles;
  const parts =
    serves.has('grpc') || serves.has('jobs')
      ? await createCore(config, log, metrics, { clock, draw }, onUnhealthy)
      : null;
  const remote =
    parts && serves.has('grpc')
      ? null
      : await remoteCore({
          address: config.coreAddress,
          tls: coreTls(config),
          maxMessageBytes: messageBytesFor(config.maxImageBytes),
          defaultTimeoutMs: DEFAULT_TIMEOUT_MS,
        });
  const core = remote?.core ?? inProcessCore(required(parts).handlers, required(parts).interceptors);
  const grpc = serves.has('grpc') ? grpcServer(config, required(parts)) : null;
  const draining = new AbortController();
  const facade = serves.has('http')
    ? httpApp(config, core, parts, remote, metrics, log, clock, draining.signal)
    : null;
  let http: HttpServer | null = null;
  const scheduler = serves.has('jobs') ? required(parts).scheduler : null;
  let stopping: Promise<void> | undefined;

  return {
    core,

    async start() {
      http = facade && (await startHttpServer(facade, { host: config.host, port: config.httpPort }));
      const grpcPort = grpc ? await grpc.start() : null;
      await parts?.start(serves.has('grpc'), serves.has('jobs'));
      scheduler?.start();
      grpc?.setServing(true);
      const httpPort = http?.port ?? null;
      log.info({ httpPort, grpcPort, roles: [...serves] }, 'ready');
      return { httpPort, grpcPort };
    },

    stop() {
      stopping ??= (async () => {
        const graceMs = config.drainSeconds * 1000;
        log.info({ graceMs }, 'draining');
        draining.abort();
        await Promise.all([http?.drain(graceMs), grpc?.stop(graceMs), scheduler?.stop(graceMs)]);
        remote?.close();
        await parts?.stop();
        log.info('stopped');
      })();
      return stopping;
    },

    wake: (job) => required(scheduler).wake(job),
  };
}

/** Cryptographically strong: nobody can prepare for what a challenge will ask. */
function randomDraw(below: number): number {
  return randomInt(below);
}

/** The parts of a process that holds the core or runs its schedules. */
interface CoreParts {
  handlers: CoreHandlers;
  interceptors: Interceptors;
  scheduler: Scheduler;
  checks(): Promise<Record<string, boolean>>;
  start(withEngine: boolean, withJobs: boolean): Promise<void>;
  stop(): Promise<void>;
}

async function createCore(
  config: Config,
  log: Logger,
  metrics: Metrics,
  { clock, draw }: { clock: Clock; draw: Draw },
  onUnhealthy?: () => void,
): Promise<CoreParts> {
  const storage = await openStorage({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    log,
    onQuery: metrics.query,
  });
  await storage.migrate();
  const audit = createAudit(storage);
  const outbound = createOutbound({ enabled: config.outbound, allow: config.outboundAllow });

  // A process that only runs schedules is asked nothing: it has no workers, and is ready without them.
  const hasEngine = config.roles.has('grpc');
  const manifest = loadManifest(config.modelsDir);
  const engine = createEngine({
    modelsDir: config.modelsDir,
    manifest,
    faceModel: config.faceModel,
    voiceModel: config.voiceModel,
    workers: hasEngine ? config.workers : 0,
    queueLimit: config.queueLimit,
    log,
    onJob: metrics.job,
    ...(onUnhealthy ? { onStuck: onUnhealthy } : {}),
  });
  metrics.watchEngine(() => {
    const { queue, workers } = engine.status();
    return { queued: queue.length, busyWorkers: workers.busy, readyWorkers: workers.ready };
  });
  const imageLimits = { maxBytes: config.maxImageBytes, maxPixels: config.maxImagePixels };
  const analyser = createFaceAnalyser(engine, imageLimits);

  const identity = createIdentity({
    storage,
    audit,
    outbound,
    clock,
    log,
    options: {
      organisations: config.organisations.map(({ code, displayName }) => ({ id: code, displayName })),
      registration: config.registration,
      issuer: ISSUER,
      publicUrl: config.publicUrl,
    },
  });
  const consent = createConsentGuard({ options: { consentUrl: consentUrl(config) } });
  const sitting = createSittingGuard({ clock });
  const throttle = createThrottle({ storage, clock });
  const common = { storage, audit, clock, log, consent, throttle, directory: identity.directory };
  const biometrics = createBiometrics({
    ...common,
    analyser,
    handwriting: createHandwritingReader(engine, imageLimits),
    voiceAnalyser: createVoiceAnalyser(engine),
    engine,
    manifest,
    sitting,
    referenceChanged: (tx, userId, change) => exams.referenceChanged(tx, userId, change),
    options: {
      maxTemplates: MAX_TEMPLATES,
      requiredTemplates: config.requiredTemplates,
      referenceRetentionDays: config.referenceRetentionDays,
    },
  });
  const exams = createExams({
    ...common,
    analyser,
    references: biometrics.references,
    recogniser: biometrics.recogniser,
    judges: biometrics.judges,
    admissionChanged: (tx, change) => lms.admissionChanged(tx, change),
    draw,
    options: {
      findingRetentionDays: config.findingRetentionDays,
      evidenceRetentionDays: config.evidenceRetentionDays,
    },
  });
  const wallet = createWalletRoom({
    ...common,
    custodian: biometrics.custodian,
    sitting,
    examsAhead: createExamsAhead(),
    push: config.push === 'expo' ? expoPush(outbound.dispatcher, config.expoAccessToken) : null,
    options: { loanHours: config.walletLoanHours },
  });
  const node = `${hostname()}:${process.pid}`;
  const lms = createLms({
    ...common,
    outbound,
    externalAccounts: identity.externalAccounts,
    signOn: identity.signOn,
    exams: exams.provisioning,
    door: exams.door,
    // Made of what this room keeps of people as well.
    subjects: {
      export: (caller, userId) => compliance.subjects.export(caller, userId),
      erase: (caller, userId) => compliance.subjects.erase(caller, userId),
    },
    options: { node, requestsPerSecond: config.lmsRequestsPerSecond, publicUrl: config.publicUrl },
  });
  const compliance = createCompliance({
    ...common,
    sitting,
    subjectData: [
      exams.subjectData,
      wallet.subjectData,
      biometrics.subjectData,
      lms.subjectData,
      identity.subjectData,
    ],
    onRevoke: (tx, subject, modality) => biometrics.references.forget(tx, subject, modality),
    onExpired: metrics.expired,
    options: { recordRetentionDays: RECORD_DAYS },
  });

  const scheduler = createScheduler({
    storage,
    log,
    node,
    clock,
    onRun: metrics.scheduled,
  });
  const jobs = [
    ...identity.jobs,
    ...exams.jobs,
    ...wallet.jobs,
    ...compliance.jobs,
    ...lms.jobs,
    auditSealJob(storage),
    outboxRetentionJob(storage, OUTBOX_DAYS),
  ];
  for (const job of jobs) scheduler.add(job);

  return {
    handlers: {
      ...identity.handlers,
      ...biometrics.handlers,
      ...wallet.handlers,
      ...exams.handlers,
      ...compliance.handlers,
      ...lms.handlers,
    },
    interceptors: {
      authenticate: async (token) => (await lms.authenticateSite(token)) ?? identity.authenticate(token),
      log,
      observe: metrics.rpc,
      defaultTimeoutMs: DEFAULT_TIMEOUT_MS,
    },
    scheduler,
    async checks() {
      const database = await storage.ping().then(
        () => true,
        () => false,
      );
      const migrations = database && (await storage.pendingMigrations()).length === 0;
      const { ready, healthy } = engine.status();
      return { database, migrations, ...(hasEngine && { models: ready && healthy }) };
    },
    async start(withEngine, withJobs) {
      await identity.start();
      await identity.ensureInitialAdmin(config.dataDir);
      if (withEngine) await engine.ready;
      // Retention and unfinished erasures do not wait for their hour.
      if (withJobs) for (const job of compliance.jobs) void scheduler.wake(job.name);
    },
    async stop() {
      await engine.drain();
      await outbound.close();
      await storage.close();
    },
  };
}

function grpcServer(config: Config, parts: CoreParts): GrpcServer {
  return createGrpcServer({
    handlers: parts.handlers,
    interceptors: parts.interceptors,
    host: config.host,
    port: config.grpcPort,
    facades: config.facades,
    maxMessageBytes: messageBytesFor(config.maxImageBytes),
    tls: config.tlsCertFile
      ? {
          certFile: config.tlsCertFile,
          keyFile: config.tlsKeyFile,
          ...(config.tlsClientCaFile ? { clientCaFile: config.tlsClientCaFile } : {}),
        }
      : null,
  });
}

function httpApp(
  config: Config,
  core: Core,
  parts: CoreParts | null,
  remote: { ready(deadline: number): Promise<void> } | null,
  metrics: Metrics,
  log: Logger,
  clock: Clock,
  draining: AbortSignal,
): Koa {
  return createHttpApp({
    core,
    streaming: { every: (ms, tick) => clock.every(ms, tick), draining },
    behindProxy: config.behindProxy,
    webDir: config.webDir,
    families: [
      probityFamily(),
      proctorexamFamily({ prefix: config.proctorexamPrefix }),
      trustidFamily({
        prefix: config.trustidPrefix,
        organisations: config.organisations.map(({ code }) => code),
        serverVersion: SERVER_VERSION,
        clock,
      }),
    ],
    log,
    metrics,
    health: {
      checks: async () => ({
        ...(parts ? await parts.checks() : {}),
        ...(remote
          ? {
              core: await remote.ready(Date.now() + 1000).then(
                () => true,
                () => false,
              ),
            }
          : {}),
      }),
    },
  });
}

/** Where a person reads the policies and consents. */
function consentUrl(config: Config): string {
  return `${config.publicUrl}/probity/v1/consents`;
}

function coreTls(config: Config): ClientTls | null {
  if (!config.coreCaFile && !config.coreCertFile) return null;
  return {
    ...(config.coreCaFile ? { caFile: config.coreCaFile } : {}),
    ...(config.coreCertFile ? { certFile: config.coreCertFile, keyFile: config.coreKeyFile } : {}),
  };
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('This process does not have the role that this needs.');
  return value;
}
