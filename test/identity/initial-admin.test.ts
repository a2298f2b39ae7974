import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INITIAL_ADMINS_FILE } from '../../src/identity/index.js';
import { databases } from '../support/databases.js';
import { actions, createWorld, logIn, signedIn, type World } from './support.js';

interface Entry {
  organisation: string;
  email: string;
  password: string;
}

describe.each(databases)('the initial administrators on $name', ({ open }) => {
  let world: World;
  let dataDir: string;
  beforeEach(async () => {
    world = await createWorld(await open());
    dataDir = await mkdtemp(join(tmpdir(), 'probity-admin-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const file = () => join(dataDir, INITIAL_ADMINS_FILE);
  const entries = async () => JSON.parse(await readFile(file(), 'utf8')) as Entry[];
  const signIn = ({ organisation, email, password }: Entry) =>
    logIn(world, { organisation: `organisations/${organisation}`, email }, undefined, password);

  it('can sign in with what the file says, which only its owner can read', async () => {
    await world.identity.ensureInitialAdmin(dataDir);
    const made = await entries();
    expect(made.map((entry) => entry.email)).toEqual(['admin@ucy.probity.local', 'admin@upat.probity.local']);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual([INITIAL_ADMINS_FILE]);
    for (const entry of made) {
      expect(Buffer.from(entry.password, 'base64url')).toHaveLength(18);
      const { accessToken, user } = await signIn(entry);
      await expect(world.identity.authenticate(accessToken)).resolves.toMatchObject({ role: 'ADMIN' });
      if (entry.organisation === 'UCY') {
        expect(await actions(world, user?.name.slice(6) ?? '')).toEqual(['user.created', 'login.succeeded']);
      }
    }
  });

  it('are made once, and never again while there is an administrator', async () => {
    const own = await signedIn(world, 'ADMIN');
    await world.identity.ensureInitialAdmin(dataDir);
    const made = await entries();
    expect(made.map((entry) => entry.organisation)).toEqual(['UPAT']);
    const [entry] = made as [Entry];
    const { accessToken } = await signIn(entry);
    const principal = await world.identity.authenticate(accessToken);
    await world.storage.db('users').where({ id: principal.userId }).update({ password_hash: null });
    await world.identity.ensureInitialAdmin(dataDir);
    expect(await entries()).toEqual(made);
    await expect(signIn(entry)).rejects.toMatchObject({ reason: 'CREDENTIALS_WRONG' });
    await expect(logIn(world, own)).resolves.toBeDefined();
  });

  it('are made once when several nodes start at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => world.node().ensureInitialAdmin(dataDir)));
    const made = await entries();
    expect(made.map((entry) => entry.organisation).sort()).toEqual(['UCY', 'UPAT']);
    for (const entry of made) await expect(signIn(entry)).resolves.toBeDefined();
  });

  it('are not made when their password cannot be told', async () => {
    await writeFile(file(), 'not JSON');
    await expect(world.identity.ensureInitialAdmin(dataDir)).rejects.toThrow();
    expect(await world.storage.db('users')).toEqual([]);
    await rm(file());
    await world.identity.ensureInitialAdmin(dataDir);
    expect(await entries()).toHaveLength(2);
  });
});
