import { Guest } from '../browser.js';
import { COMPONENT } from '../moodle.js';
import { Probity } from '../probity.js';
import { expect, reached } from '../protocol.js';
import type { Run, World } from '../run.js';
import { WebService } from '../web-service.js';

/** What docs/lms.md asks for, and the plugin's own. */
const CAPABILITIES = [
  ...['webservice/rest:use', 'moodle/course:view', 'moodle/course:viewhiddencourses'],
  ...['moodle/course:viewparticipants', 'moodle/course:enrolreview', 'moodle/course:viewsuspendedusers'],
  ...['moodle/user:viewdetails', 'moodle/user:viewalldetails', 'moodle/site:viewuseridentity'],
  ...['moodle/site:accessallgroups', 'moodle/course:viewhiddengroups', 'moodle/course:viewhiddenactivities'],
  ...['mod/quiz:view', 'mod/quiz:viewoverrides', 'mod/assign:view', 'quizaccess/probity:sync'],
];

/** Both sides come to know each other, through the settings pages that people use. */
export async function connect(run: Run): Promise<void> {
  const { protocol, moodle, prefix, password } = run;
  let siteKey: string | undefined;

  await protocol.step('Probity starts, with its models', async () => {
    run.probity = await Probity.start();
    run.admin = await run.probity.administrator();
    return run.probity.url;
  });
  await protocol.step('a course, a quiz of four pages, a teacher and four students', async () => {
    const students = { monitored: 'Monitored', camera: 'Without', exempt: 'Exempt', stranger: 'Stranger' };
    run.world = await moodle.ask<World>('world', { prefix, password, students });
    return `course ${run.world.course}, quiz ${run.world.quiz.id}`;
  });
  await protocol.step('the plugin’s service gives a token', async () => {
    const { token } = await moodle.ask<{ token: string }>('token', {
      prefix,
      service: 'probity',
      capabilities: CAPABILITIES,
    });
    run.service = new WebService(moodle.url, token);
    const connected = await reached(run.admin, 'Probity').must<{ name: string }>(
      '/probity/v1/lms-connections',
      { kind: 'MOODLE', displayName: `Moodle ${prefix}`, address: moodle.url, token },
    );
    run.connection = connected.name.replace('lmsConnections/', '');
    return undefined;
  });
  await protocol.step('Probity tests its side of the connection', async () => {
    const connection = reached(run.connection, 'connection');
    const { version, capabilities } = await reached(run.admin, 'Probity').must<{
      version: string;
      capabilities: { capability: string; state: string }[];
    }>(`/probity/v1/lms-connections/${connection}/test`, {});
    const unusable = capabilities.filter(({ state }) => state === 'UNUSABLE');
    expect(unusable.length === 0, JSON.stringify(unusable));
    return `${version}; ${capabilities.map(({ capability, state }) => `${capability} ${state}`).join(', ')}`;
  });
  await protocol.step('the key of the site is made', async () => {
    const connection = reached(run.connection, 'connection');
    const made = await reached(run.admin, 'Probity').must<{ siteKey: string }>(
      `/probity/v1/lms-connections/${connection}/site-key`,
      {},
    );
    siteKey = made.siteKey;
    expect(/^probity_[0-9a-f-]{36}_[\w-]{43}$/.test(siteKey), 'the key has another form than agreed');
    return undefined;
  });

  const administrator = await Guest.signIn(run.browser, moodle.url, run.administrator);
  const { page } = administrator;
  await protocol.step('the administrator saves address and key on the settings page', async () => {
    const { url } = reached(run.probity, 'Probity');
    await administrator.go('/admin/settings.php?section=modsettingsquizcatprobity');
    await page.fill(`[name="s_${COMPONENT}_address"]`, url);
    const key = page.locator('#admin-sitekey .core_admin_encryptedpassword');
    await key.locator('a, [data-editbutton]').first().click();
    await key.locator('input').fill(reached(siteKey, 'site key'));
    await page.click('#adminsettings [type="submit"]');
    await administrator.settled();
    const [address, kept] = await moodle.ask<(string | null)[]>('config', {
      get: [
        ['address', COMPONENT],
        ['sitekey', COMPONENT],
      ],
    });
    expect(address === url, `the address was kept as ${String(address)}`);
    expect(Boolean(kept) && kept !== siteKey, 'the key is not kept encrypted');
    return undefined;
  });
  await protocol.step(
    'while Moodle blocks the host, the connection test says which setting to change',
    async () => {
      await moodle.ask('config', {
        set: [
          ['curlsecurityblockedhosts', '127.0.0.0/8', null],
          ['curlsecurityallowedport', '443', null],
        ],
      });
      await administrator.go('/mod/quiz/accessrule/probity/test.php');
      const said = await page.locator('#region-main').innerText();
      expect(/blocked hosts/i.test(said), said);
      return undefined;
    },
  );
  await protocol.step('once it is allowed, the test is good', async () => {
    const { port } = new URL(reached(run.probity, 'Probity').url);
    await moodle.ask('config', {
      set: [
        ['curlsecurityblockedhosts', '', null],
        ['curlsecurityallowedport', `443\n80\n${port}`, null],
      ],
    });
    await administrator.go('/mod/quiz/accessrule/probity/test.php');
    const said = await page.locator('#region-main').innerText();
    expect(said.includes('Connected.'), said);
    return undefined;
  });
  await administrator.close();
}
