import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const plugin = path.resolve(__dirname, '../../moodle-plugin');
const files = readdirSync(plugin, { recursive: true, encoding: 'utf8' });
const php = files.filter((file) => file.endsWith('.php'));

function run(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { cwd: plugin, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? String(error)}`, { cause: error });
  }
}

it('every PHP file parses', () => {
  expect(php.length).toBeGreaterThan(40);
  for (const file of php) run('php', ['-l', file]);
});

it.each([
  ['what knows no Moodle', 'tests/unit', 50],
  ['with doubles of Moodle', '../test/moodle-plugin/phpunit', 30],
  ['the client', '../test/moodle-plugin/client', 6],
])("PHPUnit: the plugin's own logic, %s", (_, folder, least) => {
  const said = run('phpunit', ['-c', folder]);
  const [, tests] = /^OK \((\d+) tests?, \d+ assertions?\)$/m.exec(said) ?? [];
  expect(Number(tests)).toBeGreaterThanOrEqual(least);
});

it('every string that the plugin asks for is there', () => {
  const language = readFileSync(path.join(plugin, 'lang/en/quizaccess_probity.php'), 'utf8');
  const known = new Set([...language.matchAll(/^\$string\['([^']+)'\]/gm)].map(([, name]) => name));
  const asked = files
    .filter((file) => /\.(php|mustache|js)$/.test(file) && !/^(lang|tests|amd\/build)\//.test(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(plugin, file), 'utf8');
      const patterns = [
        /get_string\(\s*'([^'.]+)',\s*'quizaccess_probity'/g,
        /addHelpButton\('[^']+', '([^']+)', 'quizaccess_probity'/g,
        /\{\{#str\}\}([^,]+), quizaccess_probity/g,
        /(?<!::)\btext\('([^']+)'\)/g,
        /moodle_exception\('([^']+)', 'quizaccess_probity'/g,
        /'((?:privacy|report):[^']+)'/g,
      ];
      return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name));
    });
  const names = (folder: string): string[] =>
    files.filter((file) => path.dirname(file) === folder).map((file) => path.basename(file, '.php'));
  const capabilities = readFileSync(path.join(plugin, 'db/access.php'), 'utf8').matchAll(/'quizaccess\/(probity:\w+)'/g);
  asked.push(...[...capabilities].map(([, name]) => name));
  asked.push(...names('classes/event').filter((name) => name !== 'event_base').map((name) => `event:${name}`));
  expect(asked.length).toBeGreaterThan(85);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

it('every string of the scripts is sent with the page', () => {
  const identify = readFileSync(path.join(plugin, 'classes/output/identify.php'), 'utf8');
  const [, list = ''] = /STRINGS = \[(.*?)\];/s.exec(identify) ?? [];
  const sent = [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  const scripts = files.filter((file) => file.startsWith('amd/src/'));
  const said = scripts.flatMap((file) => [
    ...readFileSync(path.join(plugin, file), 'utf8').matchAll(/(?:\btext|get_string)\('([^']+)'/g),
  ]);
  expect([...new Set(said.map(([, name]) => name))].sort()).toEqual(sent.sort());
});
