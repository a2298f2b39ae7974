import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as x509 from '@peculiar/x509';
import { newSigningKey } from '../../src/identity/saml/signing-key.js';
import { eventually } from './eventually.js';
import { ATTRIBUTES, type Relying } from './identity-provider.js';
import { freePort } from './free-port.js';

const INSTALLED = '/usr/share/simplesamlphp';
const SAML = 'urn:oasis:names:tc:SAML:2.0';

interface Known {
  name: string;
  password: string;
  email: string;
  givenName: string;
  affiliation: 'student' | 'faculty';
}

/** A student of the university. */
export const USER: Known = {
  ...{ name: 'ada', password: 'ada’s own', email: 'ada@ucy.ac.cy', givenName: 'Ada', affiliation: 'student' },
};
/** A teacher. */
export const STAFF: Known = {
  ...{ name: 'tess', password: 'tess’s own', email: 'tess@ucy.ac.cy', givenName: 'Tess' },
  affiliation: 'faculty',
};

export interface SimpleSamlPhp {
  url: string;
  metadataUrl: string;
  /** Registers us, as an administrator does with our metadata. */
  register(us: Relying & { certificate: string }): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's SimpleSAMLphp as an identity provider, on a free port of the loopback, with a student and a teacher. */
export async function startSimpleSamlPhp(): Promise<SimpleSamlPhp> {
  if (!existsSync(INSTALLED)) throw new Error('SimpleSAMLphp is not installed: scripts/system.sh test');
  const folder = await mkdtemp(path.join(tmpdir(), 'probity-ssp-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  for (const each of ['cert', 'metadata', 'tmp', 'log', 'data']) await mkdir(path.join(folder, each));
  const write = (name: string, php: string): Promise<void> =>
    writeFile(path.join(folder, name), `<?php\n${php}\n`);
  const key = await newSigningKey(Date.now());
  const der = Buffer.from(key.certificate, 'base64');
  await writeFile(path.join(folder, 'cert/idp.key'), key.privateKey);
  await writeFile(
    path.join(folder, 'cert/idp.crt'),
    x509.PemConverter.encode(new Uint8Array(der), 'CERTIFICATE'),
  );
  await write(
    'config.php',
    `$config = [
  'baseurlpath' => '${url}/',
  'certdir' => '${folder}/cert/', 'loggingdir' => '${folder}/log/', 'datadir' => '${folder}/data/',
  'tempdir' => '${folder}/tmp', 'metadatadir' => '${folder}/metadata/',
  'attributenamemapdir' => '${INSTALLED}/config/attributemap/',
  'secretsalt' => 'of a test', 'auth.adminpassword' => 'of a test', 'timezone' => 'UTC',
  'technicalcontact_name' => 'A test', 'technicalcontact_email' => 'na@example.org',
  'logging.handler' => 'file', 'admin.checkforupdates' => false, 'enable.saml20-idp' => true,
  'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
  'session.cookie.secure' => false, 'session.cookie.samesite' => null,
  'store.type' => 'phpsession', 'session.phpsession.savepath' => '${folder}/tmp',
  'language.available' => ['en'], 'language.default' => 'en', 'trusted.url.domains' => [],
  'metadata.sources' => [['type' => 'flatfile']], 'authproc.idp' => [],
];`,
  );
  const people = [USER, STAFF].map(({ name, password, email, givenName, affiliation }) => {
    const said = { eppn: email, mail: email, givenName, sn: 'Byron', affiliation };
    const attributes = Object.entries(said).map(
      ([attribute, value]) => `'${ATTRIBUTES[attribute as keyof typeof said]}' => ['${value}']`,
    );
    return `'${name}:${password}' => [${attributes.join(', ')}]`;
  });
  await write('authsources.php', `$config = ['people' => ['exampleauth:UserPass', ${people.join(', ')}]];`);
  await write(
    'metadata/saml20-idp-hosted.php',
    `$metadata['__DYNAMIC:1__'] = [
  'host' => '__DEFAULT__', 'privatekey' => 'idp.key', 'certificate' => 'idp.crt', 'auth' => 'people',
  'attributes.NameFormat' => '${SAML}:attrname-format:uri', 'logouttype' => 'traditional',
  'redirect.sign' => true, 'redirect.validate' => true,
];`,
  );
  await write('metadata/saml20-sp-remote.php', '');

  const php = spawn('php', ['-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, '-t', `${INSTALLED}/www`], {
    env: { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: folder },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => php.once('exit', resolve));
  const metadataUrl = `${url}/saml2/idp/metadata.php`;
  const stop = async (): Promise<void> => {
    php.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  };
  try {
    await eventually(async () => expect((await fetch(metadataUrl)).status).toBe(200), { withinMs: 30_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ url, metadataUrl, stop },
    register: (us) =>
      write(
        'metadata/saml20-sp-remote.php',
        `$metadata['${us.metadata}'] = [
  'AssertionConsumerService' => '${us.acs}',
  'SingleLogoutService' => [['Binding' => '${SAML}:bindings:HTTP-Redirect', 'Location' => '${us.slo}']],
  'NameIDFormat' => '${SAML}:nameid-format:transient', 'certData' => '${us.certificate}',
  'validate.authnrequest' => true, 'redirect.validate' => true,
];`,
      ),
  };
}
