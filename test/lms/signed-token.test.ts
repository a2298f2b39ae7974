import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { base64url, SignJWT, type JWTPayload } from 'jose';
import type { Connection } from '../../src/lms/connection.js';
import { readLaunch } from '../../src/lms/launch-claims.js';
import { looksLike, readSigned, TokenRefused, type KeyOf } from '../../src/lms/signed-token.js';
import { sign, STUDENT, type Signer } from '../support/moodle-site.js';
import '../support/property-seed.js';

const NOW = Date.UTC(2026, 10, 27, 9);
const connection: Connection = {
  ...{ id: randomUUID(), organisationId: 'UCY', kind: 'MOODLE', displayName: 'Moodle' },
  ...{ address: 'https://moodle.test/lms', containerId: 'c', token: null, siteKey: null, createdAt: 0 },
};
const signer: Signer = {
  ...{ connection: connection.id, secret: randomBytes(32), address: connection.address, now: () => NOW },
};
const keyOf: KeyOf = (id) =>
  Promise.resolve(id === connection.id ? { connection, secret: signer.secret } : null);
const verdict = async (token: string, kind: 'launch' | 'site' = 'launch', now = NOW): Promise<string> => {
  try {
    readLaunch((await readSigned(kind, token, { keyOf, now })).payload);
    return 'OK';
  } catch (error) {
    if (error instanceof TokenRefused) return error.why;
    throw error;
  }
};

it('what the plugin signs is read', async () => {
  const token = await sign('launch', signer, {
    ...{ ...STUDENT, lang: 'el_cy', role: 'teacher' },
    activity: {
      ...STUDENT.activity,
      opens: 1_795_000_000,
      closes: 0,
      limit: 5400,
      name: ' Ενδιάμεση\u202e ',
    },
  });
  expect(looksLike('launch', token)).toBe(true);
  expect(looksLike('site', token)).toBe(false);
  const { payload, ...signed } = await readSigned('launch', token, { keyOf, now: NOW });
  expect(signed).toMatchObject({ connection, expiresAt: NOW + 330_000 });
  expect(readLaunch(payload)).toEqual({
    person: {
      ...{ externalId: '5', email: 'ada@moodle.test', givenName: 'Ada', familyName: 'Byron' },
      role: 'INSTRUCTOR',
    },
    activity: { id: 'quiz:12', name: 'Ενδιάμεση', courseId: '2' },
    span: { opensAt: 1_795_000_000_000, closesAt: null },
    limitMs: 5_400_000,
    policy: { challenge: false, monitor: true, graceMs: 60_000, frameIntervalMs: 2_000 },
    language: 'el',
  });
});

it('a name is never what a student is kept out for', async () => {
  const token = await sign('launch', signer, {
    ...{ ...STUDENT, familyName: '', givenName: `\u0000${'Ada '.repeat(100)}` },
    activity: { ...STUDENT.activity, name: '𝔸'.repeat(300) },
  });
  const launch = readLaunch((await readSigned('launch', token, { keyOf, now: NOW })).payload);
  expect(launch.person.familyName).toBe('-');
  expect(launch.person.givenName.length).toBeLessThanOrEqual(100);
  expect(Array.from(launch.activity.name)).toHaveLength(200);
});

const second = Math.floor(NOW / 1000);
it.each<[what: string, change: Parameters<typeof sign>[3], why: RegExp]>([
  ['by another secret', { secret: randomBytes(32) }, /SIGNATURE/],
  ['by an unknown key', { header: { kid: randomUUID() } }, /^unknown key$/],
  ['by no key', { header: { kid: undefined } }, /^unknown key$/],
  ['by a key that is no id', { header: { kid: "' or 1=1" } }, /^unknown key$/],
  ['by another algorithm', { header: { alg: 'HS512' }, secret: randomBytes(64) }, /ALG/],
  ['of another kind', { header: { typ: 'probity-site+jwt' } }, /typ/],
  ['of no kind', { header: { typ: undefined } }, /typ/],
  ['for somebody else', { claims: { aud: 'moodle' } }, /aud/],
  ['of another site', { claims: { iss: 'https://moodle.test' } }, /^another issuer$/],
  ['of no site', { claims: { iss: undefined } }, /iss/],
  ['that has ended', { claims: { iat: second - 400, exp: second - 100 } }, /exp/],
  ['that never ends', { claims: { exp: undefined } }, /exp/],
  ['that is good for too long', { claims: { exp: second + 301 } }, /^good for too long$/],
  ['from the future', { claims: { iat: second + 60, exp: second + 120 } }, /^from the future$/],
  ['that could be used again', { claims: { jti: undefined } }, /jti/],
  ['of which the number could be guessed', { claims: { jti: '1' } }, /claims/],
  ['of nobody', { claims: { sub: undefined } }, /claims sub/],
  ['of somebody without an e-mail', { claims: { email: 'ada' } }, /claims email/],
  ['of an administrator', { claims: { role: 'admin' } }, /claims role/],
  ['with a policy that is none', { claims: { policy: { ...STUDENT.policy, interval: 0 } } }, /claims policy/],
])('a token %s is refused', async (_what, change, why) => {
  expect(await verdict(await sign('launch', signer, STUDENT, change))).toMatch(why);
});

it('an unsigned token is refused, and so is one that is only long', async () => {
  const [, payload] = (await sign('launch', signer, STUDENT)).split('.');
  const header = base64url.encode(
    JSON.stringify({ alg: 'none', typ: 'probity-launch+jwt', kid: connection.id }),
  );
  expect(await verdict(`${header}.${payload}.`)).toBe('not a token');
  expect(await verdict(`${header}.${payload}.AA`)).toMatch(/ALG/);
  expect(await verdict(await sign('launch', signer, { ...STUDENT, attempt: 'x'.repeat(4096) }))).toBe(
    'not a token',
  );
});

it('clocks may be half a minute apart', async () => {
  const token = await sign('launch', signer, STUDENT);
  expect(await verdict(token, 'launch', NOW - 30_000)).toBe('OK');
  expect(await verdict(token, 'launch', NOW - 31_000)).toBe('from the future');
  expect(await verdict(token, 'launch', NOW + 329_000)).toBe('OK');
  expect(await verdict(token, 'launch', NOW + 331_000)).toMatch(/exp/);
});

describe('whatever is sent', () => {
  it('is refused as a token, and nothing else happens', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((text) => base64url.encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const token = parts.join('.');
        expect(await verdict(token)).not.toBe('OK');
        expect(looksLike('launch', token)).toBe(false);
      }),
    );
  });

  it('with one byte changed is refused', async () => {
    const token = await sign('launch', signer, STUDENT);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.base64String({ minLength: 4 }), async (at, [to]) => {
        const forged = `${token.slice(0, at)}${to}${token.slice(at + 1)}`;
        // Of a character, the last of the signature, two bits mean nothing.
        if (forged !== token && at < token.length - 1) expect(await verdict(forged)).not.toBe('OK');
      }),
    );
  });

  it('a site signs comes out whole or is refused: no claim can make anything else', async () => {
    const claims = fc.record(
      {
        sub: fc.anything(),
        email: fc.oneof(fc.anything(), fc.emailAddress()),
        role: fc.oneof(fc.anything(), fc.constantFrom('student', 'teacher')),
        activity: fc.oneof(fc.anything(), fc.record({ ...{ id: fc.anything(), opens: fc.anything() } })),
        policy: fc.anything(),
        lang: fc.anything(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(claims, async (change) => {
        let token: string;
        try {
          token = await new SignJWT(JSON.parse(JSON.stringify({ ...STUDENT, ...change })) as JWTPayload)
            .setProtectedHeader({ alg: 'HS256', typ: 'probity-launch+jwt', kid: connection.id })
            .setIssuer(connection.address)
            .setAudience('probity')
            .setIssuedAt(second)
            .setExpirationTime(second + 60)
            .setJti(randomBytes(16).toString('base64url'))
            .sign(signer.secret);
        } catch {
          return; // Not JSON.
        }
        expect(await verdict(token)).toMatch(/^(OK$|claims|not a token)/);
      }),
    );
  });
});
