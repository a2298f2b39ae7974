import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { databases } from '../support/databases.js';
import { createWorld, logIn, register, signedIn, type World } from './support.js';

const student = (email: string) => ({ email, givenName: 'Grace', familyName: 'Hopper' });

describe.each(databases)('the directory on $name', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(await open());
  });
  const directory = () => world.identity.directory;
  const ensure = (entries: ReturnType<typeof student>[]) =>
    world.storage.transaction((tx) => directory().ensureStudents(tx, 'UCY', entries));

  it('finds people of one organisation, by id and by e-mail', async () => {
    const here = await register(world);
    const there = await register(world, Role.ROLE_STUDENT, 'organisations/UPAT');
    const { db } = world.storage;
    const ids = [here.id, there.id, here.id, 'nobody'];
    expect((await directory().byIds(db, 'UCY', ids)).map((user) => user.id)).toEqual([here.id]);
    expect(await directory().byEmail(db, 'UCY', here.email.toUpperCase())).toMatchObject({
      ...{ id: here.id, organisationId: 'UCY', email: here.email, role: 'STUDENT' },
      ...{ givenName: 'Ada', familyName: 'Byron', createdAt: world.clock.at },
    });
    expect(await directory().byEmail(db, 'UCY', there.email)).toBeNull();
    const emails = [there.email, here.email, 'nobody@example.org'];
    expect((await directory().byEmails(db, 'UPAT', emails)).map((user) => user.id)).toEqual([there.id]);
    expect(await directory().byIds(db, 'UCY', [])).toEqual([]);
  });

  it('creates who is missing, without a password, and leaves the others as they are', async () => {
    const teacher = await signedIn(world, 'INSTRUCTOR');
    const entries = [student('new@example.org'), student(teacher.email), student(' NEW@example.org')];
    const { users, createdCount } = await ensure(entries);
    expect(createdCount).toBe(1);
    expect(users.map((user) => [user.email, user.givenName, user.role])).toEqual([
      ['new@example.org', 'Grace', 'STUDENT'],
      [teacher.email, 'Ada', 'INSTRUCTOR'],
    ]);
    const who = { email: 'new@example.org', organisation: 'organisations/UCY' };
    await expect(logIn(world, who)).rejects.toMatchObject({ reason: 'CREDENTIALS_WRONG' });
    expect(await ensure(entries)).toEqual({ users, createdCount: 0 });
  });

  it('takes 5,000 at once, in some dozens of statements', async () => {
    let statements = 0;
    world.storage.db.on('query', () => statements++);
    const entries = Array.from({ length: 5_000 }, (_, i) => student(`s${i}@example.org`));
    const { users, createdCount } = await ensure(entries);
    expect(createdCount).toBe(5_000);
    expect(users.map((user) => user.email)).toEqual(entries.map((entry) => entry.email));
    expect(statements).toBeLessThan(50);
    expect((await ensure(entries)).createdCount).toBe(0);
  });

  it('counts everyone once when two do it at the same time', async () => {
    const entries = Array.from({ length: 20 }, (_, i) => student(`p${i}@example.org`));
    const both = await Promise.all([ensure(entries), ensure([...entries].reverse())]);
    expect(both[0].createdCount + both[1].createdCount).toBe(20);
    const ids = both.map((each) => each.users.map((user) => user.id).sort());
    expect(ids[0]).toEqual(ids[1]);
  });

  it('takes its work back with the caller’s transaction', async () => {
    const failing = world.storage.transaction(async (tx) => {
      await directory().ensureStudents(tx, 'UCY', [student('gone@example.org')]);
      throw new Error('no exam');
    });
    await expect(failing).rejects.toThrow('no exam');
    expect(await directory().byEmail(world.storage.db, 'UCY', 'gone@example.org')).toBeNull();
  });
});
