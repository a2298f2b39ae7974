import pino from 'pino';
import { StatusError, type Context, type Principal } from '../../src/call/index.js';
import { inProcessCore, type Interceptors } from '../../src/grpc/index.js';
import { handlersWith, STUDENT } from '../contract/harness.js';

const REPROVE_MS = 1000;

/** Tells one thing, and then nothing until it is told to stop. */
async function* silent(_request: unknown, ctx: Context): AsyncGenerator {
  yield { number: 1, what: undefined };
  await new Promise<void>((resolve) => ctx.signal.addEventListener('abort', () => resolve(), { once: true }));
  ctx.signal.throwIfAborted();
}

describe('a stream that tells of other people', () => {
  const teacher: Principal = { ...STUDENT, role: 'INSTRUCTOR' };
  const authenticate = jest.fn<Promise<Principal>, [string]>();
  const around: Interceptors = {
    authenticate,
    log: pino({ level: 'silent' }),
    observe: () => undefined,
    defaultTimeoutMs: 30_000,
    reproveMs: REPROVE_MS,
  };
  const core = inProcessCore(handlersWith({ reviews: { watchExam: silent } }), around);
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    authenticate.mockReset().mockResolvedValue(teacher);
  });
  afterEach(() => jest.useRealTimers());

  const watch = async () => {
    const request = { exam: 'exams/1', after: undefined };
    const events = core.reviews.watchExam(request, { token: 't' })[Symbol.asyncIterator]();
    await events.next();
    return events;
  };

  it('goes on while its caller is who they were', async () => {
    const events = await watch();
    const ended = jest.fn();
    void events.next().then(ended, ended);
    await jest.advanceTimersByTimeAsync(3 * REPROVE_MS);
    expect(authenticate).toHaveBeenCalledTimes(4);
    expect(ended).not.toHaveBeenCalled();
    void events.return?.();
  });

  it.each([
    ['their login ended', 'TOKEN_INVALID', () => Promise.reject(new StatusError('TOKEN_INVALID', 'No.'))],
    ['their token ended', 'TOKEN_EXPIRED', () => Promise.reject(new StatusError('TOKEN_EXPIRED', 'Late.'))],
    ['their role changed', 'TOKEN_INVALID', () => Promise.resolve(STUDENT)],
  ] as const)('ends when %s', async (_, reason, now) => {
    const events = await watch();
    const next = expect(events.next()).rejects.toMatchObject({ reason });
    authenticate.mockImplementation(now);
    await jest.advanceTimersByTimeAsync(REPROVE_MS);
    await next;
  });

  it('is asked of no more once it is closed', async () => {
    const events = await watch();
    await events.return?.();
    await jest.advanceTimersByTimeAsync(3 * REPROVE_MS);
    expect(authenticate).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
