import { BlockList, isIP } from 'node:net';
import { promisify } from 'node:util';
import {
  Server,
  ServerInterceptingCall,
  status,
  type ServerInterceptor,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { StatusError } from '../call/index.js';
import { adapt, fromBytes, wireMethod, type AdapterSettings } from './adapter.js';
import { services, type CoreHandlers } from './core.js';
import { intercept, type Interceptors } from './interceptors.js';
import { DEFAULT_MAX_MESSAGE_BYTES, KEEPALIVE, messageLimits } from './limits.js';
import { reflectionService } from './reflection.js';
import type { Handler, MethodDefinition, ServiceDefinition } from './service.js';
import { serverCredentials, type ServerTls } from './tls.js';

export interface GrpcServerOptions {
  handlers: CoreHandlers;
  interceptors: Interceptors;
  /** Address to listen on: `0.0.0.0`, `::`, `127.0.0.1`, … */
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Null is plain text. */
  tls: ServerTls | null;
  /**
   * Addresses (or CIDR ranges) of our own façade's machines: what connects from there may name the peer it
   * speaks for. So may every caller where client certificates are demanded.
   */
  facades?: readonly string[];
  /** Largest message in bytes, either way. */
  maxMessageBytes?: number;
}

export interface GrpcServer {
  /** Binds and serves, health NOT_SERVING until `setServing(true)`. Resolves with the port. */
  start(): Promise<number>;
  /** What the health service says of the whole server and of each service. */
  setServing(serving: boolean): void;
  /**
   * Drains: health NOT_SERVING, no new calls, open streams end with DRAINING so that their clients resume
   * elsewhere, other calls finish. What is not done after `graceMs` is cut off.
   */
  stop(graceMs: number): Promise<void>;
}

/** The core on a port, with health and reflection. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const openStreams = new Set<AbortController>();
  const infrastructure = infrastructureCalls();
  const server = new Server({
    ...messageLimits(maxMessageBytes),
    ...KEEPALIVE,
    interceptors: [infrastructure.interceptor],
  });

  const settings: AdapterSettings = { maxMessageBytes, openStreams, isFacade: facadeRule(options) };
  for (const [key, definition] of Object.entries(services)) {
    const group = options.handlers[key as keyof CoreHandlers];
    addService(server, definition, group, options.interceptors, settings);
  }

  const names = ['', ...Object.values(services).map(nameOf)];
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, 'NOT_SERVING'])));
  health.addToServer(server);
  const setServing = (serving: boolean): void => {
    for (const name of names) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  };

  return {
    async start() {
      (await reflectionService()).addToServer(server);
      const credentials = await serverCredentials(options.tls);
      const host = isIP(options.host) === 6 ? `[${options.host}]` : options.host;
      const bind = promisify(server.bindAsync.bind(server));
      return bind(`${host}:${options.port}`, credentials);
    },

    setServing,

    async stop(graceMs) {
      setServing(false);
      const force = setTimeout(() => {
        server.forceShutdown();
      }, graceMs);
      const stopped = promisify(server.tryShutdown.bind(server))();
      const draining = new StatusError('DRAINING', 'The server is shutting down; call again.', {
        retryAfterMs: 1000,
      });
      for (const stream of openStreams) stream.abort(draining);
      infrastructure.end();
      try {
        await stopped;
      } finally {
        clearTimeout(force);
      }
    },
  };
}

/**
 * Adds a service's handlers behind the interceptors. Throws where a handler is missing: what the contract names
 * must be served.
 */
export function addService(
  server: Server,
  definition: ServiceDefinition,
  handlers: object,
  interceptors: Interceptors,
  settings: AdapterSettings,
): void {
  const wire: Record<string, ReturnType<typeof wireMethod>> = {};
  const implementation: Record<string, UntypedHandleCall> = {};
  for (const [name, method] of Object.entries(definition)) {
    const handler = (handlers as Record<string, Handler<MethodDefinition> | undefined>)[name];
    if (!handler) throw new Error(`no handler for ${method.path}`);
    wire[name] = wireMethod(method);
    implementation[name] = adapt(
      method,
      intercept(method, fromBytes(method, handler), interceptors),
      settings,
    );
  }
  server.addService(wire, implementation);
}

/** `probity.exams.v1.ExamService` of a ts-proto service definition. */
function nameOf(definition: ServiceDefinition): string {
  return Object.values(definition)[0]?.path.split('/')[1] ?? '';
}

function facadeRule(options: GrpcServerOptions): AdapterSettings['isFacade'] {
  const known = new BlockList();
  for (const entry of options.facades ?? []) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) known.addAddress(address, family);
    else known.addSubnet(address, Number(prefix), family);
  }
  const certified = options.tls?.clientCaFile !== undefined;
  return ({ address, hasClientCertificate }) =>
    (certified && hasClientCertificate) ||
    (isIP(address) !== 0 && known.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));
}

/**
 * Calls of health and reflection, which the libraries serve. A health Watch never ends by itself and would hold
 * a draining server for the whole grace.
 */
function infrastructureCalls() {
  const open = new Set<ServerInterceptingCall>();
  const interceptor: ServerInterceptor = (method, call) => {
    if (method.path.startsWith('/probity.')) return new ServerInterceptingCall(call);
    const watched = new ServerInterceptingCall(call, {
      start(next) {
        open.add(watched);
        next({
          onReceiveMetadata: (metadata, pass) => pass(metadata),
          onReceiveMessage: (message, pass) => pass(message),
          onReceiveHalfClose: (pass) => pass(),
          onCancel: () => open.delete(watched),
        });
      },
    });
    return watched;
  };
  return {
    interceptor,
    end(): void {
      for (const call of open) {
        call.sendStatus({ code: status.UNAVAILABLE, details: 'The server is shutting down.' });
      }
    },
  };
}
