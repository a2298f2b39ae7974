import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { StatusError, toStatusError, type Context, type Principal, type Site } from '../call/index.js';
import { abortedBy, eachUntilAborted, untilAborted } from './abort.js';
import { PUBLIC_METHODS, REPROVEN_METHODS } from './core.js';
import type { CallOptions, Handler, MethodDefinition } from './service.js';

/** What every call passes through, whichever transport it came by. */
export interface Interceptors {
  /** Proves who calls: a person, or a site. Throws TOKEN_INVALID or TOKEN_EXPIRED. */
  authenticate(token: string): Promise<Principal | Site>;
  log: Logger;
  /** Told once a call: its path, status reason (`OK` when served) and seconds. */
  observe(call: { path: string; reason: string; seconds: number }): void;
  /** Longest time a unary call may take when its caller sets no deadline, in milliseconds. */
  defaultTimeoutMs: number;
  /** How often a caller is proven again while a stream of `REPROVEN_METHODS` is open, in milliseconds. */
  reproveMs?: number;
}

const REPROVE_MS = 15_000;

const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The caller's request id where it is one that may be logged, else a new one. */
export function requestIdFrom(given: string | undefined): string {
  return given !== undefined && REQUEST_ID.test(given) ? given : uuidv7();
}

/** Any handler or client function of the core, its message types erased. */
type Untyped = (request: never, ctx: never) => unknown;

/**
 * Wraps a handler in authentication, deadline, cancellation, logging, metrics and the error model.
 * What comes out is what both the gRPC server and the in-process client call.
 */
export function intercept<M extends MethodDefinition>(
  method: M,
  handler: Handler<M>,
  around: Interceptors,
): (request: Parameters<Handler<M>>[0], options: CallOptions) => ReturnType<Handler<M>> {
  const run = handler as Untyped as (request: unknown, ctx: Context) => unknown;
  const call = method.responseStream
    ? (request: unknown, options: CallOptions) => stream(method, run, around, request, options)
    : (request: unknown, options: CallOptions) => unary(method, run, around, request, options);
  return call as Untyped as ReturnType<typeof intercept<M>>;
}

async function unary(
  method: MethodDefinition,
  run: (request: unknown, ctx: Context) => unknown,
  around: Interceptors,
  request: unknown,
  options: CallOptions,
): Promise<unknown> {
  const call = open(method, around, options, options.deadline ?? Date.now() + around.defaultTimeoutMs);
  try {
    const ctx = await call.context();
    const response = await untilAborted(run(request, ctx), ctx.signal);
    call.close('OK');
    return response;
  } catch (thrown) {
    throw call.fail(thrown);
  }
}

async function* stream(
  method: MethodDefinition,
  run: (request: unknown, ctx: Context) => unknown,
  around: Interceptors,
  request: unknown,
  options: CallOptions,
): AsyncGenerator {
  const call = open(method, around, options, options.deadline ?? Number.POSITIVE_INFINITY);
  let ended = false;
  let stopProving = (): void => undefined;
  try {
    const ctx = await call.context();
    if (REPROVEN_METHODS.has(method.path)) stopProving = call.proveAgain(ctx);
    yield* eachUntilAborted(run(request, ctx) as AsyncIterable<unknown>, ctx.signal);
    ended = true;
    call.close('OK');
  } catch (thrown) {
    ended = true;
    throw call.fail(thrown);
  } finally {
    stopProving();
    // The consumer stopped reading: the handler must stop as well.
    if (!ended) call.close('CANCELLED');
  }
}

function deadlinePassed(): StatusError {
  return new StatusError('DEADLINE_EXCEEDED', 'The deadline has passed.');
}

function open(method: MethodDefinition, around: Interceptors, options: CallOptions, deadline: number) {
  const requestId = requestIdFrom(options.requestId);
  const log = around.log.child({ requestId, rpc: method.path });
  const started = performance.now();
  const late = new AbortController();
  const timer = Number.isFinite(deadline)
    ? setTimeout(
        () => late.abort(deadlinePassed()),
        Math.min(Math.max(deadline - Date.now(), 0), 2 ** 31 - 1),
      )
    : undefined;
  const signal = options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal;

  const close = (reason: string): void => {
    clearTimeout(timer);
    const seconds = (performance.now() - started) / 1000;
    around.observe({ path: method.path, reason, seconds });
    log.debug({ reason, seconds }, 'call served');
  };

  return {
    close,

    async context(): Promise<Context> {
      if (options.signal?.aborted) throw abortedBy(options.signal);
      if (deadline <= Date.now()) throw deadlinePassed();
      const caller = options.token ? await around.authenticate(options.token) : null;
      if (!caller && !PUBLIC_METHODS.has(method.path)) {
        throw new StatusError('CREDENTIALS_MISSING', 'An access token is required.');
      }
      const call = { requestId, deadline, signal, log, peer: options.peer ?? '' };
      return caller && 'connectionId' in caller
        ? { ...call, principal: null, site: caller }
        : { ...call, principal: caller };
    },

    /** Aborts the call when its caller is no longer who may make it; returns what ends the asking. */
    proveAgain({ principal: before }: Context): () => void {
      const prove = async (): Promise<void> => {
        const caller = options.token ? await around.authenticate(options.token) : null;
        const role = caller && 'role' in caller ? caller.role : undefined;
        if (role === before?.role) return;
        throw new StatusError('TOKEN_INVALID', 'The role has changed; sign in again.');
      };
      const asking = setInterval(() => {
        prove().catch((thrown: unknown) => late.abort(toStatusError(thrown)));
      }, around.reproveMs ?? REPROVE_MS);
      asking.unref();
      return () => clearInterval(asking);
    },

    fail(thrown: unknown): StatusError {
      let error = toStatusError(thrown);
      // An abort surfaces as whatever the aborted operation threw; the caller is owed the cause.
      if (error.reason === 'INTERNAL' || error.reason === 'CANCELLED') {
        if (late.signal.aborted) error = abortedBy(late.signal);
        else if (deadline <= Date.now()) error = deadlinePassed();
        else if (options.signal?.aborted) error = abortedBy(options.signal);
      }
      if (error.reason === 'INTERNAL') log.error({ err: error.cause ?? error }, 'call failed');
      else if (error.cause) log.warn({ err: error.cause, reason: error.reason }, 'call refused');
      close(error.reason);
      return error;
    },
  };
}
