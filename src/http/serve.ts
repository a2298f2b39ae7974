import Router from '@koa/router';
import type { Context as KoaContext, Middleware } from 'koa';
import type { z } from 'zod';
import { invalidFields, StatusError, toStatusError, type FieldViolation } from '../call/index.js';
import type { CallOptions, Core } from '../grpc/index.js';
import { sendEvents, type Streaming } from './events.js';
import { fieldViolations, renameField } from './fields.js';
import { cookieOf, setCookie } from './cookies.js';
import type { HeldBodies } from './held.js';
import type { Binary, Call, Family, Operation, ServerEvent } from './family.js';
import type { HttpLimits } from './limits.js';
import { HttpRefusal } from './refusal.js';
import type { HttpState } from './state.js';

type Served = KoaContext & { state: HttpState; params?: Record<string, string> };

/**
 * Serves a family's table: decode → auth → schema → row → envelope, or its error body. Paths that it does not
 * document go on to the next family.
 */
export function serveFamily(
  family: Family,
  core: Core,
  limits: HttpLimits,
  bodies: HeldBodies,
  streaming: Streaming,
): Middleware {
  const router = new Router({ prefix: family.prefix, sensitive: true });
  const methods = new Map<string, string[]>();
  for (const row of family.operations) {
    const path = row.path.replace(/(?!^)\/$/, ''); // The router takes a slash at the end of any path.
    methods.set(path, [...(methods.get(path) ?? []), row.method]);
    router.register(path, [row.method], async (ctx) =>
      answer(family, row, ctx, core, limits, bodies, streaming),
    );
  }
  for (const [path, allowed] of methods) {
    const allow = allowed.includes('GET') ? ['HEAD', ...allowed] : allowed;
    router.all(path, (ctx) => {
      const error = new HttpRefusal('METHOD_NOT_ALLOWED', `Method ${ctx.method} is not allowed here.`, allow);
      refuse(family, undefined, ctx, error);
    });
  }
  return router.routes() as unknown as Middleware;
}

async function answer(
  family: Family,
  row: Operation,
  ctx: Served,
  core: Core,
  limits: HttpLimits,
  bodies: HeldBodies,
  streaming: Streaming,
): Promise<void> {
  ctx.state.family = family.name;
  ctx.state.operation = row.id;
  let release: (() => void) | undefined;
  try {
    requireAcceptable(family, ctx);
    if (row.ownPagesOnly) requireOwnPage(ctx);
    const shown = row.auth === 'token' ? family.token(ctx.get('authorization')) : undefined;
    if (row.auth === 'token' && !shown) {
      throw new StatusError('CREDENTIALS_MISSING', 'Authentication credentials were not provided.');
    }
    release = row.body && bodies.take(ctx.req, ctx.ip);
    const came = await decode(family, row, ctx, limits);
    const input = read(row, came);
    const options: CallOptions = {
      requestId: ctx.state.requestId,
      // What goes on has none.
      ...(!row.events && { deadline: Date.now() + limits.requestTimeoutMs }),
      signal: ctx.state.gone,
      peer: ctx.ip,
    };
    const token =
      shown && family.exchange
        ? await family.exchange({ token: shown, operation: row, ...came }, { core, options })
        : shown;
    const headers: Record<string, string> = {};
    const result = await run(family, row, input, {
      ...{ core, options: { ...options, token }, header: headerOf(row, headers) },
      ...{ ...cookiesOf(row, ctx), query: ctx.querystring },
      language: (offered) =>
        offered.find((each) => each === ctx.acceptsLanguages([...offered])) ?? offered[0],
      lastEventId: ctx.get('last-event-id') || undefined,
    });
    ctx.set(headers);
    if (row.events) await sendEvents(ctx, row, result as AsyncIterable<ServerEvent>, streaming);
    else send(row, ctx, result);
  } catch (thrown) {
    refuse(family, row, ctx, thrown instanceof HttpRefusal ? thrown : toStatusError(thrown));
  } finally {
    release?.();
  }
}

function requireAcceptable(family: Family, ctx: Served): void {
  if (!family.accepts || ctx.accepts([...family.accepts])) return;
  throw new HttpRefusal('NOT_ACCEPTABLE', `The answer is ${family.accepts.join(' or ')}.`);
}

/** Browsers say where a request with a body, or one that changes something, comes from; a page cannot lie there. */
function requireOwnPage(ctx: Served): void {
  const origin = ctx.get('origin');
  if (URL.canParse(origin) && new URL(origin).host === ctx.host) return;
  throw new HttpRefusal('FOREIGN_ORIGIN', 'Only pages of this service may ask for this.');
}

/** A cookie that the row does not list is a bug of the row. */
function cookiesOf(row: Operation, ctx: Served): Pick<Call, 'cookie' | 'setCookie'> {
  const listed = (name: string): void => {
    if (!Object.hasOwn(row.cookies ?? {}, name)) throw new Error(`${row.id} lists no cookie ${name}`);
  };
  return {
    cookie(name) {
      listed(name);
      return cookieOf(ctx.get('cookie'), name);
    },
    setCookie(cookie) {
      listed(cookie.name);
      ctx.append('Set-Cookie', setCookie(cookie));
    },
  };
}

/** A header that the row does not list is a bug of the row. */
function headerOf(row: Operation, into: Record<string, string>): Call['header'] {
  return (name, value) => {
    if (!Object.hasOwn(row.headers ?? {}, name)) throw new Error(`${row.id} lists no header ${name}`);
    into[name] = value;
  };
}

/** The request as it came. */
async function decode(family: Family, row: Operation, ctx: Served, limits: HttpLimits) {
  const body = row.body
    ? objectOnly(await (row.decoder ?? family.decoder).decode(ctx.req, limits))
    : undefined;
  return { body, params: ctx.params ?? {}, query: ctx.query };
}

/** The whole request through its schemas, all problems at once. */
function read(row: Operation, came: Awaited<ReturnType<typeof decode>>) {
  const problems: FieldViolation[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown): unknown => {
    const result = schema?.safeParse(value, { reportInput: true });
    if (result && !result.success) problems.push(...fieldViolations(result.error));
    return result?.data;
  };
  const input = {
    body: parse(row.body, came.body),
    params: parse(row.params, came.params),
    query: parse(row.query, came.query),
  };
  if (problems.length > 0) throw invalidFields(problems);
  return input;
}

function objectOnly(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new HttpRefusal('BODY_UNPARSABLE', 'The body must be a JSON object.');
}

/** Runs the row; field names of the core become the family's on the way back. */
async function run(
  family: Family,
  row: Operation,
  input: Parameters<Operation['run']>[0],
  call: Call,
): Promise<unknown> {
  try {
    return await row.run(input, call);
  } catch (thrown) {
    if (!(thrown instanceof StatusError) || !thrown.details.fields) throw thrown;
    const fields = thrown.details.fields.map((problem) => ({
      ...problem,
      field: renameField(problem.field, row.fields ?? {}, (path) => family.fieldStyle(path)),
    }));
    throw new StatusError(
      thrown.reason,
      thrown.message,
      { ...thrown.details, fields },
      { cause: thrown.cause },
    );
  }
}

function send(row: Operation, ctx: Served, result: unknown): void {
  ctx.status = row.status;
  ctx.set('Cache-Control', row.cacheSeconds ? `public, max-age=${row.cacheSeconds}` : 'no-store');
  if (row.answer) {
    ctx.type = 'application/json';
    ctx.body = JSON.stringify(row.answer.parse(result));
  } else if (row.binary) {
    const { bytes, contentType } = result as Binary;
    ctx.type = contentType;
    ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } else {
    ctx.body = null;
    ctx.status = row.status;
  }
}

function refuse(
  family: Family,
  row: Operation | undefined,
  ctx: Served,
  error: StatusError | HttpRefusal,
): void {
  ctx.state.family = family.name;
  const reason = error instanceof HttpRefusal ? error.kind : error.reason;
  ctx.state.reason = reason;
  // The core has logged what it failed with; this is what failed on the way to it or back.
  if (error instanceof StatusError && error.reason === 'INTERNAL' && error.cause) {
    ctx.state.log.error({ err: error.cause }, 'request failed in the façade');
  }
  const reply = family.refuse(error, { operation: row, requestId: ctx.state.requestId, path: ctx.path });
  ctx.status = reply.status;
  ctx.set('Cache-Control', 'no-store');
  if (row?.refusedTo && ctx.accepts('json', 'html') === 'html') {
    ctx.status = 303;
    ctx.set('Location', row.refusedTo(reason));
    return;
  }
  if (error instanceof HttpRefusal && error.allow.length > 0) ctx.set('Allow', error.allow.join(', '));
  if (reply.status === 401) ctx.set('WWW-Authenticate', family.challenge);
  if (reply.status === 429 || reply.status === 503) ctx.set('Retry-After', retryAfter(error));
  ctx.type = reply.contentType;
  ctx.body = JSON.stringify(reply.body);
}

/** Whole seconds, at least one. */
function retryAfter(error: StatusError | HttpRefusal): string {
  const milliseconds = error instanceof StatusError ? (error.details.retryAfterMs ?? 1000) : 1000;
  return String(Math.max(1, Math.ceil(milliseconds / 1000)));
}
