import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { Context, Role, StatusError } from '../../src/call/index.js';
import { createThrottle } from '../../src/checks/index.js';
import { createAudit, type Audit } from '../../src/events/index.js';
import { createProvisioning } from '../../src/exams/provisioning.js';
import { LmsKind } from '../../src/grpc/gen/probity/lms/v1/lms_service.js';
import { createIdentity, type Identity } from '../../src/identity/index.js';
import { createLms, type LmsDependencies, type LmsRoom } from '../../src/lms/index.js';
import type { Storage } from '../../src/storage/index.js';
import { TestClock } from '../support/clock.js';
import { sign, signerOf, STUDENT, type LaunchClaims, type Signer } from '../support/moodle-site.js';

/** Launches over a real store and the real register of people and exams. */
export interface World {
  storage: Storage;
  audit: Audit;
  clock: TestClock;
  identity: Identity;
  lms: LmsRoom;
  ctx(role?: Role, organisationId?: string, peer?: string): Context;
  /** Connects a site to an organisation and makes its key. */
  connect(address?: string, organisationId?: string): Promise<Signer>;
  token(signer: Signer, person?: Partial<LaunchClaims>): Promise<string>;
  /** Launches somebody, the student unless said otherwise. */
  launch(
    signer: Signer,
    person?: Partial<LaunchClaims>,
  ): ReturnType<LmsRoom['handlers']['launches']['launch']>;
  actions(): Promise<string[]>;
}

export const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

/** What differs between worlds: whom they may call, and which node they are. */
export interface Elsewhere {
  outbound?: LmsDependencies['outbound'];
  clock?: TestClock;
  node?: string;
  /** Where it matters what exams say of their students. */
  door?: LmsDependencies['door'];
}

const nobody: LmsDependencies['outbound'] = {
  request: () => Promise.reject(new Error('nobody is called')),
};

export async function createWorld(
  storage: Storage,
  {
    outbound = nobody,
    clock = new TestClock(),
    node = 'a',
    door = {} as LmsDependencies['door'],
  }: Elsewhere = {},
): Promise<World> {
  const log = pino({ level: 'silent' });
  const audit = createAudit(storage, clock.now);
  const organisations = ['UCY', 'UC'].map((id) => ({ id, displayName: id }));
  const options = {
    organisations,
    registration: 'open',
    issuer: 'probity',
    publicUrl: 'https://probity.test',
  } as const;
  const identity = createIdentity({ storage, audit, outbound, clock, log, options });
  await identity.start();
  const dependencies: LmsDependencies = {
    ...{ storage, audit, clock, directory: identity.directory, externalAccounts: identity.externalAccounts },
    signOn: identity.signOn,
    exams: createProvisioning({ audit, clock }),
    log,
    options: { node, requestsPerSecond: 1_000, publicUrl: 'https://probity.test' },
    throttle: createThrottle({ storage, clock }),
    outbound,
    door,
    // A test over the whole service has it.
    ...({} as Pick<LmsDependencies, 'subjects'>),
  };
  const lms = createLms(dependencies);
  const ctx: World['ctx'] = (role = 'ADMIN', organisationId = 'UCY', peer = '192.0.2.1') => ({
    ...{ requestId: randomUUID(), deadline: Infinity, signal: new AbortController().signal, log, peer },
    principal: { userId: randomUUID(), organisationId, role, loginId: randomUUID() },
  });
  const token: World['token'] = (signer, person = {}) => sign('launch', signer, { ...STUDENT, ...person });
  return {
    ...{ storage, audit, clock, identity, lms, ctx, token },
    async connect(address = 'https://moodle.test', organisationId = 'UCY') {
      const by = ctx('ADMIN', organisationId);
      const request = { kind: LmsKind.LMS_KIND_MOODLE, displayName: 'Moodle', address, token: '' };
      const { name } = await lms.handlers.lms.connectLms(request, by);
      const { siteKey } = await lms.handlers.lms.createSiteKey({ name }, by);
      return signerOf(siteKey, address, clock.now);
    },
    launch: async (signer, person) =>
      lms.handlers.launches.launch({ token: await token(signer, person) }, ctx()),
    actions: async () =>
      (await audit.list(storage.db, { organisationId: 'UCY', after: 0, limit: 1000 })).map(
        ({ action }) => action,
      ),
  };
}
