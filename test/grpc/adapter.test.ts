import { Client, credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { StatusError } from '../../src/call/index.js';
import type { CallOptions, MethodDefinition } from '../../src/grpc/index.js';
import { remoteMethod } from '../../src/grpc/client.js';
import { User } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { addService } from '../../src/grpc/server.js';
import { collect, deferred, failureOf, observedInterceptors } from '../contract/harness.js';

const codec = {
  requestSerialize: (user: User) => Buffer.from(User.encode(user).finish()),
  requestDeserialize: (bytes: Buffer) => User.decode(bytes),
  responseSerialize: (user: User) => Buffer.from(User.encode(user).finish()),
  responseDeserialize: (bytes: Buffer) => User.decode(bytes),
};

/** The two kinds of method that the contract has none of yet. */
const definition = {
  upload: { path: '/test.Streams/Upload', requestStream: true, responseStream: false, ...codec },
  download: { path: '/test.Streams/Download', requestStream: false, responseStream: true, ...codec },
} satisfies Record<string, MethodDefinition>;

const user = (email: string): User => User.fromPartial({ email });
const student: CallOptions = { token: 'student' };

let close: () => void;

async function serve(handlers: object) {
  const server = new Server();
  addService(server, definition, handlers, observedInterceptors().around, {
    isFacade: () => false,
    maxMessageBytes: 1000,
    openStreams: new Set(),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  close = () => {
    client.close();
    server.forceShutdown();
  };
  const method = (name: keyof typeof definition) => remoteMethod(client, definition[name], 10_000);
  return {
    upload: (users: AsyncIterable<User>, options: CallOptions = student) =>
      method('upload')(users, options) as Promise<User>,
    download: (request: User, options: CallOptions = student) =>
      method('download')(request, options) as AsyncIterable<User>,
    /** `bytes` as the request of `download`, whatever they are. */
    downloadOf: (bytes: Buffer, options: CallOptions = student) =>
      remoteMethod(
        client,
        { ...definition.download, requestSerialize: () => bytes },
        10_000,
      )({}, options) as AsyncIterable<User>,
  };
}

afterEach(() => close());

async function* users(count: number) {
  await Promise.resolve();
  for (let i = 1; i <= count; i++) yield user(`${i}`);
}
const concatenate = async (given: AsyncIterable<User>) =>
  user((await collect(given)).map(({ email }) => email).join());

describe('a call with a stream of requests', () => {
  test('reads them all and answers once', async () => {
    const { upload } = await serve({ upload: concatenate, download: jest.fn() });
    expect((await upload(users(30))).email).toBe(Array.from({ length: 30 }, (_, i) => i + 1).join());
  });

  test('may answer before it has read them all', async () => {
    const stopped = deferred();
    async function* endless() {
      try {
        for (let i = 0; ; i++) {
          await new Promise((resolve) => setImmediate(resolve));
          yield user(`${i}`);
        }
      } finally {
        stopped.resolve();
      }
    }
    const first = async (given: AsyncIterable<User>) => {
      for await (const { email } of given) return user(`first: ${email}`);
      return user('none');
    };
    const { upload } = await serve({ upload: first, download: jest.fn() });
    expect((await upload(endless())).email).toBe('first: 0');
    await stopped.promise;
  });

  test('fails with what its handler, its source or its caller says', async () => {
    const taken = new StatusError('EMAIL_TAKEN', 'Taken.');
    const refusing = await serve({ upload: () => Promise.reject(taken), download: jest.fn() });
    expect(await failureOf(refusing.upload(users(3)))).toMatchObject({ reason: 'EMAIL_TAKEN' });
    close();

    const { upload } = await serve({ upload: concatenate, download: jest.fn() });
    async function* broken() {
      yield user('1');
      await Promise.resolve();
      throw new StatusError('IMAGE_UNREADABLE', 'Broken.');
    }
    expect(await failureOf(upload(broken()))).toMatchObject({ reason: 'IMAGE_UNREADABLE' });

    const caller = new AbortController();
    async function* waiting() {
      yield user('1');
      caller.abort();
      await new Promise(() => undefined);
    }
    expect(await failureOf(upload(waiting(), { ...student, signal: caller.signal }))).toMatchObject({
      reason: 'CANCELLED',
    });
  });
});

describe('a call with a stream of responses', () => {
  const count = async function* ({ email }: User) {
    yield* users(Number(email));
  };

  test('answers with all of them', async () => {
    const { download } = await serve({ upload: jest.fn(), download: count });
    expect((await collect(download(user('30')))).map(({ email }) => Number(email))).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
  });

  test('refuses one that is too large, after those that are not', async () => {
    const { download } = await serve({
      upload: jest.fn(),
      download: async function* () {
        await Promise.resolve();
        yield user('small');
        yield user('x'.repeat(2000));
      },
    });
    const got: string[] = [];
    const call = async () => {
      for await (const { email } of download(user(''))) got.push(email);
    };
    expect(await failureOf(call())).toMatchObject({ reason: 'MESSAGE_TOO_LARGE' });
    expect(got).toEqual(['small']);
  });
});

test('a stranger’s message is not decoded, nor is one of thousands of fields', async () => {
  const decoded: number[] = [];
  const { requestDeserialize: decode } = definition.download;
  definition.download.requestDeserialize = (bytes) => {
    decoded.push(bytes.length);
    return decode(bytes);
  };
  const { downloadOf } = await serve({
    upload: () => undefined,
    // eslint-disable-next-line @typescript-eslint/require-await -- a handler of a stream is a generator
    download: async function* () {
      yield user('served');
    },
  });
  try {
    // Field 2, length-delimited, empty: an element of a list, where the message has one.
    const elements = (count: number): Buffer => Buffer.alloc(2 * count, Buffer.from([0x12, 0x00]));
    const stranger = await failureOf(collect(downloadOf(elements(10), { token: 'forged' })));
    expect([stranger.reason, decoded]).toEqual(['TOKEN_INVALID', []]);
    const crowd = await failureOf(collect(downloadOf(elements(10_001))));
    expect([crowd.reason, decoded]).toEqual(['INVALID_FIELDS', []]);
    const rubbish = await failureOf(collect(downloadOf(Buffer.from([0xff]))));
    expect([rubbish.reason, decoded]).toEqual(['INVALID_FIELDS', []]);
    expect(await collect(downloadOf(elements(10_000)))).toHaveLength(1);
    expect(decoded).toEqual([20_000]);
  } finally {
    definition.download.requestDeserialize = decode;
  }
});
