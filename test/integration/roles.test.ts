import { startApp, type RunningApp } from '../support/app.js';
import { databases } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { describeWithModels } from '../support/faces.js';
import { send } from '../http/support/facade.js';

/** The core on one machine, the façade and the schedules on another, on one database. */
describeWithModels('one binary, split by roles', () => {
  let core: RunningApp;
  let facade: RunningApp;
  beforeAll(async () => {
    const { databaseUrl, dataDir } = await databases.find(({ name }) => name === 'mariadb')!.place();
    const shared = { PROBITY_DATABASE_URL: databaseUrl, PROBITY_DATA_DIR: dataDir };
    core = await startApp({ ...shared, PROBITY_ROLES: 'grpc' });
    facade = await startApp({
      ...shared,
      PROBITY_ROLES: 'http,jobs',
      PROBITY_CORE_ADDRESS: `127.0.0.1:${core.grpcPort}`,
    });
  });
  afterAll(() => facade.stop());

  const ask = (path: string, method = 'GET', body?: object) =>
    send(`http://127.0.0.1:${facade.httpPort}${path}`, method, { ...(body && { body }) });

  it('has only the ports of its roles', () => {
    expect([core.httpPort, facade.grpcPort]).toEqual([0, 0]);
  });

  it('is ready without models of its own, and serves through the core', async () => {
    // The first look connects, and does not wait long.
    await eventually(async () => {
      const { status, body } = await ask('/readyz');
      expect([status, body]).toEqual([
        200,
        { status: 'ready', checks: { database: true, migrations: true, core: true } },
      ]);
    });
    const { email, password } = facade.admin;
    const login = await ask('/login', 'POST', { organization: 'UCY', email, password });
    expect(login.status).toBe(201);
  });

  it('runs the schedules', async () => {
    expect(await facade.app.wake('outbox-retention')).toBe('ok');
  });

  it('is not ready without the core, and says so', async () => {
    await core.stop();
    const { status, body } = await ask('/readyz');
    expect([status, body]).toMatchObject([503, { checks: { database: true, core: false } }]);
    const login = { organization: 'UCY', email: 'x@example.org', password: 'x' };
    expect((await ask('/login', 'POST', login)).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(200);
  });
});
