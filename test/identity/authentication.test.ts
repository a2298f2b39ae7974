import { hash } from '@node-rs/argon2';
import { StatusError } from '../../src/call/index.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { ACCESS_TOKEN_MS, IDLE_MS, LOGIN_MS } from '../../src/identity/login.js';
import type { Storage } from '../../src/storage/index.js';
import { databases } from '../support/databases.js';
import {
  actions,
  context,
  createWorld,
  logIn,
  PASSWORD,
  register,
  signedIn,
  trail,
  type World,
} from './support.js';

const { REFRESH_POLICY_FIXED: FIXED, REFRESH_POLICY_ROTATING: ROTATING } = RefreshPolicy;
const MINUTE = 60_000;

describe.each(databases)('authentication on $name', ({ open }) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(await open());
  });

  const authentication = () => world.identity.handlers.authentication;
  const refresh = (refreshToken: string, accessToken = '') =>
    authentication().refreshToken({ refreshToken, accessToken }, context());

  describe('a login', () => {
    it('gives an access token for 15 minutes that says who calls', async () => {
      const who = await register(world);
      const tokens = await logIn(world, who);
      expect(tokens.expireTime).toEqual(new Date(world.clock.at + ACCESS_TOKEN_MS));
      expect(await world.identity.authenticate(tokens.accessToken)).toEqual({
        userId: who.id,
        organisationId: 'UCY',
        role: 'STUDENT',
        method: 'PASSWORD',
        loginId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      });
    });

    it('keeps only hashes of the secrets it hands out', async () => {
      const who = await register(world);
      const tokens = await logIn(world, who);
      const tables = ['users', 'logins', 'refresh_tokens', 'audit_entries'];
      const dump = JSON.stringify(await Promise.all(tables.map((table) => world.storage.db(table))));
      for (const secret of [tokens.refreshToken, tokens.accessToken, PASSWORD])
        expect(dump).not.toContain(secret);
      expect(dump).toContain(who.id);
    });

    it('tells unknown organisations, unknown users, missing and wrong passwords all alike', async () => {
      const { email } = await register(world);
      const guesses = [
        { organisation: 'organisations/XX', email },
        { organisation: 'organisations/UPAT', email },
        { organisation: 'organisations/UCY', email: 'nobody@example.org' },
        { organisation: 'organisations/UCY', email },
      ];
      for (const guess of guesses) {
        const refused = await logIn(world, guess, ROTATING, 'wrong one').catch((error: unknown) => error);
        expect(refused).toMatchObject({
          reason: 'CREDENTIALS_WRONG',
          message: 'The e-mail or the password is wrong.',
          details: {},
        });
      }
    });

    it('needs every field, and tells all that miss', async () => {
      const empty = { organisation: '', email: '', password: '', refreshPolicy: ROTATING };
      await expect(authentication().logIn(empty, context())).rejects.toMatchObject({
        details: {
          fields: [
            { field: 'organisation', problem: 'missing' },
            { field: 'email', problem: 'missing' },
            { field: 'password', problem: 'missing' },
          ],
        },
      });
    });

    it('hashes the password anew when the parameters have changed', async () => {
      const who = await register(world);
      const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
      await world.storage.db('users').where({ id: who.id }).update({ password_hash: weak });
      await logIn(world, who);
      const [stored] = (await world.storage
        .db('users')
        .where({ id: who.id })
        .pluck('password_hash')) as string[];
      expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      await expect(logIn(world, who)).resolves.toBeDefined();
    });
  });

  it('does not begin when the password was changed after it was proven', async () => {
    const student = await signedIn(world, 'STUDENT');
    const { users } = world.identity.handlers;
    const change = { name: 'users/me', currentPassword: PASSWORD, newPassword: 'another fine password' };
    let late: () => Promise<unknown> = () => users.setPassword(change, student.ctx);
    const storage: Storage = {
      ...world.storage,
      async transaction(work) {
        const first = late;
        late = () => Promise.resolve();
        await first();
        return world.storage.transaction(work);
      },
    };
    const slow = await createWorld(storage);
    await expect(logIn(slow, student)).rejects.toMatchObject({ reason: 'CREDENTIALS_WRONG' });
    const live = await world.storage
      .db('logins')
      .where({ user_id: student.id, revoked_at: null })
      .pluck('id');
    expect(live).toEqual([student.principal.loginId]);
  });

  describe('a lockout', () => {
    it.each([
      ['of an account', true],
      ['of an e-mail without an account', false],
    ])('%s comes after five failures, doubles from 30 s, and ends', async (_, exists) => {
      const who = exists
        ? await register(world)
        : { email: `${world.clock.at}@nowhere.org`, organisation: 'organisations/UCY' };
      for (let i = 0; i < 5; i++) {
        await expect(logIn(world, who, ROTATING, 'wrong one')).rejects.toMatchObject({
          reason: 'CREDENTIALS_WRONG',
        });
      }
      await expect(logIn(world, who)).rejects.toMatchObject({
        reason: 'TOO_MANY_ATTEMPTS',
        details: { retryAfterMs: 30_000 },
      });
      world.clock.at += 29_999;
      await expect(logIn(world, who)).rejects.toMatchObject({ details: { retryAfterMs: 1 } });
      world.clock.at += 1;
      await expect(logIn(world, who, ROTATING, 'wrong one')).rejects.toMatchObject({
        reason: 'CREDENTIALS_WRONG',
      });
      await expect(logIn(world, who)).rejects.toMatchObject({ details: { retryAfterMs: 60_000 } });
      world.clock.at += 60_000;
      if (!exists) return;
      await expect(logIn(world, who)).resolves.toBeDefined();
      await expect(logIn(world, who, ROTATING, 'wrong one')).rejects.toMatchObject({
        reason: 'CREDENTIALS_WRONG',
      });
      await expect(logIn(world, who)).resolves.toBeDefined();
    });

    it('is written down, and each refusal', async () => {
      const who = await register(world);
      for (let i = 0; i < 5; i++) await logIn(world, who, ROTATING, 'wrong one').catch(() => undefined);
      const entries = (await trail(world, who.id)).slice(1);
      expect(entries.map((entry) => [entry.action, entry.details])).toEqual([
        ['login.refused', { failures: 1 }],
        ['login.refused', { failures: 2 }],
        ['login.refused', { failures: 3 }],
        ['login.refused', { failures: 4 }],
        ['login.refused', { failures: 5 }],
        ['login.locked', { failures: 5, delayMs: 30_000 }],
      ]);
    });

    it('cannot be outrun by guessing in parallel, on several nodes', async () => {
      const who = await register(world);
      const other = { ...world, identity: world.node() };
      const guesses = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          logIn(i % 2 ? world : other, who, ROTATING, `guess ${i}`).catch((error: unknown) => error),
        ),
      );
      const reasons = guesses.map((each) => (each instanceof StatusError ? each.reason : 'none'));
      expect(reasons.filter((reason) => reason === 'CREDENTIALS_WRONG')).toHaveLength(5);
      expect(reasons.filter((reason) => reason === 'TOO_MANY_ATTEMPTS')).toHaveLength(11);
      await expect(logIn(world, who)).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    });

    it('of one account leaves the others alone', async () => {
      const [locked, other] = [await register(world), await register(world)];
      for (let i = 0; i < 5; i++) await logIn(world, locked, ROTATING, 'wrong one').catch(() => undefined);
      await expect(logIn(world, other)).resolves.toBeDefined();
    });
  });

  describe('a rotating refresh token', () => {
    it('is replaced at each use, and its login ends after 12 hours', async () => {
      const who = await register(world);
      const began = world.clock.at;
      let { accessToken, refreshToken } = await logIn(world, who);
      const seen = new Set([refreshToken]);
      while (world.clock.at + 20 * MINUTE < began + LOGIN_MS) {
        world.clock.at += 20 * MINUTE;
        const next = await refresh(refreshToken, accessToken);
        expect(next.expireTime?.getTime()).toBe(Math.min(world.clock.at + ACCESS_TOKEN_MS, began + LOGIN_MS));
        expect((await world.identity.authenticate(next.accessToken)).userId).toBe(who.id);
        seen.add(next.refreshToken);
        ({ accessToken, refreshToken } = next);
      }
      expect(seen.size).toBe(36);
      world.clock.at = began + LOGIN_MS;
      await expect(refresh(refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_EXPIRED' });
    });

    it('is dead after 30 idle minutes', async () => {
      const tokens = await logIn(world, await register(world));
      world.clock.at += IDLE_MS;
      await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_EXPIRED' });
    });

    it('ends the whole login when it is used again', async () => {
      const who = await register(world);
      const first = await logIn(world, who);
      const second = await refresh(first.refreshToken);
      await expect(refresh(first.refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_REUSED' });
      await expect(refresh(second.refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
      await expect(world.identity.authenticate(second.accessToken)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
      const revoked = (await trail(world, who.id)).filter((entry) => entry.action === 'login.revoked');
      expect(revoked).toMatchObject([{ details: { reason: 'refresh token reused' } }]);
    });

    it('ends no other login of the same person', async () => {
      const who = await register(world);
      const [first, other] = [await logIn(world, who), await logIn(world, who)];
      await refresh(first.refreshToken);
      await expect(refresh(first.refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_REUSED' });
      await expect(world.identity.authenticate(other.accessToken)).resolves.toBeDefined();
    });

    it('is won by exactly one of those who use it at once', async () => {
      for (let round = 0; round < 5; round++) {
        const tokens = await logIn(world, await register(world));
        const uses = await Promise.allSettled([1, 2, 3].map(() => refresh(tokens.refreshToken)));
        expect(uses.filter((use) => use.status === 'fulfilled')).toHaveLength(1);
        for (const use of uses) {
          if (use.status === 'rejected') expect(use.reason).toMatchObject({ reason: 'TOKEN_REUSED' });
        }
      }
    });
  });

  describe('a fixed refresh token', () => {
    it('stays the same for 12 hours, idle or not', async () => {
      const who = await register(world);
      const began = world.clock.at;
      const { refreshToken } = await logIn(world, who, FIXED);
      for (const hours of [0, 1, 6, 11.99]) {
        world.clock.at = began + hours * 60 * MINUTE;
        const next = await refresh(refreshToken);
        expect(next.refreshToken).toBe('');
        await expect(world.identity.authenticate(next.accessToken)).resolves.toMatchObject({
          userId: who.id,
        });
      }
      world.clock.at = began + LOGIN_MS;
      await expect(refresh(refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_EXPIRED' });
    });

    it('may be used by several at once', async () => {
      const { refreshToken } = await logIn(world, await register(world), FIXED);
      await expect(Promise.all([1, 2, 3].map(() => refresh(refreshToken)))).resolves.toHaveLength(3);
    });

    it('dies with its login', async () => {
      const who = await register(world);
      const { refreshToken, accessToken } = await logIn(world, who, FIXED);
      await authentication().logOut({}, context(await world.identity.authenticate(accessToken)));
      await expect(refresh(refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    });
  });

  describe('the access token beside a refresh token', () => {
    it('may have expired, be forged or be rubbish, but not be somebody else’s', async () => {
      const [ada, bob] = [await signedIn(world, 'STUDENT'), await signedIn(world, 'STUDENT')];
      const { refreshToken } = await logIn(world, ada, FIXED);
      const forged = `${bob.tokens.accessToken.slice(0, -10)}AAAAAAAAAA`;
      for (const accessToken of [ada.tokens.accessToken, forged, 'rubbish', 'a.b.c', '']) {
        await expect(refresh(refreshToken, accessToken)).resolves.toBeDefined();
      }
      await expect(refresh(refreshToken, bob.tokens.accessToken)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
      world.clock.at += 60 * MINUTE;
      await expect(refresh(refreshToken, bob.tokens.accessToken)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
      await expect(refresh(refreshToken, ada.tokens.accessToken)).resolves.toBeDefined();
    });

    it('of somebody else costs a rotating token nothing', async () => {
      const [ada, bob] = [await signedIn(world, 'STUDENT'), await signedIn(world, 'STUDENT')];
      const mixed = refresh(ada.tokens.refreshToken, bob.tokens.accessToken);
      await expect(mixed).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
      await expect(refresh(ada.tokens.refreshToken)).resolves.toBeDefined();
    });
  });

  it('refuses refresh tokens that it never gave out', async () => {
    const { tokens } = await signedIn(world, 'STUDENT');
    const near = `${tokens.refreshToken.slice(0, -4)}AAAA`;
    for (const token of ['x', near, tokens.accessToken, `${tokens.refreshToken} `, "' or 1=1 --"]) {
      await expect(refresh(token)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    }
    await expect(refresh('')).rejects.toMatchObject({
      details: { fields: [{ field: 'refresh_token', problem: 'missing' }] },
    });
  });

  describe('a log-out', () => {
    it('kills the access token at once, and the refresh token, of this login only', async () => {
      const student = await signedIn(world, 'STUDENT');
      const other = await logIn(world, student);
      await authentication().logOut({}, student.ctx);
      await expect(world.identity.authenticate(student.tokens.accessToken)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
      await expect(refresh(student.tokens.refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
      await expect(world.identity.authenticate(other.accessToken)).resolves.toBeDefined();
      await authentication().logOut({}, student.ctx);
      const ended = (await actions(world, student.id)).filter((action) => action === 'login.revoked');
      expect(ended).toHaveLength(1);
    });
  });

  it('goes by the present role and the present user, whatever the token says', async () => {
    const student = await signedIn(world, 'STUDENT');
    await world.storage.db('users').where({ id: student.id }).update({ role: 'INSTRUCTOR' });
    await expect(world.identity.authenticate(student.tokens.accessToken)).resolves.toMatchObject({
      role: 'INSTRUCTOR',
    });
    await world.storage.transaction((tx) => world.identity.subjectData.erase(tx, student.id));
    await expect(world.identity.authenticate(student.tokens.accessToken)).rejects.toMatchObject({
      reason: 'TOKEN_INVALID',
    });
    await expect(refresh(student.tokens.refreshToken)).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
  });
});
