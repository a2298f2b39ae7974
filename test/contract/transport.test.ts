import { invalidFields, REASONS, StatusError, type Context, type Reason } from '../../src/call/index.js';
import type { CallOptions } from '../../src/grpc/index.js';
import { Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { EnrolFaceResponse } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import {
  MonitorRequest,
  MonitorResponse,
  type MonitorRequest as MonitorRequestMessage,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { Role, User } from '../../src/grpc/gen/probity/identity/v1/user_service.js';
import { eventually } from '../support/eventually.js';
import {
  aborted,
  collect,
  deferred,
  failureOf,
  handlersWith,
  harness,
  STUDENT,
  TRANSPORTS,
  type Harness,
} from './harness.js';

const MIB = 1024 * 1024;
const student: CallOptions = { token: 'student' };

describe.each(TRANSPORTS)('the core %s', (transport) => {
  let open: Harness | undefined;
  const serve = async (...args: [Parameters<typeof handlersWith>[0], Parameters<typeof harness>[2]?]) => {
    open = await harness(transport, handlersWith(args[0]), args[1]);
    return open;
  };
  afterEach(async () => {
    await open?.stop();
    open = undefined;
  });

  test('hands a request to its handler and the response back, every kind of field intact', async () => {
    const user: User = {
      name: 'users/1',
      organisation: 'organisations/UCY',
      email: 'Ελένη@example.org',
      givenName: 'Ελένη',
      familyName: '',
      role: Role.ROLE_STUDENT,
      createTime: new Date(1_790_000_000_123),
    };
    const seen: unknown[] = [];
    const { core, observed } = await serve({
      users: {
        getUser: (request: unknown, ctx: Context) => {
          seen.push(request, ctx.principal);
          return Promise.resolve(user);
        },
      },
    });
    expect(await core.users.getUser({ name: 'users/me' }, student)).toEqual(user);
    expect(seen).toEqual([{ name: 'users/me' }, STUDENT]);
    expect(observed).toEqual([{ path: '/probity.identity.v1.UserService/GetUser', reason: 'OK' }]);
  });

  test('gives the handler the request id and the deadline', async () => {
    const contexts: Context[] = [];
    const { core } = await serve({
      users: {
        getUser: (_: unknown, ctx: Context) => (contexts.push(ctx), Promise.resolve(User.fromPartial({}))),
      },
    });
    const deadline = Date.now() + 600_000;
    await core.users.getUser({ name: '' }, { ...student, requestId: 'abc-1', deadline });
    await core.users.getUser({ name: '' }, { ...student, requestId: 'not one' });
    expect(contexts[0]?.requestId).toBe('abc-1');
    // Over a channel the time left is sent: the two differ by the way.
    const way = transport === 'channel' ? 300_000 : 0;
    expect(Math.abs(contexts[0]!.deadline - deadline)).toBeLessThanOrEqual(way);
    expect(contexts[1]?.requestId).toMatch(/^[\da-f-]{36}$/);
  });

  test('refuses without a token, and with a wrong one, before the handler runs', async () => {
    const getUser = jest.fn();
    const { core } = await serve({ users: { getUser } });
    expect(await failureOf(core.users.getUser({ name: 'users/me' }))).toMatchObject({
      reason: 'CREDENTIALS_MISSING',
    });
    expect(await failureOf(core.users.getUser({ name: 'users/me' }, { token: 'forged' }))).toMatchObject({
      reason: 'TOKEN_INVALID',
    });
    expect(getUser).not.toHaveBeenCalled();
  });

  test('serves what is public without a token', async () => {
    const organisations = [{ name: 'organisations/UCY', displayName: 'University of Cyprus' }];
    const { core } = await serve({
      organisations: { listOrganisations: () => Promise.resolve({ organisations }) },
    });
    expect(await core.organisations.listOrganisations({})).toEqual({ organisations });
  });

  test.each(Object.keys(REASONS) as Reason[])('carries %s with its details', async (reason) => {
    const error = new StatusError(reason, `It is ${reason}; π.`, {
      fields: [
        { field: 'students[2].email', problem: 'bad_format', description: 'no e-mail' },
        { field: 'image', problem: 'missing', description: 'is missing' },
        { field: 'email', problem: 'already_exists', description: 'is taken' },
      ],
      resource: { type: 'exam', name: 'exams/7' },
      retryAfterMs: 1500,
      metadata: { attemptsLeft: '2' },
    });
    const { core } = await serve({ users: { setPassword: () => Promise.reject(error) } });
    const request = { name: 'users/me', currentPassword: '', newPassword: '' };
    const failure = await failureOf(core.users.setPassword(request, student));
    expect(failure).toEqual({
      reason,
      code: REASONS[reason],
      message: error.message,
      details: error.details,
    });
  });

  test('carries an error without details as one without details', async () => {
    const { core } = await serve({
      users: { getUser: () => Promise.reject(new StatusError('USER_NOT_FOUND', 'No.')) },
    });
    expect((await failureOf(core.users.getUser({ name: 'users/x' }, student))).details).toEqual({});
  });

  test('shows nothing of an unexpected exception', async () => {
    const { core, observed } = await serve({
      users: {
        getUser: () => {
          throw new TypeError('secret: hunter2');
        },
      },
    });
    const failure = await failureOf(core.users.getUser({ name: 'users/me' }, student));
    expect(failure).toEqual({ reason: 'INTERNAL', code: 13, message: 'Internal error.', details: {} });
    expect(observed.at(-1)?.reason).toBe('INTERNAL');
  });

  test('ends a call at its deadline, and tells the handler', async () => {
    const told = deferred();
    const state = { begun: false };
    const { core, observed } = await serve({
      users: {
        getUser: (_: unknown, ctx: Context) => {
          state.begun = true;
          return aborted(ctx)
            .then(told.resolve)
            .then(() => new Promise(() => undefined));
        },
      },
    });
    // On a slow machine it may pass on the way to the handler.
    for (let ms = 200; !state.begun; ms *= 4) {
      const call = core.users.getUser({ name: 'users/me' }, { ...student, deadline: Date.now() + ms });
      expect(await failureOf(call)).toMatchObject({
        reason: 'DEADLINE_EXCEEDED',
        message: 'The deadline has passed.',
      });
    }
    await told.promise;
    // Over a channel the client's own timer may be first, and the server hears of a cancellation.
    const heard = transport === 'channel' ? /^(DEADLINE_EXCEEDED|CANCELLED)$/ : /^DEADLINE_EXCEEDED$/;
    await eventually(() => expect(observed.at(-1)?.reason).toMatch(heard));
  });

  test('does not begin a call whose deadline has passed or whose caller has gone', async () => {
    const getUser = jest.fn();
    const { core } = await serve({ users: { getUser } });
    const late = core.users.getUser({ name: '' }, { ...student, deadline: Date.now() - 1 });
    expect(await failureOf(late)).toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    const gone = core.users.getUser({ name: '' }, { ...student, signal: AbortSignal.abort() });
    expect(await failureOf(gone)).toMatchObject({ reason: 'CANCELLED' });
    expect(getUser).not.toHaveBeenCalled();
  });

  test('cancels: the caller is answered at once, and the handler is told', async () => {
    const begun = deferred();
    const told = deferred();
    const { core, observed } = await serve({
      users: {
        getUser: (_: unknown, ctx: Context) => {
          begun.resolve();
          return aborted(ctx)
            .then(told.resolve)
            .then(() => new Promise(() => undefined));
        },
      },
    });
    const caller = new AbortController();
    const call = failureOf(core.users.getUser({ name: 'users/me' }, { ...student, signal: caller.signal }));
    await begun.promise;
    caller.abort();
    expect(await call).toMatchObject({ reason: 'CANCELLED', message: 'The caller went away.' });
    await told.promise;
    await eventually(() => expect(observed.at(-1)?.reason).toBe('CANCELLED'));
  });

  test('takes ten pictures of 8 MiB in one call, and answers as much', async () => {
    const images = Array.from({ length: 10 }, (_, i) => Buffer.alloc(8 * MIB, i + 1));
    const { core } = await serve({
      references: {
        enrolFace: (request: { images: Buffer[] }) =>
          Promise.resolve(
            EnrolFaceResponse.fromPartial({
              reference: {
                modality: Modality.MODALITY_FACE,
                model: request.images.map((i) => `${i.length}:${i[0]}`).join(),
              },
            }),
          ),
      },
      proctoring: {
        getEvidence: () =>
          Promise.resolve({
            image: Buffer.alloc(80 * MIB, 7),
            contentType: 'image/jpeg',
            receiveTime: undefined,
            expireTime: undefined,
          }),
      },
    });
    const enrolled = await core.references.enrolFace({ user: 'users/me', images }, student);
    expect(enrolled.reference?.model).toBe(images.map((_, i) => `${8 * MIB}:${i + 1}`).join());
    const evidence = await core.proctoring.getEvidence({ alert: 'exams/1/alerts/x' }, student);
    expect(evidence.image.length).toBe(80 * MIB);
    expect(evidence.image.at(-1)).toBe(7);
  });

  describe('streams', () => {
    const frame = (number: number, image = Buffer.alloc(0)): MonitorRequestMessage =>
      MonitorRequest.fromPartial({ message: { $case: 'frame', value: { number, image } } });
    const answer = (eventNumber: number, session = ''): MonitorResponse =>
      MonitorResponse.fromPartial({ eventNumber, message: { $case: 'opened', value: { session } } });
    const numberOf = (request: MonitorRequestMessage): number =>
      request.message?.$case === 'frame' ? request.message.value.number : -1;

    /** Answers every frame with its number. */
    async function* echo(requests: AsyncIterable<MonitorRequestMessage>) {
      for await (const request of requests) yield answer(numberOf(request));
    }
    async function* frames(count: number) {
      await Promise.resolve();
      for (let i = 1; i <= count; i++) yield frame(i);
    }

    test('carry messages both ways, in order, and end', async () => {
      const { core, observed } = await serve({ monitor: { monitor: echo } });
      const numbers: number[] = [];
      for await (const response of core.monitor.monitor(frames(100), student))
        numbers.push(response.eventNumber);
      expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
      await eventually(() => expect(observed.at(-1)?.reason).toBe('OK'));
    });

    test('answer while the caller still sends', async () => {
      const { core } = await serve({ monitor: { monitor: echo } });
      let received = deferred<number>();
      async function* inTurns() {
        for (let i = 1; i <= 3; i++) {
          yield frame(i);
          expect(await received.promise).toBe(i);
          received = deferred();
        }
      }
      const numbers: number[] = [];
      for await (const { eventNumber } of core.monitor.monitor(inTurns(), student)) {
        numbers.push(eventNumber);
        received.resolve(eventNumber);
      }
      expect(numbers).toEqual([1, 2, 3]);
    });

    test('fail with the reason of their handler, after what it answered', async () => {
      const { core } = await serve({
        monitor: {
          monitor: async function* (requests: AsyncIterable<MonitorRequestMessage>) {
            for await (const request of requests) {
              if (numberOf(request) === 3)
                throw invalidFields([{ field: 'frame.number', problem: 'bad_format', description: 'no' }]);
              yield answer(numberOf(request));
            }
          },
        },
      });
      const numbers: number[] = [];
      const call = async () => {
        for await (const response of core.monitor.monitor(frames(10), student))
          numbers.push(response.eventNumber);
      };
      expect(await failureOf(call())).toMatchObject({
        reason: 'INVALID_FIELDS',
        details: { fields: [{ field: 'frame.number', problem: 'bad_format', description: 'no' }] },
      });
      expect(numbers).toEqual([1, 2]);
    });

    test('refuse without a token', async () => {
      const { core } = await serve({ monitor: { monitor: echo } });
      const call = () => collect(core.monitor.monitor(frames(1)));
      expect(await failureOf(call())).toMatchObject({ reason: 'CREDENTIALS_MISSING' });
    });

    test('end at the deadline, though handler and caller both wait', async () => {
      const { core } = await serve({ monitor: { monitor: echo } });
      async function* silent() {
        yield frame(1);
        await new Promise(() => undefined);
      }
      const options = { ...student, deadline: Date.now() + 300 };
      const call = () => collect(core.monitor.monitor(silent(), options));
      expect(await failureOf(call())).toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    });

    test('end when the caller cancels, and the handler is told', async () => {
      const told = deferred();
      const { core, observed } = await serve({
        monitor: {
          monitor: async function* (_: unknown, ctx: Context) {
            yield answer(1);
            await aborted(ctx);
            told.resolve();
          },
        },
      });
      const caller = new AbortController();
      const call = async () => {
        for await (const response of core.monitor.monitor(frames(1), { ...student, signal: caller.signal })) {
          expect(response.eventNumber).toBe(1);
          caller.abort();
        }
      };
      expect(await failureOf(call())).toMatchObject({ reason: 'CANCELLED' });
      await told.promise;
      await eventually(() => expect(observed.at(-1)?.reason).toBe('CANCELLED'));
    });

    test('stop when the caller stops reading', async () => {
      const stopped = deferred();
      const { core } = await serve({
        monitor: {
          monitor: async function* (_: unknown, ctx: Context) {
            try {
              await Promise.resolve();
              for (let i = 1; ; i++) {
                yield answer(i, 'x'.repeat(100_000));
                if (ctx.signal.aborted) return;
              }
            } finally {
              stopped.resolve();
            }
          },
        },
      });
      for await (const response of core.monitor.monitor(frames(1), student)) {
        if (response.eventNumber === 5) break;
      }
      await stopped.promise;
    });

    test('stop sending when the handler has answered all it will', async () => {
      const stopped = deferred();
      async function* endless() {
        try {
          for (let i = 1; ; i++) {
            yield frame(i, Buffer.alloc(100_000));
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          stopped.resolve();
        }
      }
      const { core } = await serve({
        monitor: {
          monitor: async function* (requests: AsyncIterable<MonitorRequestMessage>) {
            for await (const request of requests) {
              yield answer(numberOf(request));
              if (numberOf(request) === 2) return;
            }
          },
        },
      });
      const numbers: number[] = [];
      for await (const response of core.monitor.monitor(endless(), student))
        numbers.push(response.eventNumber);
      expect(numbers).toEqual([1, 2]);
      await stopped.promise;
    });

    test('fail with what the source of the requests throws', async () => {
      const { core } = await serve({ monitor: { monitor: echo } });
      async function* broken() {
        yield frame(1);
        await Promise.resolve();
        throw new StatusError('IMAGE_UNREADABLE', 'The camera is gone.');
      }
      const call = () => collect(core.monitor.monitor(broken(), student));
      expect(await failureOf(call())).toMatchObject({
        reason: 'IMAGE_UNREADABLE',
        message: 'The camera is gone.',
      });
    });

    /** Messages that may be under way between two sides: grpc-js's buffers of 16 messages and HTTP/2's windows. Seen: 19. */
    const AHEAD = 40;
    const size = 256 * 1024;

    test('pause a handler whose caller is slow', async () => {
      let produced = 0;
      const { core } = await serve({
        monitor: {
          monitor: async function* () {
            await Promise.resolve();
            for (; produced < 1000; produced++) yield answer(produced + 1, 'x'.repeat(size));
          },
        },
      });
      const responses = core.monitor.monitor(frames(1), student)[Symbol.asyncIterator]();
      await responses.next();
      await settled(() => produced);
      expect(produced).toBeLessThan(AHEAD);
      let read = 1;
      while (!(await responses.next()).done) read++;
      expect(read).toBe(1000);
    });

    test('pause a caller whose handler is slow', async () => {
      let produced = 0;
      const go = deferred();
      const begun = deferred();
      async function* many() {
        await Promise.resolve();
        for (; produced < 1000; produced++) yield frame(produced + 1, Buffer.alloc(size));
      }
      const { core } = await serve({
        monitor: {
          monitor: async function* (requests: AsyncIterable<MonitorRequestMessage>) {
            let count = 0;
            for await (const request of requests) {
              count = numberOf(request);
              if (count === 1) {
                begun.resolve();
                await go.promise;
              }
            }
            yield answer(count);
          },
        },
      });
      const counted = (async () => {
        for await (const response of core.monitor.monitor(many(), student)) return response.eventNumber;
        return 0;
      })();
      await begun.promise;
      await settled(() => produced);
      expect(produced).toBeLessThan(AHEAD);
      go.resolve();
      expect(await counted).toBe(1000);
    });
  });
});

/** Waits until a counter has stood still for a while: whoever moves it is paused. */
async function settled(counter: () => number): Promise<void> {
  let last = -1;
  await eventually(
    () => {
      const now = counter();
      const still = now === last;
      last = now;
      expect(still).toBe(true);
    },
    { everyMs: 200 },
  );
}
