import path from 'node:path';
import { COMPONENT } from '../moodle.js';
import { expect } from '../protocol.js';
import type { Run } from '../run.js';

const PLUGIN = path.join(__dirname, '../../../moodle-plugin');

/** The plugin, put in place and installed as an administrator of a Moodle would. */
export async function install({ protocol, moodle }: Run): Promise<void> {
  await protocol.step('a plugin of an earlier run is gone', async () => {
    await moodle.cli('uninstall_plugins', `--plugins=${COMPONENT}`, '--run');
    await moodle.remove();
    return undefined;
  });
  await protocol.step('the plugin is copied and Moodle upgrades', async () => {
    await moodle.place(PLUGIN);
    const said = await moodle.cli('upgrade', '--non-interactive');
    expect(said.includes(COMPONENT), `the upgrade does not name the plugin: ${said.slice(-500)}`);
    return undefined;
  });
  await protocol.step('a second upgrade finds nothing to do', async () => {
    // Moodle says so by status 2, "no upgrade needed", which the checks below would not see as a failure of ours.
    const { needed, version } = await moodle.ask<{ needed: boolean; version: string }>('installed', {
      component: COMPONENT,
    });
    expect(!needed, 'Moodle still asks for an upgrade');
    return `version ${version}`;
  });
  await protocol.step('the tables are as Moodle expects them (check_database_schema)', async () => {
    const said = await moodle.cli('check_database_schema');
    expect(!said.includes(COMPONENT), said);
    return undefined;
  });
}
