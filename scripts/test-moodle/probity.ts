import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Rest } from '../demo/rest.js';
import { freePort } from '../../test/support/free-port.js';

const ROOT = path.join(__dirname, '..', '..');
const ORGANISATION = 'UCY';
const UP_WITHIN_MS = 300_000;
const POLL_MS = 200;

/** The service as it is deployed, with real models, on ports and a data directory of its own. */
export class Probity {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly dataDir: string,
  ) {}

  static async start(): Promise<Probity> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'probity-test-moodle-'));
    const [http, grpc] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${http}`;
    const log = openSync(path.join(dataDir, 'log'), 'a');
    const service = spawn(process.execPath, [path.join(ROOT, 'dist/src/main.js')], {
      cwd: ROOT,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        PROBITY_HTTP_PORT: String(http),
        PROBITY_GRPC_PORT: String(grpc),
        PROBITY_DATA_DIR: dataDir,
        PROBITY_PUBLIC_URL: url,
        PROBITY_OUTBOUND: 'yes',
        PROBITY_OUTBOUND_ALLOW: '127.0.0.1',
        PROBITY_WORKERS: '1',
        PROBITY_DRAIN_SECONDS: '2',
      },
    });
    closeSync(log);
    const probity = new Probity(url, service, dataDir);
    await probity.ready();
    return probity;
  }

  /** The first administrator of the organisation. */
  async administrator(): Promise<Rest> {
    const admins = JSON.parse(readFileSync(path.join(this.dataDir, 'initial-admins.json'), 'utf8')) as {
      organisation: string;
      email: string;
      password: string;
    }[];
    const admin = admins.find(({ organisation }) => organisation === ORGANISATION);
    if (!admin) throw new Error(`${ORGANISATION} has no first administrator`);
    return new Rest(this.url).signIn(ORGANISATION, admin.email, admin.password);
  }

  /** Lines of its log that say of a fault. */
  faults(): string[] {
    return readFileSync(path.join(this.dataDir, 'log'), 'utf8')
      .split('\n')
      .filter((line) => /"level":(50|60)/.test(line));
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const exit = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await exit;
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const until = Date.now() + UP_WITHIN_MS;
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      if (this.process.exitCode !== null || Date.now() > until) {
        throw new Error(`Probity did not start: ${readFileSync(path.join(this.dataDir, 'log'), 'utf8')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
