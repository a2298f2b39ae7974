import type { z } from 'zod';
import type { Reason, StatusError } from '../call/index.js';
import type { CallOptions, Core } from '../grpc/index.js';
import type { Decoder } from './body.js';
import type { NewCookie } from './cookies.js';
import type { HttpRefusal, RefusalKind } from './refusal.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What an operation calls the core with. */
export interface Call {
  core: Core;
  /** Token, request id, deadline, abort signal and peer of the request: hand it to every call. */
  options: CallOptions;
  /** Which of these languages the client would rather read (`Accept-Language`); the first where it does not say. */
  language: <L extends string>(offered: readonly [L, ...L[]]) => L;
  /** Sets a header of the answer, one of the row's `headers`. */
  header: (name: string, value: string) => void;
  /** What the browser holds in a cookie, one of the row's `cookies`; empty where nothing. */
  cookie: (name: string) => string;
  /** Has the browser hold something in a cookie, one of the row's `cookies`. */
  setCookie: (cookie: NewCookie) => void;
  /** The query as it came, without `?`. */
  query: string;
  /** `Last-Event-ID` of the request: which of a row's `events` the client had last. */
  lastEventId: string | undefined;
}

/** A request whose client has shown a token, before any row. */
export interface ShownRequest {
  /** As `Family.token` found it. */
  token: string;
  operation: Operation;
  /** As they came, and as the row's schemas have taken them. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | string[] | undefined>>;
  /** What the decoder answered; undefined for an operation without a body. */
  body: unknown;
}

/** An answer that is not JSON. */
export interface Binary {
  bytes: Uint8Array;
  contentType: string;
}

/** One event of an answer that goes on. */
export interface ServerEvent {
  /** What a client that comes back says it had last; digits. */
  id: string;
  /** One of the row's `events`. */
  event: string;
  data: unknown;
}

/** A documented error of an operation. */
export interface DocumentedError {
  description: string;
  /** Body, a named schema. */
  schema: z.ZodType;
  contentType: string;
}

/** A documented operation, as the machinery sees it. Rows are written with `operation()`, which types `run`. */
export interface Operation {
  /** The document's name for it; also the label of its metrics. */
  id: string;
  method: Method;
  /** Below the family's prefix, `:name` for a variable. Served with and without a trailing slash. */
  path: string;
  summary: string;
  tag: string;
  /** `public` operations are served without a token, and ignore one. */
  auth: 'public' | 'token';
  /** The body; absent for an operation without one. Named. */
  body?: z.ZodType;
  /** How this operation's body is read, where not as the family's. */
  decoder?: Decoder;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** 303 sends a browser on, to the `Location` among `headers`. */
  status: 200 | 201 | 204 | 303;
  /** What the answer is, in words. */
  success: string;
  /** The answer's body, a named schema: members it does not list never leave. Absent: no body, or `binary`. */
  answer?: z.ZodType;
  /** Headers of the answer that the document lists, and what they mean. */
  headers?: Readonly<Record<string, string>>;
  /** Cookies that the row reads or sets, and what they hold. */
  cookies?: Readonly<Record<string, string>>;
  /** Whether it is served to pages of this service only: a cookie comes along whoever made the browser send it. */
  ownPagesOnly?: boolean;
  /** Where a person in front of a browser goes in place of an error body; who asks for no page gets the body. */
  refusedTo?(reason: Reason | RefusalKind): string;
  /** Media type of an answer that `run` gives as `Binary`. */
  binary?: string;
  /**
   * The answer goes on, as server-sent events: their data, named schemas by the event's name. `run` gives them as
   * `AsyncIterable<ServerEvent>`, the first as soon as the caller may have any. The machinery adds `end`, which says why
   * it ended.
   */
  events?: Readonly<Record<string, z.ZodType>>;
  /** Seconds that caches may keep the answer; otherwise it is not to be stored. */
  cacheSeconds?: number;
  /** The core's field paths → the operation's own, where they differ. */
  fields?: Readonly<Record<string, string>>;
  /** Error statuses that the vendor's document lists for this operation; for OpenAPI and the contract tests. */
  errors: readonly number[];
  run(input: { body: unknown; params: unknown; query: unknown }, call: Call): Promise<unknown>;
}

type Read<S> = S extends z.ZodType ? z.output<S> : undefined;

interface Row<
  B extends z.ZodType | undefined,
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  A,
> extends Omit<Operation, 'body' | 'params' | 'query' | 'answer' | 'run'> {
  body?: B;
  params?: P;
  query?: Q;
  answer?: z.ZodType<unknown, A>;
  run(input: { body: Read<B>; params: Read<P>; query: Read<Q> }, call: Call): Promise<NoInfer<A>>;
}

/** One row of a family's table: `run` gets what the row's schemas read, and answers what its `answer` lists. */
export function operation<
  B extends z.ZodType | undefined = undefined,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  A = Binary | AsyncIterable<ServerEvent> | undefined,
>(row: Row<B, P, Q, A>): Operation {
  return row;
}

/** What goes back to a caller whose request was refused. */
export interface ErrorAnswer {
  status: number;
  contentType: string;
  body: unknown;
}

/** A documented API: its table, and everything about it that no single row says. */
export interface Family {
  /** Path segment of its OpenAPI document and label of its metrics. */
  name: string;
  title: string;
  version: string;
  description: string;
  /** Path before every row, without a slash at the end; empty for none. */
  prefix: string;
  operations: readonly Operation[];
  /** How bodies are read where a row does not say. */
  decoder: Decoder;
  /** How a client shows its token, in words, for OpenAPI. */
  security: { type: 'http'; scheme: 'bearer' } | { type: 'apiKey'; in: 'header'; name: string };
  /** `WWW-Authenticate` of a 401. */
  challenge: string;
  /** Media types that a client may ask for, where the document says so; absent: `Accept` is not looked at. */
  accepts?: readonly string[];
  /** The token in an `Authorization` header, or undefined: the core's access token, unless there is an `exchange`. */
  token(authorization: string | undefined): string | undefined;
  /** The core's access token for what the client shows instead. @throws StatusError */
  exchange?(request: ShownRequest, call: Pick<Call, 'core' | 'options'>): Promise<string>;
  /** How this family writes a field path of the core that no row renames. */
  fieldStyle(path: string): string;
  /** A refused request in the family's body. `operation` is absent where none was reached. */
  refuse(
    error: StatusError | HttpRefusal,
    request: { operation: Operation | undefined; requestId: string; path: string },
  ): ErrorAnswer;
  /** The body of a documented error status of an operation. */
  documentedError(operation: Operation, status: number): DocumentedError;
}

const names = new WeakMap<z.ZodType, string>();

/** Gives a schema the name it has in the OpenAPI document; the vendor's own where there is one. */
export function named<S extends z.ZodType>(name: string, schema: S): S {
  names.set(schema, name);
  return schema;
}

/** The name a schema was given. */
export function nameOf(schema: z.ZodType): string | undefined {
  return names.get(schema);
}
