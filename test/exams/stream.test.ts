import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { StatusError } from '../../src/call/index.js';
import {
  CaptureAnomaly,
  ClientEventType,
  type MonitorResponse,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { AlertType } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { databases } from '../support/databases.js';
import { MonitorClient, short } from './client.js';
import { jobContext } from './jobs.js';
import { createWorld, sittingOf, START, type Script, type World } from './world.js';

describe.each(databases)('the Monitor stream on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof sittingOf>>;
  let clients: MonitorClient[] = [];
  beforeEach(async () => {
    world = createWorld(await open());
    exam = await sittingOf(world);
  });
  afterEach(async () => {
    for (const client of clients) await client.cut();
    clients = [];
  });

  function connect(exams = world.exams): MonitorClient {
    const client = new MonitorClient(exams, exam.sitter);
    clients.push(client);
    return client;
  }
  const pictures = (n: number, script: Script = {}): Promise<Buffer[]> =>
    Promise.all(Array.from({ length: n }, () => world.picture(script)));
  const findings = (responses: readonly MonitorResponse[]) =>
    responses.flatMap(({ message }) => (message?.$case === 'finding' ? [message.value] : []));
  async function until(met: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await met())) await new Promise((resolve) => setImmediate(resolve));
  }
  const firstOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'OK',
      (error: unknown) => (error as StatusError).reason,
    );

  test('opens with where to go on and how, and answers frames in order with gapless event numbers', async () => {
    const client = connect().open(exam.name);
    const opened = (await client.next())?.message;
    expect(opened).toEqual({
      $case: 'opened',
      value: {
        session: expect.stringMatching(/^exams\/1\/sessions\//) as string,
        nextFrame: 1,
        frameInterval: { seconds: 10n, nanos: 0 },
        heartbeatInterval: { seconds: 1n, nanos: 0 },
        maxFramesInFlight: 4,
        nextSample: 1,
      },
    });
    (await pictures(10)).forEach((image, i) => client.frame(i + 1, image));
    const answers = await client.end().rest();
    expect(answers.map(short)).toEqual(Array.from({ length: 10 }, (_, i) => `finding ${i + 1}`));
    expect(answers.map(({ eventNumber }) => eventNumber)).toEqual(
      Array.from({ length: 10 }, (_, i) => i + 1),
    );
  });

  test('Open comes first, once, and only for who sits the exam', async () => {
    expect(await firstOf(connect().heartbeat().next())).toBe('INVALID_FIELDS');
    expect(await firstOf(connect().end().next())).toBe('INVALID_FIELDS');
    expect(await firstOf(connect().open('exams/99').next())).toBe('EXAM_NOT_FOUND');
    const twice = connect().open(exam.name).open(exam.name);
    expect(await firstOf(twice.rest())).toBe('INVALID_FIELDS');
    const zero = connect()
      .open(exam.name)
      .frame(0, await world.picture());
    expect(await firstOf(zero.rest())).toBe('INVALID_FIELDS');
    world.withdrawn.add(exam.student.id);
    expect(await firstOf(connect().open(exam.name).next())).toBe('CONSENT_REQUIRED');
    world.withdrawn.clear();
    await world.exams.handlers.proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect(await firstOf(connect().open(exam.name).next())).toBe('NOT_JOINED');
  });

  test('stops reading while four frames are unanswered, and while answers are not taken', async () => {
    let release = (): void => undefined;
    world.gate.closed = new Promise((resolve) => (release = resolve));
    const client = connect().open(exam.name);
    await client.next();
    (await pictures(12)).forEach((image, i) => client.frame(i + 1, image));
    const before = world.analysed.count;
    const answer = client.next();
    await until(() => world.analysed.count === before + 4);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([client.read, world.analysed.count]).toEqual([5, before + 4]);
    world.gate.closed = null;
    release();
    expect(short((await answer)!)).toBe('finding 1');
    // Nobody asked for another answer: the first is not known to have arrived.
    await until(async () => (await world.storage.db('observations').pluck('frame')).length === 4);
    expect(client.read).toBe(5);
    expect((await client.end().rest()).map(short)).toEqual(
      Array.from({ length: 11 }, (_, i) => `finding ${i + 2}`),
    );
  });

  test('an unreadable frame is a finding and the stream goes on', async () => {
    const client = connect()
      .open(exam.name)
      .frame(1, randomBytes(30))
      .frame(2, await world.picture())
      .end();
    const [bad, good] = findings(await client.rest());
    expect(bad).toMatchObject({
      frame: 1,
      anomalies: [CaptureAnomaly.CAPTURE_ANOMALY_UNREADABLE],
      finding: undefined,
    });
    expect(good).toMatchObject({ frame: 2, anomalies: [] });
  });

  test('an overloaded engine gives the frame back with a time, commits nothing, and takes it the next time', async () => {
    const error = new StatusError('ENGINE_OVERLOADED', 'Busy.', { retryAfterMs: 250 });
    const client = connect()
      .open(exam.name)
      .frame(1, await world.picture({ error }))
      .frame(2, await world.picture());
    const [, ...two] = await client.take(3);
    expect(two.map(short).sort()).toEqual(['finding 2', 'rejected 1 ENGINE_OVERLOADED']);
    const rejected = two.find(({ message }) => message?.$case === 'rejected');
    expect(rejected).toMatchObject({
      eventNumber: 0,
      message: { value: { retryAfter: { seconds: 0n, nanos: 250_000_000 } } },
    });
    expect(findings(two)[0]?.anomalies).toEqual([]);
    await client.cut();
    const back = connect().open(exam.name, 1);
    expect((await back.next())?.message).toMatchObject({ value: { nextFrame: 1 } });
    back
      .frame(1, await world.picture())
      .frame(3, await world.picture())
      .end();
    const later = findings(await back.rest());
    expect(later.map(({ frame, anomalies }) => [frame, anomalies])).toEqual([
      [1, []],
      [3, []],
    ]);
  });

  test('a jump in the numbers is a finding', async () => {
    const client = connect()
      .open(exam.name)
      .frame(1, await world.picture())
      .frame(5, await world.picture())
      .end();
    const [, jumped] = findings(await client.rest());
    expect(jumped?.anomalies).toEqual([CaptureAnomaly.CAPTURE_ANOMALY_SEQUENCE_JUMP]);
    const back = connect().open(exam.name, 2).end();
    expect((await back.next())?.message).toMatchObject({ value: { nextFrame: 6 } });
  });

  test('a capture time that is stale, or before the last one, is a finding', async () => {
    const [first, second, stale, back] = await pictures(4);
    const at = (seconds: number): Date => new Date(START + seconds * 1000);
    const client = connect().open(exam.name).frame(1, first!, at(0));
    await client.take(2);
    world.clock.advance(10_000);
    client.frame(2, second!, at(10));
    await client.next();
    world.clock.advance(60_000);
    client.frame(3, stale!, at(20));
    await client.next();
    client.frame(4, back!, at(15)).end();
    await client.rest();
    expect(findings(client.received).map(({ anomalies }) => anomalies)).toEqual([
      [],
      [],
      [CaptureAnomaly.CAPTURE_ANOMALY_STALE_TIME],
      [CaptureAnomaly.CAPTURE_ANOMALY_STALE_TIME],
    ]);
  });

  test('a committed number is answered by its finding once more and counts once; other bytes under it are told', async () => {
    const [first, other] = await pictures(2);
    const client = connect().open(exam.name).frame(1, first!);
    const [, answer] = await client.take(2);
    client.frame(1, first!).frame(1, other!).end();
    const [same, reused] = await client.rest();
    expect(same).toEqual(answer);
    expect(findings([reused!])[0]).toMatchObject({
      frame: 1,
      anomalies: [CaptureAnomaly.CAPTURE_ANOMALY_SEQUENCE_JUMP],
    });
    expect(await world.storage.db('observations').pluck('frame')).toEqual([1]);
    expect((await world.audited()).map(({ action }) => action)).toContain('frame.number_reused');
  });

  test('wherever a stream is cut, the next one is told what this one was not, and every frame counts once', async () => {
    const cuts = fc.array(fc.nat(5), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (points) => {
        exam = await sittingOf(world);
        const images = await pictures(10);
        const seen = new Map<number, number>();
        const resume = async (): Promise<MonitorClient> => {
          const client = connect().open(exam.name, seen.size);
          const opened = (await client.next())?.message;
          const next = opened?.$case === 'opened' ? opened.value.nextFrame : 0;
          images.forEach((image, i) => i + 1 >= next && client.frame(i + 1, image));
          return client;
        };
        const note = (responses: readonly MonitorResponse[]): void => {
          for (const { eventNumber, message } of responses) {
            if (message?.$case !== 'finding' || eventNumber <= seen.size) continue;
            expect(eventNumber).toBe(seen.size + 1);
            seen.set(eventNumber, message.value.frame);
          }
        };
        for (const point of points) {
          const client = await resume();
          note(await client.take(Math.min(point, images.length - seen.size)));
          await client.cut();
        }
        note(await (await resume()).end().rest());
        expect([...seen]).toEqual(images.map((_, i) => [i + 1, i + 1]));
      }),
      { numRuns: 6 },
    );
    const counts = (await world.storage.db('proctoring_sessions').pluck('frame_count')) as number[];
    expect(counts.filter((count) => count > 0)).toEqual(Array(counts.length - 1).fill(10));
  });

  test('a frame that was ready is not committed before the one that a cut took away', async () => {
    const [first, second] = await pictures(2);
    let release = (): void => undefined;
    world.gate.closed = new Promise((resolve) => (release = resolve));
    const client = connect().open(exam.name);
    await client.next();
    const before = world.analysed.count;
    client.frame(1, first!);
    const gone = client.next().catch(() => undefined);
    await until(() => world.analysed.count === before + 1);
    world.gate.closed = null;
    client.frame(2, second!);
    await until(() => world.analysed.count === before + 2);
    await client.cut();
    release();
    await gone;
    const back = connect().open(exam.name).frame(1, first!).frame(2, second!).end();
    expect((await back.rest()).map(short)).toEqual(['opened', 'finding 1', 'finding 2']);
  });

  test('another process takes up the stream and repeats what the first had committed', async () => {
    const images = await pictures(6);
    const client = connect().open(exam.name);
    images.slice(0, 4).forEach((image, i) => client.frame(i + 1, image));
    await client.take(5);
    await client.cut();
    const second = connect(world.rewire({})).open(exam.name, 1);
    images.slice(4).forEach((image, i) => second.frame(i + 5, image));
    const answers = await second.end().rest();
    expect(answers.map(short)).toEqual([
      'opened',
      'finding 2',
      'finding 3',
      'finding 4',
      'finding 5',
      'finding 6',
    ]);
  });

  test('a second stream takes the session over and the first one ends', async () => {
    const first = connect().open(exam.name);
    await first.next();
    const second = connect().open(exam.name);
    await second.next();
    expect(await firstOf(first.rest())).toBe('VERSION_CONFLICT');
    second.frame(1, await world.picture()).end();
    expect((await second.rest()).map(short)).toEqual(['finding 1']);
  });

  test('alerts that no frame brought come down at once, and the end of the exam ends the stream', async () => {
    const client = connect().open(exam.name);
    await client.next();
    const [completion, interruptions] = world.exams.jobs;
    world.clock.advance(6_000);
    const [alert] = await Promise.all([client.next(), interruptions!.run(jobContext())]);
    expect(alert?.message).toMatchObject({
      $case: 'alert',
      value: { type: AlertType.ALERT_TYPE_STREAM_INTERRUPTED },
    });
    client.heartbeat();
    const heard = (): Promise<boolean> =>
      world.storage
        .db('proctoring_sessions')
        .where('last_heartbeat_at', START + 6_000)
        .pluck('id')
        .then((ids) => ids.length === 1);
    const ending = client.next();
    await until(heard);
    await interruptions!.run(jobContext());
    expect((await ending)?.message).toMatchObject({
      $case: 'alert',
      value: { type: AlertType.ALERT_TYPE_STREAM_INTERRUPTED, endTime: new Date(START + 6_000) },
    });
    world.clock.advance(5_400_000);
    const rest = client.rest();
    await completion!.run(jobContext());
    expect(await rest).toEqual([]);
  });

  test('what the client tells of itself is kept as a claim; a lost camera is told, a restored one takes nothing away', async () => {
    const client = connect()
      .open(exam.name)
      .event(ClientEventType.CLIENT_EVENT_TYPE_WINDOW_HIDDEN)
      .event(ClientEventType.CLIENT_EVENT_TYPE_CAMERA_LOST)
      .event(ClientEventType.CLIENT_EVENT_TYPE_CAMERA_RESTORED);
    await client.next();
    const pending = client.next();
    const kept = (): Promise<string[]> =>
      world.storage.db('client_events').orderBy('id').pluck('type') as Promise<string[]>;
    await until(async () => (await kept()).length === 3);
    expect(await kept()).toEqual(['WINDOW_HIDDEN', 'CAMERA_LOST', 'CAMERA_RESTORED']);
    world.clock.advance(5_500);
    await world.storage.db('proctoring_sessions').update({ last_heartbeat_at: world.clock.now() });
    await world.exams.jobs[1]!.run(jobContext());
    expect((await pending)?.message).toMatchObject({
      value: { reason: 'The client says that its camera is gone.' },
    });
    client.frame(1, await world.picture());
    await client.next();
    const ended = client.next();
    await world.exams.jobs[1]!.run(jobContext());
    expect((await ended)?.message).toMatchObject({ value: { endTime: expect.any(Date) as Date } });
  });

  test('a client that sends nonsense ends its stream, not its session', async () => {
    const client = connect().open(exam.name).send({ message: undefined });
    expect(await firstOf(client.rest())).toBe('INVALID_FIELDS');
    const event = connect().open(exam.name).event(ClientEventType.CLIENT_EVENT_TYPE_UNSPECIFIED);
    expect(await firstOf(event.rest())).toBe('INVALID_FIELDS');
    expect((await connect().open(exam.name).take(1)).map(short)).toEqual(['opened']);
  });
});
