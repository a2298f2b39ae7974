import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Connection } from '../../src/lms/connection.js';
import { readLaunch } from '../../src/lms/launch-claims.js';
import { looksLike, readSigned, type KeyOf } from '../../src/lms/signed-token.js';

// The plugin's PHP signs, Probity reads: what either side says of a token is the same.

const NOW = Date.UTC(2026, 10, 27, 9);
const secret = randomBytes(32);
const connection: Connection = {
  ...{ id: randomUUID(), organisationId: 'UCY', kind: 'MOODLE', displayName: 'Moodle', containerId: 'c' },
  ...{ address: 'https://moodle.test/lms', token: null, siteKey: null, createdAt: 0 },
};
const keyOf: KeyOf = (id) => Promise.resolve(id === connection.id ? { connection, secret } : null);

const signed = JSON.parse(
  execFileSync('php', [path.join(__dirname, 'sign.php')], {
    encoding: 'utf8',
    input: JSON.stringify({
      key: `probity_${connection.id}_${secret.toString('base64url')}`,
      issuer: connection.address,
      now: NOW / 1000,
      launch: [
        'student',
        { id: '7', email: 'maria@example.org', firstname: 'Μαρία', lastname: '' },
        { id: '12', name: 'Ενδιάμεση', timeopen: '1795000000', timeclose: '0', timelimit: '5400' },
        { id: '3', fullname: 'Λογική' },
        { challenge: '1', monitor: '1', frameinterval: '10', grace: '60' },
        'el',
        41,
      ],
    }),
  }),
) as { site: string; launch: string };

it('a launch', async () => {
  expect(looksLike('launch', signed.launch)).toBe(true);
  const { payload } = await readSigned('launch', signed.launch, { keyOf, now: NOW });
  expect(readLaunch(payload)).toEqual({
    person: {
      ...{ externalId: '7', email: 'maria@example.org', givenName: 'Μαρία', familyName: '-', role: 'STUDENT' },
    },
    activity: { id: 'quiz:12', name: 'Ενδιάμεση', courseId: '3' },
    span: { opensAt: 1_795_000_000_000, closesAt: null },
    limitMs: 5_400_000,
    policy: { challenge: true, monitor: true, graceMs: 60_000, frameIntervalMs: 10_000 },
    language: 'el',
  });
});

it('a call of the site', async () => {
  expect(looksLike('site', signed.site)).toBe(true);
  const read = await readSigned('site', signed.site, { keyOf, now: NOW });
  expect(read.connection).toBe(connection);
  expect(read.jti).toMatch(/^[0-9a-f]{32}$/);
});
