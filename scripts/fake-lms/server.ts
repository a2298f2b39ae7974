import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FUNCTIONS, MOODLE, MoodleException, SITE_INFO, type Rights } from './functions.js';
import { makeSite, type Site } from './site.js';

interface TokenRights extends Rights {
  suspended?: true;
  /** The one function that the service of the token has. */
  only?: string;
}

const ALL: Rights = { seesPeople: true, seesEmails: true, seesCourses: true };

/** Tokens of the site, and what their users may do. Another one is not known. */
export const TOKENS: Readonly<Record<string, TokenRights>> = {
  'fake-token': ALL,
  'fake-token-without-rights': { seesPeople: false, seesEmails: false, seesCourses: false },
  'fake-token-without-emails': { ...ALL, seesEmails: false },
  'fake-token-of-suspended': { ...ALL, suspended: true },
  'fake-token-of-small-service': { ...ALL, only: SITE_INFO },
};

/** What is wrong with the site. */
export type Trouble = 'none' | 'maintenance' | 'rest off' | 'broken' | 'redirect' | 'no paging';

export interface FakeLms {
  url: string;
  site: Site;
  trouble: Trouble;
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
  const state: State = { site, trouble: 'none', called: [], seen: [] };
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
  const { status, headers, body } =
    address === '/webservice/rest/server.php' ? replyTo(state, form) : html(404);
  response.writeHead(status, headers).end(body);
}

function replyTo(state: State, form: Map<string, string>): Reply {
  const name = form.get('wsfunction') ?? '';
  state.called.push(name);
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
    case 'none':
  }
  // XML is Moodle's own default, which nobody here reads.
  if (form.get('moodlewsrestformat') !== 'json') return html(200, '<?xml version="1.0"?>');
  const body = JSON.stringify(outcome(state.site, name, form));
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function html(status: number, body = ''): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function outcome(site: Site, name: string, form: ReadonlyMap<string, string>): unknown {
  try {
    return call(site, name, form);
  } catch (error) {
    if (!(error instanceof MoodleException)) throw error;
    return { exception: error.exception, errorcode: error.errorcode, message: error.message };
  }
}

function call(site: Site, name: string, form: ReadonlyMap<string, string>): unknown {
  const rights = TOKENS[form.get('wstoken') ?? ''];
  if (!rights) throw new MoodleException(MOODLE, 'invalidtoken', 'Invalid token - token not found');
  if (rights.suspended) {
    const message = 'Refused web service access for suspended username: wsuser';
    throw new MoodleException(MOODLE, 'wsaccessusersuspended', message);
  }
  const known = FUNCTIONS[name];
  if (!known) {
    throw new MoodleException('dml_missing_record_exception', 'invalidrecord', "Can't find data record.");
  }
  if (rights.only && rights.only !== name) {
    throw new MoodleException('webservice_access_exception', 'accessexception', 'Access control exception');
  }
  const answered = known(site, form, rights);
  return rights.only ? { ...(answered as object), functions: [{ name: rights.only }] } : answered;
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
