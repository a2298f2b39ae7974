import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { CAPABILITIES, MOODLE, MoodleException, nested, noRecord, type Capability } from './call.js';
import { functionsOf } from './functions.js';
import { makeSite, type Site } from './site.js';

/** Whose a token is, and what they may do. */
export interface Token {
  may: ReadonlySet<Capability>;
  suspended?: true;
  /** The functions that the service of the token has; all unless given. */
  functions?: readonly string[];
}

/** A token that may do everything but some things. */
export function tokenWithout(...lacking: readonly Capability[]): Token {
  return { may: new Set(CAPABILITIES.filter((each) => !lacking.includes(each))) };
}

/** Tokens that every site has. Another one is not known. */
export const TOKENS: Readonly<Record<string, Token>> = {
  'fake-token': tokenWithout(),
  'fake-token-without-rights': tokenWithout(...CAPABILITIES),
  'fake-token-without-emails': tokenWithout('moodle/site:viewuseridentity'),
  'fake-token-of-suspended': { ...tokenWithout(), suspended: true },
  'fake-token-of-small-service': { ...tokenWithout(), functions: ['core_webservice_get_site_info'] },
};

/** What is wrong with the site. */
export type Trouble =
  'none' | 'maintenance' | 'rest off' | 'broken' | 'redirect' | 'no paging' | 'empty lists';

export interface FakeLms {
  url: string;
  site: Site;
  trouble: Trouble;
  tokens: Record<string, Token>;
  /** How long every answer takes. */
  delayMs: number;
  /** Requests after which the site goes down for maintenance. */
  downAfter: number;
  /** Functions that were called, in order. */
  called: string[];
  /** Addresses and headers of the requests: no token may be in them. */
  seen: string[];
  close(): Promise<void>;
}

type State = Omit<FakeLms, 'url' | 'close'>;

/**
 * A Moodle's REST web service for the functions that Probity calls, with its habits: status 200 for errors, nothing
 * where a right is missing, suspended enrolments among the others, no totals.
 */
export async function startFakeLms({
  port = 0,
  site = makeSite(),
}: { port?: number; site?: Site } = {}): Promise<FakeLms> {
  const state: State = {
    ...{ site, trouble: 'none', tokens: { ...TOKENS }, downAfter: Number.POSITIVE_INFINITY, delayMs: 0 },
    ...{ called: [], seen: [] },
  };
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url, close: () => close(server) });
}

interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = request.url ?? '';
  state.seen.push(`${address} ${JSON.stringify(request.headers)}`);
  const form = await formOf(request);
  if (state.delayMs > 0) await wait(state.delayMs);
  const { status, headers, body } =
    address === '/webservice/rest/server.php' ? replyTo(state, form) : html(404);
  response.writeHead(status, headers).end(body);
}

function replyTo(state: State, form: Map<string, string>): Reply {
  const name = form.get('wsfunction') ?? '';
  state.called.push(name);
  if (--state.downAfter < 0) return html(503, '<!DOCTYPE html>');
  switch (state.trouble) {
    case 'maintenance':
      return html(503, '<!DOCTYPE html>');
    case 'rest off':
      return html(403);
    case 'broken':
      return html(200, '<br />Fatal error');
    case 'redirect':
      return { status: 303, headers: { location: '/login' }, body: '' };
    case 'no paging':
      for (const [key, value] of form) if (value === 'limitfrom') form.set(key, 'unknown');
      break;
    case 'empty lists':
      if (name !== 'core_webservice_get_site_info') return json(EMPTY[name] ?? []);
      break;
    case 'none':
  }
  // XML is Moodle's own default, which nobody here reads.
  if (form.get('moodlewsrestformat') !== 'json') return html(200, '<?xml version="1.0"?>');
  return json(outcome(state, name, form));
}

/** How a function that answers an object says that it has nothing. */
const EMPTY: Readonly<Record<string, unknown>> = {
  core_course_get_courses_by_field: { courses: [], warnings: [] },
  mod_quiz_get_quizzes_by_courses: { quizzes: [], warnings: [] },
  mod_assign_get_assignments: { courses: [], warnings: [] },
};

function json(body: unknown): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function html(status: number, body = ''): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function outcome(state: State, name: string, form: ReadonlyMap<string, string>): unknown {
  try {
    return call(state, name, form);
  } catch (error) {
    if (!(error instanceof MoodleException)) throw error;
    return { exception: error.exception, errorcode: error.errorcode, message: error.message };
  }
}

/** Parameters of every call, which are no function's. */
const PROTOCOL = new Set(['wstoken', 'wsfunction', 'moodlewsrestformat']);

function call({ site, tokens }: State, name: string, form: ReadonlyMap<string, string>): unknown {
  const token = tokens[form.get('wstoken') ?? ''];
  if (!token) throw new MoodleException(MOODLE, 'invalidtoken', 'Invalid token - token not found');
  if (token.suspended) {
    const message = 'Refused web service access for suspended username: wsuser';
    throw new MoodleException(MOODLE, 'wsaccessusersuspended', message);
  }
  const all = functionsOf(site);
  const known = all[name];
  if (!known) throw noRecord('external_functions');
  const functions = token.functions ?? Object.keys(all);
  if (!functions.includes(name)) {
    throw new MoodleException('webservice_access_exception', 'accessexception', 'Access control exception');
  }
  const parameters = nested(new Map([...form].filter(([key]) => !PROTOCOL.has(key))));
  return known.answer({ site, functions, may: (capability) => token.may.has(capability) }, parameters);
}

async function formOf(request: IncomingMessage): Promise<Map<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new Map(new URLSearchParams(Buffer.concat(chunks).toString()));
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
