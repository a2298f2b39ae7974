import { createHash, randomBytes } from 'node:crypto';
import pino from 'pino';
import type { Identity } from '../../../src/identity/index.js';
import { inProcessCore } from '../../../src/grpc/index.js';
import { probityFamily } from '../../../src/http/index.js';
import type { Outbound } from '../../../src/outbound/index.js';
import type { Storage } from '../../../src/storage/index.js';
import { handlersWith } from '../../contract/harness.js';
import { startFacade, type Answer, type Facade } from '../../http/support/facade.js';
import {
  scriptedProvider,
  type Relying,
  type ResponseParts,
  type ScriptedProvider,
} from '../../support/identity-provider.js';
import { createWorld as createIdentityWorld, signedIn, type World as IdentityWorld } from '../support.js';

/** Identity over REST, a provider that is scripted, and what the log said. */
export interface World extends IdentityWorld {
  admin: Awaited<ReturnType<typeof signedIn>>;
  idp: ScriptedProvider;
  /** Name and id of the provider of UCY, and our addresses there. */
  provider: { id: string; to: Relying };
  facade: Facade;
  log: Record<string, unknown>[];
  /** Another node on the same database. */
  anotherFacade(): Promise<Facade>;
  admins(method: string, path: string, body?: unknown): Promise<Answer>;
  /** As it was in the beginning, but for settings of the provider. */
  reset(settings?: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

export const SETTINGS = {
  displayName: 'University of Cyprus',
  roles: [
    { affiliation: 'faculty', role: 'INSTRUCTOR' },
    { affiliation: 'student', role: 'STUDENT' },
  ],
  provisioning: 'ALL',
};

export const ADA = {
  eppn: 'ada@ucy.ac.cy',
  mail: 'ada@ucy.ac.cy',
  givenName: 'Ada',
  sn: 'Byron',
  affiliation: 'student',
} as const;

/** SAML messages live by the clock on the wall; so does this world. */
export async function createWorld(
  storage: Storage,
  { outbound, webDir }: { outbound?: Outbound; webDir?: string } = {},
): Promise<World> {
  const world = await createIdentityWorld(storage, outbound);
  world.clock.now = () => Date.now();
  const open: Facade[] = [];
  const log: Record<string, unknown>[] = [];
  const facade = async (identity: Identity): Promise<Facade> => {
    const lines = {
      write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>),
    };
    const logger = pino({ level: 'info' }, lines);
    const core = inProcessCore(handlersWith(identity.handlers as never), {
      authenticate: identity.authenticate,
      log: logger,
      observe: () => undefined,
      defaultTimeoutMs: 30_000,
    });
    const started = await startFacade({ core, families: [probityFamily()], log: logger, webDir });
    open.push(started);
    return started;
  };
  const [first, admin, idp] = [
    await facade(world.identity),
    await signedIn(world, 'ADMIN'),
    await scriptedProvider(),
  ];
  const admins = (method: string, path: string, body?: unknown): Promise<Answer> =>
    first.send(method, `/probity/v1${path}`, { body, token: admin.tokens.accessToken });
  const made = await admins('POST', '/identity-providers', {
    ...SETTINGS,
    metadataXml: idp.metadata(),
  });
  if (made.status !== 201) throw new Error(made.text);
  const { name, serviceProvider } = made.body as { name: string; serviceProvider: string };
  const path = `/identity-providers/${name.slice('identityProviders/'.length)}`;
  const base = serviceProvider.replace(/\/metadata$/, '');
  return {
    ...world,
    ...{ admin, idp, facade: first, log, admins },
    provider: {
      id: name.slice('identityProviders/'.length),
      to: { metadata: serviceProvider, acs: `${base}/acs`, slo: `${base}/slo` },
    },
    anotherFacade: () => facade(world.node()),
    async reset(settings = {}) {
      world.clock.now = () => Date.now();
      const { db } = storage;
      await db('users').whereNot('id', admin.id).delete();
      for (const table of ['sso_requests', 'sso_spent', 'throttles']) await db(table).delete();
      const changed = await admins('PUT', path, { ...SETTINGS, metadataXml: idp.metadata(), ...settings });
      if (changed.status !== 200) throw new Error(changed.text);
      log.length = 0;
    },
    async close() {
      await Promise.all(open.map((each) => each.close()));
    },
  };
}

/** A browser as far as cookies go: it holds what it is given, for the one host that there is. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly facade: Facade) {}

  async send(method: string, path: string, sent: { body?: unknown; headers?: Record<string, string> } = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...sent.headers, ...(cookie && { cookie }) };
    const answer = await this.facade.send(method, path, { ...sent, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** What a page of ours asks: with the origin that the browser tells. */
  page(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(method, `/probity/v1${path}`, { body, headers: { origin: this.facade.url } });
  }
}

const at = ({ provider }: World): string => `/probity/v1/sso/providers/${provider.id}`;

/** Goes to the provider; the id of the request that it brings there. */
export async function begin(world: World, browser: Browser, query = '?return=/review/'): Promise<string> {
  const answer = await browser.send('GET', `${at(world)}/login${query}`);
  if (answer.status !== 303) throw new Error(answer.text);
  return world.idp.request(answer.headers.get('location')!).id;
}

/** Comes back from the provider. */
export function post(world: World, browser: Browser, response: string): Promise<Answer> {
  const body = new URLSearchParams({ SAMLResponse: response, RelayState: '' });
  return browser.send('POST', `${at(world)}/acs`, { body });
}

/** The whole way, for somebody. */
export async function signIn(
  world: World,
  browser: Browser,
  released: ResponseParts['released'] = ADA,
  parts: Partial<ResponseParts> = {},
): Promise<Answer> {
  const request = await begin(world, browser);
  return post(world, browser, world.idp.respond(world.provider.to, request, { released, ...parts }));
}

/** What a desktop client keeps, and what it shows of it. */
export function pkce(): { codeVerifier: string; codeChallenge: string } {
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  return { codeVerifier, codeChallenge };
}
