import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from '../support/app.js';
import { certificates } from '../support/certificates.js';

const ROOT = path.resolve(__dirname, '../..');
const run = promisify(execFile);
const face = (name: string): string => path.join(ROOT, 'test/fixtures/faces', name);

/** What the examples play with: each picture of the student is another occasion. */
const PLAY = [
  ...['--enrol', face('obama/1.jpg')],
  ...['--identify', face('obama/2.jpg')],
  ...['--watch', face('obama/3.jpg')],
  ...['--impostor', face('biden/1.jpg')],
  ...['--interval', '2'],
];

// The evidence for a swap grows with real time: half a minute of it, in both languages at once.
describe('the example clients, over the network', () => {
  let folder: string;
  let running: RunningApp;
  let plays: Record<'Python' | 'TypeScript', Promise<string>>;
  const file = (name: string): string => path.join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'probity-examples-'));
    await certificates(folder, 'authority', ['server', 'client']);
    const python = (await run(path.join(ROOT, 'test/support/python.sh'))).stdout.trim();
    running = await startApp({
      PROBITY_TLS_CERT_FILE: file('server.crt'),
      PROBITY_TLS_KEY_FILE: file('server.key'),
      PROBITY_TLS_CLIENT_CA_FILE: file('authority.crt'),
    });
    plays = {
      Python: play(python, 'examples/python/exam_loop.py'),
      TypeScript: play(path.join(ROOT, 'node_modules/.bin/tsx'), 'examples/typescript/exam-loop.ts'),
    };
    // Each is awaited by its own test, and reported there.
    for (const each of Object.values(plays)) each.catch(() => undefined);
  });
  afterAll(async () => {
    await running.stop();
    await rm(folder, { recursive: true });
  });

  const play = async (command: string, program: string): Promise<string> => {
    const tls = ['--ca', file('authority.crt'), '--cert', file('client.crt'), '--key', file('client.key')];
    const address = ['--address', `localhost:${running.grpcPort}`];
    const { stdout } = await run(command, [path.join(ROOT, program), ...address, ...tls, ...PLAY], {
      env: { ...process.env, PROBITY_ADMIN_PASSWORD: running.admin.password },
    });
    return stdout;
  };

  test.each(['Python', 'TypeScript'] as const)('play the whole exam in %s', async (language) => {
    const said = await plays[language];
    expect(said).toMatch(/^enrolled .*accepted$/m);
    expect(said).toMatch(/^identified {2}MATCH /m);
    expect(said).toMatch(/^joined {6}exams\/\d+\/sessions\//m);
    expect(said).toMatch(/^frame 1 .* MATCH /m);
    expect(said).toMatch(/^frame \d+ .* NO_MATCH .*impostor evidence/m);
    expect(said).toMatch(/^reviewed {4}DIFFERENT_PERSON: .*image\/\w+, \d+ bytes\) -> CONFIRMED$/m);
    expect(said).toMatch(/^the swap was noticed$/m);
  });
});
