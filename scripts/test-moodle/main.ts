import { parseArgs } from 'node:util';
import { startBrowser } from '../../test/support/browser.js';
import { peopleInTheBox } from '../demo/people.js';
import { cameraScript } from './camera.js';
import { Moodle } from './moodle.js';
import { Protocol } from './protocol.js';
import type { Run } from './run.js';
import { complaints } from './steps/complaints.js';
import { connect } from './steps/connect.js';
import { data, privacy, uninstall } from './steps/data.js';
import { gate } from './steps/gate.js';
import { install } from './steps/install.js';
import { pause } from './steps/pause.js';
import { report } from './steps/report.js';
import { settings } from './steps/settings.js';
import { sitting } from './steps/sitting.js';
import { ways } from './steps/ways.js';

const USAGE = `npm run test:moodle -- --url http://moodle.test --dir /var/www/moodle
  [--admin NAME] [--password PASSWORD, or MOODLE_ADMIN_PASSWORD] [--server-log FILE] [--keep]

Plays the plugin in a running Moodle (4.5 to 5.1) on this machine, with a Probity of its own. A site for tests only:
it installs the plugin anew, makes courses and users, and changes settings (web services, cURL security).`;

/** Drives the plugin through a real Moodle, and says how it went. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      dir: { type: 'string' },
      admin: { type: 'string', default: 'admin' },
      password: { type: 'string', default: process.env['MOODLE_ADMIN_PASSWORD'] ?? '' },
      'server-log': { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  if (!values.url || !values.dir || !values.password) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const protocol = new Protocol();
  const moodle = new Moodle(values.url.replace(/\/$/, ''), values.dir);
  const { release } = await moodle.ask<{ release: string }>('installed', { component: 'mod_quiz' });
  protocol.say(`Moodle ${release} at ${moodle.url}`);

  const [student, other] = await peopleInTheBox();
  const browser = await startBrowser();
  const run: Run = {
    protocol,
    moodle,
    browser,
    administrator: { username: values.admin, password: values.password },
    prefix: `p${Date.now().toString(36)}`,
    password: 'Student-1234',
    serverLog: values['server-log'] ?? null,
    camera: await cameraScript({ student, other }, 'student'),
  };
  try {
    await complaints(run, async () => {
      await install(run);
      await connect(run);
      await settings(run);
      await gate(run);
      await sitting(run);
      await pause(run);
      await ways(run);
      await report(run);
      await data(run);
      await privacy(run);
      if (!values.keep) await uninstall(run);
    });
  } finally {
    await browser.close();
    await run.probity?.stop();
  }
  process.exitCode = protocol.close() ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
