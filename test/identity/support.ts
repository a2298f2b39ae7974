import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Context, Principal } from '../../src/call/index.js';
import { createAudit, type Audit, type AuditEntry } from '../../src/events/index.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { createOutbound, type Outbound } from '../../src/outbound/index.js';
import { createIdentity, type Identity, type IdentityOptions } from '../../src/identity/index.js';
import type { Storage } from '../../src/storage/index.js';

export const PASSWORD = 'correct horse battery staple';
export const ISSUER = 'https://probity.example';

export interface World {
  storage: Storage;
  audit: Audit;
  clock: { at: number; now(): number };
  identity: Identity;
  /** Another node on the same database, by the same clock. */
  node(options?: Partial<IdentityOptions>): Identity;
}

const OPTIONS: IdentityOptions = {
  organisations: [
    { id: 'UCY', displayName: 'University of Cyprus' },
    { id: 'UPAT', displayName: 'University of Patras' },
  ],
  registration: 'open',
  issuer: ISSUER,
  publicUrl: 'https://probity.example',
};

export async function createWorld(
  storage: Storage,
  outbound: Pick<Outbound, 'request'> = createOutbound({ enabled: false, allow: [] }),
): Promise<World> {
  const clock = { at: Date.UTC(2026, 10, 22, 9), now: () => clock.at };
  const audit = createAudit(storage, clock.now);
  const log = pino({ level: 'silent' });
  const node = (options: Partial<IdentityOptions> = {}): Identity =>
    createIdentity({ storage, audit, outbound, clock, log, options: { ...OPTIONS, ...options } });
  const identity = node();
  await identity.start();
  return { storage, audit, clock, identity, node };
}

export function context(principal: Principal | null = null): Context {
  const signal = new AbortController().signal;
  const log = pino({ level: 'silent' });
  return { requestId: 'test', principal, deadline: Infinity, signal, log, peer: '192.0.2.1' };
}

/** Registers somebody new; their e-mail is unlike all others. */
export async function register(
  world: World,
  role: Role.ROLE_STUDENT | Role.ROLE_INSTRUCTOR = Role.ROLE_STUDENT,
  organisation = 'organisations/UCY',
) {
  const email = `${uuidv7()}@example.org`;
  const request = { organisation, email, givenName: 'Ada', familyName: 'Byron', password: PASSWORD, role };
  const user = await world.identity.handlers.users.registerUser(request, context());
  return { user, email, id: user.name.slice('users/'.length), organisation };
}

export async function logIn(
  world: World,
  who: { email: string; organisation: string },
  refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING,
  password = PASSWORD,
) {
  const { email, organisation } = who;
  const request = { organisation, email, password, refreshPolicy };
  return world.identity.handlers.authentication.logIn(request, context());
}

/** Somebody with any role, signed in. */
export async function signedIn(
  world: World,
  role: 'STUDENT' | 'INSTRUCTOR' | 'ADMIN',
  organisation?: string,
) {
  const who = await register(world, Role.ROLE_STUDENT, organisation);
  await world.storage.db('users').where({ id: who.id }).update({ role });
  const tokens = await logIn(world, who);
  const principal = await world.identity.authenticate(tokens.accessToken);
  return { ...who, tokens, principal, ctx: context(principal) };
}

/** What the audit trail says of a person. */
export async function trail(world: World, subject: string, organisationId = 'UCY'): Promise<AuditEntry[]> {
  return world.audit.list(world.storage.db, { organisationId, subject, after: 0, limit: 100 });
}

export async function actions(world: World, subject: string): Promise<string[]> {
  return (await trail(world, subject)).map((entry) => entry.action);
}
