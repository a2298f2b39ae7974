import { connect } from 'node:net';
import { StatusError } from '../../src/call/index.js';
import { AlertType, Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import type { WatchExamResponse } from '../../src/grpc/gen/probity/exams/v1/review_service.js';
import { eventually } from '../support/eventually.js';
import { TestClock } from '../support/clock.js';
import { startFacade, type Facade } from './support/facade.js';
import { examAnswer, student, studentAnswer, told } from './support/review-pairs.js';
import type { Script } from './support/scripted_core.js';

const PATH = '/probity/v1/exams/12/events';
const alert = Alert.fromPartial({
  name: 'exams/12/alerts/a1',
  type: AlertType.ALERT_TYPE_NO_FACE,
  reason: 'Nobody.',
});
const opened: WatchExamResponse = { number: 4, what: { $case: 'opened', value: { after: 4 } } };
const changed = (number: number): WatchExamResponse => ({
  number,
  what: { $case: 'student', value: student },
});

interface Told {
  id?: string;
  event?: string;
  data?: unknown;
  comment?: string;
}

/** The blocks of a text of server-sent events, by the rules of the HTML standard. */
function read(text: string): Told[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const one: Told = {};
      for (const line of block.split('\n')) {
        const [field, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()];
        if (field === '') one.comment = value;
        else if (field === 'data') one.data = JSON.parse(value);
        else if (field === 'id' || field === 'event') one[field] = value;
      }
      return one;
    });
}

/** A source that its test feeds. */
class Source {
  pulled = 0;
  private readonly waiting: WatchExamResponse[] = [];
  private failure: StatusError | null = null;
  private wake = (): void => undefined;

  feed(...responses: WatchExamResponse[]): void {
    this.waiting.push(...responses);
    this.wake();
  }

  fail(error: StatusError): void {
    this.failure = error;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchExamResponse> {
    for (;;) {
      const next = this.waiting.shift();
      if (next) {
        this.pulled++;
        yield next;
      } else if (this.failure) throw this.failure;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

describe('answers that go on', () => {
  const open: Facade[] = [];
  const clock = new TestClock();
  let draining = new AbortController();
  const start = async (script: Script): Promise<Facade> => {
    draining = new AbortController();
    const streaming = { every: clock.every.bind(clock), draining: draining.signal };
    const facade = await startFacade({ script, streaming });
    open.push(facade);
    return facade;
  };
  afterEach(async () => {
    draining.abort();
    await Promise.all(open.splice(0).map((facade) => facade.close()));
  });

  /** A request whose answer is read as it comes. */
  async function follow(facade: Facade, headers: Record<string, string> = {}) {
    const abort = new AbortController();
    const response = await fetch(`${facade.url}${PATH}`, {
      headers: { authorization: 'Bearer instructor', ...headers },
      signal: abort.signal,
    });
    let text = '';
    const decoder = new TextDecoder();
    const whole = (async () => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
      }
    })();
    whole.catch(() => undefined);
    return { response, whole, told: () => read(text), hangUp: () => abort.abort() };
  }

  it('tells each event under its number, in the family’s words', async () => {
    const facade = await start({ 'reviews.watchExam': () => told(alert) });
    const { response, whole, told: events } = await follow(facade);
    await whole;
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(events()).toMatchObject([
      { id: '4', event: 'open', data: { after: 4 } },
      {
        ...{ id: '5', event: 'alert' },
        data: {
          alert: { name: 'exams/12/alerts/a1', type: 'NO_FACE', decision: null },
          student: studentAnswer,
        },
      },
      { id: '6', event: 'alert', data: { student: null } },
      { id: '7', event: 'student', data: { student: studentAnswer } },
      { id: '8', event: 'exam', data: { exam: examAnswer } },
    ]);
  });

  it.each([
    ['7', 7],
    [undefined, undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['9'.repeat(30), undefined],
  ])('comes back after the event %s', async (sent, after) => {
    const facade = await start({ 'reviews.watchExam': () => [opened] });
    const { whole } = await follow(facade, sent === undefined ? {} : { 'last-event-id': sent });
    await whole;
    expect(facade.calls[0]?.request).toEqual({ exam: 'exams/12', after });
    expect(facade.calls[0]?.ctx.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('is refused like any other answer before its first event', async () => {
    const gone = new StatusError('EXAM_NOT_FOUND', 'There is no such exam.');
    const facade = await start({
      'reviews.watchExam': () => {
        throw gone;
      },
    });
    const refused = await facade.send('GET', PATH, { token: 'instructor' });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(refused.body).toMatchObject({ reason: 'EXAM_NOT_FOUND' });
    expect((await facade.send('GET', PATH)).status).toBe(401);
    expect((await facade.send('GET', PATH, { token: 'expired' })).body).toMatchObject({
      reason: 'TOKEN_EXPIRED',
    });
  });

  it('says why it ended after that', async () => {
    const source = new Source();
    const facade = await start({ 'reviews.watchExam': () => source });
    source.feed(opened, changed(5));
    const { whole, told: events } = await follow(facade);
    await eventually(() => expect(events()).toHaveLength(2));
    source.fail(new StatusError('TOKEN_EXPIRED', 'The login has ended.'));
    await whole;
    expect(events().at(-1)).toEqual({ event: 'end', data: { reason: 'TOKEN_EXPIRED' } });
  });

  it('sends a comment every 15 s, by its clock', async () => {
    const source = new Source();
    const facade = await start({ 'reviews.watchExam': () => source });
    source.feed(opened);
    const { told: events, hangUp } = await follow(facade);
    await eventually(() => expect(events()).toHaveLength(1));
    clock.advance(14_999);
    clock.advance(1);
    await eventually(() => expect(events()).toEqual([expect.anything(), { comment: 'ping' }]));
    clock.advance(15_000);
    await eventually(() => expect(events()).toHaveLength(3));
    source.feed(changed(5));
    await eventually(() => expect(events().at(-1)?.id).toBe('5'));
    hangUp();
  });

  it('ends when the server drains, and holds it up no longer', async () => {
    const source = new Source();
    const facade = await start({ 'reviews.watchExam': () => source });
    source.feed(opened);
    const { whole, told: events } = await follow(facade);
    await eventually(() => expect(events()).toHaveLength(1));
    draining.abort();
    const drained = facade.drain(60_000);
    await whole;
    await drained;
    expect(events().at(-1)).toEqual({ event: 'end', data: { reason: 'DRAINING' } });
  });

  it('stops the core when the client hangs up', async () => {
    const source = new Source();
    const facade = await start({ 'reviews.watchExam': () => source });
    source.feed(opened);
    const { told: events, hangUp } = await follow(facade);
    await eventually(() => expect(events()).toHaveLength(1));
    expect(facade.calls[0]?.ctx.signal.aborted).toBe(false);
    hangUp();
    await eventually(() => expect(facade.calls[0]?.ctx.signal.aborted).toBe(true));
  });

  it('asks for no more than a client takes, and goes on where it stopped', async () => {
    const source = new Source();
    const facade = await start({ 'reviews.watchExam': () => source });
    const large = { ...student, approvalRequest: 'x'.repeat(60_000) };
    const events = Array.from({ length: 400 }, (_, index): WatchExamResponse => {
      return { number: index + 5, what: { $case: 'student', value: large } };
    });
    source.feed(opened, ...events);
    const { port, hostname } = new URL(facade.url);
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer instructor\r\n\r\n`);
    let still = 0;
    await eventually(
      () => {
        const before = still;
        still = source.pulled;
        expect(still).toBeGreaterThan(1);
        expect(still).toBe(before);
      },
      { everyMs: 200 },
    );
    expect(still).toBeLessThan(400);
    let length = 0;
    socket.on('data', (bytes) => (length += bytes.length));
    socket.resume();
    await eventually(() => expect(source.pulled).toBe(401));
    await eventually(() => expect(length).toBeGreaterThan(400 * 60_000));
    socket.destroy();
  });

  it('answers HEAD without a stream', async () => {
    const source = new Source();
    const facade = await start({ 'reviews.watchExam': () => source });
    source.feed(opened);
    const head = await facade.send('HEAD', PATH, { token: 'instructor' });
    expect([head.status, head.text]).toEqual([200, '']);
  });
});
