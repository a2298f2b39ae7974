import { lookup } from 'node:dns/promises';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { Agent, errors, request as send, type Dispatcher } from 'undici';
import { allowanceOf } from './allowance.js';
import { guardedConnector, type Resolve } from './connector.js';
import { OutboundError } from './error.js';
import { redirected, refuseRedirects } from './redirects.js';

export interface OutboundRequest {
  /** Absolute, http or https. Secrets belong in headers or the body: addresses end up in other people's logs. */
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Largest body of an answer; 1 MiB unless told, 16 MiB at most. */
  maxBytes?: number;
  /** For everything together: connecting, sending, the whole answer, further attempts. 10 s unless told. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /**
   * May be sent again, because sending it twice does what sending it once does: after a broken connection, and after
   * an answer that says "later" (429, 502, 503, 504), at most twice.
   */
  repeatable?: boolean;
}

export interface OutboundAnswer {
  status: number;
  /** By lower-case name; several of one name joined by `, `. */
  headers: Record<string, string>;
  body: Buffer;
}

/** The one way out of the house. */
export interface Outbound {
  /**
   * Any status but a redirect is an answer.
   * @throws OutboundError; the signal's own reason where the caller gave up
   */
  request(request: OutboundRequest): Promise<OutboundAnswer>;
  /** The same guard below a library that brings its own requests. It bounds size and silence, not the whole time. */
  dispatcher: Dispatcher;
  /** Ends idle connections and waits for the others. */
  close(): Promise<void>;
}

export interface OutboundOptions {
  /** Whether anything may be called at all. */
  enabled: boolean;
  /** Addresses, ranges and host names that may be called though they are private, and without TLS. */
  allow: readonly string[];
  /** First wait before a request is sent again; doubled for the next. */
  retryDelayMs?: number;
  /** For tests; the system's resolver otherwise. */
  resolve?: Resolve;
}

const MAX_BYTES = 16 * 1024 * 1024;
const DEFAULT_MAX_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;
/** A peer that sends nothing for so long has gone. */
const SILENCE_MS = 30_000;
const REPEATS = 2;
const RETRY_DELAY_MS = 250;
/** Statuses that say: not now. */
const LATER = new Set([429, 502, 503, 504]);

export function createOutbound({
  enabled,
  allow,
  retryDelayMs = RETRY_DELAY_MS,
  resolve = (host) => lookup(host, { all: true }),
}: OutboundOptions): Outbound {
  const guarded = guardedConnector(allowanceOf(allow), resolve);
  const agent = new Agent({
    connect: enabled ? guarded : (_options, callback) => callback(switchedOff(), null),
    maxResponseSize: MAX_BYTES,
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
  });
  const repeating = retry(
    handleWhen((error) => error instanceof OutboundError && error.failure === 'UNREACHABLE').orWhenResult(
      (answer) => LATER.has((answer as OutboundAnswer).status),
    ),
    { maxAttempts: REPEATS, backoff: new ExponentialBackoff({ initialDelay: retryDelayMs }) },
  );

  return {
    async request(request) {
      const timeout = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
      const once = () => attempt(agent, request, signal);
      try {
        return await (request.repeatable ? repeating.execute(once, signal) : once());
      } catch (error) {
        request.signal?.throwIfAborted();
        if (timeout.aborted)
          throw new OutboundError('TIMED_OUT', `${hostOf(request)} took too long.`, { cause: error });
        throw error;
      }
    },
    dispatcher: agent.compose(refuseRedirects),
    close: () => agent.close(),
  };
}

async function attempt(
  dispatcher: Dispatcher,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const { url, method, headers, body } = request;
  const host = hostOf(request);
  try {
    const answer = await send(url, {
      dispatcher,
      method,
      signal,
      headers: headers ?? {},
      body: body ?? null,
    });
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      await answer.body.dump();
      throw redirected(host);
    }
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
      ),
      body: await bodyOf(answer.body, host, request.maxBytes ?? DEFAULT_MAX_BYTES),
    };
  } catch (error) {
    throw error instanceof OutboundError ? error : failureOf(error, host);
  }
}

async function bodyOf(body: AsyncIterable<Buffer>, host: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop ends the connection: the rest is not downloaded.
    if (size > maxBytes) throw tooLarge(host);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failureOf(error: unknown, host: string): OutboundError {
  const cause = { cause: error };
  if (error instanceof errors.ResponseExceededMaxSizeError) return tooLarge(host, cause);
  if (
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  ) {
    return new OutboundError('TIMED_OUT', `${host} took too long.`, cause);
  }
  return new OutboundError('UNREACHABLE', `${host} cannot be reached.`, cause);
}

const tooLarge = (host: string, options?: ErrorOptions): OutboundError =>
  new OutboundError('TOO_LARGE', `${host} answers with more than was asked for.`, options);

const switchedOff = (): OutboundError =>
  new OutboundError('OFF', 'This service calls nobody: PROBITY_OUTBOUND is off.');

const hostOf = ({ url }: OutboundRequest): string => new URL(url).host;
