import type { StatusError } from '../../src/call/index.js';
import type {
  ReportDeviceRequest,
  ReportDeviceResponse,
} from '../../src/grpc/gen/probity/exams/v1/monitor_service.js';
import { AlertType, type Alert } from '../../src/grpc/gen/probity/exams/v1/proctoring_service.js';
import { databases } from '../support/databases.js';
import { MonitorClient } from './client.js';
import { createWorld, examOf, sittingOf, type World } from './world.js';

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => (error as StatusError).reason,
  );

describe.each(databases)('what a client says of its machine, on $name', ({ open }) => {
  let world: World;
  let exam: Awaited<ReturnType<typeof examOf>>;
  beforeEach(async () => {
    world = createWorld(await open());
  });

  const report = (change: Partial<ReportDeviceRequest>): Promise<ReportDeviceResponse> =>
    world.exams.handlers.monitor.reportDevice(
      { exam: exam.name, processes: undefined, operatingSystem: '', claims: {}, ...change },
      exam.sitter,
    );
  const runs = (...names: string[]) => report({ processes: { names } });
  const alerts = async (): Promise<Alert[]> => {
    const request = { exam: exam.name, user: '', pageSize: 0, pageToken: '' };
    return (await world.exams.handlers.proctoring.listAlerts(request, exam.staff)).alerts;
  };
  const claims = async (): Promise<unknown[]> =>
    ((await world.storage.db('exam_claims').orderBy('id').pluck('value')) as string[]).map(
      (value) => JSON.parse(value) as unknown,
    );

  test('a forbidden program is one alert for as long as it runs', async () => {
    exam = await sittingOf(world);
    expect(await runs('chrome', 'Skype.exe')).toMatchObject({
      forbidden: ['Skype.exe'],
      alerts: [{ type: AlertType.ALERT_TYPE_FORBIDDEN_PROCESS, occurrences: 1, endTime: undefined }],
    });
    world.clock.advance(25_000);
    await runs('Skype.exe', 'TeamViewer');
    world.clock.advance(25_000);
    expect((await runs('chrome')).alerts).toMatchObject([{ endTime: new Date(world.clock.now()) }]);
    expect((await runs('chrome')).alerts).toEqual([]);
    expect(await alerts()).toMatchObject([
      {
        type: AlertType.ALERT_TYPE_FORBIDDEN_PROCESS,
        reason: 'The client says that a program runs which this exam forbids: Skype.exe.',
        occurrences: 2,
        endTime: new Date(world.clock.now()),
        hasEvidence: false,
      },
    ]);
    expect(await world.told('alert.raised')).toBe(1);
    expect(await world.told('alert.ended')).toBe(1);
    await runs('Skype.exe');
    expect(await alerts()).toHaveLength(2);
  });

  test('frames between reports neither end it nor double it, and it ends with the session', async () => {
    exam = await sittingOf(world);
    await runs('Skype.exe');
    const image = await world.picture();
    await world.exams.handlers.monitor.submitFrame(
      { exam: exam.name, image, operatingSystem: '' },
      exam.sitter,
    );
    await runs('Skype.exe');
    expect(await alerts()).toMatchObject([{ occurrences: 2, endTime: undefined }]);
    // A report that says nothing of programs says nothing about them.
    await report({ claims: { is_face_detected: 'true' } });
    expect(await alerts()).toMatchObject([{ occurrences: 2, endTime: undefined }]);
    await world.exams.handlers.proctoring.leaveExam({ exam: exam.name }, exam.sitter);
    expect(await alerts()).toMatchObject([{ endTime: new Date(world.clock.now()) }]);
  });

  test('a stream is told when it begins and when it ends', async () => {
    exam = await sittingOf(world);
    const client = new MonitorClient(world.exams, exam.sitter);
    client.open(exam.name);
    await client.take(1);
    await runs('Skype.exe');
    await runs('Skype.exe');
    await runs();
    const told = await client.take(2);
    expect(told.map(({ eventNumber, message }) => [eventNumber, message?.$case])).toEqual([
      [1, 'alert'],
      [2, 'alert'],
    ]);
    await client.cut();
  });

  test('reports of the same moment are one alert', async () => {
    exam = await sittingOf(world);
    await Promise.all([runs('Skype.exe'), runs('Skype.exe'), runs('Skype.exe')]);
    expect(await alerts()).toMatchObject([{ occurrences: 3 }]);
  });

  test('before the student has joined it is named, and alerts nobody', async () => {
    exam = await examOf(world);
    expect(await runs('Skype.exe')).toEqual({ forbidden: ['Skype.exe'], alerts: [] });
    await world.exams.handlers.exams.startExam({ name: exam.name }, exam.staff);
    expect(await runs('Skype.exe')).toEqual({ forbidden: ['Skype.exe'], alerts: [] });
    expect(await alerts()).toEqual([]);
  });

  test('its own verdicts are kept, and accuse nobody, however many', async () => {
    exam = await sittingOf(world);
    const verdicts = {
      ...{ face_rec_result: 'eve@example.org', confidence_score: '0.99', is_face_detected: 'false' },
      ...{ is_multiple_face_results: 'true', is_voice_verified: 'false' },
    };
    for (let n = 0; n < 20; n++) await report({ claims: verdicts });
    expect(await alerts()).toEqual([]);
    expect(await claims()).toContainEqual({ claims: verdicts, address: '127.0.0.1' });
    const listed = await world.exams.handlers.exams.listExamStudents(
      { exam: exam.name, pageSize: 0, pageToken: '' },
      exam.staff,
    );
    expect(listed.students).toMatchObject([{ alerts: [], joined: true }]);
  });

  test('of the programs only the forbidden are kept', async () => {
    exam = await sittingOf(world);
    await runs('chrome', 'a diary', 'Skype.exe');
    expect(await claims()).toEqual([
      { claims: {}, address: '127.0.0.1', processes: 3, forbidden: ['Skype.exe'] },
    ]);
    const many = Array.from({ length: 2000 }, (_, n) => `/opt/${'x'.repeat(900)}/skype-${n}`);
    expect((await runs(...many)).forbidden).toHaveLength(2000);
    const [, kept] = (await claims()) as { forbidden: string[] }[];
    expect(kept!.forbidden).toHaveLength(50);
    expect(await alerts()).toHaveLength(1);
  });

  test('the defect of the original: who is not enrolled writes nothing, nor does anybody once it is over', async () => {
    exam = await sittingOf(world);
    const eve = world.ctx(world.person('eve@example.org').id);
    const request = { exam: exam.name, processes: undefined, operatingSystem: '', claims: { a: 'b' } };
    const { monitor } = world.exams.handlers;
    expect(await reasonOf(monitor.reportDevice(request, eve))).toBe('EXAM_NOT_FOUND');
    world.clock.advance(86_400_000);
    expect(await reasonOf(monitor.reportDevice(request, exam.sitter))).toBe('EXAM_STATE');
    expect(await claims()).toEqual([]);
  });
});
