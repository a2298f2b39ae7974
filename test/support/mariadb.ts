import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { freePort } from './free-port';

const MISSING =
  'MariaDB is not installed, and every store test runs on it too: `make test` installs it (Debian: apt-get install mariadb-server).';
const UP_WITHIN_MS = 60_000;
const POLL_MS = 50;

export interface MariaDb {
  /** `mysql://root@127.0.0.1:port`, without a database. */
  url: string;
  /** Shuts it down in order, keeping what it holds. */
  halt(): Promise<void>;
  /** Starts it again after `halt`, on the same port. */
  resume(): Promise<void>;
  /** Ends it and removes everything. */
  stop(): Promise<void>;
}

/** Starts the distribution's MariaDB on a data directory of its own, in memory where there is any. */
export async function startMariaDb(): Promise<MariaDb> {
  const directory = mkdtempSync(join(memoryDirectory(), 'probity-mariadb-'));
  let server: ChildProcess | undefined;
  const kill = (): void => {
    server?.kill('SIGKILL'); // Nothing in it is worth an orderly shutdown.
    rmSync(directory, { recursive: true, force: true });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const exit = server?.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
    server?.kill(signal);
    await exit;
  };
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    await end('SIGKILL');
    kill();
  };
  process.once('exit', kill); // A run that is broken off never gets to its tear-down.
  try {
    install(directory);
    const port = await freePort();
    const start = async (): Promise<void> => {
      server = launch(directory, port);
      await answers(server, port, join(directory, 'log'));
    };
    await start();
    return { url: `mysql://root@127.0.0.1:${port}`, halt: () => end('SIGTERM'), resume: start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * What both programs are told; root must say that it means to be. Two servers that share a folder for temporary
 * tables take each other's away.
 */
function common(directory: string): string[] {
  const options = ['--no-defaults', `--datadir=${join(directory, 'data')}`, `--tmpdir=${directory}`];
  return process.getuid?.() === 0 ? [...options, '--user=root'] : options;
}

function install(directory: string): void {
  const options = [...common(directory), '--auth-root-authentication-method=normal', '--skip-test-db'];
  const { error, status, stdout, stderr } = spawnSync('mariadb-install-db', options);
  if (error) throw new Error(MISSING, { cause: error });
  if (status !== 0) throw new Error(`mariadb-install-db failed:\n${String(stdout)}${String(stderr)}`);
}

function launch(directory: string, port: number): ChildProcess {
  const output = openSync(join(directory, 'log'), 'a');
  const options = [
    ...common(directory),
    `--socket=${join(directory, 's')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    // The suite tests our use of the server, not its crash safety, and CPU is scarce.
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=16M',
    '--skip-log-bin',
  ];
  const server = spawn(existing(['mariadbd', '/usr/sbin/mariadbd']), options, {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  return server;
}

const ROOM_BYTES = 1024 ** 3;

/** A file system in memory, where there is one with room: the suite commits far more than it keeps. */
export function memoryDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    accessSync('/dev/shm', constants.W_OK);
    return bavail * bsize > ROOM_BYTES ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir(); // No such directory, or not ours to write.
  }
}

/** sbin is not on every user's path. */
function existing(names: string[]): string {
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (!found) throw new Error(MISSING);
  return found;
}

async function answers(server: ChildProcess, port: number, log: string): Promise<void> {
  const until = Date.now() + UP_WITHIN_MS;
  for (;;) {
    if (server.exitCode !== null)
      throw new Error(`MariaDB ended at its start:\n${readFileSync(log, 'utf8')}`);
    try {
      const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
      await connection.end();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
