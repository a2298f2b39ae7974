import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { StatusError } from '../../src/call/index.js';
import { remoteCore } from '../../src/grpc/index.js';
import { ListOrganisationsResponse } from '../../src/grpc/gen/probity/identity/v1/organisation_service.js';
import { User } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { collect, failureOf, handlersWith, harness, type Harness } from '../contract/harness.js';
import { freePort } from '../support/free-port.js';

let open: Harness | undefined;
afterEach(async () => {
  await open?.stop();
  open = undefined;
});

describe('a core that cannot be reached', () => {
  test('is CORE_UNAVAILABLE for every kind of call', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const { core, ready, close } = await remoteCore({ address, tls: null, defaultTimeoutMs: 10_000 });
    const expected = { reason: 'CORE_UNAVAILABLE', message: 'The core cannot be reached.', details: {} };
    expect(await failureOf(core.organisations.listOrganisations({}))).toMatchObject(expected);
    expect(await failureOf(core.authentication.logOut({}, { token: 'student' }))).toMatchObject(expected);
    const requests = (async function* () {
      await new Promise(() => undefined);
      yield { message: undefined };
    })();
    expect(await failureOf(collect(core.monitor.monitor(requests, { token: 'student' })))).toMatchObject(
      expected,
    );
    expect(await failureOf(ready(Date.now() + 100))).toMatchObject(expected);
    close();
  });

  test('that takes the connection and says nothing ends a call at the default time', async () => {
    const connections: Socket[] = [];
    const mute = createServer((socket) => connections.push(socket)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const { core, close } = await remoteCore({ address, tls: null, defaultTimeoutMs: 200 });
    expect(await failureOf(core.organisations.listOrganisations({}))).toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
    close();
    for (const connection of connections) connection.destroy();
    mute.close();
  });

  test('is found again when it comes back', async () => {
    const port = await freePort();
    const { core, ready, close } = await remoteCore({
      address: `127.0.0.1:${port}`,
      tls: null,
      defaultTimeoutMs: 10_000,
    });
    expect(await failureOf(core.organisations.listOrganisations({}))).toMatchObject({
      reason: 'CORE_UNAVAILABLE',
    });
    const listOrganisations = () => Promise.resolve(ListOrganisationsResponse.fromPartial({}));
    open = await harness('channel', handlersWith({ organisations: { listOrganisations } }), { port });
    await ready(Date.now() + 60_000);
    expect(await core.organisations.listOrganisations({})).toEqual({ organisations: [] });
    close();
  });
});

describe('a call that fails for the moment', () => {
  const failing = (times: number) => {
    let calls = 0;
    const handler = () => {
      if (++calls <= times) throw new StatusError('DATABASE_UNAVAILABLE', 'The database is away.');
      return Promise.resolve(User.fromPartial({ email: `${calls}` }));
    };
    return { handler, calls: () => calls };
  };
  const student = { token: 'student' };

  test('is tried three times where it only reads', async () => {
    const { handler } = failing(2);
    open = await harness('channel', handlersWith({ users: { getUser: handler } }));
    expect((await open.core.users.getUser({ name: 'users/me' }, student)).email).toBe('3');
  });

  test('and no more', async () => {
    const { handler, calls } = failing(9);
    open = await harness('channel', handlersWith({ users: { getUser: handler } }));
    expect(await failureOf(open.core.users.getUser({ name: 'users/me' }, student))).toMatchObject({
      reason: 'DATABASE_UNAVAILABLE',
    });
    expect(calls()).toBe(3);
  });

  test('is tried once where it changes something', async () => {
    const { handler, calls } = failing(9);
    open = await harness('channel', handlersWith({ users: { createUser: handler } }));
    const request = {
      email: '',
      givenName: '',
      familyName: '',
      password: '',
      role: User.fromPartial({}).role,
    };
    expect(await failureOf(open.core.users.createUser(request, student))).toMatchObject({
      reason: 'DATABASE_UNAVAILABLE',
    });
    expect(calls()).toBe(1);
  });
});
