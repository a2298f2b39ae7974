import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { exportJWK, importJWK, SignJWT, UnsecuredJWT, type JWK, type JWTHeaderParameters } from 'jose';
import { createAccessTokens } from '../../src/identity/access-token.js';
import { createSigningKeys, KEY_PERIOD_MS, type SigningKeys } from '../../src/identity/signing-keys.js';
import { ACCESS_TOKEN_MS } from '../../src/identity/login.js';
import type { Principal } from '../../src/call/index.js';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';
import { createWorld, ISSUER, signedIn, type World } from './support.js';

const AUDIENCE = 'probity';

describe.each(databases)('access tokens on $name', ({ open }) => {
  let world: World;
  let keys: SigningKeys;
  let principal: Principal;
  beforeAll(async () => {
    world = await createWorld(await open());
    keys = createSigningKeys({ storage: world.storage, clock: world.clock });
    ({ principal } = await signedIn(world, 'STUDENT'));
  });

  /** Somebody's token as we would have made it, but for what is changed. */
  async function forge(change: {
    header?: Partial<JWTHeaderParameters>;
    claims?: Record<string, unknown>;
    key?: Parameters<SignJWT['sign']>[0];
  }): Promise<string> {
    const ours = await keys.signing();
    const now = Math.floor(world.clock.at / 1000);
    const claims = {
      ...{ iss: ISSUER, aud: AUDIENCE, sub: principal.userId, org: 'UCY', role: 'STUDENT' },
      ...{ sid: principal.loginId, jti: randomUUID(), iat: now, nbf: now, exp: now + 900 },
      ...change.claims,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: ours.kid, ...change.header })
      .sign(change.key ?? ours.key);
  }

  const now = () => Math.floor(world.clock.at / 1000);

  it('are accepted as we make them, so that the refusals below mean something', async () => {
    await expect(world.identity.authenticate(await forge({}))).resolves.toMatchObject({ role: 'STUDENT' });
  });

  it.each<[string, () => Parameters<typeof forge>[0]]>([
    ['another type', () => ({ header: { typ: 'JWT' } })],
    ['no type', () => ({ header: { typ: undefined } })],
    ['another audience', () => ({ claims: { aud: 'moodle' } })],
    ['no audience', () => ({ claims: { aud: undefined } })],
    ['another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
    ['no issuer', () => ({ claims: { iss: undefined } })],
    ['no end', () => ({ claims: { exp: undefined } })],
    ['no id', () => ({ claims: { jti: undefined } })],
    ['a time that has not come', () => ({ claims: { nbf: now() + 60 } })],
    ['another user than the login’s', () => ({ claims: { sub: randomUUID() } })],
    ['another organisation than the login’s', () => ({ claims: { org: 'UPAT' } })],
    ['a login that is none', () => ({ claims: { sid: randomUUID() } })],
    ['a login that is no id', () => ({ claims: { sid: "' or 1=1 --" } })],
    ['no login', () => ({ claims: { sid: undefined } })],
    ['a subject that is no text', () => ({ claims: { sub: ['a'] as unknown as string } })],
    ['an unknown key id', () => ({ header: { kid: randomUUID() } })],
    ['a key id that is a path', () => ({ header: { kid: '../../etc/passwd' } })],
    ['no key id', () => ({ header: { kid: undefined } })],
  ])('are refused with %s', async (_, change) => {
    const token = await forge(change());
    await expect(world.identity.authenticate(token)).rejects.toMatchObject({
      reason: 'TOKEN_INVALID',
      message: 'The token is not valid.',
    });
  });

  it('are refused when signed by a key of the forger’s, also where the header offers that key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = await exportJWK(publicKey);
    for (const header of [
      {},
      { jwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/x' },
    ]) {
      const token = await forge({ key: privateKey, header });
      await expect(world.identity.authenticate(token)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    }
  });

  it('are refused with a critical header that we do not know', async () => {
    const ours = await keys.signing();
    const [, payload] = (await forge({})).split('.');
    const header = { alg: 'EdDSA', typ: 'at+jwt', kid: ours.kid, crit: ['x'], x: 1 };
    const signed = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`;
    const signature = sign(null, Buffer.from(signed), ours.key).toString('base64url');
    await expect(world.identity.authenticate(`${signed}.${signature}`)).rejects.toMatchObject({
      reason: 'TOKEN_INVALID',
    });
  });

  it('are refused without a signature', async () => {
    const good = await forge({});
    const [header, payload] = good.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Record<string, unknown>;
    const none = ['none', 'None', 'NONE', ''].map((alg) => {
      const { kid } = JSON.parse(Buffer.from(header ?? '', 'base64url').toString()) as { kid: string };
      return `${Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid })).toString('base64url')}.${payload}.`;
    });
    for (const token of [new UnsecuredJWT(claims).encode(), `${header}.${payload}.`, ...none]) {
      await expect(world.identity.authenticate(token)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    }
  });

  it('are refused when the public key was used as an HMAC secret', async () => {
    const [jwk] = await keys.publicKeys();
    const [, payload] = (await forge({})).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: jwk?.kid })).toString(
      'base64url',
    );
    const key = createPublicKey({ key: { ...jwk } as Record<string, string>, format: 'jwk' });
    const secrets = [
      Buffer.from(jwk?.x ?? '', 'base64url'),
      key.export({ type: 'spki', format: 'pem' }),
      key.export({ type: 'spki', format: 'der' }),
    ];
    for (const secret of secrets) {
      const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
      await expect(world.identity.authenticate(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
    }
  });

  it('are refused with any character changed', async () => {
    const token = await forge({});
    for (let at = 0; at < token.length - 1; at += 7) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const tampered = token.slice(0, at) + other + token.slice(at + 1);
      await expect(world.identity.authenticate(tampered)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    }
  });

  it.each(['', ' ', 'a', 'a.b', 'a.b.c', 'a.b.c.d.e', '..', '\0', 'x'.repeat(100_000)])(
    'are refused when they are none',
    async (token) => {
      await expect(world.identity.authenticate(token)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    },
  );

  it('are refused with anything before, behind or between their characters', async () => {
    const good = await forge({});
    for (const odd of [`${good}?`, `${good}=`, `${good}\n`, ` ${good}`, good.replace('.', '!.')]) {
      await expect(world.identity.authenticate(odd)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    }
  });

  it('are told to have expired only where all else is right', async () => {
    const end = now() - 6; // Beyond the tolerance between clocks.
    await expect(world.identity.authenticate(await forge({ claims: { exp: end } }))).rejects.toMatchObject({
      reason: 'TOKEN_EXPIRED',
    });
    const { privateKey } = generateKeyPairSync('ed25519');
    const forged = await forge({ claims: { exp: end }, key: privateKey });
    await expect(world.identity.authenticate(forged)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    const { tokens } = await signedIn(world, 'STUDENT');
    world.clock.at += ACCESS_TOKEN_MS + 5_000;
    await expect(world.identity.authenticate(tokens.accessToken)).rejects.toMatchObject({
      reason: 'TOKEN_EXPIRED',
    });
  });

  it('can be verified by others from the key set', async () => {
    const { tokens } = await signedIn(world, 'STUDENT');
    const { jwksJson } = await world.identity.handlers.authentication.getKeySet({}, {
      signal: new AbortController().signal,
    } as never);
    const set = JSON.parse(jwksJson) as { keys: JWK[] };
    for (const jwk of set.keys) expect(jwk).not.toHaveProperty('d');
    const [head] = tokens.accessToken.split('.');
    const { kid } = JSON.parse(Buffer.from(head ?? '', 'base64url').toString()) as { kid: string };
    const jwk = set.keys.find((each) => each.kid === kid);
    expect(jwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
    await expect(importJWK(jwk as JWK, 'EdDSA')).resolves.toBeDefined();
  });
});

describe.each(databases)('signing keys on $name', ({ open }) => {
  let storage: Storage;
  const clock = { at: 0, now: () => clock.at };
  beforeEach(async () => {
    storage = await open();
    clock.at = 700 * KEY_PERIOD_MS;
  });
  const node = () => createSigningKeys({ storage, clock });
  const tokensOf = (keys: SigningKeys) =>
    createAccessTokens({ keys, clock, issuer: ISSUER, audience: AUDIENCE });
  const said = {
    userId: randomUUID(),
    organisationId: 'UCY',
    role: 'STUDENT' as const,
    loginId: randomUUID(),
  };

  it('are one a period, however many nodes start at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => node().signing()));
    expect(new Set(all.map((key) => key.kid)).size).toBe(1);
    expect(await storage.db('signing_keys').pluck('id')).toEqual([all[0]?.kid]);
    // The losers' containers went with their transactions.
    expect(await storage.db('containers').pluck('owner_id')).toEqual([all[0]?.kid]);
    const token = await tokensOf(node()).issue(said, clock.at + ACCESS_TOKEN_MS);
    await expect(tokensOf(node()).verify(token)).resolves.toMatchObject({ userId: said.userId });
  });

  it('are kept with the private half sealed', async () => {
    const { key } = await node().signing();
    const { d } = key.export({ format: 'jwk' });
    const [row] = await storage.db<{ public_jwk: string; sealed_private: Buffer }>('signing_keys');
    expect(d).toHaveLength(43);
    expect(row?.public_jwk).not.toContain(d);
    expect(Buffer.from(row?.sealed_private ?? []).includes(Buffer.from(d ?? ''))).toBe(false);
  });

  it('change every 30 days; the old one verifies until its last token is dead, then it is destroyed', async () => {
    const keys = node();
    clock.at = 701 * KEY_PERIOD_MS - 1;
    const last = await tokensOf(keys).issue(said, clock.at + ACCESS_TOKEN_MS);
    const { kid } = await keys.signing();
    clock.at += 1;
    const next = await keys.signing();
    expect(next.kid).not.toBe(kid);
    expect((await keys.publicKeys()).map((jwk) => jwk.kid)).toEqual([next.kid, kid]);
    await expect(tokensOf(node()).verify(last)).resolves.toMatchObject({ loginId: said.loginId });
    expect(await keys.expire()).toBe(0);
    clock.at += ACCESS_TOKEN_MS + 5_000;
    for (const each of [keys, node()]) {
      await expect(tokensOf(each).verify(last)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    }
    expect(await keys.expire()).toBe(1);
    expect(await storage.db('signing_keys').pluck('id')).toEqual([next.kid]);
    const [old] = (await storage.db('containers').where({ owner_id: kid })) as {
      wrapped_key: Buffer | null;
    }[];
    expect(old?.wrapped_key).toBeNull();
  });

  it('that were deleted, because they leaked, are used nowhere a minute later', async () => {
    const keys = node();
    const token = await tokensOf(keys).issue(said, clock.at + ACCESS_TOKEN_MS);
    const { kid } = await keys.signing();
    await tokensOf(keys).verify(token);
    await storage.db('signing_keys').delete();
    clock.at += 60_001;
    await expect(tokensOf(keys).verify(token)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    expect((await keys.signing()).kid).not.toBe(kid);
  });
});
