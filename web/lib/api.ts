import { language } from './i18n.js';

const BASE = '/probity/v1/';
/** A request that takes longer is given up, and may be tried again. */
const TIMEOUT_MS = 15_000;

/** The server refused: why, in the family's words (RFC 9457). */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    /** UPPER_SNAKE; empty where what answered was not Probity. */
    readonly reason: string,
    detail: string,
    /** After which to try again, milliseconds; null where the server does not say. */
    readonly retryAfterMs: number | null,
    /** Where a number was taken, the one to use; null otherwise. */
    readonly nextNumber: number | null,
  ) {
    super(detail);
  }

  /** Whether the same request may be served later. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** No answer: the network, or the server, is away. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Whether what failed may be well later: nobody answered, or the server is busy. */
export function passes(failure: unknown): boolean {
  return failure instanceof Unreachable || (failure instanceof Refused && failure.passing);
}

/** Milliseconds after which the server asks to come again; 0 where it does not say. */
export function askedPause(failure: unknown): number {
  return failure instanceof Refused ? (failure.retryAfterMs ?? 0) : 0;
}

/** What of a refusal's body is read. */
interface Problem {
  reason?: string;
  detail?: string;
  nextNumber?: number;
}

/** Where the access token of a call comes from. */
export interface Credentials {
  accessToken(): string;
  /** A token newer than `stale`, which the server no longer takes. @throws Refused (the login is over), Unreachable */
  renewed(stale: string): Promise<string>;
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Readonly<Record<string, string | number>>;
  /** JSON, or the bytes of a picture as they are. */
  body?: object | Blob;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** One request without a token. @throws Refused, Unreachable */
export async function request<T>(path: string, options: RequestOptions = {}, token?: string): Promise<T> {
  return inTime(options.signal, async (signal) => {
    return parsed(await (await answered(path, { ...options, signal }, token)).text()) as T;
  });
}

/** Gives up what takes too long, its body included. */
async function inTime<T>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return reached(signal, work(signal ? AbortSignal.any([signal, timeout]) : timeout));
}

/** What fails on the way, and is no refusal, is that nobody answers. */
async function reached<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (failure) {
    if (failure instanceof Refused) throw failure;
    signal?.throwIfAborted();
    throw new Unreachable('The server does not answer.', { cause: failure });
  }
}

/** An answer whose body is still to be read. @throws Refused, and whatever fetch throws */
async function answered(path: string, options: RequestOptions, token?: string): Promise<Response> {
  const { method = 'GET', query = {}, body, signal } = options;
  const url = new URL(BASE + path, location.origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const headers = new Headers({ 'Accept-Language': language(), ...options.headers });
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  const raw = body instanceof Blob;
  if (body !== undefined) headers.set('Content-Type', raw ? body.type : 'application/json');
  const answer = await fetch(url, {
    method,
    headers,
    body: body === undefined ? null : raw ? body : JSON.stringify(body),
    signal: signal ?? null,
    cache: 'no-store',
  });
  if (answer.ok) return answer;
  const { reason, detail, nextNumber } = (parsed(await answer.text()) ?? {}) as Problem;
  const retryAfter = Number(answer.headers.get('Retry-After') ?? NaN);
  throw new Refused(
    answer.status,
    reason ?? '',
    detail ?? answer.statusText,
    Number.isFinite(retryAfter) ? retryAfter * 1000 : null,
    nextNumber ?? null,
  );
}

/** The family `probity` as one signed-in person. */
export class Api {
  constructor(private readonly credentials: Credentials) {}

  get<T>(path: string, options: Omit<RequestOptions, 'method' | 'body'> = {}): Promise<T> {
    return this.send(path, options);
  }

  post<T>(
    path: string,
    body: object | Blob = {},
    options: Omit<RequestOptions, 'method' | 'body'> = {},
  ): Promise<T> {
    return this.send(path, { ...options, method: 'POST', body });
  }

  /** @throws Refused, Unreachable */
  send<T>(path: string, options: RequestOptions): Promise<T> {
    return this.signedIn((token) => request<T>(path, options, token));
  }

  /** A picture: it is fetched with the token, which no address may hold. @throws Refused, Unreachable */
  picture(path: string): Promise<Blob> {
    return this.signedIn((token) =>
      inTime(undefined, async (signal) => (await answered(path, { signal }, token)).blob()),
    );
  }

  /** An answer that goes on for as long as it likes. @throws Refused, Unreachable */
  open(path: string, options: Pick<RequestOptions, 'headers' | 'signal'>): Promise<Response> {
    return this.signedIn((token) => reached(options.signal, answered(path, options, token)));
  }

  private async signedIn<T>(call: (token: string) => Promise<T>): Promise<T> {
    const token = this.credentials.accessToken();
    try {
      return await call(token);
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.status !== 401) throw failure;
      return call(await this.credentials.renewed(token));
    }
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
