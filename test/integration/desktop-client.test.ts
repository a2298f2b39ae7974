import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels } from '../support/faces.js';

const ROOT = path.resolve(__dirname, '../..');
const run = promisify(execFile);
const face = (name: string): string => path.join(ROOT, 'test/fixtures/faces', name);
const speech = (name: string): string => path.join(ROOT, 'test/fixtures/speech', name);

/** Each picture of the student is of another occasion, and so is each recording. */
const FACES = [
  ...['--enrol', face('obama/1.jpg')],
  ...['--identify', face('obama/2.jpg')],
  ...['--watch', face('obama/3.jpg')],
  ...['--impostor', face('biden/1.jpg')],
  ...['--interval', '2'],
];
const VOICE = ['--voice-enrol', speech('367-0005.opus'), '--voice', speech('367-0008.flac')];

// The evidence for a swap grows with real time: half a minute of it, in both exams at once.
describeWithModels('the desktop client of TRUSTID', () => {
  let running: RunningApp;
  let plays: Record<'written' | 'oral', Promise<string>>;

  beforeAll(async () => {
    running = await startApp({ PROBITY_REGISTRATION: 'open' });
    plays = { written: play('written', FACES), oral: play('oral', [...FACES, ...VOICE]) };
    // Each is awaited by its own test, and reported there.
    for (const each of Object.values(plays)) each.catch(() => undefined);
  });
  afterAll(() => running.stop());

  const play = async (type: string, cast: string[]): Promise<string> => {
    const client = path.join(ROOT, 'examples/desktop-client/main.ts');
    const address = ['--address', `http://127.0.0.1:${running.httpPort}`];
    const { stdout } = await run(path.join(ROOT, 'node_modules/.bin/tsx'), [
      client,
      ...['--type', type],
      ...address,
      ...cast,
    ]);
    return stdout;
  };

  test.each(['written', 'oral'] as const)('plays a whole %s exam', async (type) => {
    const said = await plays[type];
    expect(said).toMatch(/^face {8}complete: 1 of 1 pictures were taken/m);
    expect(said).toMatch(type === 'oral' ? /^registered {2}Face, Voice$/m : /^registered {2}Face$/m);
    expect(said).toMatch(/^check-up {4}close TeamViewer\.exe$/m);
    expect(said).toMatch(/^check-up {4}nothing forbidden runs$/m);
    expect(said).toMatch(/^identified {2}Verified$/m);
    expect(said).toMatch(/^alerts {6}none$/m);
    expect(said).toMatch(/^requested {3}Requested Manual Approval$/m);
    expect(said).toMatch(/^approved {4}Verified$/m);
    expect(said).toMatch(/^feedback {4}\S/m);
    expect(said).toMatch(/^the swap was noticed$/m);
    if (type === 'oral') expect(said).toMatch(/^heard {7}\S/m);
  });
});
