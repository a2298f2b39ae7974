import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './eventually.js';

/*
 * Debian's Firefox, driven by what it has built in (Marionette: JSON over TCP, each message behind its length). Playwright
 * drives only a Firefox of its own, and no package of Debian 12 or npm carries a geckodriver without downloading it.
 */

/** `scripts/system.sh test` sees that it is there. */
const FIREFOX = 'firefox-esr';

/** A camera of Firefox's own that needs no permission, a free port, and nothing that asks the internet. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'marionette.port': 0,
  'intl.accept_languages': 'en-GB',
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

/** One headless window. Close it. */
export class Firefox {
  private readonly answers = new Map<number, (answer: [error: unknown, value: unknown]) => void>();
  private unread = Buffer.alloc(0);
  private asked = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
    private readonly socket: Socket,
  ) {
    socket.on('data', (bytes) => this.read(bytes));
  }

  static async start(): Promise<Firefox> {
    const profile = await mkdtemp(path.join(tmpdir(), 'probity-firefox-'));
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    await writeFile(path.join(profile, 'user.js'), lines.join(''));
    const args = ['--headless', '--marionette', '--no-remote', '--profile', profile];
    const child = spawn(FIREFOX, args, { stdio: 'ignore' });
    let port = 0;
    await eventually(
      async () => {
        port = Number(await readFile(path.join(profile, 'MarionetteActivePort'), 'utf8'));
        expect(port).toBeGreaterThan(0);
      },
      { withinMs: 60_000, everyMs: 100 },
    );
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const firefox = new Firefox(child, profile, socket);
    await firefox.send('WebDriver:NewSession', { capabilities: {} });
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.send('WebDriver:Navigate', { url });
  }

  /** Everything that can be read on the page. */
  async text(): Promise<string> {
    return String(await this.run('return document.body.innerText'));
  }

  /** Presses a button; false where there is none of that name. */
  async press(name: string): Promise<boolean> {
    const found = `[...document.querySelectorAll('button')].find((each) => each.textContent === arguments[0])`;
    return Boolean(await this.run(`const button = ${found}; button?.click(); return Boolean(button)`, name));
  }

  async close(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.socket.end();
    this.process.kill();
    await ended;
    await rm(this.profile, { recursive: true, force: true });
  }

  private async run(script: string, ...args: string[]): Promise<unknown> {
    const answer = (await this.send('WebDriver:ExecuteScript', { script, args })) as { value: unknown };
    return answer.value;
  }

  private async send(command: string, parameters: object): Promise<unknown> {
    const id = ++this.asked;
    const message = Buffer.from(JSON.stringify([0, id, command, parameters]));
    const answered = new Promise<[unknown, unknown]>((resolve) => this.answers.set(id, resolve));
    this.socket.write(`${message.length}:${message.toString()}`);
    const [error, value] = await answered;
    if (error !== null) throw new Error(`${command}: ${JSON.stringify(error)}`);
    return value;
  }

  private read(bytes: Buffer): void {
    this.unread = Buffer.concat([this.unread, bytes]);
    for (;;) {
      const begin = this.unread.indexOf(':') + 1;
      const end = begin + Number(this.unread.subarray(0, begin - 1).toString());
      if (begin === 0 || this.unread.length < end) return;
      const message = JSON.parse(this.unread.subarray(begin, end).toString()) as unknown;
      this.unread = this.unread.subarray(end);
      // The first says who speaks.
      if (!Array.isArray(message)) continue;
      const [, id, error, value] = message as [number, number, unknown, unknown];
      this.answers.get(id)?.([error, value]);
      this.answers.delete(id);
    }
  }
}
