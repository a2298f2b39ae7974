import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { remoteCore, type ClientTls, type Core } from '../../src/grpc/index.js';
import { memoryDirectory } from '../support/mariadb.js';

const ROOT = path.resolve(__dirname, '../..');
/** The product as it is run. */
const COMPILED = path.join(ROOT, 'dist/src/main.js');
const READY_WITHIN_MS = 60_000;

export type Settings = Record<string, string>;

/** One line of the service's log, parsed. */
export interface LogLine {
  level: number;
  msg: string;
  [key: string]: unknown;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Service {
  pid: number;
  httpPort: number;
  grpcPort: number;
  /** `http://127.0.0.1:port` of the façade. */
  url: string;
  /** Standard output so far, as it came. */
  lines: string[];
  /** The first administrator of an organisation, UCY by default. */
  admin(organisation?: string): Promise<{ email: string; password: string }>;
  /** The core over a channel; closed after the test file. */
  connect(tls?: ClientTls): Promise<Core>;
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

export interface Launch {
  /** Node options, for instance `--require` of a module that makes a worker hang. */
  nodeOptions?: string[];
  /** A command that runs the service, for instance in a file system of its own; it gets node's arguments. */
  within?: string[];
}

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A fresh data directory, removed after the test file. */
export async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(memoryDirectory(), 'probity-service-'));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts `node dist/src/main.js` on free ports and waits until it is ready. Killed after the test file. */
export async function startService(settings: Settings, launch: Launch = {}): Promise<Service> {
  const { child, lines, errors } = run(settings, launch);
  const ended = exitOf(child);
  const ready = new Promise<LogLine>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the service is not ready')), READY_WITHIN_MS);
    const over = (): void => clearTimeout(late);
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const parsed = JSON.parse(line) as LogLine;
      if (parsed.msg !== 'ready') return;
      over();
      resolve(parsed);
    });
    void ended.then(({ code, signal }) => {
      over();
      reject(new Error(`the service ended (${code ?? signal}):\n${lines.join('\n')}\n${errors.join('')}`));
    });
  });
  const { httpPort, grpcPort } = (await ready) as unknown as { httpPort: number; grpcPort: number };
  return {
    pid: child.pid!,
    httpPort,
    grpcPort,
    url: `http://127.0.0.1:${httpPort}`,
    lines,
    ended,
    signal: (name) => void child.kill(name),
    async admin(code = 'UCY') {
      const file = path.join(settings['PROBITY_DATA_DIR']!, 'initial-admins.json');
      const all = JSON.parse(await readFile(file, 'utf8')) as {
        organisation: string;
        email: string;
        password: string;
      }[];
      return all.find(({ organisation }) => organisation === code)!;
    },
    async connect(tls) {
      const address = `localhost:${grpcPort}`;
      const remote = await remoteCore({ address, tls: tls ?? null, defaultTimeoutMs: 30_000 });
      cleanups.push(() => remote.close());
      return remote.core;
    },
  };
}

/** Runs the service to its end, which is expected to come by itself. */
export async function runService(settings: Settings): Promise<Ended & { output: string }> {
  const { child, errors } = run(settings, {});
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const ended = await exitOf(child);
  return { ...ended, output: [...output, ...errors].join('') };
}

function run(settings: Settings, { nodeOptions = [], within = [] }: Launch) {
  if (!existsSync(COMPILED)) throw new Error('dist/ is absent: `npm run build` first.');
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PROBITY_'));
  const [command, ...args] = [...within, process.execPath, ...nodeOptions, COMPILED];
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(inherited),
      PROBITY_HTTP_PORT: '0',
      PROBITY_GRPC_PORT: '0',
      PROBITY_WORKERS: '1',
      PROBITY_DRAIN_SECONDS: '10',
      ...settings,
    },
  });
  const lines: string[] = [];
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  cleanups.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await exitOf(child);
  });
  return { child, lines, errors };
}

async function exitOf(child: ChildProcess): Promise<Ended> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode };
}
