import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { isAllowable } from './outbound/index.js';

const port = z.coerce.number().int().min(0).max(65535);
const days = z.coerce.number().int().min(1).max(3650);
const list = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

const organisations = z.string().transform((value, ctx) =>
  list(value).map((entry) => {
    const [code = '', ...rest] = entry.split('=');
    if (!/^[A-Z][A-Z0-9-]{1,31}$/.test(code)) {
      ctx.addIssue({ code: 'custom', message: `"${code}" is no organisation code (A-Z, 0-9, -)` });
    }
    return { code, displayName: rest.join('=') || code };
  }),
);

const allowances = z.string().transform((value, ctx) => {
  const entries = list(value);
  for (const entry of entries.filter((each) => !isAllowable(each))) {
    ctx.addIssue({ code: 'custom', message: `"${entry}" is no address, no range (CIDR) and no host name` });
  }
  return entries;
});

const ROLES = ['grpc', 'http', 'jobs'] as const;
const roles = z
  .string()
  .transform(list)
  .pipe(z.array(z.enum(ROLES)).min(1))
  .transform((names) => new Set(names));

/**
 * Every setting: the environment variable, what it means, its default and its form. `docs/configuration.md` is
 * generated from this table.
 */
export const SETTINGS = {
  roles: setting(
    'PROBITY_ROLES',
    'grpc,http,jobs',
    'What this process does; split over machines as needed',
    roles,
  ),
  host: setting('PROBITY_HOST', '127.0.0.1', 'Address to listen on; `0.0.0.0` for all', z.string().min(1)),
  httpPort: setting('PROBITY_HTTP_PORT', '8080', 'Port of the REST façade', port),
  grpcPort: setting('PROBITY_GRPC_PORT', '50051', 'Port of the gRPC core', port),
  dataDir: setting(
    'PROBITY_DATA_DIR',
    './data',
    'Embedded database, master key, first passwords',
    z.string().min(1),
  ),
  databaseUrl: setting(
    'PROBITY_DATABASE_URL',
    '',
    '`sqlite:PATH`, `mysql://user:password@host/db` or `mariadb://…`; empty: `probity.db` in the data directory',
    z.string(),
    { secret: true },
  ),
  organisations: setting(
    'PROBITY_ORGANISATIONS',
    'UC=University of Coimbra,UCY=University of Cyprus,UPAT=University of Patras',
    'Tenants, `CODE=Name,…`; seeded at start, never removed',
    organisations,
  ),
  registration: setting(
    'PROBITY_REGISTRATION',
    'students',
    'Who may register themselves: nobody (`closed`), `students`, or instructors too (`open`)',
    z.enum(['closed', 'students', 'open']),
  ),
  publicUrl: setting(
    'PROBITY_PUBLIC_URL',
    '',
    'Address people reach the façade at, for links in messages; empty: `http://localhost:PORT`',
    z.union([z.literal(''), z.url().transform((address) => address.replace(/\/+$/, ''))]),
  ),
  behindProxy: setting(
    'PROBITY_BEHIND_PROXY',
    'no',
    'Whether one proxy stands in front of the façade and appends the client to `X-Forwarded-For` (`yes` or `no`)',
    z.enum(['yes', 'no']).transform((answer) => answer === 'yes'),
  ),
  webDir: setting(
    'PROBITY_WEB_DIR',
    './dist/web',
    'The pages that people look at, as `npm run build` left them; where there is no such directory, none are served',
    z.string().min(1),
  ),
  coreAddress: setting(
    'PROBITY_CORE_ADDRESS',
    'localhost:50051',
    'gRPC core for a process with the role `http` but not `grpc`',
    z.string().min(1),
  ),
  tlsCertFile: setting(
    'PROBITY_TLS_CERT_FILE',
    '',
    'Certificate chain of the gRPC server (PEM); empty: no TLS',
    z.string(),
  ),
  tlsKeyFile: setting('PROBITY_TLS_KEY_FILE', '', 'Its private key (PEM)', z.string()),
  tlsClientCaFile: setting(
    'PROBITY_TLS_CLIENT_CA_FILE',
    '',
    'CA (PEM) that client certificates must come from; set: mutual TLS',
    z.string(),
  ),
  facades: setting(
    'PROBITY_FACADES',
    '',
    'Addresses or CIDR ranges of own façades without client certificates, which may name the peer they speak for',
    z.string().transform(list),
  ),
  coreCaFile: setting(
    'PROBITY_CORE_CA_FILE',
    '',
    'CA (PEM) to trust for the core; set: TLS to the core',
    z.string(),
  ),
  coreCertFile: setting(
    'PROBITY_CORE_CERT_FILE',
    '',
    'Client certificate (PEM) shown to the core',
    z.string(),
  ),
  coreKeyFile: setting('PROBITY_CORE_KEY_FILE', '', 'Its private key (PEM)', z.string()),
  modelsDir: setting('PROBITY_MODELS_DIR', './models', 'Manifest and built model files', z.string().min(1)),
  faceModel: setting(
    'PROBITY_FACE_MODEL',
    'face-recognise-mobilefacenet-512/1',
    'Recognition model, by its id in `models/manifest.json`; templates of two models do not mix',
    z.string().min(1),
  ),
  voiceModel: setting(
    'PROBITY_VOICE_MODEL',
    'voice-embed-ge2e-256/1',
    'Speaker model, by its id in `models/manifest.json`; templates of two models do not mix',
    z.string().min(1),
  ),
  workers: setting(
    'PROBITY_WORKERS',
    '0',
    'Inference workers; 0: one a core',
    z.coerce
      .number()
      .int()
      .min(0)
      .max(256)
      .transform((n) => n || availableParallelism()),
  ),
  queueLimit: setting(
    'PROBITY_QUEUE_LIMIT',
    '64',
    'Inference jobs that may wait; one more is refused with 429',
    z.coerce.number().int().min(1).max(10_000),
  ),
  maxImageBytes: setting(
    'PROBITY_MAX_IMAGE_BYTES',
    String(8 * 1024 * 1024),
    'Largest picture file',
    z.coerce.number().int().min(1024),
  ),
  maxImagePixels: setting(
    'PROBITY_MAX_IMAGE_PIXELS',
    '25000000',
    'Largest picture, in pixels, checked before decoding',
    z.coerce.number().int().min(10_000),
  ),
  requiredTemplates: setting(
    'PROBITY_FACE_REQUIRED_TEMPLATES',
    '1',
    'Accepted pictures that make a face reference complete',
    z.coerce.number().int().min(1).max(10),
  ),
  findingRetentionDays: setting(
    'PROBITY_RETENTION_FINDINGS_DAYS',
    '180',
    'Findings and alerts are kept this long',
    days,
  ),
  evidenceRetentionDays: setting(
    'PROBITY_RETENTION_EVIDENCE_DAYS',
    '30',
    'Evidence frames are kept this long',
    days,
  ),
  referenceRetentionDays: setting(
    'PROBITY_RETENTION_REFERENCES_DAYS',
    '400',
    'References are kept this long',
    days,
  ),
  trustidPrefix: setting(
    'PROBITY_TRUSTID_PREFIX',
    '',
    'Path before the TRUSTID operations, for instance `/trustid`; empty: where its document puts them',
    z.string().regex(/^(\/[\w-]+)*$/, 'a path such as /trustid'),
  ),
  outbound: setting(
    'PROBITY_OUTBOUND',
    'no',
    'Whether this service may call others (an LMS, push messages): `yes` or `no`; public addresses over TLS only',
    z.enum(['yes', 'no']).transform((answer) => answer === 'yes'),
  ),
  outboundAllow: setting(
    'PROBITY_OUTBOUND_ALLOW',
    '',
    'Addresses, ranges (CIDR) and host names it may call though they are private, and without TLS: a campus Moodle',
    allowances,
  ),
  lmsRequestsPerSecond: setting(
    'PROBITY_LMS_REQUESTS_PER_SECOND',
    '10',
    'The most that one learning management system is asked in a second, four requests at a time',
    z.coerce.number().int().min(1).max(1000),
  ),
  push: setting(
    'PROBITY_PUSH',
    'no',
    'How the wallets on the students’ phones are reached: not at all (`no`), or by push messages through `expo`',
    z.enum(['no', 'expo']),
  ),
  expoAccessToken: setting(
    'PROBITY_EXPO_ACCESS_TOKEN',
    '',
    'Access token of the Expo project, where it has enhanced security for push messages',
    z.string(),
    { secret: true },
  ),
  walletLoanHours: setting(
    'PROBITY_WALLET_LOAN_HOURS',
    '6',
    'How long a template that a phone gave stays on the server, unless an exam of its student begins until then',
    z.coerce.number().int().min(1).max(168),
  ),
  proctorexamPrefix: setting(
    'PROBITY_PROCTOREXAM_PREFIX',
    '',
    'Path before `/api/v3` of the ProctorExam operations, for instance `/proctorexam`; empty: none',
    z.string().regex(/^(\/[\w-]+)*$/, 'a path such as /proctorexam'),
  ),
  logLevel: setting(
    'PROBITY_LOG_LEVEL',
    'info',
    'Structured logs on standard output',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  ),
  drainSeconds: setting(
    'PROBITY_DRAIN_SECONDS',
    '20',
    'How long a stopping process waits for calls in flight',
    z.coerce.number().int().min(0).max(600),
  ),
} as const;

interface Setting<T> {
  env: string;
  fallback: string;
  description: string;
  schema: z.ZodType<T, string>;
  /** Never printed with its value. */
  secret: boolean;
}

function setting<T>(
  env: string,
  fallback: string,
  description: string,
  schema: z.ZodType<T, string> | z.ZodType<T>,
  options: { secret?: boolean } = {},
): Setting<T> {
  return {
    env,
    fallback,
    description,
    schema: schema as z.ZodType<T, string>,
    secret: options.secret ?? false,
  };
}

type Values = { [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never };

export type Config = Values;

/** Thrown by `loadConfig`; `problems` has every one of them. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`Configuration is not valid:\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads and validates the whole configuration from environment variables, paths made absolute.
 *
 * @throws ConfigError with every problem at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, { env: name, fallback, schema }] of Object.entries(SETTINGS)) {
    const result = schema.safeParse(env[name]?.trim() || fallback);
    if (result.success) values[key] = result.data;
    else problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  const config = values as Config;
  if (problems.length === 0) problems.push(...contradictions(config));
  if (problems.length > 0) throw new ConfigError(problems);

  const dataDir = path.resolve(config.dataDir);
  return {
    ...config,
    dataDir,
    modelsDir: path.resolve(config.modelsDir),
    databaseUrl: config.databaseUrl || `sqlite:${path.join(dataDir, 'probity.db')}`,
    publicUrl: config.publicUrl || `http://localhost:${config.httpPort}`,
  };
}

function contradictions(config: Config): string[] {
  const problems: string[] = [];
  const pairs = [
    ['PROBITY_TLS_CERT_FILE', config.tlsCertFile, 'PROBITY_TLS_KEY_FILE', config.tlsKeyFile],
    ['PROBITY_CORE_CERT_FILE', config.coreCertFile, 'PROBITY_CORE_KEY_FILE', config.coreKeyFile],
  ] as const;
  for (const [a, certificate, b, key] of pairs) {
    if (Boolean(certificate) !== Boolean(key))
      problems.push(`${certificate ? b : a}: set both ${a} and ${b}, or neither`);
  }
  if (config.tlsClientCaFile && !config.tlsCertFile) {
    problems.push('PROBITY_TLS_CLIENT_CA_FILE: mutual TLS needs PROBITY_TLS_CERT_FILE');
  }
  if (config.push !== 'no' && !config.outbound) {
    problems.push('PROBITY_PUSH: push messages need PROBITY_OUTBOUND=yes');
  }
  if (config.organisations.length === 0) problems.push('PROBITY_ORGANISATIONS: name at least one');
  return problems;
}

/** Names that look like settings and are none: worth a warning, for instance of a typing error. */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(Object.values(SETTINGS).map(({ env: name }) => name));
  return Object.keys(env).filter((name) => name.startsWith('PROBITY_') && !known.has(name));
}

/** `docs/configuration.md`: the table of all settings. */
export function configurationTable(): string {
  const rows = Object.values(SETTINGS).map(
    ({ env, fallback, description }) =>
      `| \`${env}\` | ${fallback ? `\`${fallback}\`` : ''} | ${description} |`,
  );
  return [
    '# Configuration',
    '',
    'Environment variables; every problem is printed at start and the process ends with status 1.',
    'This page is generated from `src/config.ts` by `npm run docs`.',
    '',
    '| variable | default | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
