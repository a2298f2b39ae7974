import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, configurationTable, loadConfig, unknownSettings } from '../src/config.js';

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test('the configuration page is as generated: after a change run `npm run docs`', () => {
  const page = readFileSync(path.join(__dirname, '../docs/configuration.md'), 'utf8');
  expect(page).toBe(configurationTable());
});

test('nothing set is the documented defaults', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    httpPort: 8080,
    grpcPort: 50051,
    dataDir: path.resolve('data'),
    databaseUrl: `sqlite:${path.resolve('data/probity.db')}`,
    registration: 'students',
    publicUrl: 'http://localhost:8080',
    behindProxy: false,
    outbound: false,
    outboundAllow: [],
  });
  expect([...config.roles]).toEqual(['grpc', 'http', 'jobs']);
  expect(config.organisations.map(({ code }) => code)).toEqual(['UC', 'UCY', 'UPAT']);
  expect(config.workers).toBeGreaterThan(0);
});

test('what is set overrides, blanks around it do not count, and an empty value is none', () => {
  const config = loadConfig({
    PROBITY_HTTP_PORT: ' 9090 ',
    PROBITY_GRPC_PORT: '',
    PROBITY_DATABASE_URL: 'mariadb://u:p@host/db',
    PROBITY_REGISTRATION: 'closed',
    PROBITY_ROLES: 'http, jobs',
    PROBITY_ORGANISATIONS: 'ETH=ETH Zürich,MIT',
    PROBITY_OUTBOUND: 'yes',
    PROBITY_OUTBOUND_ALLOW: '10.0.0.0/8, moodle.campus.example',
  });
  expect(config).toMatchObject({
    httpPort: 9090,
    grpcPort: 50051,
    databaseUrl: 'mariadb://u:p@host/db',
    registration: 'closed',
    outbound: true,
    outboundAllow: ['10.0.0.0/8', 'moodle.campus.example'],
    organisations: [
      { code: 'ETH', displayName: 'ETH Zürich' },
      { code: 'MIT', displayName: 'MIT' },
    ],
  });
  expect([...config.roles]).toEqual(['http', 'jobs']);
});

test.each(['https://probity.ucy.ac.cy', 'https://probity.ucy.ac.cy/', 'https://ucy.ac.cy/probity//'])(
  'the public address %s has no slash at its end',
  (written) => {
    expect(loadConfig({ PROBITY_PUBLIC_URL: written }).publicUrl).toBe(written.replace(/[/]+$/, ''));
  },
);

test('every problem is told at once, by the name of its setting', () => {
  const problems = problemsOf({
    PROBITY_HTTP_PORT: 'eighty',
    PROBITY_REGISTRATION: 'everybody',
    PROBITY_ROLES: 'grpc,cook',
    PROBITY_ORGANISATIONS: 'lower case',
    PROBITY_TRUSTID_PREFIX: 'no slash',
    PROBITY_OUTBOUND_ALLOW: 'https://moodle.example',
  });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PROBITY_ROLES',
    'PROBITY_HTTP_PORT',
    'PROBITY_ORGANISATIONS',
    'PROBITY_REGISTRATION',
    'PROBITY_TRUSTID_PREFIX',
    'PROBITY_OUTBOUND_ALLOW',
  ]);
});

test.each([
  [{ PROBITY_TLS_CERT_FILE: 'a.crt' }, 'PROBITY_TLS_KEY_FILE'],
  [{ PROBITY_CORE_KEY_FILE: 'a.key' }, 'PROBITY_CORE_CERT_FILE'],
  [{ PROBITY_TLS_CLIENT_CA_FILE: 'ca.crt' }, 'PROBITY_TLS_CLIENT_CA_FILE'],
  [{ PROBITY_ORGANISATIONS: ',' }, 'PROBITY_ORGANISATIONS'],
])('settings that contradict each other are told: %o', (env, name) => {
  expect(problemsOf(env)).toEqual([expect.stringMatching(new RegExp(`^${name}:`))]);
});

test('a name that looks like a setting and is none is found', () => {
  expect(unknownSettings({ PROBITY_HTTP_PROT: '1', PROBITY_HTTP_PORT: '1', PATH: '/bin' })).toEqual([
    'PROBITY_HTTP_PROT',
  ]);
});
