import { Role } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
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

describe.each(databases)('users on $name', ({ open }) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(await open());
  });

  const request = {
    organisation: 'organisations/UCY',
    email: 'ada@example.org',
    givenName: 'Ada',
    familyName: 'Byron',
    password: PASSWORD,
    role: Role.ROLE_STUDENT,
  };
  const users = () => world.identity.handlers.users;

  describe('organisations', () => {
    it('are seeded once, by code, however often the service starts', async () => {
      const renamed = [{ id: 'UCY', displayName: 'Panepistimio Kyprou' }];
      await Promise.all([world.node().start(), world.node().start()]);
      await world.node({ organisations: renamed }).start();
      const listed = await world.identity.handlers.organisations.listOrganisations({}, context());
      expect(listed.organisations).toEqual([
        { name: 'organisations/UCY', displayName: 'Panepistimio Kyprou' },
        { name: 'organisations/UPAT', displayName: 'University of Patras' },
      ]);
    });

    it('need a code that can stand in a resource name', async () => {
      const bad = world.node({ organisations: [{ id: 'U/C', displayName: 'x' }] });
      await expect(bad.start()).rejects.toThrow('proper code');
    });
  });

  describe('registration', () => {
    it('makes a user who can sign in, and says so in the trail', async () => {
      const user = await users().registerUser({ ...request, email: ' New@Example.ORG ' }, context());
      expect(user).toMatchObject({
        organisation: 'organisations/UCY',
        email: 'new@example.org',
        givenName: 'Ada',
        familyName: 'Byron',
        role: Role.ROLE_STUDENT,
        createTime: new Date(world.clock.at),
      });
      const who = { email: 'NEW@example.org', organisation: 'organisations/UCY' };
      expect((await logIn(world, who)).user).toEqual(user);
      expect(await actions(world, user.name.slice(6))).toEqual(['user.registered', 'login.succeeded']);
    });

    it('refuses an e-mail that is taken, in any case of letters, but not in another organisation', async () => {
      const { email } = await register(world);
      const again = users().registerUser({ ...request, email: email.toUpperCase() }, context());
      await expect(again).rejects.toMatchObject({
        reason: 'EMAIL_TAKEN',
        details: { fields: [{ field: 'email', problem: 'already_exists' }] },
      });
      const elsewhere = { ...request, email, organisation: 'organisations/UPAT' };
      expect((await users().registerUser(elsewhere, context())).email).toBe(email);
    });

    it('makes one user of two requests at once', async () => {
      const twice = { ...request, email: 'twice@example.org' };
      const made = await Promise.allSettled([1, 2].map(() => users().registerUser(twice, context())));
      expect(made.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
      const refused = made.find((each) => each.status === 'rejected') as PromiseRejectedResult;
      expect(refused.reason).toMatchObject({ reason: 'EMAIL_TAKEN' });
    });

    it('tells every problem at once', async () => {
      const nothing = {
        ...{ organisation: '', email: 'ada', givenName: '', familyName: 'x'.repeat(101) },
        ...{ password: 'short', role: Role.ROLE_ADMIN as Role },
      };
      await expect(users().registerUser(nothing, context())).rejects.toMatchObject({
        reason: 'INVALID_FIELDS',
        details: {
          fields: [
            { field: 'organisation', problem: 'missing' },
            { field: 'email', problem: 'bad_format' },
            { field: 'given_name', problem: 'missing' },
            { field: 'family_name', problem: 'bad_format' },
            { field: 'role', problem: 'bad_format' },
            { field: 'password', problem: 'bad_format', description: 'must have 8 to 128 characters' },
          ],
        },
      });
    });

    it('refuses the e-mail as password, and an unknown organisation', async () => {
      const lazy = users().registerUser({ ...request, password: 'ADA@example.org' }, context());
      await expect(lazy).rejects.toMatchObject({ details: { fields: [{ field: 'password' }] } });
      const lost = users().registerUser({ ...request, organisation: 'organisations/XX' }, context());
      await expect(lost).rejects.toMatchObject({ reason: 'ORGANISATION_NOT_FOUND' });
    });

    it('is open to whom the configuration says', async () => {
      const closed = world.node({ registration: 'closed' }).handlers.users;
      await expect(closed.registerUser(request, context())).rejects.toMatchObject({
        reason: 'REGISTRATION_CLOSED',
      });
      const students = world.node({ registration: 'students' }).handlers.users;
      const instructor = { ...request, role: Role.ROLE_INSTRUCTOR };
      await expect(students.registerUser(instructor, context())).rejects.toMatchObject({
        reason: 'REGISTRATION_CLOSED',
        details: { fields: [{ field: 'role' }] },
      });
      await expect(students.registerUser(request, context())).resolves.toMatchObject({
        role: Role.ROLE_STUDENT,
      });
      const open = await users().registerUser({ ...instructor, email: 'i@example.org' }, context());
      expect(open.role).toBe(Role.ROLE_INSTRUCTOR);
    });
  });

  describe('creation by an administrator', () => {
    it('takes any role, and no password for single sign-on', async () => {
      const admin = await signedIn(world, 'ADMIN');
      const { givenName, familyName } = request;
      const made = await users().createUser(
        { givenName, familyName, email: 'sso@example.org', password: '', role: Role.ROLE_ADMIN },
        admin.ctx,
      );
      expect(made).toMatchObject({ organisation: 'organisations/UCY', role: Role.ROLE_ADMIN });
      const entries = await trail(world, made.name.slice(6));
      expect(entries).toMatchObject([{ action: 'user.created', details: { role: 'ADMIN' } }]);
      expect(entries[0]?.actor).toBe(world.audit.pseudonym('UCY', admin.id));
      const who = { email: 'sso@example.org', organisation: 'organisations/UCY' };
      for (const password of ['null', PASSWORD]) {
        await expect(logIn(world, who, undefined, password)).rejects.toMatchObject({
          reason: 'CREDENTIALS_WRONG',
        });
      }
    });

    it.each(['STUDENT', 'INSTRUCTOR'] as const)('is not for a %s', async (role) => {
      const { ctx } = await signedIn(world, role);
      await expect(users().createUser(request, ctx)).rejects.toMatchObject({ reason: 'ROLE_REQUIRED' });
      await expect(users().listUsers({ pageSize: 0, pageToken: '' }, ctx)).rejects.toMatchObject({
        reason: 'ROLE_REQUIRED',
      });
    });
  });

  describe('reading', () => {
    it('shows everyone themselves', async () => {
      const student = await signedIn(world, 'STUDENT');
      const me = await users().getUser({ name: 'users/me' }, student.ctx);
      expect(me.name).toBe(student.user.name);
      expect(await users().getUser({ name: me.name }, student.ctx)).toEqual(me);
    });

    it('shows staff the people of their organisation, on record, and nobody else', async () => {
      const instructor = await signedIn(world, 'INSTRUCTOR');
      const { user, id } = await register(world);
      expect(await users().getUser({ name: user.name }, instructor.ctx)).toEqual(user);
      expect(await actions(world, id)).toEqual(['user.registered', 'personal_data.read']);
      const foreigner = await register(world, Role.ROLE_STUDENT, 'organisations/UPAT');
      for (const name of [foreigner.user.name, 'users/nobody']) {
        await expect(users().getUser({ name }, instructor.ctx)).rejects.toMatchObject({
          reason: 'USER_NOT_FOUND',
        });
      }
      const student = await signedIn(world, 'STUDENT');
      await expect(users().getUser({ name: user.name }, student.ctx)).rejects.toMatchObject({
        reason: 'USER_NOT_FOUND',
      });
    });

    it('lists all users of the organisation, page by page', async () => {
      const admin = await signedIn(world, 'ADMIN', 'organisations/UPAT');
      for (let i = 0; i < 4; i++) await register(world, Role.ROLE_STUDENT, 'organisations/UPAT');
      const seen: string[] = [];
      let pageToken = '';
      do {
        const page = await users().listUsers({ pageSize: 2, pageToken }, admin.ctx);
        expect(page.users.length).toBeLessThanOrEqual(2);
        for (const user of page.users) {
          expect(user.organisation).toBe('organisations/UPAT');
          seen.push(user.email);
        }
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      const all = await world.storage
        .db('users')
        .where({ organisation_id: 'UPAT' })
        .orderBy('email')
        .pluck('email');
      expect(seen).toEqual(all);
    });
  });

  describe('passwords', () => {
    const fresh = 'another fine password';

    it('are changed with the present one, which ends every other login', async () => {
      const student = await signedIn(world, 'STUDENT');
      const elsewhere = await logIn(world, student);
      const change = { name: 'users/me', currentPassword: PASSWORD, newPassword: fresh };
      await users().setPassword(change, student.ctx);
      await expect(world.identity.authenticate(elsewhere.accessToken)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
      const refresh = { refreshToken: elsewhere.refreshToken, accessToken: '' };
      await expect(
        world.identity.handlers.authentication.refreshToken(refresh, context()),
      ).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
      await expect(world.identity.authenticate(student.tokens.accessToken)).resolves.toEqual(
        student.principal,
      );
      await expect(logIn(world, student)).rejects.toMatchObject({ reason: 'CREDENTIALS_WRONG' });
      await expect(logIn(world, student, undefined, fresh)).resolves.toBeDefined();
      expect(await actions(world, student.id)).toEqual(
        expect.arrayContaining(['password.set', 'login.revoked', 'login.refused']),
      );
    });

    it('are not changed with a wrong one, and guessing it is throttled like a login', async () => {
      const student = await signedIn(world, 'STUDENT');
      const change = { name: 'users/me', currentPassword: 'wrong one', newPassword: fresh };
      for (let i = 0; i < 5; i++) {
        await expect(users().setPassword(change, student.ctx)).rejects.toMatchObject({
          reason: 'CREDENTIALS_WRONG',
        });
      }
      const right = { ...change, currentPassword: PASSWORD };
      await expect(users().setPassword(right, student.ctx)).rejects.toMatchObject({
        reason: 'TOO_MANY_ATTEMPTS',
      });
      await expect(logIn(world, student)).rejects.toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    });

    it('are set by an administrator for others, which ends all their logins and any lockout', async () => {
      const admin = await signedIn(world, 'ADMIN');
      const student = await signedIn(world, 'STUDENT');
      for (let i = 0; i < 5; i++) {
        await expect(logIn(world, student, undefined, 'wrong one')).rejects.toMatchObject({
          reason: 'CREDENTIALS_WRONG',
        });
      }
      const set = { name: student.user.name, currentPassword: '', newPassword: fresh };
      await users().setPassword(set, admin.ctx);
      await expect(world.identity.authenticate(student.tokens.accessToken)).rejects.toMatchObject({
        reason: 'TOKEN_INVALID',
      });
      await expect(logIn(world, student, undefined, fresh)).resolves.toBeDefined();
    });

    it('of others are nobody else’s to set, not even an administrator’s of another organisation', async () => {
      const student = await signedIn(world, 'STUDENT');
      const set = { name: student.user.name, currentPassword: PASSWORD, newPassword: fresh };
      for (const role of ['STUDENT', 'INSTRUCTOR'] as const) {
        const { ctx } = await signedIn(world, role);
        await expect(users().setPassword(set, ctx)).rejects.toMatchObject({ reason: 'ROLE_REQUIRED' });
      }
      const foreign = await signedIn(world, 'ADMIN', 'organisations/UPAT');
      await expect(users().setPassword(set, foreign.ctx)).rejects.toMatchObject({ reason: 'USER_NOT_FOUND' });
      const admin = await signedIn(world, 'ADMIN');
      const own = { ...set, name: 'users/me', currentPassword: '' };
      await expect(users().setPassword(own, admin.ctx)).rejects.toMatchObject({
        reason: 'CREDENTIALS_WRONG',
      });
      await expect(logIn(world, student)).resolves.toBeDefined();
    });

    it('must be good ones', async () => {
      const student = await signedIn(world, 'STUDENT');
      for (const newPassword of ['', 'short', student.email.toUpperCase(), 'x'.repeat(129)]) {
        const change = { name: 'users/me', currentPassword: PASSWORD, newPassword };
        await expect(users().setPassword(change, student.ctx)).rejects.toMatchObject({
          reason: 'INVALID_FIELDS',
          details: { fields: [{ field: 'new_password' }] },
        });
      }
    });
  });
});
