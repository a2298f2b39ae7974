import pino, { type Logger } from 'pino';
import {
  createHttpApp,
  probityFamily,
  proctorexamFamily,
  startHttpServer,
  trustidFamily,
  type Family,
  type Health,
  type HttpAppOptions,
  type Streaming,
} from '../../../src/http/index.js';
import type { Core } from '../../../src/grpc/index.js';
import { scriptedCore, type Script, type ScriptedCall } from './scripted_core.js';

export const NOW = Date.UTC(2026, 10, 22, 12);

export function families(options: { trustidPrefix?: string } = {}): Family[] {
  return [
    probityFamily(),
    proctorexamFamily(),
    trustidFamily({
      organisations: ['UC', 'UCY', 'UPAT'],
      serverVersion: 1.2,
      clock: { now: () => NOW },
      ...(options.trustidPrefix !== undefined && { prefix: options.trustidPrefix }),
    }),
  ];
}

export interface Sample {
  family: string;
  operation: string;
  method: string;
  status: number;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined where it is no JSON. */
  body: unknown;
}

export interface Sent {
  /** Raw where it is a string, bytes or a form, otherwise JSON. */
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Facade {
  url: string;
  calls: ScriptedCall[];
  samples: Sample[];
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
  drain(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A listening façade over a scripted core, on a free port of the loopback. */
export async function startFacade(
  options: {
    script?: Script;
    core?: Core;
    families?: Family[];
    log?: Logger;
    health?: Health;
    streaming?: Streaming;
  } & Pick<HttpAppOptions, 'limits' | 'serveMetrics' | 'behindProxy' | 'webDir'> = {},
): Promise<Facade> {
  const scripted = scriptedCore(options.script ?? {});
  const samples: Sample[] = [];
  const app = createHttpApp({
    core: options.core ?? scripted.core,
    families: options.families ?? families(),
    log: options.log ?? pino({ level: 'silent' }),
    metrics: {
      observe: ({ seconds: _, ...sample }) => void samples.push(sample),
      page: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
    },
    streaming: options.streaming ?? { every: () => () => undefined, draining: new AbortController().signal },
    health: options.health ?? { checks: () => Promise.resolve({ database: true }) },
    ...(options.limits && { limits: options.limits }),
    ...(options.serveMetrics !== undefined && { serveMetrics: options.serveMetrics }),
    ...(options.behindProxy !== undefined && { behindProxy: options.behindProxy }),
    ...(options.webDir !== undefined && { webDir: options.webDir }),
  });
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    calls: scripted.calls,
    samples,
    send: (method, path, sent = {}) => send(`${url}${path}`, method, sent),
    drain: (graceMs) => server.drain(graceMs),
    close: () => server.drain(0),
  };
}

/** One request. */
export async function send(url: string, method: string, sent: Sent = {}): Promise<Answer> {
  const isForm = sent.body instanceof URLSearchParams || sent.body instanceof FormData;
  const raw = typeof sent.body === 'string' || sent.body instanceof Uint8Array || isForm;
  const headers = new Headers(sent.headers);
  if (sent.body !== undefined && !isForm && !headers.has('content-type'))
    headers.set('content-type', 'application/json');
  if (sent.token !== undefined) headers.set('authorization', `Bearer ${sent.token}`);
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(sent.body !== undefined && { body: raw ? (sent.body as string) : JSON.stringify(sent.body) }),
    ...(sent.signal && { signal: sent.signal }),
  });
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, text, body };
}
