import { once, type EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  Metadata,
  type MethodDefinition as WireMethod,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { invalidFields, StatusError, toStatusError } from '../call/index.js';
import { abortedBy, eachUntilAborted, untilAborted } from './abort.js';
import { requestIdFrom } from './interceptors.js';
import type { CallOptions, Handler, MethodDefinition } from './service.js';
import { toServiceError } from './status.js';

/** A handler behind its interceptors, which is given messages as bytes (`fromBytes`). */
export type Invoke = (request: unknown, options: CallOptions) => unknown;

/** What the adapter must know of the server around it. */
export interface AdapterSettings {
  /** Whether this caller may name the peer it speaks for (`x-forwarded-for`). */
  isFacade(caller: { address: string; hasClientCertificate: boolean }): boolean;
  /** Largest response, in bytes. */
  maxMessageBytes: number;
  /** The streams that are open: a draining server ends them. */
  openStreams: Set<AbortController>;
}

/** What the four kinds of call have in common. */
type AnyCall = EventEmitter &
  Pick<ServerUnaryCall<Buffer, Buffer>, 'metadata' | 'getPeer' | 'getDeadline' | 'getAuthContext'>;

/**
 * A method as grpc-js is to know it: messages stay bytes, so that one that cannot be read or is too large fails
 * like everything else, with a reason.
 */
export function wireMethod(method: MethodDefinition): WireMethod<Buffer, Buffer> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return {
    path: method.path,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}

/**
 * Serves a method through grpc-js's callbacks and streams. This is the only file that knows them.
 *
 * Back-pressure: a request is read when the handler asks for it (grpc-js reads at most 16 ahead, and then stops
 * reading its HTTP/2 stream); a response is asked of the handler when the one before has been handed to the
 * network.
 */
export function adapt(
  method: MethodDefinition,
  invoke: Invoke,
  settings: AdapterSettings,
): UntypedHandleCall {
  const encode = encoder(method, settings.maxMessageBytes);

  if (method.responseStream) {
    return (call: ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>): void => {
      const served = open(call, settings);
      const request = 'request' in call ? call.request : incoming(call, served.abort.signal);
      settings.openStreams.add(served.abort);
      call.sendMetadata(served.metadata);
      void respond(
        call,
        served,
        () => invoke(request, served.options) as AsyncIterable<unknown>,
        encode,
      ).finally(() => {
        settings.openStreams.delete(served.abort);
        served.done();
      });
    };
  }

  return (
    call: ServerUnaryCall<Buffer, Buffer> | ServerReadableStream<Buffer, Buffer>,
    callback: sendUnaryData<Buffer>,
  ): void => {
    const served = open(call, settings);
    const answer = async (): Promise<Buffer> => {
      const request = 'request' in call ? call.request : incoming(call, served.abort.signal);
      return encode(await invoke(request, served.options));
    };
    void answer()
      .then(
        (bytes) => {
          call.sendMetadata(served.metadata);
          callback(null, bytes);
        },
        // Without headers first: a client may retry only what ended before it began.
        (thrown: unknown) => callback(served.refusal(thrown)),
      )
      .finally(served.done);
  };
}

/** What is the same for a call of any kind: who, until when, how it is cancelled and what it answers beside. */
function open(call: AnyCall, settings: AdapterSettings) {
  const abort = new AbortController();
  const cancelled = (): void => abort.abort(new StatusError('CANCELLED', 'The caller went away.'));
  call.once('cancelled', cancelled);

  const requestId = requestIdFrom(text(call.metadata, 'x-request-id'));
  const metadata = new Metadata();
  metadata.set('x-request-id', requestId);

  const deadline = Number(call.getDeadline());
  const token = text(call.metadata, 'authorization')?.replace(/^bearer\s+/i, '');
  const options: CallOptions = { requestId, signal: abort.signal, peer: peerOf(call, settings) };
  if (token) options.token = token;
  if (Number.isFinite(deadline)) options.deadline = deadline;

  return {
    abort,
    metadata,
    options,
    refusal(thrown: unknown) {
      const error = toServiceError(toStatusError(thrown));
      error.metadata.set('x-request-id', requestId);
      return error;
    },
    // grpc-js says 'cancelled' also after an orderly end, when it concerns nobody any more.
    done: (): void => void call.off('cancelled', cancelled),
  };
}

function text(metadata: Metadata, key: string): string | undefined {
  return metadata.get(key)[0]?.toString();
}

/** The caller's address, without its port; or the address it names, where it is our own façade. */
function peerOf(call: AnyCall, settings: AdapterSettings): string {
  const address = call.getPeer().replace(/:\d+$/, '');
  const forwarded = text(call.metadata, 'x-forwarded-for');
  if (forwarded === undefined) return address;
  const hasClientCertificate = call.getAuthContext().sslPeerCertificate !== undefined;
  return settings.isFacade({ address, hasClientCertificate }) ? forwarded : address;
}

/**
 * The handler as one of bytes. Behind the interceptors, so that nothing a stranger sends is decoded: a message of a
 * few megabytes may hold millions of empty elements.
 */
export function fromBytes(
  method: MethodDefinition,
  handler: Handler<MethodDefinition>,
): Handler<MethodDefinition> {
  const handle = handler as (request: unknown, ctx: unknown) => unknown;
  const decode = decoder(method);
  const wrapped = (sent: unknown, ctx: unknown): unknown =>
    handle(method.requestStream ? each(sent as AsyncIterable<Buffer>, decode) : decode(sent as Buffer), ctx);
  return wrapped as Handler<MethodDefinition>;
}

/** Elements of a request's lists, and other fields beside them: 5,000 students are the most that are asked for. */
const MOST_FIELDS = 10_000;

function decoder(method: MethodDefinition): (bytes: Buffer) => unknown {
  return (bytes) => {
    try {
      requireFewFields(bytes);
      return method.requestDeserialize(bytes);
    } catch {
      throw invalidFields([
        { field: '', problem: 'bad_format', description: 'The request is no message of this call.' },
      ]);
    }
  };
}

/** Counts before anything is built. Throws for what is no message as well. */
function requireFewFields(bytes: Buffer): void {
  const reader = new BinaryReader(bytes);
  for (let fields = 0; reader.pos < reader.len; fields++) {
    if (fields === MOST_FIELDS) throw new RangeError('too many fields');
    const [field, wireType] = reader.tag();
    reader.skip(wireType, field);
  }
}

async function* each(messages: AsyncIterable<Buffer>, decode: (bytes: Buffer) => unknown): AsyncGenerator {
  for await (const bytes of messages) yield decode(bytes);
}

function encoder(method: MethodDefinition, maxBytes: number): (message: unknown) => Buffer {
  return (message) => {
    const bytes = method.responseSerialize(message as never);
    if (bytes.byteLength > maxBytes) {
      throw new StatusError('MESSAGE_TOO_LARGE', `The answer has more than ${maxBytes} bytes.`);
    }
    return bytes;
  };
}

function incoming(call: Readable, signal: AbortSignal): AsyncIterable<Buffer> {
  // Destroying the call because the handler has read enough would take its answer with it.
  const messages = call.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  return eachUntilAborted(messages, signal);
}

/** Never rejects: what the handler throws is the status that the call ends with. */
async function respond(
  call: Writable & { cancelled: boolean },
  served: ReturnType<typeof open>,
  responses: () => AsyncIterable<unknown>,
  encode: (message: unknown) => Buffer,
): Promise<void> {
  const { signal } = served.abort;
  let underWay = Promise.resolve();
  try {
    for await (const response of responses()) {
      if (signal.aborted) throw abortedBy(signal);
      underWay = written(call, encode(response));
      await untilAborted(underWay, signal);
    }
    call.end();
  } catch (thrown) {
    // At an 'error' the iterator of the requests destroys the call, and with it what is still being written and the
    // status that was to follow. grpc-js forgets the writes of a cancelled call.
    if (!call.cancelled) await Promise.race([underWay, once(call, 'cancelled')]).catch(() => undefined);
    call.emit('error', served.refusal(thrown));
  }
}

/** Resolves when HTTP/2 flow control has let the message go. */
function written(call: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    call.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
