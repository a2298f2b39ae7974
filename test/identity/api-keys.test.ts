import { createHmac } from 'node:crypto';
import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { API_KEY_MS, NONCE_MS, REQUEST_WINDOW_MS } from '../../src/identity/api-key.js';
import { canonical } from '../../src/identity/signature.js';
import { databases } from '../support/databases.js';
import { context, createWorld, register, signedIn, trail, type World } from './support.js';

describe.each(databases)('API keys on $name', ({ open }) => {
  let world: World;
  let admin: Awaited<ReturnType<typeof signedIn>>;
  let teacher: Awaited<ReturnType<typeof register>>;
  beforeEach(async () => {
    world = await createWorld(await open());
    admin = await signedIn(world, 'ADMIN');
    teacher = await register(world, Role.ROLE_INSTRUCTOR);
  });
  const keys = (node = world.identity) => node.handlers.apiKeys;
  const create = async (user = teacher.user.name) => {
    const made = await keys().createApiKey({ user, displayName: ' LMS ' }, admin.ctx);
    return { ...made, name: made.apiKey!.name };
  };
  const NAMES = ['id', 'name', 'nonce', 'timestamp'];

  /** A request as a client signs it. */
  const signed = (
    key: { token: string; secret: string },
    values: Record<string, string> = {},
    change: Partial<{ signature: string; token: string }> = {},
  ) => {
    const all = { id: '1', nonce: '7', timestamp: String(world.clock.at), ...values };
    const parameters = Object.entries(all).map(([name, value]) => ({ name, value, inPath: name === 'id' }));
    const signature = createHmac('sha256', key.secret).update(canonical(parameters)).digest('hex');
    return { token: key.token, signature, parameters, parameterNames: NAMES, ...change };
  };
  const exchange = (request: ReturnType<typeof signed>, node = world.identity) =>
    keys(node).exchangeSignature(request, context());

  it('act as the member of staff they were made for, for a minute a request', async () => {
    const key = await create();
    const { accessToken, expireTime } = await exchange(signed(key));
    expect(expireTime!.getTime()).toBe(world.clock.at + 60_000);
    const principal = await world.identity.authenticate(accessToken);
    expect(principal).toEqual({
      ...{ userId: teacher.id, organisationId: 'UCY', role: 'INSTRUCTOR' },
      loginId: key.name.slice('apiKeys/'.length),
    });
    world.clock.at += 66_000;
    await expect(world.identity.authenticate(accessToken)).rejects.toMatchObject({ reason: 'TOKEN_EXPIRED' });
  });

  it('are told once: the token is stored as a hash, the secret sealed', async () => {
    const key = await create();
    expect(key.token).toMatch(/^[\w-]{43}$/);
    expect(key.secret).toMatch(/^[\w-]{43}$/);
    const { db } = world.storage;
    for (const table of ['api_keys', 'containers', 'audit_entries']) {
      const stored = JSON.stringify(
        (await db<Record<string, unknown>>(table)).map((row) =>
          Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value)),
        ),
      );
      for (const secret of [key.token, key.secret]) expect(stored).not.toContain(secret);
    }
    const { apiKeys } = await keys().listApiKeys({ pageSize: 0, pageToken: '' }, admin.ctx);
    expect(apiKeys).toEqual([
      {
        ...{ name: key.name, user: teacher.user.name, displayName: 'LMS', revokeTime: undefined },
        createTime: new Date(world.clock.at),
        expireTime: new Date(world.clock.at + API_KEY_MS),
      },
    ]);
  });

  it('are for staff of the organisation', async () => {
    const student = await register(world);
    const stranger = await register(world, Role.ROLE_INSTRUCTOR, 'organisations/UPAT');
    await expect(create(student.user.name)).rejects.toMatchObject({
      details: { fields: [{ field: 'user' }] },
    });
    await expect(create(stranger.user.name)).rejects.toMatchObject({ reason: 'USER_NOT_FOUND' });
    expect((await create('users/me')).apiKey!.user).toBe(admin.user.name);
  });

  it('are listed page by page, the newest first, to their own organisation only', async () => {
    const names: string[] = [];
    for (let n = 0; n < 3; n++) {
      names.unshift((await create()).name);
      world.clock.at += 1;
    }
    const first = await keys().listApiKeys({ pageSize: 2, pageToken: '' }, admin.ctx);
    const rest = await keys().listApiKeys({ pageSize: 2, pageToken: first.nextPageToken }, admin.ctx);
    expect([...first.apiKeys, ...rest.apiKeys].map(({ name }) => name)).toEqual(names);
    expect(rest.nextPageToken).toBe('');
    const foreign = await signedIn(world, 'ADMIN', 'organisations/UPAT');
    expect((await keys().listApiKeys({ pageSize: 0, pageToken: '' }, foreign.ctx)).apiKeys).toEqual([]);
    await expect(keys().revokeApiKey({ name: names[0]! }, foreign.ctx)).rejects.toMatchObject({
      reason: 'API_KEY_NOT_FOUND',
    });
  });

  it('end when revoked, with every token that came of them, and their secret is gone', async () => {
    const key = await create();
    const { accessToken } = await exchange(signed(key));
    const revoked = await keys().revokeApiKey({ name: key.name }, admin.ctx);
    expect(revoked.revokeTime).toEqual(new Date(world.clock.at));
    world.clock.at += 1;
    expect(await keys().revokeApiKey({ name: key.name }, admin.ctx)).toEqual(revoked);
    await expect(world.identity.authenticate(accessToken)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    await expect(exchange(signed(key, { nonce: '8' }))).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    const [container] = await world.storage.db<{ kind: string; wrapped_key: unknown }>('containers').where({
      kind: 'api-key',
    });
    expect(container!.wrapped_key).toBeNull();
    expect((await trail(world, teacher.id)).map(({ action }) => action)).toEqual([
      ...['user.registered', 'api_key.created', 'api_key.revoked'],
    ]);
  });

  it('end after a year, and are deleted then', async () => {
    const key = await create();
    world.clock.at += API_KEY_MS;
    await expect(exchange(signed(key))).rejects.toMatchObject({ reason: 'TOKEN_EXPIRED' });
    await world.identity.subjectData.expire(world.clock.at, 100);
    expect(await world.storage.db('api_keys')).toEqual([]);
    await expect(exchange(signed(key))).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
  });

  it('go with whom they act as', async () => {
    const key = await create();
    await exchange(signed(key));
    const exported = await world.identity.subjectData.export(world.storage.db, teacher.id);
    expect(exported).toMatchObject({ apiKeys: [{ displayName: 'LMS', revokedAt: null }] });
    for (const secret of [key.token, key.secret]) expect(JSON.stringify(exported)).not.toContain(secret);
    const erased = await world.storage.transaction((tx) => world.identity.subjectData.erase(tx, teacher.id));
    expect(erased).toMatchObject({ users: 1, api_keys: 1 });
    for (const table of ['api_keys', 'api_key_nonces']) expect(await world.storage.db(table)).toEqual([]);
  });

  describe('a request', () => {
    let key: Awaited<ReturnType<typeof create>>;
    beforeEach(async () => {
      key = await create();
    });

    it('may leave out what is in the path', async () => {
      const { parameters, ...rest } = signed(key);
      const text = canonical(parameters.filter(({ inPath }) => !inPath));
      const signature = createHmac('sha256', key.secret).update(text).digest('hex');
      await expect(exchange({ ...rest, parameters, signature })).resolves.toBeDefined();
    });

    it('of another secret, or changed under way, is refused and uses no nonce up', async () => {
      const other = await create();
      const forged = signed({ token: key.token, secret: other.secret });
      const changed = { ...signed(key), parameters: signed(key, { name: 'Eve' }).parameters };
      for (const bad of [forged, changed, signed(key, {}, { signature: '0'.repeat(64) })]) {
        await expect(exchange(bad)).rejects.toMatchObject({ reason: 'SIGNATURE_INVALID' });
      }
      expect(await world.storage.db('api_key_nonces')).toEqual([]);
      await expect(exchange(signed(key))).resolves.toBeDefined();
    });

    it('of an unknown token is refused', async () => {
      await expect(exchange(signed(key, {}, { token: 'x'.repeat(43) }))).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
    });

    it.each([
      [-REQUEST_WINDOW_MS - 1, false],
      [-REQUEST_WINDOW_MS, true],
      [REQUEST_WINDOW_MS, true],
      [REQUEST_WINDOW_MS + 1, false],
    ])('%d ms from the server’s time is fresh: %p', async (off, fresh) => {
      const answer = exchange(signed(key, { timestamp: String(world.clock.at + off) }));
      if (fresh) await expect(answer).resolves.toBeDefined();
      else await expect(answer).rejects.toMatchObject({ reason: 'REQUEST_STALE' });
    });

    it('is good once in 24 hours, on whichever node, and of any number at once one', async () => {
      const other = world.node();
      const all = await Promise.allSettled(
        Array.from({ length: 6 }, (_, n) => exchange(signed(key), n % 2 ? other : world.identity)),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const each of all) {
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ reason: 'REQUEST_REPLAYED' });
      }
      world.clock.at += NONCE_MS - 1;
      await expect(exchange(signed(key))).rejects.toMatchObject({ reason: 'REQUEST_REPLAYED' });
      world.clock.at += 1;
      await expect(exchange(signed(key))).resolves.toBeDefined();
      await expect(exchange(signed(key))).rejects.toMatchObject({ reason: 'REQUEST_REPLAYED' });
    });

    it('has a nonce of its own key: another key may use the same', async () => {
      await exchange(signed(key));
      await expect(exchange(signed(await create()))).resolves.toBeDefined();
    });

    it('leaves a nonce that the retention job deletes when it has ended', async () => {
      await exchange(signed(key));
      await world.identity.subjectData.expire(world.clock.at + NONCE_MS - 1, 100);
      expect(await world.storage.db('api_key_nonces')).toHaveLength(1);
      await world.identity.subjectData.expire(world.clock.at + NONCE_MS, 100);
      expect(await world.storage.db('api_key_nonces')).toEqual([]);
    });

    it.each([
      [{ name: 'a?id=2' }, 'name'],
      [{ other: '1' }, 'other'],
      [{ nonce: 'seven' }, 'nonce'],
      [{ nonce: '1'.repeat(65) }, 'nonce'],
      [{ timestamp: 'now' }, 'timestamp'],
    ])('that says %p is refused for its %s', async (values, field) => {
      await expect(exchange(signed(key, values))).rejects.toMatchObject({
        reason: 'INVALID_FIELDS',
        details: { fields: [expect.objectContaining({ field, problem: 'bad_format' })] },
      });
    });

    it('without nonce or timestamp is refused for them', async () => {
      const request = { ...signed(key), parameters: [] };
      await expect(exchange(request)).rejects.toMatchObject({
        details: {
          fields: [
            { field: 'nonce', problem: 'missing' },
            { field: 'timestamp', problem: 'missing' },
          ],
        },
      });
    });

    it.each(['1e3', '1.0', '-1', '0.7312'])('keeps the nonce as it was written: %s', async (nonce) => {
      await expect(exchange(signed(key, { nonce }))).resolves.toBeDefined();
    });
  });
});
