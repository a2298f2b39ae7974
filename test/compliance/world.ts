import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { Context, Role } from '../../src/call/index.js';
import type { Biometrics } from '../../src/biometrics/index.js';
import {
  createCompliance,
  createConsentGuard,
  type Compliance,
  type ComplianceDependencies,
  type ConsentGuard,
  type SubjectData,
} from '../../src/compliance/index.js';
import { policyInForce } from '../../src/compliance/policies.js';
import { createIdentity, type Identity } from '../../src/identity/index.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { Purpose } from '../../src/grpc/gen/probity/compliance/v1/consent_service.js';
import type { Job } from '../../src/jobs/index.js';
import { createOutbound } from '../../src/outbound/index.js';
import type { Storage } from '../../src/storage/index.js';
import {
  createWorld as createBiometricsWorld,
  type World as BiometricsWorld,
} from '../biometrics/services/world.js';

export const CONSENT_URL = 'https://probity.example/consents';
export const FACE = { modality: Modality.MODALITY_FACE, purpose: Purpose.PURPOSE_EXAM_IDENTITY };
export const VERSION = policyInForce('FACE', 'EXAM_IDENTITY').version;

/** Compliance with the real identity and biometrics around it; faces are scripted. */
export interface World extends Pick<BiometricsWorld, 'storage' | 'audit' | 'clock' | 'sitting' | 'changes'> {
  identity: Identity;
  biometrics: Biometrics;
  consent: ConsentGuard;
  compliance: Compliance;
  expired: Map<string, number>;
  /** Creates a user of the organisation; their id. */
  user(organisationId?: string): Promise<{ id: string; email: string }>;
  as(userId: string, role?: Role, organisationId?: string): Context;
  rewire(change: Partial<ComplianceDependencies>): Compliance;
}

export async function createWorld(storage: Storage, more: SubjectData[] = []): Promise<World> {
  const base = createBiometricsWorld(storage);
  const { audit, clock, sitting } = base;
  const log = pino({ level: 'silent' });
  const identity = createIdentity({
    storage,
    audit,
    outbound: createOutbound({ enabled: false, allow: [] }),
    clock,
    log,
    options: {
      organisations: ['UC', 'UCY'].map((id) => ({ id, displayName: id })),
      registration: 'closed',
      publicUrl: 'https://probity.example',
      issuer: 'test',
    },
  });
  await identity.start();
  const consent = createConsentGuard({ options: { consentUrl: CONSENT_URL } });
  const { directory } = identity;
  const biometrics = base.rewire({ consent, directory });
  const expired = new Map<string, number>();
  const dependencies: ComplianceDependencies = {
    storage,
    audit,
    directory,
    subjectData: [...more, biometrics.subjectData, identity.subjectData],
    sitting: { isSitting: (_db, userId) => Promise.resolve(sitting.has(userId)) },
    onRevoke: (tx, subject, modality) => biometrics.references.forget(tx, subject, modality),
    onExpired: (part, deleted) => expired.set(part, deleted),
    clock,
    log,
    options: { recordRetentionDays: 30 },
  };
  return {
    ...{ storage, audit, clock, sitting, changes: base.changes, identity, biometrics, consent, expired },
    compliance: createCompliance(dependencies),
    async user(organisationId = 'UC') {
      const email = `${randomUUID()}@example.org`;
      const entry = { email, givenName: 'Ann', familyName: 'Example' };
      const { users } = await storage.transaction((tx) =>
        directory.ensureStudents(tx, organisationId, [entry]),
      );
      return { id: users[0]!.id, email };
    },
    as: (userId, role = 'STUDENT', organisationId = 'UC') => ({
      ...base.as(userId, role),
      principal: { userId, organisationId, role, loginId: 'login' },
    }),
    rewire: (change) => createCompliance({ ...dependencies, ...change }),
  };
}

/** Runs a job once, as the scheduler would. */
export async function runJob({ compliance }: { compliance: Compliance }, name: string): Promise<void> {
  const job = compliance.jobs.find((each): each is Job => each.name === name);
  if (!job) throw new Error(`there is no job ${name}`);
  await job.run({
    signal: new AbortController().signal,
    ticket: 1,
    log: pino({ level: 'silent' }),
    fence: () => Promise.resolve(),
  });
}
