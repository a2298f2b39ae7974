import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

const MISSING =
  'MariaDB is not installed, and every store test runs on it too: `make test` installs it (Debian: apt-get install mariadb-server).';
const UP_WITHIN_MS = 60_000;
const POLL_MS = 50;

export interface MariaDb {
  /** `mysql://root@127.0.0.1:port`, without a database. */
  url: string;
  stop(): Promise<void>;
}

/** Starts the distribution's MariaDB on a data directory of its own, in memory where there is any. */
export async function startMariaDb(): Promise<MariaDb> {
  const directory = mkdtempSync(join(memoryDirectory(), 'probity-mariadb-'));
  const data = join(directory, 'data');
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const log = join(directory, 'log');
  const output = openSync(log, 'a');
  const stdio: ['ignore', number, number] = ['ignore', output, output];

  const auth = '--auth-root-authentication-method=normal';
  const install = ['--no-defaults', `--datadir=${data}`, auth, '--skip-test-db', ...user];
  const installed = spawnSync('mariadb-install-db', install, { stdio });
  if (installed.error) throw new Error(MISSING, { cause: installed.error });
  if (installed.status !== 0) throw new Error(`mariadb-install-db failed:\n${readFileSync(log, 'utf8')}`);

  const port = await freePort();
  const options = [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${join(directory, 's')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    // The suite tests our use of the server, not its crash safety, and CPU is scarce.
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=64M',
    '--skip-log-bin',
    ...user,
  ];
  const server = spawn(existing(['mariadbd', '/usr/sbin/mariadbd']), options, { stdio });
  const url = `mysql://root@127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      const exit = once(server, 'exit');
      server.kill('SIGKILL'); // Nothing in it is worth an orderly shutdown.
      await exit;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await answers(server, port, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** Where there is one, a file system in memory: the suite commits far more than it keeps. */
export function memoryDirectory(): string {
  try {
    return statSync('/dev/shm').isDirectory() ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** sbin is not on every user's path. */
function existing(names: string[]): string {
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (!found) throw new Error(MISSING);
  return found;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
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
