import type { Writable } from 'node:stream';
import {
  Client,
  Metadata,
  status,
  type CallOptions as WireOptions,
  type ClientReadableStream,
  type ServiceConfig,
  type ServiceError,
} from '@grpc/grpc-js';
import { StatusError, toStatusError } from '../call/index.js';
import { abortedBy, eachUntilAborted, untilAborted } from './abort.js';
import { services, type Core } from './core.js';
import { DEFAULT_MAX_MESSAGE_BYTES, KEEPALIVE, messageLimits } from './limits.js';
import type { CallOptions, MethodDefinition, ServiceDefinition } from './service.js';
import { fromServiceError } from './status.js';
import { channelCredentials, type ClientTls } from './tls.js';

export interface RemoteCoreOptions {
  /** `host:port`, or any target that gRPC resolves (`dns:///core.example:50051`). */
  address: string;
  /** Null is plain text. */
  tls: ClientTls | null;
  /** Largest message in bytes, either way. */
  maxMessageBytes?: number;
  /** Longest time a unary call may take when its caller sets no deadline, in milliseconds. */
  defaultTimeoutMs: number;
}

/** The core behind a channel. */
export interface RemoteCore {
  core: Core;
  /** Resolves when a connection stands. Throws CORE_UNAVAILABLE at the deadline (UTC milliseconds). */
  ready(deadline: number): Promise<void>;
  close(): void;
}

/**
 * The core over a channel: the same interface and the same StatusErrors as `inProcessCore`. A server that
 * cannot be reached is CORE_UNAVAILABLE, at once; calls that only read are tried three times first.
 */
export async function remoteCore(options: RemoteCoreOptions): Promise<RemoteCore> {
  const client = new Client(options.address, await channelCredentials(options.tls), {
    ...messageLimits(options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES),
    ...KEEPALIVE,
    'grpc.service_config': JSON.stringify(serviceConfig()),
  });
  const core: Record<string, Record<string, unknown>> = {};
  for (const [service, definition] of Object.entries(services)) {
    const methods = Object.entries(definition as Record<string, MethodDefinition>);
    core[service] = Object.fromEntries(
      methods.map(([name, method]) => [name, remoteMethod(client, method, options.defaultTimeoutMs)]),
    );
  }
  return {
    core: core as unknown as Core,
    ready: (deadline) =>
      new Promise((resolve, reject) => {
        client.waitForReady(deadline, (error) => {
          if (error)
            reject(new StatusError('CORE_UNAVAILABLE', 'The core cannot be reached.', {}, { cause: error }));
          else resolve();
        });
      }),
    close: () => client.close(),
  };
}

/** One method over a channel, called as it is in process: `(request, options)`. */
export function remoteMethod(
  client: Client,
  method: MethodDefinition,
  defaultTimeoutMs: number,
): (request: unknown, options?: CallOptions) => unknown {
  if (!method.responseStream) {
    return (request, options = {}) =>
      unary(client, method, request, { deadline: Date.now() + defaultTimeoutMs, ...options });
  }
  return (request, options = {}) => stream(client, method, request, options);
}

async function unary(
  client: Client,
  method: MethodDefinition,
  request: unknown,
  options: CallOptions,
): Promise<unknown> {
  const { metadata, wire } = start(options);
  const { encode, decode } = codec(method);
  const over = new AbortController();
  let cancel = (): void => undefined;
  try {
    return await new Promise((resolve, reject) => {
      const settle = (error: ServiceError | null, response?: unknown): void => {
        if (error) reject(failure(error, options));
        else resolve(response);
      };
      if (method.requestStream) {
        const call = client.makeClientStreamRequest(method.path, encode, decode, metadata, wire, settle);
        cancel = () => call.cancel();
        pump(request as AsyncIterable<unknown>, call, over.signal, (thrown) => {
          reject(toStatusError(thrown));
          call.cancel();
        });
      } else {
        const call = client.makeUnaryRequest(method.path, encode, decode, request, metadata, wire, settle);
        cancel = () => call.cancel();
      }
      options.signal?.addEventListener('abort', cancel, { once: true });
    });
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    over.abort();
  }
}

async function* stream(
  client: Client,
  method: MethodDefinition,
  request: unknown,
  options: CallOptions,
): AsyncGenerator {
  const { metadata, wire } = start(options);
  const { encode, decode } = codec(method);
  const over = new AbortController();
  let broken: StatusError | undefined;

  let call: ClientReadableStream<unknown>;
  if (method.requestStream) {
    const duplex = client.makeBidiStreamRequest(method.path, encode, decode, metadata, wire);
    pump(request as AsyncIterable<unknown>, duplex, over.signal, (thrown) => {
      broken = toStatusError(thrown);
      duplex.cancel();
    });
    call = duplex;
  } else {
    call = client.makeServerStreamRequest(method.path, encode, decode, request, metadata, wire);
  }

  const cancel = (): void => call.cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  // A status also comes when nobody reads any more, and an 'error' without a listener ends the process.
  call.on('error', () => undefined);
  try {
    for await (const message of call as AsyncIterable<unknown>) yield message;
  } catch (thrown) {
    throw broken ?? failure(thrown, options);
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    over.abort();
    call.cancel();
  }
}

function codec(method: MethodDefinition) {
  return {
    encode: (message: unknown) => method.requestSerialize(message as never),
    decode: (bytes: Buffer) => method.responseDeserialize(bytes),
  };
}

/**
 * Sends a request stream, the next message being asked for when flow control has let the one before go. Stops
 * when the call is over, whose status then says why; tells when the source itself fails.
 */
function pump(
  messages: AsyncIterable<unknown>,
  call: Writable,
  over: AbortSignal,
  onSourceFailure: (thrown: unknown) => void,
): void {
  const send = async (): Promise<void> => {
    for await (const message of eachUntilAborted(messages, over)) {
      await untilAborted(new Promise((sent) => call.write(message, sent)), over);
    }
    call.end();
  };
  send().catch((thrown: unknown) => {
    if (!over.aborted) onSourceFailure(thrown);
  });
}

function start(options: CallOptions): { metadata: Metadata; wire: WireOptions } {
  if (options.signal?.aborted) throw abortedBy(options.signal);
  if (options.deadline !== undefined && options.deadline <= Date.now()) {
    throw new StatusError('DEADLINE_EXCEEDED', 'The deadline has passed.');
  }
  const metadata = new Metadata();
  if (options.token) metadata.set('authorization', `Bearer ${options.token}`);
  if (options.requestId) metadata.set('x-request-id', options.requestId);
  if (options.peer) metadata.set('x-forwarded-for', options.peer);
  return { metadata, wire: options.deadline === undefined ? {} : { deadline: options.deadline } };
}

function failure(thrown: unknown, options: CallOptions): StatusError {
  if (!isServiceError(thrown)) return toStatusError(thrown);
  if (thrown.code === status.CANCELLED && options.signal?.aborted) return abortedBy(options.signal);
  return fromServiceError(thrown);
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && 'code' in thrown && 'metadata' in thrown;
}

/** Three attempts for what only reads, and only where the server was not reached or is going away. */
function serviceConfig(): ServiceConfig {
  const readers = Object.values(services).flatMap((definition: ServiceDefinition) =>
    Object.entries(definition)
      // AIP-131 and 132: Get and List have no side effect. FaceService stores nothing at all.
      .filter(([name]) => /^(get|list)[A-Z]/.test(name) || definition === services.faces)
      .map(([, { path }]) => path.split('/')),
  );
  return {
    loadBalancingConfig: [],
    methodConfig: [
      {
        name: readers.map(([, service = '', method = '']) => ({ service, method })),
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: '0.1s',
          maxBackoff: '1s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  };
}
