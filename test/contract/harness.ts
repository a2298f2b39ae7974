import pino from 'pino';
import { StatusError, type Context, type Principal } from '../../src/call/index.js';
import {
  createGrpcServer,
  inProcessCore,
  remoteCore,
  services,
  type Core,
  type CoreHandlers,
  type GrpcServer,
  type GrpcServerOptions,
  type Interceptors,
} from '../../src/grpc/index.js';

export const TRANSPORTS = ['in-process', 'channel'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export const STUDENT: Principal = {
  userId: '01900000-0000-7000-8000-000000000001',
  organisationId: 'UCY',
  role: 'STUDENT',
  loginId: '01900000-0000-7000-8000-0000000000ff',
};

/** Interceptors that know one token, `student`, and remember what they were told. */
export function observedInterceptors() {
  const observed: { path: string; reason: string }[] = [];
  const around: Interceptors = {
    authenticate: (token) =>
      token === 'student'
        ? Promise.resolve(STUDENT)
        : Promise.reject(new StatusError('TOKEN_INVALID', 'The access token is not valid.')),
    log: pino({ level: 'silent' }),
    observe: ({ path, reason }) => observed.push({ path, reason }),
    defaultTimeoutMs: 30_000,
  };
  return { around, observed };
}

/** Handlers for the whole contract of which a test fills in the few it calls; every other one is UNIMPLEMENTED. */
export function handlersWith(some: Record<string, Record<string, unknown>>): CoreHandlers {
  const unimplemented = (): never => {
    throw new StatusError('UNIMPLEMENTED', 'Not in this test.');
  };
  const all = Object.entries(services).map(([service, definition]) => [
    service,
    Object.fromEntries(
      Object.keys(definition).map((method) => [method, some[service]?.[method] ?? unimplemented]),
    ),
  ]);
  return Object.fromEntries(all) as CoreHandlers;
}

export interface Harness {
  core: Core;
  /** Only over a channel. */
  address: string | undefined;
  server: GrpcServer | undefined;
  observed: { path: string; reason: string }[];
  stop(): Promise<void>;
}

/** The same handlers behind one transport. */
export async function harness(
  transport: Transport,
  handlers: CoreHandlers,
  options: Partial<GrpcServerOptions> = {},
): Promise<Harness> {
  const { around, observed } = observedInterceptors();
  if (transport === 'in-process') {
    const core = inProcessCore(handlers, around);
    return { core, address: undefined, server: undefined, observed, stop: () => Promise.resolve() };
  }
  const server = createGrpcServer({
    handlers,
    interceptors: around,
    host: '127.0.0.1',
    port: 0,
    tls: null,
    ...options,
  });
  const address = `127.0.0.1:${await server.start()}`;
  server.setServing(true);
  const remote = await remoteCore({ address, tls: null, defaultTimeoutMs: 30_000 });
  return {
    core: remote.core,
    address,
    server,
    observed,
    async stop() {
      remote.close();
      await server.stop(1000);
    },
  };
}

/** A promise and its ends. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Everything a stream answers. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Resolves when the handler's signal aborts. */
export function aborted(ctx: Context): Promise<void> {
  return new Promise((resolve) => {
    if (ctx.signal.aborted) resolve();
    else ctx.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What a call throws, without its stack and cause. */
export async function failureOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (thrown) {
    if (!(thrown instanceof StatusError)) throw thrown;
    const { reason, code, message, details } = thrown;
    return { reason, code, message, details };
  }
  throw new Error('the call did not fail');
}
