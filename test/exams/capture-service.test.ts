import { StatusError } from '../../src/call/index.js';
import { Remark } from '../../src/grpc/gen/probity/biometrics/v1/finding.js';
import {
  CameraState,
  ReferenceState,
  type Capture,
  type SendFrameResponse,
} from '../../src/grpc/gen/probity/exams/v1/capture_service.js';
import { ExamState, VerificationState } from '../../src/grpc/gen/probity/exams/v1/exam_service.js';
import { CaptureAnomaly } from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import type { Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { databases } from '../support/databases.js';
import { jobContext } from './jobs.js';
import { createWorld, examOf, sittingOf, START, type World } from './world.js';

const LIVE = CameraState.CAMERA_STATE_LIVE;
const LOST = CameraState.CAMERA_STATE_LOST;

describe.each(databases)('the page that captures, on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
  });

  const checklist = (): Promise<Capture> =>
    world.exams.handlers.capture.getCapture({ exam: exam.name }, exam.sitter);
  const beat = async (afterMs: number, visible = true, camera = LIVE): Promise<void> => {
    world.clock.advance(afterMs);
    const clientTime = new Date(world.clock.now());
    await world.exams.handlers.capture.recordHeartbeat(
      { exam: exam.name, clientTime, visible, camera },
      exam.sitter,
    );
  };
  const send = (number: number, image: Buffer, captureTime?: Date): Promise<SendFrameResponse> =>
    world.exams.handlers.capture.sendFrame(
      { exam: exam.name, frame: { number, image, captureTime } },
      exam.sitter,
    );
  const sweep = (): Promise<void> =>
    world.exams.jobs.find(({ name }) => name === 'session-interruptions')!.run(jobContext());
  const alerts = async (): Promise<Alert[]> => {
    const page = { exam: exam.name, user: '', pageSize: 0, pageToken: '' };
    return (await world.exams.handlers.proctoring.listAlerts(page, exam.staff)).alerts;
  };
  const claims = (): Promise<string[]> =>
    world.storage.db('client_events').orderBy('id').pluck('type') as Promise<string[]>;

  test('the checklist tells what is still to do, step by step', async () => {
    exam = await examOf(world);
    const reference = world.references.get(exam.student.id)!;
    world.references.delete(exam.student.id);
    world.withdrawn.add(exam.student.id);
    expect(await checklist()).toMatchObject({
      exam: exam.name,
      displayName: 'Algebra',
      state: ExamState.EXAM_STATE_UPCOMING,
      startTime: new Date(START + 3_600_000),
      endTime: undefined,
      consentNeeded: true,
      referenceState: ReferenceState.REFERENCE_STATE_NONE,
      referencePictures: 0,
      referenceWanted: 1,
      verification: { state: VerificationState.VERIFICATION_STATE_PENDING },
      session: '',
      nextFrame: 0,
      replacementExpireTime: undefined,
    });
    world.withdrawn.delete(exam.student.id);
    world.references.set(exam.student.id, { ...reference, complete: false });
    expect(await checklist()).toMatchObject({
      consentNeeded: false,
      referenceState: ReferenceState.REFERENCE_STATE_INCOMPLETE,
      referencePictures: 1,
    });
    world.references.set(exam.student.id, reference);
    exam = await sittingOf(world);
    expect(await checklist()).toMatchObject({
      state: ExamState.EXAM_STATE_STARTED,
      startTime: new Date(START),
      endTime: new Date(START + 5_400_000),
      referenceState: ReferenceState.REFERENCE_STATE_COMPLETE,
      verification: { state: VerificationState.VERIFICATION_STATE_VERIFIED },
      session: expect.stringMatching(/^exams\/\d+\/sessions\/[0-9a-f-]{36}$/) as string,
      nextFrame: 1,
      frameInterval: { seconds: 10n, nanos: 0 },
      heartbeatInterval: { seconds: 1n, nanos: 0 },
      grace: { seconds: 60n, nanos: 0 },
    });
  });

  test('staff’s leave to enrol the face anew is told, but not while the student sits an exam', async () => {
    exam = await examOf(world);
    const until = new Date(START + 86_400_000);
    world.replaceable.set(exam.student.id, until.getTime());
    expect(await checklist()).toMatchObject({ replacementExpireTime: until });
    // Any exam counts, as it does for the enrolment.
    const other = await sittingOf(world);
    expect(await checklist()).toMatchObject({ session: '', replacementExpireTime: undefined });
    await world.exams.handlers.proctoring.leaveExam({ exam: other.name }, other.sitter);
    expect(await checklist()).toMatchObject({ replacementExpireTime: until });
  });

  test('frames are numbered, committed once, and jump where one is missing', async () => {
    exam = await sittingOf(world);
    const first = await world.picture({ score: 0.8 });
    expect(await send(1, first)).toMatchObject({ finding: { frame: 1, anomalies: [] }, nextFrame: 2 });
    const count = world.analysed.count;
    expect(await send(1, first)).toMatchObject({ finding: { frame: 1, anomalies: [] }, nextFrame: 2 });
    expect(world.analysed.count).toBe(count);
    expect(await send(3, await world.picture({ presence: 'NO_FACE' }))).toMatchObject({
      finding: {
        frame: 3,
        comparison: { remarks: [Remark.REMARK_NO_FACE, Remark.REMARK_SHOW_FACE] },
        anomalies: [CaptureAnomaly.CAPTURE_ANOMALY_SEQUENCE_JUMP],
      },
      nextFrame: 4,
    });
    expect(await checklist()).toMatchObject({ nextFrame: 4 });
  });

  test('another picture under a number that is taken is refused, with the number to send it under', async () => {
    exam = await sittingOf(world);
    const [mine, other] = [await world.picture(), await world.picture()];
    await send(1, other);
    const refused = { reason: 'NUMBER_TAKEN', details: { metadata: { nextNumber: '2' } } };
    await expect(send(1, mine)).rejects.toMatchObject(refused);
    expect(await send(2, mine)).toMatchObject({ finding: { frame: 2, anomalies: [] }, nextFrame: 3 });
    // Both were on their way at once.
    const late = await world.picture();
    const both = await Promise.allSettled([send(3, await world.picture()), send(3, late)]);
    const second = both.find(({ status }) => status === 'rejected');
    expect(second).toMatchObject({ reason: { ...refused, details: { metadata: { nextNumber: '4' } } } });
    expect((await world.audited()).map(({ action }) => action)).not.toContain('frame.number_reused');
  });

  test('what the engine refuses for a moment keeps its number, and is no jump', async () => {
    exam = await sittingOf(world);
    const busy = new StatusError('ENGINE_OVERLOADED', 'Busy.', { retryAfterMs: 100 });
    await expect(send(1, await world.picture({ error: busy }))).rejects.toMatchObject({
      reason: 'ENGINE_OVERLOADED',
    });
    expect(await send(1, await world.picture())).toMatchObject({
      finding: { frame: 1, anomalies: [] },
      nextFrame: 2,
    });
  });

  test('a stale capture time is a finding', async () => {
    exam = await sittingOf(world);
    world.clock.advance(400_000);
    const { finding } = await send(1, await world.picture(), new Date(START));
    expect(finding?.anomalies).toEqual([CaptureAnomaly.CAPTURE_ANOMALY_STALE_TIME]);
  });

  test('from the first heartbeat on, 5 s without one are an interruption, and the next ends it', async () => {
    exam = await sittingOf(world);
    await send(1, await world.picture());
    for (let i = 0; i < 10; i++) await beat(1_000);
    // A frame of a client that numbers them does not say that it has no heartbeats.
    await send(2, await world.picture());
    world.clock.advance(5_001);
    await sweep();
    expect(await alerts()).toMatchObject([
      { reason: 'No sign of life from the client for 5 s.', endTime: undefined },
    ]);
    await beat(1_000);
    const back = new Date(world.clock.now());
    // Silence begins with the last sign of life: nothing lasts until a sweep.
    world.clock.advance(2_000);
    await sweep();
    expect((await alerts())[0]!.endTime).toEqual(back);
    world.clock.advance(4_000);
    await sweep();
    expect((await alerts()).map(({ beginTime, endTime }) => [beginTime, endTime])).toContainEqual([
      back,
      undefined,
    ]);
  });

  test('window and camera are claims: told when they change, and a camera is only back with a frame', async () => {
    exam = await sittingOf(world);
    await beat(1_000);
    await beat(1_000, false);
    await beat(1_000, false, LOST);
    await beat(1_000, true, LOST);
    await beat(1_000, true, LIVE);
    expect(await claims()).toEqual(['WINDOW_HIDDEN', 'CAMERA_LOST', 'WINDOW_VISIBLE', 'CAMERA_RESTORED']);
    for (let i = 0; i < 4; i++) await beat(1_000);
    await sweep();
    expect(await alerts()).toMatchObject([{ reason: 'The client says that its camera is gone.' }]);
    await send(1, await world.picture());
    await sweep();
    expect((await alerts())[0]!.endTime).toEqual(new Date(world.clock.now()));
  });

  test('what a client claims is stored a thousand times at most', async () => {
    exam = await sittingOf(world);
    const [{ id }] = (await world.storage.db('proctoring_sessions').select('id')) as [{ id: string }];
    const rows = Array.from({ length: 1_000 }, (_, i) => ({
      ...{ session_id: id, client_time: null, at: START },
      type: i % 2 ? 'WINDOW_VISIBLE' : 'WINDOW_HIDDEN',
    }));
    await world.storage.db.batchInsert('client_events', rows, 100);
    await beat(1_000, false);
    expect(await claims()).toHaveLength(1_000);
  });

  test('who has not joined has no signs of life, and who is not enrolled learns of no exam', async () => {
    exam = await examOf(world);
    await expect(beat(0)).rejects.toMatchObject({ reason: 'EXAM_STATE' });
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    await expect(beat(0)).rejects.toMatchObject({ reason: 'NOT_JOINED' });
    await expect(send(1, await world.picture())).rejects.toMatchObject({ reason: 'NOT_JOINED' });
    exam = { ...exam, sitter: world.ctx(world.person('eve@example.org').id) };
    await expect(checklist()).rejects.toMatchObject({ reason: 'EXAM_NOT_FOUND' });
  });
});
