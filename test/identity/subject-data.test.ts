import { LOGIN_MS } from '../../src/identity/login.js';
import { databases } from '../support/databases.js';
import { context, createWorld, logIn, PASSWORD, register, signedIn, trail, type World } from './support.js';

describe.each(databases)('what identity keeps of a person on $name', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(await open());
  });
  const data = () => world.identity.subjectData;
  const erase = (id: string) => world.storage.transaction((tx) => data().erase(tx, id));

  it('is exported without any secret', async () => {
    const student = await signedIn(world, 'STUDENT');
    await world.identity.handlers.authentication.logOut({}, student.ctx);
    const exported = await data().export(world.storage.db, student.id);
    const began = new Date(world.clock.at);
    expect(exported).toEqual({
      user: {
        ...{ id: student.id, organisationId: 'UCY', email: student.email, role: 'STUDENT' },
        ...{ givenName: 'Ada', familyName: 'Byron', createdAt: began.toISOString() },
      },
      logins: [
        {
          method: 'PASSWORD',
          beganAt: began.toISOString(),
          endsAt: new Date(world.clock.at + LOGIN_MS).toISOString(),
          revokedAt: began.toISOString(),
        },
      ],
      apiKeys: [],
      ssoAccounts: [],
    });
    expect(JSON.stringify(exported)).not.toContain('argon2');
    expect(await data().export(world.storage.db, 'nobody')).toBeNull();
  });

  it('is erased whole; the trail keeps a pseudonym, and the e-mail is free again', async () => {
    const [student, other] = [await signedIn(world, 'STUDENT'), await signedIn(world, 'STUDENT')];
    await logIn(world, student, undefined, 'wrong one').catch(() => undefined);
    expect(await erase(student.id)).toEqual({
      ...{ users: 1, logins: 1, api_keys: 0, sso_accounts: 0, throttles: 1 },
    });
    const { db } = world.storage;
    for (const table of ['users', 'logins', 'refresh_tokens', 'throttles', 'audit_entries']) {
      const kept = JSON.stringify(await db(table));
      for (const trace of [student.id, student.email]) expect(kept).not.toContain(trace);
    }
    expect(await db('users').pluck('id')).toEqual([other.id]);
    expect(await db('refresh_tokens')).toHaveLength(1);
    expect(await trail(world, student.id)).toHaveLength(3);
    expect(await erase(student.id)).toEqual({
      ...{ users: 0, logins: 0, api_keys: 0, sso_accounts: 0, throttles: 0 },
    });
    const again = { email: student.email, givenName: 'Ada', familyName: 'Byron', password: PASSWORD };
    const request = { ...again, organisation: student.organisation, role: student.user.role };
    await expect(world.identity.handlers.users.registerUser(request, context())).resolves.toBeDefined();
  });

  it('expires: ended logins and forgotten failures, a batch at a time', async () => {
    const who = await register(world);
    for (let i = 0; i < 3; i++) await logIn(world, who);
    await logIn(world, await register(world), undefined, 'wrong one').catch(() => undefined);
    world.clock.at += LOGIN_MS - 1;
    await data().expire(world.clock.at, 100); // The resets of successful logins.
    expect(await data().expire(world.clock.at, 100)).toBe(0);
    const young = await logIn(world, who);
    world.clock.at += 1;
    expect(await data().expire(world.clock.at, 2)).toBeGreaterThanOrEqual(2);
    await data().expire(world.clock.at, 2);
    expect(await world.storage.db('logins')).toHaveLength(1);
    expect(await world.storage.db('refresh_tokens')).toHaveLength(1);
    expect(await world.storage.db('throttles')).toHaveLength(1);
    await expect(world.identity.authenticate(young.accessToken)).resolves.toBeDefined();
    world.clock.at += 2 * 86_400_000;
    while ((await data().expire(world.clock.at, 2)) > 0);
    for (const table of ['logins', 'refresh_tokens', 'throttles'])
      expect(await world.storage.db(table)).toEqual([]);
  });
});
