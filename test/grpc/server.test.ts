import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  status,
  type ClientDuplexStream,
  type GrpcObject,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';
import type { Context } from '../../src/call/index.js';
import {
  createGrpcServer,
  remoteCore,
  type GrpcServerOptions,
  type RemoteCoreOptions,
} from '../../src/grpc/index.js';
import { Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { ListOrganisationsResponse } from '../../src/grpc/gen/probity/identity/v1/organisation_service.js';
import { User } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { fromServiceError } from '../../src/grpc/status.js';
import {
  aborted,
  collect,
  deferred,
  failureOf,
  handlersWith,
  observedInterceptors,
} from '../contract/harness.js';
import { certificates } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(some: Parameters<typeof handlersWith>[0], options: Partial<GrpcServerOptions> = {}) {
  const { around, observed } = observedInterceptors();
  const server = createGrpcServer({
    handlers: handlersWith(some),
    interceptors: around,
    host: '127.0.0.1',
    port: 0,
    tls: null,
    ...options,
  });
  const port = await server.start();
  closers.push(() => server.stop(0));
  return { server, address: `127.0.0.1:${port}`, observed };
}

async function remote(address: string, options: Partial<RemoteCoreOptions> = {}) {
  const channel = await remoteCore({ address, tls: null, defaultTimeoutMs: 10_000, ...options });
  closers.push(() => channel.close());
  return channel.core;
}

/** A channel that knows nothing of us: bytes in, bytes out. */
function plain(address: string): Client {
  const client = new Client(address, credentials.createInsecure());
  closers.push(() => client.close());
  return client;
}

interface PlainAnswer {
  error: ServiceError | null;
  bytes: Buffer | undefined;
  headers: Metadata | undefined;
}

function call(
  client: Client,
  method: string,
  request: Buffer,
  metadata = new Metadata(),
): Promise<PlainAnswer> {
  return new Promise((resolve) => {
    let headers: Metadata | undefined;
    const asIs = (bytes: Buffer): Buffer => bytes;
    client
      .makeUnaryRequest(method, asIs, asIs, request, metadata, {}, (error, bytes) =>
        resolve({ error, bytes, headers }),
      )
      .on('metadata', (received: Metadata) => (headers = received));
  });
}

function metadataOf(entries: Record<string, string>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return metadata;
}

const GET_USER = '/probity.identity.v1.UserService/GetUser';
const LIST_ORGANISATIONS = '/probity.identity.v1.OrganisationService/ListOrganisations';
const anyone = { users: { getUser: () => Promise.resolve(User.fromPartial({ email: 'a@b.example' })) } };
const organisations = {
  organisations: { listOrganisations: () => Promise.resolve(ListOrganisationsResponse.fromPartial({})) },
};

describe('a call by any gRPC client', () => {
  test.each(['Bearer student', 'bearer student', 'student'])(
    'takes the token as “%s”',
    async (authorization) => {
      const { address } = await serve(anyone);
      const { error, bytes } = await call(
        plain(address),
        GET_USER,
        Buffer.alloc(0),
        metadataOf({ authorization }),
      );
      expect(error).toBeNull();
      expect(User.decode(bytes!).email).toBe('a@b.example');
    },
  );

  test('echoes the request id, or the one it was given, served or refused', async () => {
    const { address } = await serve(organisations);
    const client = plain(address);
    const named = await call(
      client,
      LIST_ORGANISATIONS,
      Buffer.alloc(0),
      metadataOf({ 'x-request-id': 'r-1' }),
    );
    expect(named.headers?.get('x-request-id')).toEqual(['r-1']);
    const unnamed = await call(client, LIST_ORGANISATIONS, Buffer.alloc(0));
    expect(unnamed.headers?.get('x-request-id')[0]).toMatch(/^[\da-f-]{36}$/);
    const refused = await call(client, GET_USER, Buffer.alloc(0), metadataOf({ 'x-request-id': 'r-2' }));
    expect(refused.error?.code).toBe(status.UNAUTHENTICATED);
    expect(refused.error?.metadata.get('x-request-id')).toEqual(['r-2']);
  });

  test('refuses bytes that are no message', async () => {
    const getUser = jest.fn();
    const { address } = await serve({ users: { getUser } });
    const metadata = metadataOf({ authorization: 'student' });
    const { error } = await call(plain(address), GET_USER, Buffer.from([0x0a, 0xff, 0xff]), metadata);
    expect(fromServiceError(error!).reason).toBe('INVALID_FIELDS');
    expect(getUser).not.toHaveBeenCalled();
  });

  test('says UNIMPLEMENTED to what the contract does not know', async () => {
    const { address } = await serve({});
    const { error } = await call(plain(address), '/probity.identity.v1.UserService/Promote', Buffer.alloc(0));
    expect(error?.code).toBe(status.UNIMPLEMENTED);
  });

  test('refuses a message above the limit, either way, and serves on', async () => {
    const getUser = jest.fn(() => Promise.resolve(User.fromPartial({ email: 'x'.repeat(20_000) })));
    const { address } = await serve({ users: { getUser }, ...organisations }, { maxMessageBytes: 10_000 });
    const core = await remote(address);
    const options = { token: 'student' };
    expect(await failureOf(core.users.getUser({ name: 'x'.repeat(20_000) }, options))).toMatchObject({
      reason: 'MESSAGE_TOO_LARGE',
    });
    expect(getUser).not.toHaveBeenCalled();
    expect(await failureOf(core.users.getUser({ name: '' }, options))).toMatchObject({
      reason: 'MESSAGE_TOO_LARGE',
      message: 'The answer has more than 10000 bytes.',
    });
    expect(await core.organisations.listOrganisations({})).toEqual({ organisations: [] });

    const careful = await remote(address, { maxMessageBytes: 5000 });
    expect(await failureOf(careful.users.getUser({ name: 'x'.repeat(6000) }, options))).toMatchObject({
      reason: 'MESSAGE_TOO_LARGE',
    });
  });

  test('does not start with a handler missing', () => {
    const { around } = observedInterceptors();
    const { users, ...rest } = handlersWith({});
    const { getUser, ...others } = users;
    expect(getUser).toBeDefined();
    const handlers = { ...rest, users: others } as unknown as GrpcServerOptions['handlers'];
    expect(() =>
      createGrpcServer({ handlers, interceptors: around, host: '127.0.0.1', port: 0, tls: null }),
    ).toThrow(`no handler for ${GET_USER}`);
  });
});

describe('the peer', () => {
  const asked = async (options: Partial<GrpcServerOptions>) => {
    const contexts: Context[] = [];
    const listOrganisations = (_: unknown, ctx: Context) => {
      contexts.push(ctx);
      return Promise.resolve(ListOrganisationsResponse.fromPartial({}));
    };
    const { address } = await serve({ organisations: { listOrganisations } }, options);
    const core = await remote(address);
    await core.organisations.listOrganisations({}, { peer: '203.0.113.9' });
    await core.organisations.listOrganisations({});
    return contexts.map(({ peer }) => peer);
  };

  test('is the socket’s, whatever a stranger says', async () => {
    expect(await asked({})).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(await asked({ facades: ['192.0.2.1', '10.0.0.0/8', '::1'] })).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  test.each(['127.0.0.1', '127.0.0.0/8'])('is the one our own façade names, at %s', async (facade) => {
    expect(await asked({ facades: [facade] })).toEqual(['203.0.113.9', '127.0.0.1']);
  });
});

describe('TLS', () => {
  let folder: string;
  const file = (name: string): string => path.join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'probity-tls-'));
    await certificates(folder, 'authority', ['server', 'client']);
    await certificates(folder, 'stranger', ['impostor']);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** RFC 6066 knows no addresses as server names. */
  const serveByName = async (...args: Parameters<typeof serve>) => {
    const { address, ...rest } = await serve(...args);
    return { ...rest, address: address.replace('127.0.0.1', 'localhost') };
  };
  const tls = () => ({ certFile: file('server.crt'), keyFile: file('server.key') });

  test('serves who trusts its authority, and nobody else', async () => {
    const { address } = await serveByName(organisations, { tls: tls() });
    const core = await remote(address, { tls: { caFile: file('authority.crt') } });
    expect(await core.organisations.listOrganisations({})).toEqual({ organisations: [] });
    for (const other of [{ caFile: file('stranger.crt') }, null]) {
      const wary = await remote(address, { tls: other });
      expect(await failureOf(wary.organisations.listOrganisations({}))).toMatchObject({
        reason: 'CORE_UNAVAILABLE',
      });
    }
  });

  test('with client certificates serves only their holders, and believes them who they speak for', async () => {
    const peers: string[] = [];
    const listOrganisations = (_: unknown, ctx: Context) => {
      peers.push(ctx.peer);
      return Promise.resolve(ListOrganisationsResponse.fromPartial({}));
    };
    const { address } = await serveByName(
      { organisations: { listOrganisations } },
      { tls: { ...tls(), clientCaFile: file('authority.crt') } },
    );
    const caFile = file('authority.crt');
    const known = await remote(address, {
      tls: { caFile, certFile: file('client.crt'), keyFile: file('client.key') },
    });
    await known.organisations.listOrganisations({}, { peer: '203.0.113.9' });
    expect(peers).toEqual(['203.0.113.9']);

    for (const other of [
      { caFile },
      { caFile, certFile: file('impostor.crt'), keyFile: file('impostor.key') },
    ]) {
      const core = await remote(address, { tls: other });
      expect(await failureOf(core.organisations.listOrganisations({}))).toMatchObject({
        reason: 'CORE_UNAVAILABLE',
      });
    }
    expect(peers).toHaveLength(1);
  });

  test('does not start without its files', async () => {
    const { around } = observedInterceptors();
    const server = createGrpcServer({
      handlers: handlersWith({}),
      interceptors: around,
      host: '127.0.0.1',
      port: 0,
      tls: { certFile: file('none.crt'), keyFile: file('none.key') },
    });
    await expect(server.start()).rejects.toThrow('none.crt');
  });
});

/** What the health and reflection services answer, as far as it is looked at here. */
interface LibraryAnswer {
  status?: string;
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
}
type LibraryCall = (
  request?: object,
  callback?: (error: ServiceError | null, answer?: LibraryAnswer) => void,
) => ClientDuplexStream<object, LibraryAnswer>;

/** A client of a service that a library defines. */
function serviceClient(proto: string, name: string, address: string): Record<string, LibraryCall> {
  const constructor = name
    .split('.')
    .reduce<unknown>(
      (at, part) => (at as GrpcObject)[part],
      loadPackageDefinition(loadSync(proto, { enums: String })),
    );
  const client = new (constructor as ServiceClientConstructor)(address, credentials.createInsecure());
  closers.push(() => client.close());
  return client as unknown as Record<string, LibraryCall>;
}

describe('health', () => {
  const check = (client: ReturnType<typeof serviceClient>, service: string): Promise<string> =>
    new Promise((resolve) =>
      client['check']!({ service }, (error, answer) => resolve(error ? status[error.code] : answer!.status!)),
    );

  test('is told of the whole and of each service, and only when ready', async () => {
    const { server, address } = await serve({});
    const client = serviceClient(healthProto, 'grpc.health.v1.Health', address);
    const names = ['', 'probity.exams.v1.MonitorService', 'probity.identity.v1.UserService'];
    const all = () => Promise.all(names.map((name) => check(client, name)));
    expect(await all()).toEqual(['NOT_SERVING', 'NOT_SERVING', 'NOT_SERVING']);
    server.setServing(true);
    expect(await all()).toEqual(['SERVING', 'SERVING', 'SERVING']);
    server.setServing(false);
    expect(await all()).toEqual(['NOT_SERVING', 'NOT_SERVING', 'NOT_SERVING']);
    expect(await check(client, 'probity.moon.v1.MoonService')).toBe('NOT_FOUND');
  });
});

describe('reflection', () => {
  test.each(['v1', 'v1alpha'])(
    '%s lists our services and answers with our files as written',
    async (version) => {
      const { address } = await serve({});
      const proto = path.join(
        path.dirname(require.resolve('@grpc/reflection/package.json')),
        `build/proto/grpc/reflection/${version}/reflection.proto`,
      );
      const client = serviceClient(proto, `grpc.reflection.${version}.ServerReflection`, address);
      const stream = client['serverReflectionInfo']!();
      const answers = collect<LibraryAnswer>(stream);
      stream.write({ listServices: '*' });
      stream.write({ fileContainingSymbol: 'probity.exams.v1.MonitorService' });
      stream.end();
      const [list, files] = await answers;
      const services = list!.listServicesResponse!.service.map(({ name }) => name);
      expect(services).toEqual(
        expect.arrayContaining([
          'grpc.health.v1.Health',
          'probity.biometrics.v1.FaceService',
          'probity.exams.v1.MonitorService',
        ]),
      );
      const descriptors = files!.fileDescriptorResponse!.fileDescriptorProto.map((bytes) =>
        fromBinary(FileDescriptorProtoSchema, bytes),
      );
      expect(descriptors.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'probity/exams/v1/monitor_service.proto',
          'probity/biometrics/v1/finding.proto',
        ]),
      );
      const monitor = descriptors.find(({ name }) => name === 'probity/exams/v1/monitor_service.proto');
      expect(monitor?.service[0]?.method.map(({ name }) => name)).toEqual([
        'SubmitFrame',
        'SubmitSample',
        'Monitor',
        'ReportDevice',
      ]);
    },
  );
});

describe('draining', () => {
  test('lets calls finish, ends streams with DRAINING and takes no new calls', async () => {
    const begun = deferred();
    const go = deferred();
    const { server, address } = await serve({
      users: {
        getUser: async () => {
          begun.resolve();
          await go.promise;
          return User.fromPartial({ email: 'late@b.example' });
        },
      },
      monitor: {
        monitor: async function* (_: unknown, ctx: Context) {
          yield { eventNumber: 1, message: undefined };
          await aborted(ctx);
        },
      },
    });
    server.setServing(true);
    const core = await remote(address);
    const finishing = core.users.getUser({ name: 'users/me' }, { token: 'student' });
    await begun.promise;
    const silent = (async function* () {
      await new Promise(() => undefined);
      yield { message: undefined };
    })();
    const stream = core.monitor.monitor(silent, { token: 'student' })[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ eventNumber: 1 });

    const health = serviceClient(healthProto, 'grpc.health.v1.Health', address);
    const statuses: string[] = [];
    const watch = health['watch']!({ service: '' });
    watch
      .on('error', () => statuses.push('ended'))
      .on('data', ({ status: said }: LibraryAnswer) => statuses.push(said!));
    await eventually(() => expect(statuses).toEqual(['SERVING']));

    const stopped = server.stop(60_000);
    expect(await failureOf(stream.next())).toMatchObject({
      reason: 'DRAINING',
      details: { retryAfterMs: 1000 },
    });
    await eventually(() => expect(statuses).toEqual(['SERVING', 'NOT_SERVING', 'ended']));
    const late = await remote(address);
    expect(await failureOf(late.organisations.listOrganisations({}))).toMatchObject({
      reason: 'CORE_UNAVAILABLE',
    });

    go.resolve();
    expect((await finishing).email).toBe('late@b.example');
    await stopped;
  });

  test('says DRAINING after a message that was still being written', async () => {
    const writing = deferred();
    // Larger than HTTP/2's window: it is under way for many turns of the event loop.
    const long = Alert.fromPartial({ reason: '.'.repeat(3 << 20) });
    const { server, address } = await serve({
      monitor: {
        monitor: async function* (requests: AsyncIterable<unknown>, ctx: Context) {
          requests[Symbol.asyncIterator]()
            .next()
            .catch(() => undefined);
          setImmediate(writing.resolve);
          yield { eventNumber: 1, message: { $case: 'alert', value: long } };
          await aborted(ctx);
        },
      },
    });
    const core = await remote(address);
    const silent = (async function* () {
      await new Promise(() => undefined);
      yield { message: undefined };
    })();
    const stream = core.monitor.monitor(silent, { token: 'student' })[Symbol.asyncIterator]();
    const first = stream.next();
    await writing.promise;
    const stopped = server.stop(60_000);
    expect((await first).value).toMatchObject({ eventNumber: 1 });
    expect(await failureOf(stream.next())).toMatchObject({ reason: 'DRAINING' });
    await stopped;
  });

  test('cuts off after the grace what does not finish', async () => {
    const begun = deferred();
    const told = deferred();
    const { server, address } = await serve({
      users: {
        getUser: (_: unknown, ctx: Context) => {
          begun.resolve();
          void aborted(ctx).then(told.resolve);
          return new Promise(() => undefined);
        },
      },
    });
    const core = await remote(address);
    const call = failureOf(core.users.getUser({ name: 'users/me' }, { token: 'student' }));
    await begun.promise;
    await server.stop(100);
    expect((await call)['code']).not.toBe(status.OK);
    await told.promise;
  });
});
