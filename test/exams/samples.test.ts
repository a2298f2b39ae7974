import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { StatusError } from '../../src/call/index.js';
import { Outcome } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import { Assurance, Modality } from '../../src/grpc/gen/probity/biometrics/v1/reference_service.js';
import { LivenessPolicy } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import {
  CaptureAnomaly,
  type MonitorResponse,
  type SampleFinding,
  type SubmitSampleRequest,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { AlertType, type Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { databases } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { MonitorClient, short } from './client.js';
import { createWorld, enrol, examOf, sittingOf, START, type Heard, type World } from './world.js';

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

type Kind = NonNullable<SubmitSampleRequest['sample']>['$case'];

describe.each(databases)('samples of voice and typing on $name', ({ open }) => {
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
  const send = (value: Buffer, kind: Kind = 'audio', name = exam.name, ctx = exam.sitter) =>
    world.exams.handlers.monitor.submitSample({ exam: name, sample: { $case: kind, value } }, ctx);
  const say = (heard: Heard = {}, after = 30_000, kind: Kind = 'audio'): Promise<SampleFinding> => {
    world.clock.advance(after);
    return send(world.sample(heard), kind);
  };
  const shoot = async (score = 0.7, after = 10_000) => {
    world.clock.advance(after);
    const image = await world.picture({ score });
    return world.exams.handlers.monitor.submitFrame(
      { exam: exam.name, image, operatingSystem: '' },
      exam.sitter,
    );
  };
  const alerts = async (): Promise<Alert[]> =>
    (
      await world.exams.handlers.proctoring.listAlerts(
        { exam: exam.name, user: '', pageSize: 0, pageToken: '' },
        exam.staff,
      )
    ).alerts;
  const session = async () =>
    (
      await world.exams.handlers.proctoring.listSessions(
        { exam: exam.name, pageSize: 0, pageToken: '' },
        exam.staff,
      )
    ).sessions[0]!;

  test('a sample is answered by what was committed of it, and is numbered apart from frames', async () => {
    await shoot();
    const first = await say({ score: 0.55 });
    expect(first).toMatchObject({
      number: 1,
      session: (await session()).name,
      modality: Modality.MODALITY_VOICE,
      receiveTime: new Date(START + 40_000),
      comparison: { outcome: Outcome.OUTCOME_MATCH, score: 0.55, threshold: 0.3, model: 'voice-scripted/1' },
      anomalies: [],
      alerts: [],
    });
    expect(first.identity).toMatchObject({ evidence: 0, prior: 0.99 });
    expect(await say({}, 1_000, 'interaction')).toMatchObject({
      number: 2,
      modality: Modality.MODALITY_INTERACTION,
    });
    expect((await shoot()).frame).toBe(2);
    expect(await session()).toMatchObject({ frameCount: 2, sampleCount: 2 });
    const heard = (await world.audited()).filter(({ action }) => action === 'sample.observed');
    expect(heard[0]!.details).toMatchObject({
      ...{ sample: 1, modality: 'VOICE', outcome: 'MATCH', score: 0.55, model: 'voice-scripted/1' },
      ...{ anomalies: [], impostorEvidence: 0 },
    });
    expect(await world.storage.db('blobs').select()).toEqual([]);
  });

  test('another voice is told although the face fits, from several recordings, and the alert says who said so', async () => {
    let heard: SampleFinding;
    let recordings = 0;
    do {
      await shoot();
      heard = await say({ score: -0.2 }, 20_000);
      recordings++;
    } while (heard.alerts.length === 0 && recordings < 50);
    expect(recordings).toBeGreaterThanOrEqual(6);
    expect(heard.alerts).toMatchObject([
      {
        type: AlertType.ALERT_TYPE_DIFFERENT_PERSON,
        threshold: 12,
        model: 'voice-scripted/1',
        hasEvidence: false,
      },
    ]);
    const [alert] = await alerts();
    expect(alert).toMatchObject({ type: AlertType.ALERT_TYPE_DIFFERENT_PERSON });
    expect(alert!.contributions).toMatchObject([
      { modality: Modality.MODALITY_VOICE, observations: recordings, score: -0.2, threshold: 0.3 },
    ]);
    expect(alert!.reason).toContain(`Over ${recordings} recordings the voice does not sound like`);
    const { identity } = await session();
    expect(identity!.confidence).toBeLessThan(0.001);
    expect(identity!.contributions.map(({ modality, evidence }) => [modality, evidence > 0])).toEqual([
      [Modality.MODALITY_VOICE, true],
      [Modality.MODALITY_FACE, false],
    ]);
  });

  test('a face and a voice that do not fit are added up: the alert comes sooner than from the face', async () => {
    await shoot(0.05);
    await say({ score: -0.2 }, 1_000);
    await shoot(0.05);
    expect((await say({ score: -0.2 }, 20_000)).alerts).toEqual([]);
    const { alerts: raised } = await shoot(0.05, 10_000);
    expect(raised).toMatchObject([{ type: AlertType.ALERT_TYPE_DIFFERENT_PERSON }]);
    expect(raised[0]!.contributions.map(({ modality, observations }) => [modality, observations])).toEqual([
      [Modality.MODALITY_FACE, 3],
      [Modality.MODALITY_VOICE, 2],
    ]);
  });

  test('silence, noise and what could not be compared raise nothing, however long', async () => {
    for (let n = 0; n < 12; n++) {
      const { comparison, alerts: raised, identity } = await say({ score: null }, 60_000);
      expect([comparison?.outcome, raised, identity?.evidence]).toEqual([
        Outcome.OUTCOME_INCONCLUSIVE,
        [],
        0,
      ]);
    }
    expect(comparison(await say({ score: null }))).toEqual(['Too little.']);
  });
  const comparison = (finding: SampleFinding): string[] => finding.comparison!.reasons;

  test('without a reference that may be compared with, a sample is inconclusive and nobody judges it', async () => {
    const key = `${exam.student.id}/VOICE`;
    const reference = world.otherReferences.get(key)!;
    for (const [held, why] of [
      [null, 'There is no complete voice reference to compare with.'],
      [{ ...reference, complete: false }, 'There is no complete voice reference to compare with.'],
    ] as const) {
      if (held) world.otherReferences.set(key, held);
      else world.otherReferences.delete(key);
      const finding = await say({ score: -0.9 });
      expect([finding.comparison?.outcome, comparison(finding), finding.identity?.evidence]).toEqual([
        Outcome.OUTCOME_INCONCLUSIVE,
        [why],
        0,
      ]);
    }
    expect(world.judged.count).toBe(0);
    world.otherReferences.set(key, reference);
    const error = new StatusError(
      'MODEL_MISMATCH',
      'The voice reference was made by another model; enrol again.',
    );
    expect(comparison(await say({ error }))).toEqual([error.message]);
  });

  test('a reference of too little assurance for the exam is not compared with', async () => {
    const other = await examOf(world, {
      monitoring: {
        frameInterval: undefined,
        liveness: LivenessPolicy.LIVENESS_POLICY_NEVER_BLOCK,
        minimumAssurance: Assurance.ASSURANCE_STAFF_APPROVED,
      },
    });
    const { exams, identification, proctoring } = world.exams.handlers;
    await exams.startExam({ name: other.name }, other.staff);
    await identification.approveStudent({ exam: other.name, email: other.student.email }, other.staff);
    await proctoring.joinExam({ exam: other.name }, other.sitter);
    expect(comparison(await send(world.sample({ score: -0.9 }), 'audio', other.name))).toEqual([
      'This exam asks for a voice reference of higher assurance.',
    ]);
    expect(world.judged.count).toBe(0);
  });

  test('who has not consented, not joined or is not enrolled leaves no trace; what cannot be read is an error', async () => {
    world.withdrawn.add(`${exam.student.id}/VOICE`);
    expect(await reasonOf(say())).toBe('CONSENT_REQUIRED');
    expect((await say({}, 0, 'interaction')).number).toBe(1);
    world.withdrawn.clear();
    expect(await reasonOf(send(randomBytes(20)))).toBe('INVALID_FIELDS');
    expect(await reasonOf(send(Buffer.alloc(0)))).toBe('INVALID_FIELDS');
    const stranger = world.ctx(world.person('eve@example.org').id);
    expect(await reasonOf(send(world.sample(), 'audio', exam.name, stranger))).toBe('EXAM_NOT_FOUND');
    await world.exams.handlers.proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect(await reasonOf(say())).toBe('NOT_JOINED');
    expect(await world.storage.db('sample_observations').pluck('number')).toEqual([1]);
  });

  test('a sample whose consent is taken back while it is judged leaves no trace', async () => {
    let release = (): void => undefined;
    world.gate.closed = new Promise((resolve) => {
      release = resolve;
    });
    const answer = reasonOf(say());
    await eventually(() => expect(world.judged.count).toBe(1));
    world.withdrawn.add(`${exam.student.id}/VOICE`);
    world.gate.closed = null;
    release();
    expect(await answer).toBe('CONSENT_REQUIRED');
    for (const table of ['sample_observations', 'session_events']) {
      expect(await world.storage.db(table).select()).toEqual([]);
    }
  });

  test('the exam may be left out where the student has joined just one', async () => {
    expect(await send(world.sample(), 'audio', '')).toMatchObject({
      number: 1,
      session: (await session()).name,
    });
    const second = await sittingOf(world);
    const both = await send(world.sample(), 'audio', '').catch((error: unknown) => error as StatusError);
    expect(both).toMatchObject({ reason: 'EXAM_STATE' });
    expect((both as StatusError).message).toContain(`${exam.name} and ${second.name}`);
    for (const { name } of [exam, second]) {
      await world.exams.handlers.proctoring.leaveExam({ exam: name }, exam.sitter);
    }
    expect(await reasonOf(send(world.sample(), 'audio', ''))).toBe('NOT_JOINED');
  });

  test('bytes that came before in the exam are a replay: told once, and no evidence either way', async () => {
    const recording = world.sample({ score: -0.9 });
    await send(recording);
    const before = (await session()).identity!.evidence;
    world.clock.advance(30_000);
    const again = await send(recording);
    expect(again.anomalies).toEqual([CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES]);
    expect(again.alerts).toMatchObject([
      {
        type: AlertType.ALERT_TYPE_REPLAYED_SAMPLE,
        reason: 'The very same recording was sent before in this exam.',
      },
    ]);
    expect(again.identity!.evidence).toBeLessThan(before);
    expect((await say()).alerts).toMatchObject([
      { type: AlertType.ALERT_TYPE_REPLAYED_SAMPLE, endTime: expect.any(Date) as Date },
    ]);
    const bob = world.person('bob@example.org');
    await enrol(world, exam.name, exam.staff, bob.email);
    const { identification, proctoring } = world.exams.handlers;
    const image = await world.picture();
    await identification.identifyStudent({ exam: exam.name, image, operatingSystem: '' }, world.ctx(bob.id));
    await proctoring.joinExam({ exam: exam.name }, world.ctx(bob.id));
    const lent = await send(recording, 'audio', exam.name, world.ctx(bob.id));
    expect(lent.anomalies).toEqual([CaptureAnomaly.CAPTURE_ANOMALY_SAME_BYTES]);
    // A muted microphone: the same bytes, and nothing in them.
    const nothing = world.sample({ score: null });
    await send(nothing);
    expect((await send(nothing)).alerts).toEqual([]);
  });

  test('samples and frames at the same moment, through two nodes, are each committed once', async () => {
    const other = world.rewire({}).handlers.monitor;
    const pictures = await Promise.all(Array.from({ length: 6 }, () => world.picture()));
    const work = pictures.flatMap((image, i) => {
      const node = i % 2 ? other : world.exams.handlers.monitor;
      const sample = { $case: 'audio', value: world.sample() } as const;
      return [
        node.submitFrame({ exam: exam.name, image, operatingSystem: '' }, exam.sitter),
        node.submitSample({ exam: exam.name, sample }, exam.sitter),
      ];
    });
    await Promise.all(work);
    const numbers = (await world.storage.db('session_events').orderBy('number').pluck('number')) as number[];
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(await session()).toMatchObject({ frameCount: 6, sampleCount: 6 });
  });

  describe('in a stream', () => {
    const samples = (responses: readonly MonitorResponse[]) =>
      responses.flatMap(({ message }) => (message?.$case === 'sample' ? [message.value] : []));

    test('frames, recordings and typing go up together; each is answered in the order of the log', async () => {
      const client = connect().open(exam.name);
      client
        .frame(1, await world.picture())
        .audio(1, world.sample())
        .interaction(2, world.sample())
        .audio(3, randomBytes(30))
        .end();
      const [opened, ...answers] = await client.rest();
      expect(opened?.message).toMatchObject({ value: { nextFrame: 1, nextSample: 1 } });
      expect(answers.map(short).sort()).toEqual(['finding 1', 'sample 1', 'sample 2', 'sample 3']);
      expect(answers.map(({ eventNumber }) => eventNumber)).toEqual([1, 2, 3, 4]);
      expect(samples(answers).map(({ modality }) => modality)).toEqual([
        Modality.MODALITY_VOICE,
        Modality.MODALITY_INTERACTION,
        Modality.MODALITY_VOICE,
      ]);
      expect(samples(answers).at(-1)).toMatchObject({
        anomalies: [CaptureAnomaly.CAPTURE_ANOMALY_UNREADABLE],
        comparison: { outcome: Outcome.OUTCOME_INCONCLUSIVE, reasons: ['The sample cannot be read.'] },
      });
    });

    test('without consent to be heard the student is seen all the same', async () => {
      world.withdrawn.add(`${exam.student.id}/VOICE`);
      const client = connect().open(exam.name).audio(1, world.sample());
      const [, rejected] = await client.take(2);
      expect(short(rejected!)).toBe('sample rejected 1 CONSENT_REQUIRED');
      expect(rejected).toMatchObject({ eventNumber: 0, message: { value: { retryAfter: undefined } } });
      client
        .frame(1, await world.picture())
        .interaction(2, world.sample())
        .end();
      expect((await client.rest()).map(short).sort()).toEqual(['finding 1', 'sample 2']);
      expect(samples(client.received)[0]!.anomalies).toEqual([]);
    });

    test('an overloaded engine gives a sample back with a time, and takes it the next time', async () => {
      const error = new StatusError('ENGINE_OVERLOADED', 'Busy.', { retryAfterMs: 250 });
      const client = connect().open(exam.name).audio(1, world.sample({ error }));
      const [, rejected] = await client.take(2);
      expect(rejected?.message).toMatchObject({
        $case: 'sampleRejected',
        value: { number: 1, reason: 'ENGINE_OVERLOADED', retryAfter: { seconds: 0n, nanos: 250_000_000 } },
      });
      client.audio(1, world.sample()).end();
      expect((await client.rest()).map(short)).toEqual(['sample 1']);
    });

    test('a number that jumps or was used, and a time that is stale, are findings', async () => {
      const at = (seconds: number): Date => new Date(START + seconds * 1000);
      const [first, fifth] = [world.sample(), world.sample()];
      const client = connect().open(exam.name).audio(1, first, at(0));
      await client.take(2);
      world.clock.advance(60_000);
      client.audio(5, fifth, at(10));
      await client.next();
      client.audio(5, world.sample()).audio(5, fifth).end();
      await client.rest();
      expect(samples(client.received).map(({ anomalies }) => anomalies)).toEqual([
        [],
        [CaptureAnomaly.CAPTURE_ANOMALY_STALE_TIME, CaptureAnomaly.CAPTURE_ANOMALY_SEQUENCE_JUMP],
        [CaptureAnomaly.CAPTURE_ANOMALY_STALE_TIME, CaptureAnomaly.CAPTURE_ANOMALY_SEQUENCE_JUMP],
        [CaptureAnomaly.CAPTURE_ANOMALY_STALE_TIME, CaptureAnomaly.CAPTURE_ANOMALY_SEQUENCE_JUMP],
      ]);
      expect((await world.audited()).map(({ action }) => action)).toContain('sample.number_reused');
      expect(await world.storage.db('sample_observations').orderBy('number').pluck('number')).toEqual([1, 5]);
    });

    test('wherever a stream is cut, the next one is told what this one was not, and all count once', async () => {
      const cuts = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(cuts, async (points) => {
          exam = await sittingOf(world);
          const images = await Promise.all(Array.from({ length: 4 }, () => world.picture()));
          const recordings = Array.from({ length: 4 }, () => world.sample());
          const seen = new Map<number, string>();
          const resume = async (): Promise<MonitorClient> => {
            const client = connect().open(exam.name, seen.size);
            const opened = (await client.next())?.message;
            if (opened?.$case !== 'opened') throw new Error('not opened');
            const { nextFrame, nextSample } = opened.value;
            for (let i = 0; i < images.length; i++) {
              if (i + 1 >= nextFrame) client.frame(i + 1, images[i]!);
              if (i + 1 >= nextSample) client.audio(i + 1, recordings[i]!);
            }
            return client;
          };
          const note = (responses: readonly MonitorResponse[]): void => {
            for (const response of responses) {
              if (response.eventNumber <= seen.size) continue;
              expect(response.eventNumber).toBe(seen.size + 1);
              seen.set(response.eventNumber, short(response));
            }
          };
          for (const point of points) {
            const client = await resume();
            note(await client.take(Math.min(point, 2 * images.length - seen.size)));
            await client.cut();
          }
          note(await (await resume()).end().rest());
          const expected = images.flatMap((_, i) => [`finding ${i + 1}`, `sample ${i + 1}`]);
          expect([...seen.values()].sort()).toEqual(expected.sort());
        }),
        { numRuns: 5 },
      );
    });
  });
});
